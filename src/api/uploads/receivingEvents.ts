import type { Logger } from '../../log';
import { sessionRoom, uploadProgress, uploadRoom } from '../../realtime';
import type { Emit, UploadFacts } from '../../realtime';
import type { Store } from '../../store';

// at most two events a second and upload (realtime.md 5.6)
const PAUSE_MS = 500;

type Receiving = Omit<UploadFacts, 'status'>;

/** `upload_progress` while chunks arrive; the states after that are told by the assembly. */
export interface ReceivingEvents {
  /** sent now, or after the pause unless a newer state comes */
  received(facts: Receiving): void;
  /** the set is complete: what waits is overtaken by the assembly's events */
  completed(uploadId: string): void;
}

export function createReceivingEvents(store: Store, emit: Emit, log: Logger): ReceivingEvents {
  /** uploads with an event in the last pause; `next` waits for its end */
  const paused = new Map<string, { next: Receiving | null }>();

  const send = async (facts: Receiving): Promise<void> => {
    const at = new Date();
    const seq = await store.service.nextReceivingSeq(facts.uploadId);
    if (seq === null) return; // cancelled, or complete, while this event waited
    const rooms = [sessionRoom(facts.sessionId), uploadRoom(facts.uploadId)];
    await emit(rooms, 'upload_progress', uploadProgress({ ...facts, status: 'receiving' }, seq, at));
  };

  const sendAndPause = (facts: Receiving): void => {
    const pause = { next: null as Receiving | null };
    paused.set(facts.uploadId, pause);
    send(facts).catch((error: unknown) => log.debug({ err: error }, 'upload progress not sent'));
    setTimeout(() => {
      paused.delete(facts.uploadId);
      if (pause.next) sendAndPause(pause.next);
    }, PAUSE_MS).unref();
  };

  return {
    received(facts) {
      const pause = paused.get(facts.uploadId);
      if (pause) pause.next = facts;
      else sendAndPause(facts);
    },
    completed(uploadId) {
      const pause = paused.get(uploadId);
      if (pause) pause.next = null;
    },
  };
}

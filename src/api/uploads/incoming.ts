import type { Readable } from 'node:stream';
import { StoreUnavailable } from '../../store';
import type { ChunkBytes, Owner, SpooledChunk, StoredChunk } from './chunkBytes';

/** The bytes of a form's file part: stored where they belong, or waiting in a temporary file until it is known whose they are. */
export interface Incoming {
  /** @param permitted  nothing is written before; a refusal is thrown */
  spool(source: Readable, permitted?: Promise<unknown>): Promise<void>;
  store(source: Readable, owner: Owner | Promise<Owner>): Promise<void>;
  readonly waiting: boolean;
  storeWaiting(owner: Owner): Promise<void>;
  /** null = no bytes came */
  stored(): Promise<StoredChunk> | null;
  /** from here on the database decides about the object: a losing one is queued there */
  handOver(): void;
}

/**
 * Receives bytes for as long as `work` runs. When it fails, or ends without having handed the object over, nothing of them stays.
 * @param limit  more bytes than these end the transfer with FILE_TOO_LARGE; asked for again and again, since it may be known only later
 */
export async function receiveBytes<T>(
  bytes: ChunkBytes,
  userId: string,
  limit: () => number,
  work: (incoming: Incoming) => Promise<T>,
): Promise<T> {
  // kept beside the work: a request may fail while they still run
  const steps: { spooling: Promise<SpooledChunk> | null; storing: Promise<StoredChunk> | null } = { spooling: null, storing: null };

  const incoming: Incoming = {
    async spool(source, permitted = Promise.resolve()) {
      await (steps.spooling = permitted.then(() => bytes.spool(source, limit)));
    },
    async store(source, owner) {
      await (steps.storing = bytes.store(source, owner, limit));
    },
    get waiting() {
      return steps.spooling !== null;
    },
    async storeWaiting(owner) {
      const spooled = await steps.spooling;
      if (spooled) await incoming.store(spooled.open(), owner);
    },
    stored: () => steps.storing,
    handOver: () => (steps.storing = null),
  };

  let uncertain = false;
  try {
    return await work(incoming);
  } catch (error) {
    // an answer of the database that was lost may have been "stored": that object stays, the sweep knows whether a row names it
    uncertain = error instanceof StoreUnavailable && error.part === 'database';
    throw error;
  } finally {
    const left = uncertain ? null : await settled(steps.storing);
    if (left) await bytes.discard(left.objectPath, userId);
    await (await settled(steps.spooling))?.remove();
  }
}

/** Result of a step that may still be running although the request has failed. */
const settled = async <T>(step: Promise<T> | null): Promise<T | null> => (step ? step.catch(() => null) : null);

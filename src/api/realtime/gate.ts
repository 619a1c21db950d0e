import type { RealtimeServer, RealtimeSocket } from './types';

type Adapter = RealtimeServer['sockets']['adapter'];
type BroadcastOptions = Parameters<Adapter['broadcast']>[1];
type Deliver = (socket: RealtimeSocket) => void;

/** Not part of the adapter's public types, but the one place through which every broadcast, local or from another process, reaches a socket. */
interface Delivering {
  apply: (options: BroadcastOptions, deliver: Deliver) => void;
}

/** Holds back what is broadcast to a socket while its replay is read and sent, so that live events follow the replay (realtime.md 6). */
export interface Gate {
  /** Holds broadcasts to the socket until the returned function is called; calls may overlap, the last release opens the gate. */
  hold(socket: RealtimeSocket): () => void;
}

export function gateBroadcasts(adapter: Adapter): Gate {
  const delivering = adapter as unknown as Delivering;
  if (typeof delivering.apply !== 'function')
    throw new Error('This version of socket.io-adapter delivers in another way: the gate must be adapted');
  const held = new Map<string, { holds: number; waiting: (() => void)[] }>();
  const apply = delivering.apply.bind(adapter);

  delivering.apply = (options, deliver) =>
    apply(options, (socket) => {
      const gate = held.get(socket.id);
      if (gate) gate.waiting.push(() => deliver(socket));
      else deliver(socket);
    });

  return {
    hold(socket) {
      const gate = held.get(socket.id) ?? { holds: 0, waiting: [] };
      gate.holds += 1;
      held.set(socket.id, gate);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        gate.holds -= 1;
        if (gate.holds > 0) return;
        held.delete(socket.id);
        if (socket.connected) gate.waiting.forEach((deliver) => deliver());
      };
    },
  };
}

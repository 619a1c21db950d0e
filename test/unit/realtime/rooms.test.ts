import { mayEnter } from '../../../src/api/realtime/limits';
import type { RealtimeSocket } from '../../../src/api/realtime/types';

/** A socket that is in 100 rooms, and what happens to it. */
function fullSocket() {
  const happened: string[] = [];
  const socket = {
    data: { rooms: new Map(Array.from({ length: 100 }, (_, k) => [`room ${k}`, 'session'])), roomsRefused: 0 },
    emit: (event: string) => happened.push(event),
    disconnect: () => happened.push('disconnected'),
  };
  return { socket: socket as unknown as RealtimeSocket, happened };
}
const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the hundred rooms of a socket', () => {
  it('can be joined again; one more is refused, and who does not stop asking is disconnected', async () => {
    const { socket, happened } = fullSocket();
    expect(mayEnter(socket, 'room 7')).toBe(true);
    for (let k = 0; k < 20; k += 1) expect(mayEnter(socket, 'another')).toBe(false);
    await answered();
    expect(happened).toEqual(Array(20).fill('rate_limited'));
    expect(mayEnter(socket, 'another')).toBe(false);
    await answered();
    expect(happened.slice(20)).toEqual(['rate_limited', 'disconnected']);
  });

  it('are forgiven once a room was left', async () => {
    const { socket, happened } = fullSocket();
    for (let round = 0; round < 3; round += 1) {
      for (let k = 0; k < 20; k += 1) mayEnter(socket, 'another');
      socket.data.rooms.delete('room 0');
      expect(mayEnter(socket, 'another')).toBe(true);
      socket.data.rooms.set('room 0', 'session');
    }
    await answered();
    expect(happened).not.toContain('disconnected');
  });
});

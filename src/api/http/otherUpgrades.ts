import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Headers that end at this hop when an upgrade is not taken (RFC 9110, 7.6.1 and 7.8). */
const HOP = new Set(['upgrade', 'http2-settings', 'connection']);

type UpgradeListener = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/**
 * Lets requests that offer another protocol go the way of all others, as a server may (RFC 9110, 7.8). Java's HTTP client offers HTTP/2 with
 * every request; Node hands each of them to the one listener there is for upgrades, Socket.IO's, which takes WebSockets on its own path only.
 * Call it when that listener is there.
 */
export function serveOtherUpgrades(server: Server, path: string): void {
  const taken = server.listeners('upgrade') as UpgradeListener[];
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
    if (isWebSocket && request.url?.startsWith(path)) for (const listener of taken) listener.call(server, request, socket, head);
    else readAgain(server, request, socket, head);
  });
}

/** Puts the request back without its offer. The parser has let go of the connection, so that the server takes it like a new one. */
function readAgain(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let k = 0; k < request.rawHeaders.length; k += 2) {
    const name = request.rawHeaders[k] ?? '';
    if (!HOP.has(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[k + 1]}`);
  }
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('Connection: close');
  // rawHeaders holds the bytes of the wire, one a character
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

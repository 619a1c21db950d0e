import type { Middleware } from '../lite';

const MOST_BYTES = 1024 ** 3;
/** fits into the 16 KiB that clients allow for all headers */
const LONGEST_LOCATION = 4096;

/**
 * Two courtesies to the client's connection.
 * A refused upload (409, 413, row level security) leaves its body unread; closing then would reset the socket under the client's next request.
 * lite echoes the address in Content-Location; with hundreds of ids in `.in()` that overflows the client's header limit.
 */
export const readUnreadBodies: Middleware = async (context, next) => {
  await next();
  if ((context.res.headers.get('content-location')?.length ?? 0) > LONGEST_LOCATION) context.res.headers.delete('content-location');
  if (context.res.status < 400) return; // asking for the body makes one, with its stream
  const { body, bodyUsed } = context.req.raw;
  if (bodyUsed || !body || body.locked) return;
  let read = 0;
  try {
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) if ((read += piece.byteLength) > MOST_BYTES) break;
  } catch {
    // the client has gone: nothing left to protect
  }
};

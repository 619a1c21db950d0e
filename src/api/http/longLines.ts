import type { IncomingMessage } from 'node:http';

// of the request line and of a single header (http-api A.8)
const MAX_LINE_BYTES = 16 * 1024;

/** Node limits all headers together only (server.ts); here the single line counts. */
export const hasLongLine = ({ url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>): boolean =>
  url.length > MAX_LINE_BYTES || rawHeaders.some((text) => text.length > MAX_LINE_BYTES);

// The plainest HTTP client: both sides of a comparison are spoken to by the same few lines, over connections that stay open.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const TIMEOUT_MS = 600_000;

/** @param {Uint8Array[]} parts of the body @throws Error for any status but 2xx */
export function send(method, url, headers = {}, parts = []) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent, timeout: TIMEOUT_MS, headers: { ...headers, 'Content-Length': length } });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const received = [];
      response.on('data', (part) => received.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(received).toString();
        if (response.statusCode >= 300) reject(new Error(`${method} ${url} answered ${response.statusCode}: ${text.slice(0, 500)}`));
        else resolve({ headers: response.headers, text });
      });
    });
    for (const part of parts) request.write(part);
    request.end();
  });
}

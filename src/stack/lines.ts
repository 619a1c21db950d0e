/** Cuts the output of a process into lines. */
import type { Readable } from 'node:stream';

export function forEachLine(stream: Readable, use: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') use(line);
  });
  stream.on('end', () => {
    if (rest.trim() !== '') use(rest);
  });
}

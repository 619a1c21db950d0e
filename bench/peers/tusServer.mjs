// The peer of bench/upload.mjs: @tus/server with its file store, in a process of its own. Prints its address; ends with its standard input.
import { createServer } from 'node:http';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const [directory] = process.argv.slice(2);
const tus = new Server({ path: '/files', datastore: new FileStore({ directory }) });
const server = createServer((request, response) => void tus.handle(request, response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/files`));
process.stdin.resume().on('end', () => process.exit(0));

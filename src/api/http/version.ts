import { readFileSync } from 'node:fs';
import path from 'node:path';

// src/api/http and dist/api/http lie equally deep below the package
const manifest = path.join(__dirname, '..', '..', '..', 'package.json');

export const VERSION = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;

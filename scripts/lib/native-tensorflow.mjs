// Native TensorFlow is an acceleration, not a condition: without it training runs on WebAssembly.
import { existsSync } from 'node:fs';
import { say } from './console.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const TIMEOUT_MS = 20 * 60_000; // 230 MB over a slow line and one compilation

export async function linkNativeTensorFlow() {
  const script = inRoot('scripts', 'native-install.mjs');
  if (!existsSync(script)) return;
  const { code } = await run(process.execPath, [script, '--if-possible', '--quiet'], { show: true, timeoutMs: TIMEOUT_MS });
  if (code !== 0) say('  native TensorFlow could not be linked; training uses WebAssembly (try again with: npm run native:install)');
}

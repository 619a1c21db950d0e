/** The Supabase-compatible server as one process of the stack. */
import path from 'node:path';
import { STREAMING_FLAGS } from '../nodeFlags';
import type { ProcessSpec } from '../supervised';

const READY_TIMEOUT_MS = 2_000;

export interface SupabaseOptions {
  url: string;
  port: number;
  env: NodeJS.ProcessEnv;
}

/** @param env  must satisfy settings.ts */
export function supabaseSpec({ url, port, env }: SupabaseOptions): ProcessSpec {
  return {
    name: 'supabase',
    command: () =>
      Promise.resolve({
        file: process.execPath,
        args: [...STREAMING_FLAGS, path.join(__dirname, 'process.js')],
        // its own calls never leave the machine; the variables keep lite's telemetry off whatever it adds
        env: { ...env, SUPABASE_PORT: String(port), LITE_TELEMETRY: '0', DO_NOT_TRACK: '1' },
      }),
    async isReady() {
      const answer = await fetch(`${url}/auth/v1/health`, {
        headers: { apikey: env['SUPABASE_ANON_KEY'] ?? '' },
        signal: AbortSignal.timeout(READY_TIMEOUT_MS),
      });
      return answer.ok;
    },
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
  };
}

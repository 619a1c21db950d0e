/** Starts the parts in the order of their needs, keeps them running and stops them in reverse. */
import { createWriteStream } from 'node:fs';
import { loadConfig } from '../config';
import { makePlan } from './addresses';
import type { Plan } from './addresses';
import { apiSpec, workerSpec } from './application';
import { postgresSpec } from './postgres';
import { ProcessTable } from './processTable';
import { inRepository } from './repository';
import { loadSecrets, openStateFolder, removeEndpoints, writeEndpoints } from './stateFolder';
import type { Secrets, StateFolder } from './stateFolder';
import { supabaseSpec } from './supabase';
import { Supervised } from './supervised';
import type { ProcessSpec, Watch } from './supervised';
import { checkTemporal, registerSearchAttributes, scheduleCleanup, temporalSpec } from './temporal';
import { PARTS, StackError } from './types';
import type { Part, Stack, StackOptions } from './types';
import { Warden } from './warden';

/** Stages one after another; the lanes of a stage run side by side, the parts of a lane in turn. */
const START_ORDER: Part[][][] = [[['postgres', 'supabase'], ['temporal']], [['pipeline'], ['training']], [['api']]];
const STOP_ORDER: Part[][] = [['api'], ['pipeline', 'training'], ['temporal', 'supabase'], ['postgres']];

function specOf(part: Part, plan: Plan, state: StateFolder, secrets: Secrets): ProcessSpec {
  const { ports, env } = plan;
  switch (part) {
    case 'postgres':
      return postgresSpec({ folder: state.postgres, port: ports.POSTGRES_PORT, password: secrets.postgresPassword, env });
    case 'supabase':
      return supabaseSpec({
        url: plan.supabaseUrl,
        port: ports.SUPABASE_PORT,
        env: {
          ...env,
          STORAGE_FOLDER: state.storage,
          MIGRATIONS_FOLDER: env['MIGRATIONS_FOLDER'] || inRepository('supabase', 'migrations'),
          EMBEDDED_SQL: inRepository('src', 'stack', 'embedded.sql'),
        },
      });
    case 'temporal':
      return temporalSpec({
        folder: state.temporal,
        port: ports.TEMPORAL_PORT,
        uiPort: ports.TEMPORAL_UI_PORT,
        address: plan.temporal,
        env,
      });
    case 'pipeline':
    case 'training':
      return workerSpec(part, plan.temporal, env);
    case 'api':
      return apiSpec(plan.apiUrl, env);
  }
}

/** Workers and API need it; a given server is prepared, too. */
async function prepareTemporal({ parts, temporal, env }: Plan): Promise<void> {
  if (!parts.some((part) => part !== 'postgres' && part !== 'supabase')) return;
  await checkTemporal(temporal);
  await registerSearchAttributes(temporal);
  if (parts.includes('pipeline')) await scheduleCleanup(temporal, loadConfig(env).CLEANUP_INTERVAL_MINUTES);
}

/** Default log: a file in the state folder, made anew at each start. */
function logFile(file: string): { write: (part: string, line: string) => void; close: () => void } {
  const stream = createWriteStream(file, { mode: 0o600 });
  return { write: (part, line) => void stream.write(`[${part}] ${line}\n`), close: () => void stream.end() };
}

/**
 * Starts the stack, or some of its parts, and resolves when all of them are ready.
 * @throws StackError with one sentence that says what to do; everything started so far has been stopped then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const given = options.env ?? process.env;
  const state = openStateFolder(options.stateDir ?? (given['LASTGANG_STATE'] || '.lastgang'));
  const table = new ProcessTable(state.processesFile);
  const running = table.earlier('launcher');
  if (running !== null) {
    throw new StackError(`A stack runs already in ${state.root} (process ${running}): stop it, or use another folder with --state.`);
  }
  const orphans = await table.stopOrphans();
  removeEndpoints(state);
  const secrets = loadSecrets(state);
  const plan = await makePlan(options.parts ?? PARTS, given, state, secrets);
  const file = options.onLine ? null : logFile(state.logFile);
  const log: Watch['log'] = options.onLine ?? file?.write ?? (() => undefined);
  if (orphans.length > 0) log('stack', `stopped what an earlier launcher left behind: ${orphans.join(', ')}`);

  table.add('launcher', process.pid, 'SIGTERM');
  const warden = new Warden();
  const processes = new Map(plan.parts.map((part) => [part, new Supervised(specOf(part, plan, state, secrets), { table, warden, log })]));
  const of = (group: Part[]) => group.flatMap((part) => processes.get(part) ?? []);
  let stopped: Promise<void> | undefined;

  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      removeEndpoints(state);
      for (const group of STOP_ORDER) await Promise.all(of(group).map((process) => process.stop()));
      await warden.quit();
      table.clear();
      file?.close();
    })();
    return stopped;
  };

  const failed = new AbortController();
  const abort = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const startLane = async (lane: Part[]): Promise<void> => {
    try {
      for (const process of of(lane)) await process.start(abort);
    } catch (error) {
      failed.abort(error); // the other lanes need not go on
      throw error;
    }
  };

  try {
    for (const stage of START_ORDER) {
      const lanes = await Promise.allSettled(stage.map(startLane)); // all of them, so that none starts something after the stop
      const broken = lanes.find((lane) => lane.status === 'rejected');
      if (broken) throw abort.reason ?? broken.reason;
      abort.throwIfAborted();
      if (stage.flat().includes('temporal')) await prepareTemporal(plan);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  writeEndpoints(state, plan.endpoints);
  return {
    stateDir: state.root,
    endpoints: plan.endpoints,
    endpointsFile: state.endpointsFile,
    pids: () => Object.fromEntries([...processes].flatMap(([part, { pid }]) => (pid === undefined ? [] : [[part, pid]]))),
    async restart(part) {
      const process = processes.get(part);
      if (!process) throw new StackError(`${part} does not run here.`);
      await process.stop();
      await process.start();
    },
    stop,
  };
}

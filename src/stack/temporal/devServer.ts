/** The Temporal development server as one process of the stack, with its data in a SQLite file. */
import path from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../workflows/queues';
import type { ProcessSpec } from '../supervised';
import { temporalBinary } from './binary';
import { withTemporal } from './connection';
import type { TemporalAddress } from './connection';

/** Write-ahead log: five times the throughput of the default journal, and a killed process loses nothing. */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

const DYNAMIC_CONFIG = [
  'frontend.enableServerVersionCheck=false', // asks a server of the vendor otherwise
  'matching.useNewMatcher=true', // priorities and
  'matching.enableFairness=true', // fairness keys: users share the training queue
  'matching.numTaskqueueWritePartitions=1', // each part of a divided queue
  'matching.numTaskqueueReadPartitions=1', // would have an order of its own
  'frontend.namespaceRPS.visibility=100', // 10 lists a second is little for one machine that also runs its tests
];

export interface DevServerOptions {
  folder: string;
  port: number;
  uiPort: number;
  address: TemporalAddress;
  env: NodeJS.ProcessEnv;
}

export function temporalSpec({ folder, port, uiPort, address, env }: DevServerOptions): ProcessSpec {
  const args = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--ui-port',
    String(uiPort),
    '--namespace',
    address.namespace,
    '--db-filename',
    path.join(folder, 'temporal.db'),
    '--log-format',
    'json',
    '--log-level',
    'error',
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
  return {
    name: 'temporal',
    command: async () => ({ file: await temporalBinary(env), args, env }),
    // the port opens up to a second before the namespace answers
    isReady: () =>
      withTemporal(address, async (_client, { workflowService }) => {
        await workflowService.describeNamespace({ namespace: address.namespace });
        return true;
      }),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
  };
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { EvaluatedModel } from '../report';
import { modeOf } from '../settingsFile';
import type { TrainingRequest } from '../settingsFile';
import type { DemoClient } from './client';
import type { PhaseReporter } from './progress';

export interface TrainedModel extends EvaluatedModel {
  runId: string;
  seconds: number;
  warnings: { code: string; message: string }[];
  /** TensorFlow back end and version; null for a model without a network */
  backend: string | null;
  file: string;
}

interface RunEvent {
  run_id: string;
  phase: string;
  progress_percent: number;
  message: string;
  epoch: number | null;
  total_epochs: number | null;
  loss: number | null;
  val_loss: number | null;
  error?: string;
}

interface ResultsAnswer {
  results: {
    run_id: string;
    results: {
      baselines: TrainedModel['baselines'];
      warnings: TrainedModel['warnings'];
      metadata: { backend: { name: string; version: string } };
    };
  }[];
}

const CONNECT_TIMEOUT_MS = 10_000;
/** a run sends something at least every 10 s; silence of this length means it is stuck */
const SILENCE_MS = 120_000;

/** Joins the session's room with the user's token. */
export async function follow(client: DemoClient, sessionId: string): Promise<Socket> {
  const socket = io(client.apiUrl, { auth: { token: client.token }, transports: ['websocket'], timeout: CONNECT_TIMEOUT_MS });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => reject(new Error(`the socket was refused: ${error.message}`)));
  });
  const joined = (await socket.timeout(CONNECT_TIMEOUT_MS).emitWithAck('join_training_session', { session_id: sessionId })) as {
    status: string;
    message?: string;
  };
  if (joined.status !== 'success') throw new Error(`the session's room was refused: ${joined.message ?? ''}`);
  return socket;
}

/** Trains one model, reports its phases while the events come in, and fetches tables and model file. */
export async function train(
  client: DemoClient,
  socket: Socket,
  sessionId: string,
  body: TrainingRequest,
  reporter: PhaseReporter,
  folder: string,
): Promise<TrainedModel> {
  const started = performance.now();
  const ended = watch(socket, reporter);
  const { runId } = await client.post<{ runId: string }>(`/train-models/${sessionId}`, body);
  await ended(runId);
  const seconds = (performance.now() - started) / 1000;
  const tables = await client.get<{ df_eval: TrainedModel['dfEval'] }>(`/evaluation-tables/${sessionId}`);
  const { results } = await client.get<ResultsAnswer>(`/results/${sessionId}`);
  const result = results.find((each) => each.run_id === runId)?.results;
  if (!result) throw new Error(`the run ${runId} is missing in /results`);
  const { filename, bytes } = await client.download(`/download-model-h5/${sessionId}`);
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, filename);
  await writeFile(file, bytes);
  const { backend } = result.metadata;
  return {
    mode: modeOf(body),
    runId,
    seconds,
    dfEval: tables.df_eval,
    baselines: result.baselines,
    warnings: result.warnings,
    backend: backend.name === 'none' ? null : `${backend.name} ${backend.version}`,
    file,
  };
}

interface Ending {
  kind: 'completed' | 'failed' | 'cancelled';
  event: RunEvent;
}

/** Listens before the start, so that no event of a short run is missed; the returned function waits for one run's end. */
function watch(socket: Socket, reporter: PhaseReporter): (runId: string) => Promise<void> {
  const progress: RunEvent[] = [];
  const endings: Ending[] = [];
  let wake = (): void => undefined;
  const collect = (event: RunEvent): void => {
    progress.push(event);
    wake();
  };
  const finish = (kind: Ending['kind']) => (event: RunEvent) => {
    endings.push({ kind, event });
    wake();
  };
  const handlers = {
    training_progress: collect,
    // one per epoch, none dropped: the last one shown is the last one run
    training_metrics: (event: Omit<RunEvent, 'phase'>) => collect({ ...event, phase: 'training' }),
    training_completed: finish('completed'),
    training_error: finish('failed'),
    training_cancelled: finish('cancelled'),
  };
  for (const [name, handler] of Object.entries(handlers)) socket.on(name, handler);
  return async (runId) => {
    try {
      for (;;) {
        for (const event of progress.splice(0)) if (event.run_id === runId) reporter.update(event);
        const ending = endings.find(({ event }) => event.run_id === runId);
        if (ending?.kind === 'completed') return reporter.end();
        if (ending) throw new Error(`the training ${ending.kind}: ${ending.event.error ?? ending.event.message}`);
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(
            () => reject(new Error('no sign of life from the training for two minutes; the log is stack.log in the state folder')),
            SILENCE_MS,
          );
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (progress.length > 0 || endings.length > 0) wake();
        });
      }
    } finally {
      for (const [name, handler] of Object.entries(handlers)) socket.off(name, handler);
    }
  };
}

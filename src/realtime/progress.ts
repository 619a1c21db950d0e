import type { Logger } from '../log';
import type { ServiceStore } from '../store/interfaces';
import type { ProgressPatch, ProgressRow } from '../store/types';
import type { Phase } from '../workflows/messages';
import type { EpochFacts, EventSource } from './events';
import { datasetStatus, trainingMetrics, trainingProgress } from './events';
import type { Pacer } from './pacer';
import type { DatasetStep } from './phases';
import { completedSteps, DATASET_STEPS, percentage, phaseOrder, stepKey, TOTAL_STEPS } from './phases';
import type { Emit } from './types';
import { sessionRoom } from './types';

const ROW_EVERY_MS = 1_000; // realtime.md 7: the row follows at most once a second
const LOG_EVERY_MS = 2_000; // data-model.md 2.8
const REPORT_EVERY_MS = 300; // below four a second, with room for a phase change
const SILENCE_MS = 4_500; // models without epochs report every 5 s, every other phase every 10 s
const ETA_FROM_SHARE = 0.02;

/** The row refuses this attempt: the run is closed, was replaced, or a later attempt has begun. Nothing more may be sent or written. */
export class RunClosed extends Error {
  override readonly name = 'RunClosed';
}

export interface ProgressRun extends EventSource {
  modelName: string | null;
}

export interface ProgressServices {
  service: Pick<ServiceStore, 'recordProgress' | 'log'>;
  emit: Emit;
  log: Logger;
  pacer: Pacer;
}

export interface Report {
  /** share of the phase done, 0…1 */
  fraction: number;
  message?: string;
  epoch?: number | null;
  totalEpochs?: number | null;
  loss?: number | null;
  valLoss?: number | null;
  etaSeconds?: number | null;
}

/** Progress of one attempt of one run. */
export interface JobProgress {
  readonly phase: Phase;
  readonly percent: number;
  /** aborted when the row refuses this attempt: the work is in vain */
  readonly refused: AbortSignal;
  /**
   * Enters a phase: resolves when it is stored, its event follows. An earlier phase than the stored one is left out, the stored one itself is
   * no more than a report. @throws RunClosed
   */
  enter(phase: Phase, message: string): Promise<void>;
  /** A step of building the dataset: an event of its own in a dataset job, a message in a training run. @throws RunClosed */
  step(step: DatasetStep): Promise<void>;
  /** Never waits; intermediate reports may be dropped. */
  report(report: Report): void;
  /** One event per epoch, none dropped. */
  epoch(facts: EpochFacts): void;
  /** Stores the last report and waits until everything is sent; a report that would have to wait for its turn is only stored. */
  close(): Promise<void>;
}

/**
 * Begins an attempt: raises `seq` of the row by 1 000 000 and goes on from the stored phase and percentage.
 * @throws RunClosed when the row refuses it
 */
export async function trackProgress(services: ProgressServices, run: ProgressRun): Promise<JobProgress> {
  const row = await services.service.recordProgress(run.runId, { attempt: true });
  if (!row) throw new RunClosed(`run ${run.runId} is closed or replaced`);
  services.pacer.note(run.runId);
  return new Tracker(services, run, row);
}

/** What events and row writes are made of; replaced, never changed, so that each event shows the moment it was made. */
interface State {
  phase: Phase;
  percent: number;
  message: string;
  /** translation key of a dataset job's step */
  step: string;
  running: boolean;
  facts: Figures;
}
type Figures = Required<Omit<Report, 'fraction' | 'message'>>;
const NO_FIGURES: Figures = { epoch: null, totalEpochs: null, loss: null, valLoss: null, etaSeconds: null };

/** Two queues keep the order: `stored` numbers events and writes rows, `sent` sends what is numbered. */
class Tracker implements JobProgress {
  private state: State;
  /** where the caller is; behind the stored phase while a repeated attempt catches up */
  private at: Phase;
  private seq: number;
  private lastRowSeq: number;
  /** only a stored percentage is told: what a crashed attempt told without storing, the next one would take back */
  private rowPercent: number;
  private lastEvent: Record<string, unknown> | null = null;
  private stored: Promise<unknown> = Promise.resolve();
  private sent: Promise<unknown> = Promise.resolve();
  private unsent = 0;
  private lastEventAt = 0;
  private lastRowAt = 0;
  private lastLogAt = 0;
  /** a report waits for its turn */
  private waiting: NodeJS.Timeout | null = null;
  /** a percentage waits for its row write */
  private overdue: NodeJS.Timeout | null = null;
  private readonly ticker: NodeJS.Timeout;
  private readonly refusal = new AbortController();

  constructor(
    private readonly services: ProgressServices,
    private readonly run: ProgressRun,
    row: ProgressRow,
  ) {
    this.state = {
      phase: row.phase,
      percent: Math.floor(Number(row.overall_progress)),
      message: row.message ?? '',
      step: typeof row.last_event?.['step'] === 'string' ? row.last_event['step'] : stepKey('starting'),
      running: row.status === 'running',
      facts: NO_FIGURES,
    };
    this.at = row.phase;
    this.seq = this.lastRowSeq = Number(row.seq);
    this.rowPercent = this.state.percent;
    this.ticker = setInterval(() => this.breakSilence(), SILENCE_MS / 9);
    this.ticker.unref();
  }

  get phase(): Phase {
    return this.state.phase;
  }
  get percent(): number {
    return this.state.percent;
  }
  get refused(): AbortSignal {
    return this.refusal.signal;
  }

  async enter(phase: Phase, message: string): Promise<void> {
    this.at = phase;
    if (phaseOrder(phase) < phaseOrder(this.state.phase)) return;
    const changed = phase !== this.state.phase;
    this.state = { ...this.state, phase, running: this.state.running || phase !== 'queued', facts: NO_FIGURES };
    this.advance({ fraction: 0, message });
    if (changed) await this.put(true);
    else this.sendSoon();
  }

  async step(step: DatasetStep): Promise<void> {
    const { phase, fraction, message } = DATASET_STEPS[step];
    // a training run waits in its queue while its dataset is built
    if (this.run.job === 'training') return this.report({ fraction: 0, message });
    this.at = phase;
    if (phaseOrder(phase) < phaseOrder(this.state.phase)) return;
    const changed = phase !== this.state.phase;
    this.state = { ...this.state, phase, running: true, step: stepKey(step) };
    this.advance({ fraction, message });
    await this.put(changed);
  }

  report(report: Report): void {
    this.advance(report);
    this.sendSoon();
  }

  epoch(epoch: EpochFacts): void {
    const at = new Date();
    const facts = epoch.epoch < ETA_FROM_SHARE * epoch.totalEpochs ? { ...epoch, etaSeconds: null } : epoch;
    this.stored = this.stored.then(() => {
      if (this.refused.aborted) return;
      const { run, rowPercent } = this;
      this.send('training_metrics', trainingMetrics(run, ++this.seq, at, facts, rowPercent, run.modelName));
    });
  }

  async close(): Promise<void> {
    clearInterval(this.ticker);
    if (this.overdue) clearTimeout(this.overdue);
    if (this.waiting) {
      clearTimeout(this.waiting);
      this.lastRowAt = 0; // the last word is stored, and told if the run need not wait for that
      this.put(false, this.pause() === 0).catch(() => undefined);
    }
    await this.stored;
    // the numbers sent meanwhile must not be given again
    if (this.seq > this.lastRowSeq && !this.refused.aborted)
      await this.write(this.state, this.seq, this.lastEvent, false).catch(() => undefined);
    await this.sent;
  }

  /** A repeated attempt that still catches up with the stored phase has nothing new to say. */
  private advance({ fraction, message, ...figures }: Report): void {
    const { state, at } = this;
    if (at !== state.phase) return;
    const percent = Math.max(state.percent, percentage(this.run.job, at, fraction));
    const etaSeconds = fraction >= ETA_FROM_SHARE ? figures.etaSeconds : undefined;
    this.state = { ...state, percent, message: message ?? state.message, facts: { ...state.facts, ...given({ ...figures, etaSeconds }) } };
  }

  private sendSoon(): void {
    if (this.waiting || this.refused.aborted) return;
    const wait = Math.max(this.lastEventAt + REPORT_EVERY_MS - Date.now(), this.pause());
    if (wait <= 0) {
      this.put(false).catch(() => undefined); // a refusal shows in `refused`
      return;
    }
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.sendSoon();
    }, wait);
    this.waiting.unref();
  }

  /** milliseconds until an event could leave without waiting */
  private pause(): number {
    const pace = this.run.job === 'training' ? this.services.pacer.delay(this.run.runId) : 0;
    return this.unsent > 0 ? Math.max(REPORT_EVERY_MS, pace) : pace;
  }

  private tellWhenStored(): void {
    this.overdue ??= setTimeout(() => {
      this.overdue = null;
      if (this.rowPercent < this.state.percent) this.sendSoon();
    }, ROW_EVERY_MS);
    this.overdue.unref();
  }

  private breakSilence(): void {
    const silent = phaseOrder(this.state.phase) > 0 && Date.now() - this.lastEventAt >= SILENCE_MS;
    if (silent && !this.refused.aborted) this.put(false).catch(() => undefined);
  }

  /** Makes an event of the present state; a phase change is stored before it is sent, other events only when a row write is due. */
  private put(phaseChange: boolean, tell = true): Promise<void> {
    const state = this.state;
    const at = new Date();
    this.lastEventAt = at.getTime();
    const done = this.stored.then(async () => {
      if (this.refused.aborted) throw this.closed();
      const seq = ++this.seq;
      if (phaseChange || Date.now() - this.lastRowAt >= ROW_EVERY_MS) await this.write(state, seq, this.event(state, seq, at), phaseChange);
      this.lastEvent = this.event({ ...state, percent: this.rowPercent }, seq, at);
      if (tell) this.send(this.run.job === 'training' ? 'training_progress' : 'dataset_status_update', this.lastEvent);
      if (this.rowPercent < state.percent) this.tellWhenStored();
    });
    this.stored = done.catch(() => undefined);
    return done;
  }

  private event(state: State, seq: number, at: Date): Record<string, unknown> {
    const { phase, percent, message, step, facts } = state;
    const status = state.running ? 'running' : 'queued';
    return this.run.job === 'dataset'
      ? datasetStatus(this.run, seq, at, { status, percent, step, message, etaSeconds: facts.etaSeconds })
      : trainingProgress(this.run, seq, at, { status, phase, percent, message, modelName: this.run.modelName, ...facts });
  }

  /** A write that must not be lost throws; another one is only late. A refusal ends the attempt either way. */
  private async write(state: State, seq: number, event: Record<string, unknown> | null, must: boolean): Promise<void> {
    this.lastRowAt = Date.now();
    let row: ProgressRow | null;
    try {
      row = await this.services.service.recordProgress(this.run.runId, patch(state, seq, event));
    } catch (error) {
      if (must) throw error;
      this.services.log.warn({ runId: this.run.runId }, 'a progress row was not written');
      return;
    }
    if (!row) {
      this.refusal.abort(this.closed());
      throw this.closed();
    }
    this.lastRowSeq = seq;
    this.rowPercent = state.percent;
    if (must || Date.now() - this.lastLogAt >= LOG_EVERY_MS) await this.writeLog(state, seq, must);
  }

  private async writeLog({ phase, percent, message }: State, seq: number, phaseChange: boolean): Promise<void> {
    this.lastLogAt = Date.now();
    const { sessionId, runId, job } = this.run;
    const progress = { overall: percent, current_step: message, total_steps: TOTAL_STEPS, completed_steps: completedSteps(phase), phase };
    const event = phaseChange ? 'phase' : 'progress';
    // a diary, not a fact: a lost line is only logged
    await this.services.service
      .log({ sessionId, runId, job, seq, level: 'INFO', event, step: phase, message, progress })
      .catch((error: unknown) => {
        this.services.log.debug({ runId, error }, 'a log row was not written');
      });
  }

  private send(event: 'training_progress' | 'training_metrics' | 'dataset_status_update', payload: Record<string, unknown>): void {
    this.unsent += 1;
    this.sent = this.sent.then(async () => {
      if (event === 'training_progress') await this.services.pacer.turn(this.run.runId);
      if (!this.refused.aborted) await this.services.emit(sessionRoom(this.run.sessionId), event, payload);
      this.unsent -= 1;
    });
  }

  private closed(): RunClosed {
    return new RunClosed(`run ${this.run.runId} is closed or replaced`);
  }
}

const patch = (state: State, seq: number, event: Record<string, unknown> | null): ProgressPatch => ({
  ...(state.running && { status: 'running' }),
  phase: state.phase,
  progress: state.percent,
  seq,
  currentStep: state.message,
  message: state.message,
  completedSteps: completedSteps(state.phase),
  ...state.facts,
  ...(event && { lastEvent: event }),
});

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

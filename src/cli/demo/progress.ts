/** One line per training phase with a progress bar; on a terminal it grows in place, elsewhere each phase prints once when it ends. */
export interface PhaseReporter {
  update(event: {
    phase: string;
    progress_percent: number;
    epoch: number | null;
    total_epochs: number | null;
    loss: number | null;
    val_loss: number | null;
  }): void;
  end(): void;
}

/** Bands of the overall percentage (realtime.md 5.2). */
const BANDS: Record<string, [number, number]> = {
  queued: [0, 0],
  loading: [1, 5],
  dataset: [5, 25],
  training: [25, 80],
  evaluation: [80, 90],
  persisting: [90, 99],
  completed: [100, 100],
};
const BAR_CELLS = 24;

export function createPhaseReporter(out: NodeJS.WriteStream = process.stdout): PhaseReporter {
  let phase = '';
  let detail = '';
  let began = 0;
  const line = (share: number, seconds: number): string => {
    const filled = Math.round(share * BAR_CELLS);
    return `    ${phase.padEnd(11)} ${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${String(Math.round(share * 100)).padStart(3)} %  ${seconds.toFixed(1).padStart(6)} s  ${detail}`;
  };
  const seconds = (): number => (performance.now() - began) / 1000;
  const close = (): void => {
    if (phase === '') return;
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${line(1, seconds())}\n`);
    phase = '';
  };
  return {
    update(event) {
      if (event.phase !== phase) {
        close();
        phase = event.phase;
        detail = '';
        began = performance.now();
      }
      if (event.epoch !== null)
        detail = `epoch ${event.epoch}/${event.total_epochs ?? '?'}  loss ${number(event.loss)}  val_loss ${number(event.val_loss)}`;
      if (!out.isTTY) return;
      const [from, to] = BANDS[event.phase] ?? [0, 100];
      const share = to > from ? Math.min(Math.max((event.progress_percent - from) / (to - from), 0), 1) : 1;
      out.write(`\r\x1b[2K${line(share, seconds())}`);
    },
    end: close,
  };
}

const number = (value: number | null): string => (value === null ? '–' : value.toPrecision(4));

/** One line per phase with a bar; on a terminal it grows in place, elsewhere each phase prints once when it ends. */
export interface PhaseLines {
  /** ends the phase before, as done */
  begin: (phase: string) => void;
  /** @param share of the phase, 0…1 */
  update: (share: number, detail?: string) => void;
  /** a line of its own, only where lines cannot grow */
  plain: (text: string) => void;
  /** the phase is done */
  end: () => void;
  /** leaves the phase as it is: what follows begins on a line of its own */
  abandon: () => void;
}

const BAR_CELLS = 24;
/** what a terminal has that does not say its width */
const USUAL_COLUMNS = 80;

export function createPhaseLines(out: NodeJS.WriteStream = process.stdout): PhaseLines {
  let phase = '';
  let detail = '';
  let began = 0;
  const line = (share: number): string => {
    const filled = Math.round(share * BAR_CELLS);
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
    const percent = String(Math.round(share * 100)).padStart(3);
    return `    ${phase.padEnd(11)} ${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${percent} %  ${seconds} s  ${detail}`;
  };
  // a line that wraps could not be drawn over
  const draw = (share: number): void => void out.write(`\r\x1b[2K${line(share).slice(0, (out.columns || USUAL_COLUMNS) - 1)}`);
  const end = (): void => {
    if (phase === '') return;
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${line(1)}\n`);
    phase = '';
  };
  return {
    begin(next) {
      end();
      phase = next;
      detail = '';
      began = performance.now();
      if (out.isTTY) draw(0);
    },
    update(share, said = detail) {
      detail = said;
      if (out.isTTY) draw(share);
    },
    plain(text) {
      if (!out.isTTY) out.write(`${text}\n`);
    },
    end,
    abandon() {
      if (phase !== '' && out.isTTY) out.write('\n');
      phase = '';
    },
  };
}

/** No lines at all. */
export const silentPhases: PhaseLines = {
  begin: () => undefined,
  update: () => undefined,
  plain: () => undefined,
  end: () => undefined,
  abandon: () => undefined,
};

/** What an epoch is told by. */
export const epochText = (epoch: {
  epoch: number;
  totalEpochs: number | null;
  loss: number | null;
  valLoss: number | null;
  etaSeconds?: number | null;
}): string => {
  const left = epoch.etaSeconds === null || epoch.etaSeconds === undefined ? '' : `  ${duration(epoch.etaSeconds)} left`;
  return `epoch ${epoch.epoch}/${epoch.totalEpochs ?? '?'}  loss ${number(epoch.loss)}  val_loss ${number(epoch.valLoss)}${left}`;
};

const number = (value: number | null): string => (value === null ? '–' : value.toPrecision(4));

/** Seconds as people say them: `8 s`, `3 min 20 s`, `1 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import { execFile } from 'node:child_process';
import type { SystemFigures } from '../fit';

const MEGABYTE = 1024 ** 2;
/** The driver's tool takes a tenth of a second; short epochs share an answer. */
const GPU_EVERY_MS = 5_000;

/** What each epoch took of the machine, over all attempts of a run. */
export class SystemLog {
  private readonly epochs: SystemFigures;
  private readonly gpu = new GpuMemory();

  /** @param before of the attempts until now */
  constructor(before: SystemFigures | undefined) {
    this.epochs = structuredClone(before) ?? { epoch_seconds: [], rss_mb: [], gpu_memory_mb: [] };
  }

  afterEpoch(seconds: number): void {
    this.epochs.epoch_seconds.push(Number(seconds.toFixed(4)));
    this.epochs.rss_mb.push(Math.round(process.memoryUsage.rss() / MEGABYTE));
    this.epochs.gpu_memory_mb.push(this.gpu.megabytes);
    this.gpu.ask();
  }

  get figures(): SystemFigures {
    return this.epochs;
  }

  /** The figures as results carry them: without a column that has nothing in it. */
  report(): Omit<SystemFigures, 'gpu_memory_mb'> & Partial<SystemFigures> {
    const { gpu_memory_mb, ...rest } = this.epochs;
    return gpu_memory_mb.every((value) => value === null) ? rest : this.epochs;
  }
}

/** Memory in use on the visible NVIDIA devices, asked for in the background. Without such a device it stays null, and nobody is told. */
class GpuMemory {
  megabytes: number | null = null;
  private askedAt = -Infinity;
  private absent = false;

  constructor() {
    this.ask();
  }

  ask(): void {
    if (this.absent || performance.now() - this.askedAt < GPU_EVERY_MS) return;
    this.askedAt = performance.now();
    const visible = process.env['CUDA_VISIBLE_DEVICES'];
    const devices = visible === undefined ? [] : [`--id=${visible}`];
    const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits', ...devices];
    execFile('nvidia-smi', query, { timeout: GPU_EVERY_MS }, (error, answer) => {
      const used = answer.split('\n').map(Number.parseFloat).filter(Number.isFinite);
      if (error || used.length === 0) this.absent = true;
      else this.megabytes = used.reduce((sum, value) => sum + value, 0);
    });
  }
}

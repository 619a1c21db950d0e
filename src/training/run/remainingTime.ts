/** Epochs the estimate looks back on: a machine that others use changes its pace. */
const EPOCHS = 5;
/** Seconds of training it looks back on while no epoch is finished. */
const SECONDS = 30;

/** Estimates how long a training goes on, by a moving average: of the last epochs, and in the first one of the last batches. */
export class RemainingTime {
  private readonly epochs: number[] = [];
  /** seconds and places, until an epoch has been seen from its beginning to its end */
  private readonly trail: { at: number; place: number }[] = [];
  private seenFromBeginning: boolean;

  /** @param start place where this process takes the training up: epochs done, with the share of the running one */
  constructor(start: number) {
    this.seenFromBeginning = Number.isInteger(start);
  }

  /** @param now seconds on any clock */
  reach(place: number, now: number): void {
    if (this.epochs.length > 0) return;
    this.trail.push({ at: now, place });
    while (this.trail.length > 2 && now - this.trail[0]!.at > SECONDS) this.trail.shift();
  }

  finishEpoch(seconds: number): void {
    if (this.seenFromBeginning) this.epochs.push(seconds);
    this.seenFromBeginning = true;
    if (this.epochs.length > EPOCHS) this.epochs.shift();
  }

  /** Upper estimate: early stopping may end the training sooner. @returns null until there is something to go by */
  seconds(epochsLeft: number): number | null {
    const pace = this.secondsPerEpoch();
    return pace === null ? null : epochsLeft * pace;
  }

  private secondsPerEpoch(): number | null {
    const { epochs, trail } = this;
    if (epochs.length > 0) return epochs.reduce((sum, seconds) => sum + seconds, 0) / epochs.length;
    const [first, last] = [trail[0], trail.at(-1)];
    if (!first || !last || last.place <= first.place) return null;
    return (last.at - first.at) / (last.place - first.place);
  }
}

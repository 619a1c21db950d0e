/** Entry of the worker threads: one exported function per task. Errors with findings travel as data, classes do not survive the border. */
import type { Finding } from '../../domain/findings';
import { PipelineError } from '../../domain/findings';
import { buildDataset as build } from './dataset';
import { evaluate } from './evaluate';
import { parseBlocks as parseStream, parseSeries as parse } from './series';
import { drawTestSet as drawTests } from './testSet';
import { drawViolins as draw } from './violins';

type Outcome<T> = { ok: true; value: T } | { ok: false; findings: readonly Finding[] };

const task =
  <I, T>(work: (input: I) => Promise<T>) =>
  async (input: I): Promise<Outcome<T>> => {
    try {
      return { ok: true, value: await work(input) };
    } catch (error) {
      if (error instanceof PipelineError) return { ok: false, findings: error.findings };
      throw error;
    }
  };

export const parseSeries = task(parse);
export const parseBlocks = task(parseStream);
export const buildDataset = task(build);
export const drawViolins = task(draw);
export const drawTestSet = task(drawTests);
export const evaluateForecast = task(evaluate);

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Addon } from './addon';
import { GRAPH_TAG } from './graph';
import type { GraphBuilder } from './graph';

export interface Feed {
  /** name of a placeholder */
  name: string;
  values: Float32Array | Int32Array;
  shape: readonly number[];
}

/** A loaded graph with its variables. */
export class GraphSession {
  private readonly id: number;

  constructor(
    private readonly addon: Addon,
    graph: GraphBuilder,
  ) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lastgang-graph-'));
    try {
      fs.writeFileSync(path.join(folder, 'saved_model.pb'), graph.savedModel());
      this.id = addon.loadSavedModel(folder, GRAPH_TAG);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  /** Runs what the fetched nodes need. @returns copies of their first outputs */
  run(feeds: readonly Feed[], fetches: readonly string[]): Float32Array[] {
    const { addon } = this;
    const inputs: number[] = [];
    try {
      for (const { values, shape } of feeds)
        inputs.push(addon.createTensor(shape, values instanceof Int32Array ? addon.TF_INT32 : addon.TF_FLOAT, values));
      const outputs = addon.runSavedModel(this.id, inputs, firstOutputs(feeds.map(({ name }) => name)), firstOutputs(fetches));
      try {
        return outputs.map(({ id }) => addon.tensorDataSync(id) as Float32Array);
      } finally {
        for (const { id } of outputs) addon.deleteTensor(id);
      }
    } finally {
      for (const id of inputs) addon.deleteTensor(id);
    }
  }

  close(): void {
    this.addon.deleteSavedModel(this.id);
  }
}

const firstOutputs = (names: readonly string[]): string => names.map((name) => `${name}:0`).join(',');

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Settings of one example folder: the bodies a frontend would send. */
const Example = z.object({
  zeitschritte: z.record(z.string(), z.string()),
  timeInfo: z.record(z.string(), z.unknown()),
  files: z.array(z.looseObject({ file: z.string(), type: z.enum(['input', 'output']), bezeichnung: z.string() })),
  trainings: z.array(z.object({ model_parameters: z.looseObject({ MODE: z.string() }) })),
});
export type Example = z.infer<typeof Example> & { folder: string };

/** Reads `examples/<name>/settings.json` of this checkout. */
export async function loadExample(name: string): Promise<Example> {
  const folder = path.resolve(__dirname, '../../../examples', name);
  return { ...Example.parse(JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8'))), folder };
}

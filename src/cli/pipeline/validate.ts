import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readSettingsFile } from '../settingsFile';
import { withSeed } from './checkSettings';
import { COMMON_OPTIONS, EXIT, parsed, runCommand, settingsArgument } from './command';
import { prepare } from './prepare';
import { problemTable, remarkLines, seriesTable, sizesTable, trainingSizes } from './summary';

const HELP = `Usage: lastgang validate SETTINGS.json [options]

Reads settings and CSV files, builds the windows, and names everything that stands in the way of a training.

  --seed N     as of pipeline
  --json       one line of JSON on stdout
  --quiet      findings only

Exit code 0: everything fits; 2: there are findings.`;

/** @returns the exit code */
export async function runValidate(argv: string[]): Promise<number> {
  const { values, positionals } = parsed(() => parseArgs({ args: argv, options: COMMON_OPTIONS, allowPositionals: true }));
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const settings = settingsArgument(positionals);
  return runCommand(values, async (work, { say, tell, answer }) => {
    const file = await readSettingsFile(settings);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'lastgang-validate-'));
    try {
      const judged = values.seed === undefined ? file : withSeed(file, values.seed);
      const { prepared, problems, remarks } = await prepare(judged, folder, path.join(folder, 'dataset'), work);
      work.phases.abandon();
      if (!prepared) {
        say(`\n${settings}: ${problems.length === 1 ? 'one finding' : `${problems.length} findings`}`);
        tell(problemTable(problems));
        if (remarks.length > 0) say(remarkLines(remarks));
        answer({ ok: false, findings: problems, warnings: remarks });
        return EXIT.invalid;
      }
      const { dataset } = prepared;
      const sizes = trainingSizes(prepared);
      say(`\n${seriesTable(prepared)}\n`);
      say(`    n_dat = ${dataset.nDat} windows of ${dataset.inputSteps} × ${dataset.inputFeatures.length} input values`);
      say(`    and ${dataset.outputSteps} × ${dataset.outputFeatures.length} output values\n`);
      say(sizesTable(sizes));
      if (remarks.length > 0) say(`\n${remarkLines(remarks)}`);
      say(`\n${settings}: no findings`);
      const { nDat: n_dat, inputFeatures: input_features, outputFeatures: output_features } = dataset;
      answer({ ok: true, findings: [], warnings: remarks, n_dat, input_features, output_features, trainings: sizes });
      return EXIT.ok;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

import type { ResultDocument, SeriesInfo } from '../../domain/artefacts';
import type { TimeGroupSettings } from '../../domain/settings/types';
import type { HorizonSettings } from '../../domain/windows';
import type { DescribedBlock, DescribedWindows } from '../../plots';

type Described = Pick<ResultDocument, 'input_features' | 'output_features' | 'metadata'>;

/** Columns and horizons of a run's windows, as they were when it was trained. */
export function describedWindows({ input_features: input, output_features: output, metadata }: Described): DescribedWindows {
  const { I_N: inputSteps, O_N: outputSteps, DELT: referenceStepMin, OFST: referenceOffsetMin, i_dat_inf, o_dat_inf } = metadata;
  return {
    settings: {
      series: [...horizons('input', input, i_dat_inf), ...horizons('output', output, o_dat_inf)],
      steps: { inputSteps, outputSteps, referenceStepMin, referenceOffsetMin },
      // the document holds the groups as they were set
      time: { groups: metadata.time_features as unknown as TimeGroupSettings[] },
    },
    input: block(inputSteps, input, i_dat_inf),
    output: block(outputSteps, output, o_dat_inf),
  };
}

type InfoTable = Readonly<Record<string, SeriesInfo>>;

/** Time columns stand behind the series. The table itself has no order: a label may be a number. */
const seriesNames = (features: readonly string[], table: InfoTable): string[] => features.slice(0, Object.keys(table).length);

const horizons = (role: HorizonSettings['role'], features: readonly string[], table: InfoTable): HorizonSettings[] =>
  seriesNames(features, table).map((name) => {
    const info = table[name];
    if (!info) throw new RangeError(`the run does not tell the horizon of "${name}"`);
    return { role, dataForm: info.spec, horizonStartH: info.th_strt, horizonEndH: info.th_end };
  });

const block = (steps: number, features: readonly string[], table: InfoTable): DescribedBlock => {
  const series = seriesNames(features, table).length;
  return { steps, columns: features.map((name, index) => ({ name, kind: index < series ? 'series' : 'time' })) };
};

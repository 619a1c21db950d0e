// A session as large as a real one.
const STEP_US = 15 * 60e6;

/**
 * Three inputs and one output every quarter of an hour, three years; day, week and year as time features (pipeline.md 22.1).
 *
 * @param {number} times as many rows, going further into the past
 */
export function realSession(factor = 1) {
  const last = Date.UTC(2026, 0, 13) * 1000;
  const count = factor * ((last - Date.UTC(2022, 11, 31) * 1000) / STEP_US + 1);
  const first = last - (count - 1) * STEP_US;
  const times = Float64Array.from({ length: count }, (_, i) => first + i * STEP_US);
  const named = [
    ['load', 'input', -24, 0],
    ['temperature', 'input', -24, 0],
    ['forecast', 'input', 0, 24],
    ['load', 'output', 0, 24],
  ];
  const noise = (i, k) => ((i * (37 + 11 * k)) % 101) / 25;
  const value = { load: (i) => 50 + 20 * Math.sin(i / 15.28) + noise(i, 0), temperature: (i) => 10 + 8 * Math.cos(i / 5580) + noise(i, 1) };
  const series = named.map(([label, role]) => ({
    label,
    role,
    times,
    values: times.map((_, i) => (value[label] ?? value.temperature)(i)),
  }));
  const settings = named.map(([label, role, horizonStartH, horizonEndH]) => ({
    label,
    role,
    dataForm: 'historical',
    horizonStartH,
    horizonEndH,
    horizonDefaulted: false,
    alignment: 'linear',
    horizonMean: false,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
  }));
  const group = (name) => ({
    group: name,
    localTime: false,
    dataForm: 'horizon',
    horizonStartH: -24,
    horizonEndH: 0,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
  });
  return {
    series,
    settings: {
      series: settings,
      steps: { inputSteps: 97, outputSteps: 97, referenceStepMin: 15, referenceOffsetMin: 0 },
      time: { timeZone: 'UTC', groups: ['Y', 'W', 'D'].map(group) },
    },
  };
}

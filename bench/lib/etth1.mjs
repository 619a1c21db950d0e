// The session of bench/windows.mjs: the three series of examples/etth1 and one made of them, hourly; 24 hours back, 24 hours ahead.
const STEPS = 24;
const HOURS_BACK = -23;
const HOURS_AHEAD = 24;

/** Four inputs (the fourth: what the first two differ by) and one output, the third. */
export function inputsAndOutput([high, middle, oil]) {
  const difference = { times: high.times, values: high.values.map((value, i) => value - middle.values[i]) };
  const named = { HUFL: high, MUFL: middle, OT: oil, DIFF: difference };
  const inputs = Object.entries(named).map(([label, { times, values }]) => ({ label, role: 'input', times, values }));
  return [...inputs, { ...inputs[2], role: 'output' }];
}

/** @param {boolean} time year, month, week, day and holidays as nine more input columns */
export function windowSettings(series, time) {
  const scaling = { scale: true, scaleMin: 0, scaleMax: 1 };
  const input = { horizonStartH: HOURS_BACK, horizonEndH: 0 };
  const output = { horizonStartH: 1, horizonEndH: HOURS_AHEAD };
  return {
    series: series.map(({ label, role }) => ({
      label,
      role,
      dataForm: 'historical',
      ...(role === 'input' ? input : output),
      horizonDefaulted: false,
      alignment: 'linear',
      horizonMean: false,
      ...scaling,
    })),
    steps: { inputSteps: STEPS, outputSteps: STEPS, referenceStepMin: 60, referenceOffsetMin: 0 },
    time: {
      timeZone: 'UTC',
      groups: ['Y', 'M', 'W', 'D', 'H']
        .filter(() => time)
        .map((group) => ({ group, localTime: false, dataForm: 'horizon', ...input, ...scaling, holidayCalendar: 'AT' })),
    },
  };
}

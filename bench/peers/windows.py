"""The arrays of bench/lib/etth1.mjs with numpy: every instant of every window at once."""
import json
import sys

import numpy as np
import pandas as pd
from timing import report

spec = json.loads(sys.argv[1])
HOUR, STEPS = 3_600_000_000, 24
DAY = 24 * HOUR


def read(file):
    frame = pd.read_csv(file, sep=';')
    times = pd.to_datetime(frame.iloc[:, 0], format='%Y-%m-%d %H:%M:%S').to_numpy('datetime64[us]').astype(np.int64)
    return times.astype(float), frame.iloc[:, 1].to_numpy(float)


high, middle, oil = (read(file) for file in spec['files'])
inputs = [high, middle, oil, (high[0], high[1] - middle[1])]
outputs = [oil]


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    x = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * x) // 451
    month, day = divmod(h + x - 7 * m + 114, 31)
    return np.datetime64(f'{year}-{month:02}-{day + 1:02}')


def holidays(first, last):
    fixed = ['01-01', '01-06', '05-01', '08-15', '10-26', '11-01', '12-08', '12-25', '12-26']
    days = [np.datetime64(f'{year}-{date}') for year in range(first, last + 1) for date in fixed]
    days += [easter(year) + shift for year in range(first, last + 1) for shift in (1, 39, 50, 60)]
    return np.array(days).astype(np.int64)


def values(series, instants):
    times, rows = series
    found = np.interp(instants, times, rows)
    found[(instants < times[0]) | (instants > times[-1])] = np.nan
    return found


def time_columns(instants):
    seconds = instants / 1e6
    year = 31_557_600
    for period in (year, year / 12, 604_800, 86_400):
        phase = seconds / period * 2 * np.pi
        yield np.sin(phase)
        yield np.cos(phase)
    dates = instants.ravel().astype('datetime64[us]')
    years = dates[[0, -1]].astype('datetime64[Y]').astype(int) + 1970
    yield np.isin(dates.astype('datetime64[D]').astype(np.int64), holidays(*years)).reshape(instants.shape).astype(float)


def build():
    start = min(times[0] for times, _ in inputs)
    end = min(times[-1] for times, _ in inputs)
    references = np.arange(start // HOUR * HOUR - HOUR, end + 1, HOUR)
    references = references[references >= start]
    k = np.arange(STEPS)
    past = references[:, None] + (-23 * HOUR + np.round(23 * HOUR * k / (STEPS - 1)))
    future = references[:, None] + (HOUR + np.round(23 * HOUR * k / (STEPS - 1)))
    x = np.stack([values(one, past) for one in inputs], axis=2)
    y = np.stack([values(one, future) for one in outputs], axis=2)
    keep = ~(np.isnan(x).any(axis=(1, 2)) | np.isnan(y).any(axis=(1, 2)))
    x, y, references, past = x[keep], y[keep], references[keep], past[keep]
    if spec['time']:
        x = np.concatenate([x, np.stack(list(time_columns(past)), axis=2)], axis=2)
    return x, y, references


def check(result):
    x, y, references = result
    n = len(references)
    cells = [v for w in (0, n // 2, n - 1) for v in (*x[w, 5], *y[w, 23])]
    return [n, references[0], references[-1], *cells]


report(build, check, runs=spec['runs'])

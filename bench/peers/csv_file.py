"""A CSV file to a series and the statistics of pipeline.md 3 with pandas."""
import json
import sys

import pandas as pd
from timing import report

spec = json.loads(sys.argv[1])


def series():
    frame = pd.read_csv(spec['file'], sep=';')
    utc = pd.to_datetime(frame['UTC'], format='%Y-%m-%d %H:%M:%S')
    values = pd.to_numeric(frame['value'])
    steps = utc.diff().dt.total_seconds() / 60
    n, first, last = len(frame), utc.iloc[0], utc.iloc[-1]
    step = (last - first).total_seconds() / 60 / (n - 1)
    offset = (first.minute + first.second / 60) % step if (60 / step).is_integer() else 'var'
    numeric = int(values.notna().sum())
    micro = pd.Timedelta(microseconds=1)
    epoch = pd.Timestamp(0)
    return [
        (first - epoch) // micro, (last - epoch) // micro, n, numeric, round(numeric / n * 100, 2),
        step, steps.min(), offset, values.min(), values.max(),
    ]


report(series, lambda result: result, runs=spec['runs'])

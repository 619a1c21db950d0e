"""LinearRegression of scikit-learn on the rows of bench/lib/linearRows.mjs."""
import json
import sys

import numpy as np
from sklearn.linear_model import LinearRegression
from timing import report

spec = json.loads(sys.argv[1])
rows, features, targets = spec['rows'], spec['features'], spec['targets']
cells = np.fromfile(spec['file'], float)
x = cells[: rows * features].reshape(rows, features)
y = cells[rows * features :].reshape(rows, targets)


def check(model):
    return [v for j in range(targets) for v in (*model.coef_[j], model.intercept_[j])]


report(lambda: LinearRegression().fit(x, y), check, runs=spec['runs'], warm_up=5)

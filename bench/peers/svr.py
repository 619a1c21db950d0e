"""scikit-learn's SVR on the rows of FILE; prints the CPU seconds of some fits and forecasts of the first rows as JSON."""
import json
import resource
import sys
import time

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

RUNS = 3

rows = json.load(open(sys.argv[1]))
x, y = np.array(rows['x']), np.array(rows['y'])
model = make_pipeline(StandardScaler(), SVR(kernel='rbf', C=1, epsilon=0.1, tol=1e-3))


def fit():
    start = time.process_time()
    model.fit(x, y)
    return time.process_time() - start


fit()  # warms up
print(json.dumps({
    'seconds': [fit() for _ in range(RUNS)],
    'forecast': model.predict(x[:100]).tolist(),
    'peakRssMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))

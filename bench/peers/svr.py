"""scikit-learn's SVR on the rows of FILE; prints CPU seconds, support vectors and forecasts of the first rows as JSON."""
import json
import resource
import sys
import time

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

rows = json.load(open(sys.argv[1]))
x, y = np.array(rows['x']), np.array(rows['y'])
model = make_pipeline(StandardScaler(), SVR(kernel='rbf', C=1, epsilon=0.1, tol=1e-3))

start = time.process_time()
model.fit(x, y)
print(json.dumps({
    'seconds': time.process_time() - start,
    'support': int(model[-1].n_support_.sum()),
    'forecast': model.predict(x[:100]).tolist(),
    'peakRssMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))

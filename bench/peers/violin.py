"""seaborn's violin of the values in DATA (float64) as PICTURE (PNG), RUNS times; prints the seconds of each as JSON."""
import json
import resource
import sys
import time

import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import seaborn as sns  # noqa: E402

data, picture, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
values = np.fromfile(data)
WARM_UP = 2


def draw():
    figure, axes = plt.subplots(figsize=(3, 6))
    sns.violinplot(y=values, ax=axes, inner='quartile', color='#1f77b4', linewidth=1.5)
    axes.set_title('load')
    axes.set_ylabel('kW')
    figure.savefig(picture, dpi=100, bbox_inches='tight')
    plt.close(figure)


seconds = []
for k in range(-WARM_UP, runs):
    start = time.perf_counter()
    draw()
    if k >= 0:
        seconds.append(time.perf_counter() - start)
print(json.dumps({'seconds': seconds, 'peakRssMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))

"""Timing of one side of a comparison, as sampled() of bench/lib/measure.mjs."""
import json
import resource
import time


def report(action, check, runs=5, warm_up=1):
    """Prints seconds, processor seconds, peak memory and the check values of the last result as one JSON line."""
    first, seconds, cpu = 0.0, [], []
    for k in range(-warm_up, runs):
        start, used = time.perf_counter(), time.process_time()
        result = action()
        elapsed, used = time.perf_counter() - start, time.process_time() - used
        if k == -warm_up:
            first = elapsed
        if k >= 0:
            seconds.append(elapsed)
            cpu.append(used)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({'first': first, 'seconds': seconds, 'cpu': cpu, 'peakRssMb': rss, 'check': [float(v) for v in check(result)]}))

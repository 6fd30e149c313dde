#!/usr/bin/env python3
"""bench_drift against river: a million errors, whose rate changes every 5,000, through ADWIN; both forget all after an
alarm. A call of river's goes through Python, which its users pay as well; the empty loop is shown beside it.
python3 bench/peers/river_drift.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import numpy
from river import drift

options = arguments("drift")
errors = numpy.fromfile(options.file, dtype=numpy.float64).tolist()


def adwin():
    detector, alarms = drift.ADWIN(), 0
    for x in errors:
        detector.update(x)
        alarms += detector.drift_detected
    return alarms


def nothing():
    alarms = 0
    for x in errors:
        alarms += x > 2
    return alarms


turns(options, {"river ADWIN": lambda: cpu(adwin), "empty loop": lambda: cpu(nothing)})

#!/usr/bin/env python3
"""bench_windows against pandas: events of the same key in the last hour, for each of 500,000 events.
python3 bench/peers/pandas_windows.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import numpy
import pandas

options = arguments("windows")
key, time = numpy.fromfile(options.file, dtype=numpy.int64).reshape(2, -1)
log = pandas.DataFrame({"key": key, "one": numpy.ones(len(key), numpy.float32)},
                       index=pandas.to_datetime(time, unit="ms"))


def rolling():
    # closed="left": [t - 1 h, t), the event itself left out; no event yet is NaN
    return float(log.groupby("key")["one"].rolling("1h", closed="left").count().sum())


turns(options, {"pandas rolling": lambda: cpu(rolling)})

#!/usr/bin/env python3
"""bench_store against pandas.merge_asof: 5,000,000 events, 1,000,000 queries, both in order of time, keys of 64 bits.
python3 bench/peers/merge_asof.py --build DIR"""
import os

from turns import arguments, cpu, turns  # first: it sets the number of threads

import numpy
import pandas

EVENTS, QUERIES = 5_000_000, 1_000_000

for keys in (1_000_000, 100_000):
    os.environ["MLSD_BENCH_KEYS"] = str(keys)
    options = arguments("store")
    column = numpy.fromfile(options.file, dtype=numpy.int64)
    event_key, event_time, query_key, query_time = numpy.split(
        column, numpy.cumsum([EVENTS, EVENTS, QUERIES]))
    events = pandas.DataFrame({"time": event_time, "key": event_key, "row": numpy.arange(EVENTS)})
    queries = pandas.DataFrame({"time": query_time, "key": query_key})
    # The same keys as small numbers, which suit pandas' hash table.
    number = {"key": pandas.factorize(numpy.concatenate([event_key, query_key]))[0]}
    small_events = events.assign(key=number["key"][:EVENTS])
    small_queries = queries.assign(key=number["key"][EVENTS:])

    def join(left, right):
        return float(numpy.nansum(pandas.merge_asof(left, right, on="time", by="key")["row"].to_numpy()))

    print(f"{keys} keys")
    turns(options, {"merge_asof": lambda: cpu(lambda: join(queries, events)),
                    "merge_asof, keys 0 to n": lambda: cpu(lambda: join(small_queries, small_events))})

#!/usr/bin/env python3
"""bench_csv against pandas, pyarrow, polars and Python's csv on one file: python3 bench/peers/csv_readers.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import csv

import pandas
import polars
import pyarrow.csv

options = arguments("csv")
pyarrow.set_cpu_count(1)
path = options.file
text = ["country", "device"]


def python_csv():
    with open(path, newline="") as f:
        return sum(1 for _ in csv.reader(f)) - 1


turns(options, {
    "pandas (C)": lambda: cpu(lambda: len(pandas.read_csv(path, engine="c", dtype={t: "category" for t in text}))),
    "pyarrow": lambda: cpu(
        lambda: len(pyarrow.csv.read_csv(path, read_options=pyarrow.csv.ReadOptions(use_threads=False)))),
    "polars": lambda: cpu(lambda: len(polars.read_csv(path))),
    "python csv (texts only)": lambda: cpu(python_csv),
})

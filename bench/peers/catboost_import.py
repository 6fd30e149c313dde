#!/usr/bin/env python3
"""Reading models that CatBoost saved as JSON, against CatBoost itself, by turns: catboost_import.py --build DIR
[--turns N] MODEL.json... Both have read each model once before. CatBoost reads the file too, which is a percent."""
import argparse
import os
import statistics
import subprocess

import catboost

from turns import cpu

parser = argparse.ArgumentParser()
parser.add_argument("--build", default="build/bench", help="the folder of bench_catboost_import")
parser.add_argument("--turns", type=int, default=9)
parser.add_argument("models", nargs="+")
options = parser.parse_args()
program = os.path.join(options.build, "bench_catboost_import")


def theirs(model):
    return cpu(lambda: catboost.CatBoost().load_model(model, format="json").tree_count_)


def ours(model):
    seconds, trees = subprocess.run([program, "--time", model], check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(trees)


for model in options.models:
    theirs(model)
    seconds = []
    for _ in range(options.turns):
        (a, our_trees), (b, their_trees) = ours(model), theirs(model)
        assert our_trees == their_trees
        seconds.append((a, b))
    a, b = (statistics.median(column) * 1e3 for column in zip(*seconds))
    ratio = statistics.median(x / y for x, y in seconds)
    print(f"{model:32} {os.path.getsize(model) / 1e6:6.2f} MB: mlsd {a:8.2f} ms, CatBoost {b:8.2f} ms, ratio {ratio:.2f}")

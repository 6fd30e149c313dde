#!/usr/bin/env python3
"""bench_train against LightGBM: 100 trees of 31 leaves on the same rows, one thread, binning included in both.
python3 bench/peers/lightgbm_training.py --build DIR [--turns N]
Then leaves LightGBM's model in FILE.lgb and prints how to hold single rows against it (bench/peers/lightgbm_row.cpp)."""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import os

import lightgbm
import numpy
from sklearn.metrics import roc_auc_score

train_rows, test_rows, width = 200_000, 50_000, 28
options = arguments("train")
with open(options.file, "rb") as f:
    def read(rows):
        x = numpy.fromfile(f, dtype=numpy.float32, count=rows * width).reshape(width, rows).T
        return numpy.ascontiguousarray(x), numpy.fromfile(f, dtype=numpy.float32, count=rows)
    (x, y), (tx, ty) = read(train_rows), read(test_rows)
settings = dict(objective="binary", num_leaves=31, learning_rate=0.1, max_bin=255, min_data_in_leaf=20, num_threads=1,
                verbose=-1, seed=1)
models = {}


def train(name, **more):
    def run():
        seconds, models[name] = cpu(
            lambda: lightgbm.train({**settings, **more}, lightgbm.Dataset(x, y), num_boost_round=100))
        return seconds, round(roc_auc_score(ty, models[name].predict(tx, num_threads=1)), 6)
    return run


turns(options, {"LightGBM": train("LightGBM"), "LightGBM by columns": train("columns", force_col_wise=True),
                "LightGBM quantized": train("quantized", use_quantized_grad=True)})
models["LightGBM"].save_model(options.file + ".lgb")
library = os.path.join(os.path.dirname(lightgbm.__file__), "lib", "lib_lightgbm.so")
print(f"single rows: {options.program} --model {options.file}.mlsd; "
      f"{options.build}/bench_lightgbm_row {library} {options.file}.lgb {options.file}.mlsd")

#!/usr/bin/env python3
"""Linear leaves and zero as missing against LightGBM's at equal settings, as means over random splits of California
housing, one thread: python3 bench/peers/lightgbm_options.py TRAIN_PROGRAM DATA_FOLDER [--splits N]. TRAIN_PROGRAM is
examples/train. Needs lightgbm, numpy and pandas. CPU time is that of binning and training, without reading. A third of
the numbers are made 0 where zeros are missing."""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import lightgbm
import numpy
import pandas

LABEL, CODE = "median_house_value", "ocean_proximity"
WAYS = {"constants": ((), {}),
        "lines": (("--linear",), dict(linear_tree=True)),
        "lines, l2 1": (("--linear", "--linear-l2", "1"), dict(linear_tree=True, linear_lambda=1)),
        "zeros": ((), {}),
        "zeros are missing": (("--zero-as-missing",), dict(zero_as_missing=True))}


def ours(program, scratch, more):
    done = subprocess.run([program, "--data", scratch / "train.csv", "--test", scratch / "test.csv", "--label", LABEL,
                           "--categorical", CODE, "--objective", "squared", "--model", scratch / "model",
                           "--predictions", scratch / "predictions", "--threads", "1", "--json", *more],
                          check=True, stdout=subprocess.PIPE)
    return numpy.loadtxt(scratch / "predictions"), json.loads(done.stdout)["train_cpu_seconds"]


def theirs(train, test, more):
    settings = dict(objective="regression", num_leaves=31, learning_rate=0.1, min_data_in_leaf=20, max_bin=255,
                    verbose=-1, num_threads=1, **more)
    start = time.process_time()
    data = lightgbm.Dataset(train.drop(columns=LABEL), train[LABEL], params=settings)
    model = lightgbm.train(settings, data, 100)
    return model.predict(test.drop(columns=LABEL)), time.process_time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=10)
    options = parser.parse_args()
    houses = pandas.read_csv(options.data / "tab_california_housing" / "housing.csv.gz").astype({CODE: "category"})
    houses[LABEL] /= 1e5
    holes = houses.copy()
    for column in houses.columns.drop([LABEL, CODE]):
        holes.loc[numpy.random.RandomState(len(column)).rand(len(houses)) < 1 / 3, column] = 0
    found = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for seed in range(options.splits):
            order = numpy.random.RandomState(seed).permutation(len(houses))
            for way, (flags, settings) in WAYS.items():
                rows = holes if way.startswith("zeros") else houses
                train, test = rows.iloc[order[:len(rows) * 3 // 4]], rows.iloc[order[len(rows) * 3 // 4:]]
                train.to_csv(scratch / "train.csv", index=False)
                test.to_csv(scratch / "test.csv", index=False)
                figures = []
                for p, cpu in (ours(options.program, scratch, flags), theirs(train, test, settings)):
                    figures += [((p - test[LABEL].to_numpy()) ** 2).mean() ** 0.5, cpu]
                found[way].append(figures)
    for way, figures in found.items():
        figures = numpy.array(figures)
        difference = figures[:, 0] - figures[:, 2]
        print(f"{way:18} rmse mlsd {figures[:, 0].mean():.5f}  LightGBM {figures[:, 2].mean():.5f}  difference "
              f"{difference.mean():+.5f} (standard error {difference.std() / max(1, len(difference) - 1) ** 0.5:.5f})  "
              f"CPU {figures[:, 1].sum() / figures[:, 3].sum():.2f}")


if __name__ == "__main__":
    main()

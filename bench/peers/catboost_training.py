#!/usr/bin/env python3
"""Symmetric trees against CatBoost's plain boosting at equal settings (100 trees of 6 levels, rate .1, l2 3), as means
over random splits of real tables, one thread: python3 bench/peers/catboost_training.py TRAIN_PROGRAM DATA_FOLDER
[--splits N]. TRAIN_PROGRAM is examples/train. Needs catboost, numpy, pandas and scikit-learn. CPU time is that of binning
and training, without reading. CatBoost takes codes as categories, and as numbers the second time."""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import catboost
import numpy
import pandas
from sklearn.metrics import roc_auc_score

TREES, LEVELS, RATE, L2 = 100, 6, 0.1, 3


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, pathlib.Path(scratch)

    def ours(self, files, categorical, *more):
        out, model = self.scratch / "predictions", self.scratch / "model"
        done = subprocess.run([self.options.program, "--data", files[0], "--test", files[1], "--label", "y", "--model",
                               model, "--predictions", out, "--threads", "1", "--json", "--trees", str(TREES), "--rate",
                               str(RATE), "--l2", str(L2), "--objective", "logistic", *more,
                               *(["--categorical", ",".join(categorical)] if categorical else [])],
                              check=True, stdout=subprocess.PIPE)
        return numpy.loadtxt(out), json.loads(done.stdout)["train_cpu_seconds"]

    def theirs(self, parts, categorical):
        parts = [part.assign(**{c: part[c].astype(str) for c in categorical}) for part in parts]
        pools = [catboost.Pool(part.drop(columns="y"), part["y"], cat_features=categorical) for part in parts]
        model = catboost.CatBoostClassifier(iterations=TREES, depth=LEVELS, learning_rate=RATE, l2_leaf_reg=L2,
                                            boosting_type="Plain", thread_count=1, verbose=False,
                                            allow_writing_files=False)
        start = time.process_time()
        model.fit(pools[0])
        return model.predict_proba(pools[1])[:, 1], time.process_time() - start

    def table(self, name, rows, categorical):
        ways = {"mlsd": lambda f, p: self.ours(f, categorical, "--growth", "symmetric", "--depth", str(LEVELS)),
                "mlsd, leaf-wise": lambda f, p: self.ours(f, categorical, "--leaves", str(2 ** LEVELS)),
                "CatBoost": lambda f, p: self.theirs(p, categorical)}
        if categorical:
            ways["CatBoost, codes as numbers"] = lambda f, p: self.theirs(
                [part.assign(**{c: part[c].cat.codes for c in categorical}) for part in p], [])
        found = {way: [] for way in ways}
        for seed in range(self.options.splits):
            order = numpy.random.RandomState(seed).permutation(len(rows))
            parts = [rows.iloc[order[:len(rows) * 3 // 4]], rows.iloc[order[len(rows) * 3 // 4:]]]
            files = [self.scratch / "train.csv", self.scratch / "test.csv"]
            for part, file in zip(parts, files):
                part.to_csv(file, index=False)
            for way, run in ways.items():
                p, cpu = run(files, parts)
                found[way].append((roc_auc_score(parts[1]["y"], p), cpu))
        base = numpy.array(found["CatBoost"])
        for way, figures in found.items():
            figures = numpy.array(figures)
            difference = figures[:, 0] - base[:, 0]
            print(f"{name:6} {way:27} AUC {figures[:, 0].mean():.5f} ({difference.mean():+.5f}, standard error "
                  f"{difference.std() / max(1, len(difference) - 1) ** 0.5:.5f})  CPU {figures[:, 1].mean():.3f} s "
                  f"({figures[:, 1].mean() / base[:, 1].mean():.2f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options, scratch)
        people = pandas.read_csv(options.data / "tab_adult" / "adult_train.csv.gz", header=None, skipinitialspace=True)
        people.columns = [f"c{c}" for c in range(14)] + ["y"]
        people["y"] = (people["y"] == ">50K").astype(int)
        categorical = [f"c{c}" for c in (1, 3, 5, 6, 7, 8, 9, 13)]
        bench.table("people", people.astype({c: "category" for c in categorical}), categorical)
        higgs = pandas.concat([pandas.read_csv(options.data / "tab_lightgbm_higgs" / f"binary.{part}.gz", sep="\t",
                                               header=None) for part in ("train", "test")])
        higgs.columns = ["y"] + [f"c{c}" for c in range(higgs.shape[1] - 1)]
        bench.table("higgs", higgs, [])


if __name__ == "__main__":
    main()

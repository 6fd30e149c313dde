#!/usr/bin/env python3
"""Test quality of every objective against LightGBM's at equal settings, as the mean over random splits of real tables:
python3 bench/peers/lightgbm_objectives.py TRAIN_PROGRAM DATA_FOLDER [--splits N]
                                           [HOUSES|PEOPLE|PHYSICS|LISTS...]
TRAIN_PROGRAM is examples/train. Needs lightgbm, numpy, pandas and scikit-learn. LightGBM has no focal loss: its log loss
stands there. Lists without a relevant row are left out of NDCG."""
import argparse
import gzip
import itertools
import pathlib
import subprocess
import tempfile

import lightgbm
import numpy
import pandas
from sklearn.metrics import roc_auc_score

SETTINGS = dict(verbose=-1, num_threads=1, num_leaves=31, learning_rate=0.1, max_bin=255, min_data_in_leaf=20)


def pinball(level):
    return lambda p, y: numpy.where(p >= y, (1 - level) * (p - y), level * (y - p)).mean()


def huber(delta):
    def loss(p, y):
        near = numpy.minimum(abs(p - y), delta)
        return (near * (abs(p - y) - near / 2)).mean()
    return loss


NUMBERS = [("squared", dict(objective="regression"), lambda p, y: ((p - y) ** 2).mean() ** 0.5),
           ("absolute", dict(objective="l1"), lambda p, y: abs(p - y).mean()),
           ("huber:0.5", dict(objective="huber", alpha=0.5), huber(0.5)),
           ("quantile:0.9", dict(objective="quantile", alpha=0.9), pinball(0.9)),
           ("quantile:0.1", dict(objective="quantile", alpha=0.1), pinball(0.1)),
           ("mape", dict(objective="mape"), lambda p, y: (abs(p - y) / numpy.maximum(1, abs(y))).mean()),
           ("poisson", dict(objective="poisson"), lambda p, y: (p - y * numpy.log(p)).mean()),
           ("gamma", dict(objective="gamma"), lambda p, y: (y / p + numpy.log(p)).mean()),
           ("tweedie:1.5", dict(objective="tweedie", tweedie_variance_power=1.5),
            lambda p, y: (2 * p ** 0.5 + 2 * y * p ** -0.5).mean())]
CLASSES = [("logistic", dict(objective="binary"), lambda p, y: roc_auc_score(y, p)),
           ("weighted_logistic:5", dict(objective="binary", scale_pos_weight=5), lambda p, y: roc_auc_score(y, p)),
           ("focal", dict(objective="binary"), lambda p, y: roc_auc_score(y, p))]
LISTS = [("lambda_rank", dict(objective="lambdarank")), ("xe_ndcg", dict(objective="rank_xendcg"))]


def ndcg(p, y, group, k=10):
    found = []
    for g in numpy.unique(group):
        scores, labels = p[group == g], y[group == g]
        discount = 1 / numpy.log2(numpy.arange(2, 2 + min(k, len(labels))))
        ideal = ((2 ** numpy.sort(labels)[::-1][:k] - 1) * discount).sum()
        if ideal > 0:
            found.append(((2 ** labels[numpy.argsort(-scores, kind="stable")][:k] - 1) * discount).sum() / ideal)
    return numpy.mean(found)


def words(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt") as lines:
        return [line.split("#")[0].split() for line in lines]


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, pathlib.Path(scratch)

    def train(self, *arguments):
        """Predictions of the program for the test file."""
        out = self.scratch / "predictions"
        subprocess.run([self.options.program, "--model", self.scratch / "model", "--predictions", out, "--threads", "1",
                        "--json", *arguments], check=True, stdout=subprocess.DEVNULL)
        return numpy.loadtxt(out)

    def splits(self, n):
        for seed in range(self.options.splits):
            order = numpy.random.RandomState(seed).permutation(n)
            yield order[:n * 3 // 4], order[n * 3 // 4:]

    def show(self, table, objective, ours, theirs):
        ours, theirs = numpy.array(ours), numpy.array(theirs)
        error = (ours - theirs).std() / max(1, len(ours) - 1) ** 0.5
        print(f"{table:8} {objective:20} mlsd {ours.mean():.5f}  LightGBM {theirs.mean():.5f}  "
              f"difference {(ours - theirs).mean():+.5f} (standard error {error:.5f})", flush=True)

    def table(self, name, rows, label, categorical, objectives):
        for objective, peer, figure in objectives:
            ours, theirs = [], []
            for train, test in self.splits(len(rows)):
                parts = [rows.iloc[train].copy(), rows.iloc[test].copy()]
                files = [self.scratch / "train.csv", self.scratch / "test.csv"]
                for part, file in zip(parts, files):
                    part.to_csv(file, index=False)
                y = parts[1][label].to_numpy(float)
                ours.append(figure(self.train("--data", files[0], "--test", files[1], "--label", label, "--objective",
                                              objective, "--categorical", ",".join(categorical)), y))
                for c in categorical:
                    kind = pandas.CategoricalDtype(sorted(parts[0][c].astype(str).unique()))
                    parts = [part.assign(**{c: part[c].astype(str).astype(kind)}) for part in parts]
                data = lightgbm.Dataset(parts[0].drop(columns=label), parts[0][label])
                model = lightgbm.train({**SETTINGS, **peer}, data, 100)
                theirs.append(figure(model.predict(parts[1].drop(columns=label)), y))
            self.show(name, objective, ours, theirs)

    def lists(self, name, rows):
        """Rows of a label, qid:GROUP and INDEX:VALUE of what is not 0."""
        y = numpy.array([float(row[0]) for row in rows])
        group = numpy.array([int(row[1][4:]) for row in rows])
        cells = [[cell.split(":") for cell in row[2:]] for row in rows]
        x = numpy.zeros((len(rows), 1 + max(int(column) for row in cells for column, _ in row)))
        for i, row in enumerate(cells):
            for column, value in row:
                x[i, int(column)] = float(value)
        queries = numpy.unique(group)
        for objective, peer in LISTS:
            ours, theirs = [], []
            for train, _ in self.splits(len(queries)):
                learnt = numpy.isin(group, queries[train])
                files = [self.scratch / "train.svm", self.scratch / "test.svm"]
                for file, part in zip(files, (learnt, ~learnt)):
                    file.write_text("".join(" ".join(row) + "\n" for row, chosen in zip(rows, part) if chosen))
                p = self.train("--data", files[0], "--test", files[1], "--objective", objective)
                ours.append(ndcg(p, y[~learnt], group[~learnt]))
                starts = numpy.flatnonzero(numpy.diff(group[learnt], prepend=-1, append=-1))
                data = lightgbm.Dataset(x[learnt], y[learnt], group=numpy.diff(starts))
                model = lightgbm.train({**SETTINGS, **peer}, data, 100)
                theirs.append(ndcg(model.predict(x[~learnt]), y[~learnt], group[~learnt]))
            self.show(name, objective, ours, theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("what", nargs="*", default=["HOUSES", "PEOPLE", "PHYSICS", "LISTS"])
    parser.add_argument("--splits", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options, scratch)
        if "HOUSES" in options.what:
            houses = pandas.read_csv(options.data / "tab_california_housing" / "housing.csv.gz")
            houses["median_house_value"] /= 1e5
            bench.table("houses", houses, "median_house_value", ["ocean_proximity"], NUMBERS)
        if "PEOPLE" in options.what:
            people = pandas.read_csv(options.data / "tab_adult" / "adult_train.csv.gz", header=None, skipinitialspace=True)
            people.columns = [f"c{c}" for c in people.columns]
            people["c14"] = (people["c14"] == ">50K").astype(int)
            bench.table("people", people, "c14", [f"c{c}" for c in (1, 3, 5, 6, 7, 8, 9, 13)], CLASSES)
        if "PHYSICS" in options.what:
            folder = options.data / "tab_lightgbm_higgs"
            parts = [pandas.read_csv(folder / f"binary.{part}.gz", sep="\t", header=None) for part in ("train", "test")]
            physics = pandas.concat(parts).reset_index(drop=True)
            physics.columns = [f"c{c}" for c in physics.columns]
            bench.table("physics", physics, "c0", [], CLASSES[:1])
        if "LISTS" in options.what:
            bench.lists("MQ2008", words(options.data / "ltr_mq2008_fold1" / "train.svm.gz"))
            folder, rows, group = options.data / "ltr_lightgbm_rank", [], 0
            for part in "train", "test":
                lines = iter(words(folder / f"rank.{part}.gz"))
                for size in words(folder / f"rank.{part}.query"):
                    rows += [[row[0], f"qid:{group}", *row[1:]] for row in itertools.islice(lines, int(size[0]))]
                    group += 1
            bench.lists("example", rows)


if __name__ == "__main__":
    main()

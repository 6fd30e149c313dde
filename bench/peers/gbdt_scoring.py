#!/usr/bin/env python3
"""Scoring boosted trees: LightGBM's, XGBoost's and CatBoost's own models, by these libraries and by this one.
python3 bench/peers/gbdt_scoring.py --build DIR [--work FOLDER] [--only NAME]
Trains on 200,000 rows of 28 numbers, 5% missing (minutes, once: models stay in the folder), then scores single rows and
batches of 20,000 on one thread through the libraries' C interfaces, by turns (bench/peers/gbdt_scoring.cpp). Compiled
code is LightGBM's model as nested ifs, built with -O2. CatBoost scores batches only, from Python."""
import argparse
import os
import subprocess


os.environ["OMP_NUM_THREADS"] = "1"
import lightgbm
import numpy
import xgboost

parser = argparse.ArgumentParser()
parser.add_argument("--build", default="build/bench")
parser.add_argument("--work", default="mlsd_bench_gbdt")
parser.add_argument("--only", default="")
options = parser.parse_args()
os.makedirs(options.work, exist_ok=True)
program = os.path.join(options.build, "bench_gbdt_scoring")
train_rows, width = 200_000, 28


def at(name):
    return os.path.join(options.work, name)


if not os.path.exists(at("rows")):
    subprocess.run([program, "--write", at("train"), at("rows")], check=True)


def data():
    both = numpy.fromfile(at("train"), dtype=numpy.float32)
    return both[: train_rows * width].reshape(train_rows, width), both[train_rows * width :]


def train_lightgbm(trees, leaves, depth):
    path = at(f"lightgbm_{trees}_{leaves}_{depth}.txt")
    if not os.path.exists(path):
        settings = dict(objective="binary", num_leaves=leaves, max_depth=depth, learning_rate=0.1, num_threads=1,
                        verbose=-1)
        lightgbm.train(settings, lightgbm.Dataset(*data()), trees).save_model(path)
    return path


def train_xgboost(trees, leaves, depth):
    path = at(f"xgboost_{trees}_{leaves}_{depth}.ubj")
    if not os.path.exists(path):
        settings = dict(objective="binary:logistic", eta=0.1, nthread=1, tree_method="hist",
                        **(dict(max_depth=depth) if depth > 0 else
                           dict(max_depth=0, max_leaves=leaves, grow_policy="lossguide")))
        x, y = data()
        xgboost.train(settings, xgboost.DMatrix(x, y), trees).save_model(path)
    return path


def compile_lightgbm(model):
    """The trees of a model text as nested ifs in C, built into a library."""
    path = model[:-4] + ".so"
    if os.path.exists(path):
        return path

    def lines(node, indent):
        if "leaf_value" in node:
            return [f"{indent}return {node['leaf_value']!r};"]
        x = f"x[{node['split_feature']}]"
        missing = "x != x" if node["default_left"] else "0"
        test = f"({x} <= {node['threshold']!r}" + (f" || {x} != {x})" if missing != "0" else ")")
        return [f"{indent}if {test} {{", *lines(node["left_child"], indent + " "), f"{indent}}} else {{",
                *lines(node["right_child"], indent + " "), f"{indent}}}"]

    trees = lightgbm.Booster(model_file=model).dump_model()["tree_info"]
    with open(path + ".c", "w") as f:
        for i, tree in enumerate(trees):
            f.write(f"static double tree{i}(const float* x) {{\n" + "\n".join(lines(tree["tree_structure"], " ")) + "\n}\n")
        f.write("double score(const float* x) {\n double sum = 0;\n")
        f.writelines(f" sum += tree{i}(x);\n" for i in range(len(trees)))
        f.write(" return sum;\n}\n")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", path, path + ".c"], check=True)
    return path


def show(name, kind, library, model, *more):
    if options.only not in name:
        return
    out = subprocess.run([program, kind, library, model, at("rows"), *more], check=True, capture_output=True, text=True)
    rows = [line.split() for line in out.stdout.splitlines()]
    ours = rows[0]
    for peer, row, batch, differ in rows:
        text = f"{name:22} {peer:9} row p50 {float(row):8.2f} us  batch {1e3 / float(batch):8.3f} M rows/s"
        if peer != "mlsd":
            text += f"  mlsd: row {float(row) / float(ours[1]):5.1f}x, batch {float(batch) / float(ours[2]):5.1f}x"
            text += f"  {differ} scores differ"
        print(text, flush=True)


def library_of(package, name):
    return os.path.join(os.path.dirname(package.__file__), "lib", name)


for trees, leaves, depth in [(100, 31, -1), (500, 63, -1), (500, 63, 6), (1000, 255, -1), (1000, 255, 8)]:
    name = f"{trees} x {leaves}" + (f" depth {depth}" if depth > 0 else "")
    if options.only not in name:
        continue
    model = train_lightgbm(trees, leaves, depth)
    code = [compile_lightgbm(model)] if trees * leaves <= 500 * 63 else []
    show(name, "lightgbm", library_of(lightgbm, "lib_lightgbm.so"), model, *code)
    if trees < 1000:
        show(name, "xgboost", library_of(xgboost, "libxgboost.so"), train_xgboost(trees, leaves, depth))

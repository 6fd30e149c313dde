#!/usr/bin/env python3
"""Scoring boosted trees: LightGBM's, XGBoost's and CatBoost's own models, by these libraries and by this one.
python3 bench/peers/gbdt_scoring.py --build DIR [--work FOLDER] [--only NAME]
Trains on 200,000 rows of 28 numbers, 5% missing (minutes, once: models stay in the folder), then scores single rows and
batches of 20,000 on one thread through the libraries' C interfaces, by turns (bench/peers/gbdt_scoring.cpp). Compiled
code is LightGBM's model as nested ifs, built with -O2. CatBoost scores batches only, from Python."""
import argparse
import os
import statistics
import subprocess
import time


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


def show_catboost(name, turns=7):
    """CatBoost scores batches in this process, the program in its own, by turns."""
    import catboost
    path = at("catboost_100_6.json")
    if not os.path.exists(path):
        x, y = data()
        made = catboost.CatBoostClassifier(iterations=100, depth=6, learning_rate=0.1, thread_count=1, verbose=0)
        made.fit(x, y)
        made.save_model(path, format="json")
        made.save_model(path + ".cbm")
    model = catboost.CatBoost().load_model(path + ".cbm")
    rows = numpy.fromfile(at("rows"), dtype=numpy.float32).reshape(-1, width)
    pool = catboost.Pool(rows)
    seconds, ours = [], []
    for _ in range(turns):
        start = time.process_time()
        theirs = model.predict(pool, prediction_type="RawFormulaVal", thread_count=1)
        seconds.append(time.process_time() - start)
        out = subprocess.run([program, "catboost", "-", path, at("rows")], check=True, capture_output=True, text=True)
        ours.append([float(v) for v in out.stdout.split()[1:3]])
    batch = statistics.median(seconds) * 1e9 / len(rows)
    row, ours_batch = statistics.median(v[0] for v in ours), statistics.median(v[1] for v in ours)
    print(f"{name:22} mlsd      row p50 {row:8.2f} us  batch {1e3 / ours_batch:8.3f} M rows/s")
    print(f"{name:22} CatBoost                     batch {1e3 / batch:8.3f} M rows/s  mlsd: batch "
          f"{batch / ours_batch:5.1f}x  (its pool made before)", flush=True)


def library_of(package, name):
    return os.path.join(os.path.dirname(package.__file__), "lib", name)


for trees, leaves, depth in [(100, 31, -1), (100, 63, 6), (500, 63, -1), (500, 63, 6), (1000, 255, -1), (1000, 255, 8)]:
    name = f"{trees} x {leaves}" + (f" depth {depth}" if depth > 0 else "")
    if options.only not in name:
        continue
    model = train_lightgbm(trees, leaves, depth)
    code = [compile_lightgbm(model)] if trees * leaves <= 500 * 63 else []
    show(name, "lightgbm", library_of(lightgbm, "lib_lightgbm.so"), model, *code)
    if trees < 1000:
        show(name, "xgboost", library_of(xgboost, "libxgboost.so"), train_xgboost(trees, leaves, depth))
if options.only in "symmetric 100 x depth 6":
    show_catboost("symmetric 100 x depth 6")

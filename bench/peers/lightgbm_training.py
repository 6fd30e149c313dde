#!/usr/bin/env python3
"""bench_train against LightGBM on the same rows by turns, binning included in both; each run in a process of its own,
so that peaks of memory can be compared: by how much it grew above the table itself. Ratios are ours / theirs, of 8 bits
where LightGBM quantizes.
python3 bench/peers/lightgbm_training.py --build DIR [--job dense|mixed|sparse|classes] [--rows N] [--trees N] [--leaves N]
                                         [--threads N] [--turns N]
The job of classes has five of them: its quality is minus the log loss, more is better, as of the AUC of others.
The sparse job is 1,000 one-hot columns; both are given compressed sparse rows, of which mlsd first makes columns.
Scoring: bench/peers/gbdt_scoring.py."""
import argparse
import os
import statistics
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--build", default="build/bench", help="the folder of bench_train")
parser.add_argument("--job", default="dense", choices=["dense", "mixed", "sparse", "classes"])
parser.add_argument("--rows", type=int, default=200_000)
parser.add_argument("--trees", type=int, default=100)
parser.add_argument("--leaves", type=int, default=31)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--turns", type=int, default=7)
parser.add_argument("--file", default="mlsd_bench_train")
parser.add_argument("--only", nargs="*", help="names of the rows of the answer")
parser.add_argument("--peer", help="(internal) run LightGBM once, with these settings")
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["OMP_WAIT_POLICY"] = "passive"
program = os.path.join(options.build, "bench_train")
ours = {"mlsd": "0", "mlsd, 8 bits": "8"}  # gradient_bits
peers = {"LightGBM": {}, "LightGBM by columns": {"force_col_wise": True}, "LightGBM by rows": {"force_row_wise": True},
         "LightGBM quantized": {"use_quantized_grad": True, "quant_train_renew_leaf": True}}


def status(name):
    """A line of /proc/self/status in bytes."""
    with open("/proc/self/status") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))


def run_peer(name):
    import time

    import lightgbm
    import numpy
    import scipy.sparse

    def table(f):
        rows, numbers, codes = numpy.fromfile(f, dtype=numpy.uint32, count=3)
        cardinality = numpy.fromfile(f, dtype=numpy.uint32, count=codes)
        x = numpy.empty((rows, numbers + codes), dtype=numpy.float32)
        for j in range(numbers + codes):
            x[:, j] = numpy.fromfile(f, dtype=numpy.float32 if j < numbers else numpy.uint32, count=rows)
        y = numpy.fromfile(f, dtype=numpy.float32, count=rows)
        if numbers == 0:  # one-hot
            columns = x.astype(numpy.int32) + (numpy.cumsum(cardinality) - cardinality).astype(numpy.int32)
            ones, ends = numpy.ones(columns.size, numpy.float32), numpy.arange(rows + 1) * codes
            return scipy.sparse.csr_matrix((ones, columns.ravel(), ends), (rows, cardinality.sum())), y, []
        return x, y, list(range(numbers, numbers + codes))

    with open(options.file, "rb") as f:
        x, y, categorical = table(f)
        tx, ty, _ = table(f)
    settings = dict(objective="binary", num_leaves=options.leaves, learning_rate=0.1, max_bin=255, min_data_in_leaf=20,
                    num_threads=options.threads, verbose=-1, seed=1, **peers[name])
    with open("/proc/self/clear_refs", "w") as refs:  # from here on VmHWM is the peak of what follows
        refs.write("5")
    if options.job == "classes":
        settings.update(objective="multiclass", num_class=int(y.max()) + 1)
    before, cpu, wall = status("VmRSS"), time.process_time(), time.perf_counter()
    data = lightgbm.Dataset(x, y, categorical_feature=categorical or "auto")
    model = lightgbm.train(settings, data, num_boost_round=options.trees)
    cpu, wall, grown = time.process_time() - cpu, time.perf_counter() - wall, status("VmHWM") - before
    predicted = model.predict(tx, num_threads=1)
    if options.job == "classes":
        quality = numpy.log(predicted[numpy.arange(len(ty)), ty.astype(int)]).mean()
    else:
        order = numpy.argsort(predicted, kind="stable")
        ranks = numpy.empty(len(order))
        ranks[order] = numpy.arange(1, len(order) + 1)
        positive = ty == 1
        n = positive.sum()
        quality = (ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(ty) - n))
    print(f"{cpu:.4f} {wall:.4f} {quality:.6f} {grown}")


def run(name):
    shape = [str(v) for v in (options.trees, options.leaves, options.threads)]
    if name in peers:
        command = [sys.executable, *sys.argv, "--peer", name]
    else:
        command = [program, "--time", options.file, *shape, ours[name]]
    out = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(v) for v in out.stdout.split()]


if options.peer:
    run_peer(options.peer)
    sys.exit()
if not os.path.exists(options.file):
    subprocess.run([program, "--write", options.file, options.job, str(options.rows)], check=True)
runs = {name: [] for name in [*ours, *peers] if not options.only or name in options.only}
for _ in range(options.turns):
    for name in runs:
        runs[name].append(run(name))
print(f"{'':24} {'CPU s':>8} {'ratio':>6} {'wall s':>8} {'ratio':>6}  {'quality':>9} {'peak MiB':>9} {'ratio':>6}")
for name, all_turns in runs.items():
    middle = [statistics.median(column) for column in zip(*all_turns)]
    held_against = runs.get("mlsd, 8 bits" if "quantized" in name else "mlsd", all_turns)
    ratio = [statistics.median(a[k] / b[k] for a, b in zip(held_against, all_turns)) for k in range(4)]
    print(f"{name:24} {middle[0]:8.3f} {ratio[0]:6.3f} {middle[1]:8.3f} {ratio[1]:6.3f}  {middle[2]:9.6f} "
          f"{middle[3] / 2**20:9.1f} {ratio[3]:6.3f}")
os.remove(options.file)

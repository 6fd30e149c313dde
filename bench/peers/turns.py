"""Runs a benchmark program and its peers by turns on one file, one thread each, and prints medians and ratios."""
import argparse
import os
import statistics
import subprocess
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[name] = "1"


def arguments(name):
    """--build: where the programs are; --turns: how often; --file: where the shared data go."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/bench", help="the folder of bench_" + name)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--file", default="mlsd_bench_" + name)
    options = parser.parse_args()
    options.program = os.path.join(options.build, "bench_" + name)
    subprocess.run([options.program, "--write", options.file], check=True)
    return options


def cpu(f):
    """CPU seconds of this process, all threads, and the answer."""
    start = time.process_time()
    answer = f()
    return time.process_time() - start, answer


def turns(options, peers, ours="mlsd"):
    """peers: name -> function that returns (CPU seconds, answer), such as `lambda: cpu(work)`."""
    def run_ours():
        out = subprocess.run([options.program, "--time", options.file], check=True, capture_output=True, text=True)
        seconds, answer = out.stdout.split()
        return float(seconds), float(answer)

    seconds = {name: [] for name in [ours, *peers]}
    answers = {}
    for _ in range(options.turns):
        for name in seconds:
            spent, answers[name] = run_ours() if name == ours else peers[name]()
            seconds[name].append(spent)
    print(f"{'':24} {'CPU s':>9} {'ours / it':>10}  answer")
    for name in seconds:
        ratio = statistics.median(a / b for a, b in zip(seconds[ours], seconds[name]))
        print(f"{name:24} {statistics.median(seconds[name]):9.4f} {ratio:10.3f}  {answers[name]}")
    os.remove(options.file)

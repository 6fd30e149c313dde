#!/usr/bin/env python3
"""bench_retrieval against hnswlib (PyPI, which compiles it for this machine): 200,000 vectors of 128 components, links 16,
build width 200, one thread. Prints the CPU seconds of both builds, and queries in a CPU second at equal recall of 10.
python3 bench/peers/hnswlib.py --build DIR"""
from turns import arguments  # first: it sets the number of threads

import math
import os
import statistics
import subprocess
import sys
import time

sys.path.remove(os.path.dirname(os.path.abspath(__file__)))  # this file has the name of the library

import hnswlib
import numpy

VECTORS, QUERIES, COMPONENTS, WANTED = 200_000, 1_000, 128, 10
WIDTHS = (10, 12, 16, 24, 32, 48, 64, 128, 256)

options = arguments("retrieval")
with open(options.file, "rb") as file:
    base = numpy.fromfile(file, numpy.float32, VECTORS * COMPONENTS).reshape(VECTORS, COMPONENTS)
    query = numpy.fromfile(file, numpy.float32, QUERIES * COMPONENTS).reshape(QUERIES, COMPONENTS)
    truth = numpy.fromfile(file, numpy.uint32, QUERIES * WANTED).reshape(QUERIES, WANTED)


def ours(mode):
    return subprocess.run([options.program, mode, options.file], check=True, capture_output=True, text=True).stdout


def build_peer():
    index = hnswlib.Index("l2", COMPONENTS)
    index.init_index(VECTORS, ef_construction=200, M=16, random_seed=100)
    start = time.process_time()
    index.add_items(base, num_threads=1)
    return time.process_time() - start, index


def search_ours():
    return {int(w): (float(s), float(r)) for w, s, r in (line.split() for line in ours("--search").splitlines())}


def search_peer(index):
    curve = {}
    for width in WIDTHS:
        index.set_ef(width)
        start = time.process_time()
        labels, _ = index.knn_query(query, WANTED, num_threads=1)
        seconds = (time.process_time() - start) / QUERIES
        right = sum(len(set(a) & set(b)) for a, b in zip(labels.tolist(), truth.tolist()))
        curve[width] = seconds, right / truth.size
    return curve


def seconds_at(curve, recall):
    """CPU seconds a query at a recall: on a straight line between widths, in the logarithm of the time."""
    points = sorted((r, s) for s, r in curve.values())
    for (r0, s0), (r1, s1) in zip(points, points[1:]):
        if r0 <= recall <= r1 and r0 < r1:
            return math.exp(math.log(s0) + (recall - r0) / (r1 - r0) * (math.log(s1) - math.log(s0)))
    return math.nan


builds = []
for _ in range(max(1, options.turns // 3)):
    seconds = float(ours("--time").split()[0])
    peer_seconds, peer = build_peer()
    builds.append((seconds, peer_seconds))
a, b = (statistics.median(column) for column in zip(*builds))
print(f"build, CPU s       mlsd {a:8.2f}   hnswlib {b:8.2f}   ours / it {statistics.median(x / y for x, y in builds):.3f}")

levels = (0.95, 0.99, 0.999)
curves = [(search_ours(), search_peer(peer)) for _ in range(options.turns)]
for level in levels:
    pairs = [(seconds_at(x, level), seconds_at(y, level)) for x, y in curves]
    a, b = (statistics.median(column) for column in zip(*pairs))
    ratio = statistics.median(y / x for x, y in pairs)
    print(f"recall {level:<5} queries a CPU s   mlsd {1 / a:8.0f}   hnswlib {1 / b:8.0f}   ours / it {ratio:.3f}")
for width in WIDTHS:
    x, y = curves[0][0][width], curves[0][1][width]
    print(f"  width {width:4}   recall {x[1]:.4f}  {y[1]:.4f}")
os.remove(options.file)
os.remove(options.file + ".index")

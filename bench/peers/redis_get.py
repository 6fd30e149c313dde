#!/usr/bin/env python3
"""The online store against Redis: the median latency of reading 64 bytes of a random key, by turns. Redis answers its
own C client (redis-benchmark) over a unix socket, one connection, no pipelining; needs redis-server and redis-tools.
python3 bench/peers/redis_get.py --build DIR"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--build", default="build/bench", help="the folder of bench_store")
parser.add_argument("--turns", type=int, default=3)
parser.add_argument("--keys", type=int, default=2_000_000)
options = parser.parse_args()


def redis(folder, *arguments):
    """The rows of redis-benchmark's table."""
    out = subprocess.run(["redis-benchmark", "-s", folder + "/s", "-r", str(options.keys), "-d", "64", "--csv",
                          *arguments], check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(out.splitlines()))


def ours():
    out = subprocess.run([options.build + "/bench_store", "--benchmark_filter=online_latency",
                          "--benchmark_format=json"], check=True, capture_output=True, text=True,
                         env={**os.environ, "MLSD_BENCH_KEYS": str(options.keys)}).stdout
    return json.loads(out)["benchmarks"][0]


with tempfile.TemporaryDirectory() as folder:
    server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", folder + "/s", "--save", "",
                               "--appendonly", "no", "--dir", folder], stdout=subprocess.DEVNULL)
    try:
        while not os.path.exists(folder + "/s"):
            time.sleep(0.05)
        redis(folder, "-t", "set", "-n", str(3 * options.keys), "-P", "64", "-c", "4")  # 95 keys of 100 exist
        us, them = [], []
        for turn in range(options.turns):
            us.append(ours())
            get = redis(folder, "-t", "get", "-n", "200000", "-c", "1")[0]
            them.append({q: 1e6 * float(get[f"{q}_latency_ms"]) for q in ("p50", "p99")})
    finally:
        server.terminate()
        server.wait()

print(f"{'':12} {'mlsd ns':>9} {'Redis ns':>9} {'Redis / mlsd':>13}")
for q in ("p50", "p99"):
    ratio = statistics.median(b[q] / a[q + "_ns"] for a, b in zip(us, them))
    print(f"{q:12} {statistics.median(a[q + '_ns'] for a in us):9.0f} {statistics.median(b[q] for b in them):9.0f} "
          f"{ratio:13.1f}")

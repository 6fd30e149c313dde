#!/usr/bin/env python3
"""What mlsd costs the compiler: run.py [--repeat 3] [--compiler g++ --compiler clang++-16] [--headers]

CPU seconds (user + system) of `-fsyntax-only` where nothing is said, the smallest of some runs; what is compared runs in
turn, so that other work on the machine falls on all alike. Peers are the headers that programs of this kind include
anyway. --headers adds a table of every public header alone.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
NAMES = pathlib.Path(__file__).with_name("names.py")
PEERS = ["Eigen/Core", "xtensor/xtensor.hpp", "fmt/format.h"]
MOVED = {"xtensor/xtensor.hpp": "xtensor/containers/xtensor.hpp"}
REACH = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
NOT_STD = re.compile(r"\.h$|/")


def closure(header):
    """The headers of mlsd that `header` reaches, itself included, and the standard headers that these include."""
    own, std, todo = set(), set(), [header]
    while todo:
        name = todo.pop()
        if name in own:
            continue
        own.add(name)
        for included in REACH.findall((INCLUDE / name).read_text()):
            if included.startswith("mlsd/"):
                todo.append(included)
            elif not NOT_STD.search(included):
                std.add(included)
    return own, std


def peer_flags():
    found = subprocess.run(["pkg-config", "--cflags", "eigen3"], capture_output=True, text=True)
    flags = found.stdout.split() if found.returncode == 0 else ["-I/usr/include/eigen3"]
    return ["-isystem" + flag[2:] for flag in flags if flag.startswith("-I")]


def usage_of(command):
    """What one run used; stops the whole program where it fails."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            sys.exit(f"{' '.join(map(str, command))}\n{output.read().decode(errors='replace')[:3000]}")
    return usage


def cpu_seconds(command):
    usage = usage_of(command)
    return usage.ru_utime + usage.ru_stime


def measure(commands, repeat):
    """The smallest seconds of each command, run in turn."""
    best = [float("inf")] * len(commands)
    for _ in range(repeat):
        for i, command in enumerate(commands):
            best[i] = min(best[i], cpu_seconds(command))
    return best


def table(title, head, rows):
    print(f"\n{title}\n\n| " + " | ".join(head) + " |")
    print("|---" + "|--:" * (len(head) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.stdout.flush()


class bench:
    def __init__(self, compilers, repeat, scratch):
        self.compilers, self.repeat, self.scratch = compilers, repeat, scratch

    def source(self, name, headers):
        path = self.scratch / name
        path.write_text("".join(f"#include <{h}>\n" for h in headers))
        return path

    def syntax(self, compiler, source, flags=()):
        return [compiler, "-std=c++20", "-fsyntax-only", f"-I{INCLUDE}", *flags, source]

    def peers(self, compiler):
        """The spelling of the peers' headers here, or nothing where one is missing."""
        found = []
        for header in PEERS:
            for name in (header, MOVED.get(header, header)):
                one = self.source("peer.cpp", [name])
                if subprocess.run(self.syntax(compiler, one, peer_flags()), capture_output=True).returncode == 0:
                    found.append(name)
                    break
            else:
                print(f"<{header}> is not here: the umbrella is not compared", file=sys.stderr)
                return []
        return found

    def against_std(self):
        rows = []
        for header, with_peers, target in (("mlsd/core/concepts.hpp", False, 1.5), ("mlsd/mlsd.hpp", True, 1.5)):
            std = sorted(closure(header)[1])
            for compiler in self.compilers:
                peers = self.peers(compiler) if with_peers else []
                if with_peers and not peers:
                    continue
                ours = self.syntax(compiler, self.source("ours.cpp", [header]))
                theirs = self.syntax(compiler, self.source("theirs.cpp", peers + std), peer_flags() if peers else ())
                a, b = measure([ours, theirs], self.repeat)
                what = ("Eigen, xtensor, fmt and " if peers else "") + f"{len(std)} standard headers"
                rows.append([f"`{header}`", compiler, f"{a:.2f}", what, f"{b:.2f}", f"{a / b:.2f}", f"{target:.2f}"])
        table("Including it", ["header", "compiler", "seconds", "against", "seconds", "ratio", "at most"], rows)

    def names(self, n, targets):
        rows = []
        source = self.scratch / "names.cpp"
        source.write_text(subprocess.run([sys.executable, NAMES, str(n)], capture_output=True, text=True).stdout)
        made = self.scratch / "names.o"
        for level in ("-O0", "-O2"):
            commands = [[c, "-std=c++20", level, f"-I{INCLUDE}", "-c", source, "-o", made] for c in self.compilers]
            for compiler, command, seconds in zip(self.compilers, commands, measure(commands, self.repeat)):
                cpu_seconds(command)
                symbols = subprocess.run(["nm", made], capture_output=True, text=True).stdout.split("\n")
                longest = max(len(line.split()[-1]) for line in symbols if line.strip())
                limit = next((f"{t:.1f}" for kind, t in targets.items() if kind in compiler), "")
                rows.append([compiler, level, f"{seconds:.2f}", limit if level == "-O0" else "", f"{longest:,}", "6,000"])
        table(f"A pipeline of {n} stages over {n} names: its type, one row, a table, a fit",
              ["compiler", "flags", "seconds", "at most", "longest symbol", "at most"], rows)

    def recommender(self):
        """A whole system in one file: features, a trained ranker, join, rank, re-rank, serve, and its benchmark."""
        source, made, rows = ROOT / "bench/request.cpp", self.scratch / "request.o", []
        for level in ("-O0", "-O2"):
            commands = [[c, "-std=c++20", level, f"-I{INCLUDE}", f"-I{ROOT / 'bench'}", *peer_flags(), "-c", source,
                         "-o", made] for c in self.compilers]
            for compiler, command, seconds in zip(self.compilers, commands, measure(commands, self.repeat)):
                memory = usage_of(command).ru_maxrss / 1024
                rows.append([compiler, level, f"{seconds:.2f}", "12", f"{memory:.0f}", "1024"])
        table("A whole recommender (bench/request.cpp)",
              ["compiler", "flags", "seconds", "at most", "MiB at the peak", "at most"], rows)

    def headers(self):
        names = sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp"))
        rows = []
        for name in names:
            one = self.source("one.cpp", [name])
            seconds = [measure([self.syntax(c, one, peer_flags())], self.repeat)[0] for c in self.compilers]
            own, std = closure(name)
            rows.append([f"`{name[5:]}`", *(f"{s:.2f}" for s in seconds), str(len(own) - 1), str(len(std))])
        table("Every header alone", ["header", *self.compilers, "of mlsd", "of the standard library"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--compiler", action="append")
    parser.add_argument("--headers", action="store_true", help="also every header alone: some minutes")
    parser.add_argument("--only-headers", action="store_true")
    options = parser.parse_args()
    compilers = options.compiler or [c for c in ("g++", "clang++-16", "clang++") if shutil.which(c)][:2]
    with tempfile.TemporaryDirectory() as scratch:
        this = bench(compilers, options.repeat, pathlib.Path(scratch))
        if not options.only_headers:
            this.against_std()
            this.names(64, {"clang": 6.5, "g++": 4.5})
            this.recommender()
        if options.headers or options.only_headers:
            this.headers()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The shape of the source tree: include_layers.py REPOSITORY

Edges between the folders of include/mlsd are the allowed ones and make no circle between headers; third-party headers
stay where they belong; a header has at most 500 lines, half of them at most 150; headers and tests mirror each other.
"""
import pathlib
import re
import statistics
import sys
import tempfile

LONGEST = 500
MEDIAN = 150

# folder -> the folders it may include, besides itself
ALLOWED = {
    "core": "",
    "archive": "core",
    "stats": "core archive",
    "data": "core archive",
    "features": "data stats archive core",
    "store": "features data stats archive core",
    "retrieval": "stats archive core",
    "scoring": "stats archive core",
    "rerank": "stats archive core",
    "metrics": "stats archive core",
    "drift": "stats archive core",
    "experiment": "stats archive core",
    "training": "scoring features data stats archive core",
    "serve": "archive stats core",
}
ALLOWED = {folder: set(edges.split()) for folder, edges in ALLOWED.items()}
EVERYTHING = set(ALLOWED) | {"interop", "report", "testing"}
for folder in ("interop", "report", "testing"):
    ALLOWED[folder] = EVERYTHING

# The headers in include/mlsd itself: what they may include. FOLDER.hpp is all of one folder; only mlsd.hpp includes it.
ROOT = {"version.hpp": set(), "fwd.hpp": {"core"}, "mlsd.hpp": EVERYTHING}
ROOT.update({f"{folder}.hpp": {folder} for folder in EVERYTHING})
FOR_ANYONE = {"version.hpp", "fwd.hpp"}

# third-party library -> its includes, and the headers that may name it
THIRD_PARTY = {
    "Eigen": (
        r"(unsupported/)?Eigen/",
        r"training/|scoring/network|stats/special|features/pca|experiment/(cuped|bandit)|interop/eigen|report/",
    ),
    "xtensor": (r"(xtensor|xtl)/", r"interop/xtensor"),
    "fmt": (r"fmt/", r"interop/fmt|report/"),
    "nlohmann/json": (r"nlohmann/", r"interop/|scoring/import/"),
    "SQLite": (r"sqlite3\.h", r"interop/sqlite"),
    "hiredis": (r"hiredis/", r"interop/redis"),
    "librdkafka": (r"librdkafka/", r"interop/kafka"),
    "MPI": (r"mpi\.h", r"interop/mpi"),
}

# The operating system and the processor, which std-only headers may use; behind a condition where they are not portable.
SYSTEM = {
    "immintrin.h", "arm_neon.h", "fcntl.h", "unistd.h", "sys/mman.h", "sys/stat.h", "sys/types.h", "pthread.h",
    "sched.h", "windows.h", "intrin.h",
}

# Costly to compile, or against the rules of the house.
FORBIDDEN = {"iostream", "regex", "random", "functional", "execution", "any", "bits/stdc++.h"}

# Headers without a test of their name.
NO_TEST_NEEDED = set(ROOT) - {"version.hpp"}  # they only name others; tests/odr includes them

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)


def folder_of(name):
    return name.split("/")[0] if "/" in name else ""


def check_edge(header, included):
    """None, or why `header` may not include `included` (both relative to include/mlsd)."""
    source, target = folder_of(header), folder_of(included)
    if not source and header not in ROOT:
        return "only version.hpp, fwd.hpp, mlsd.hpp and one header named like each folder lie beside the folders"
    if source and source not in ALLOWED:
        return f"folder {source}/ has no place among the layers"
    if not target:
        good = included in FOR_ANYONE or (header == "mlsd.hpp" and included != header)
        return None if good else "nothing includes an umbrella"
    if target == source:
        return None
    if target not in (ALLOWED[source] if source else ROOT[header]):
        return f"{source or header} may not include {target}/"
    return None


def check_outside(header, included):
    """None, or why `header` may not include <included>."""
    if included.startswith("mlsd/"):
        return f'our own headers are included as "{included}"'
    if included in FORBIDDEN:
        return f"<{included}> is not for headers"
    for library, (pattern, places) in THIRD_PARTY.items():
        if re.match(pattern, included):
            return None if re.match(places, header) else f"{library} has no place here"
    if included in SYSTEM or re.fullmatch(r"[a-z_0-9]+", included):
        return None
    return f"<{included}> is neither standard nor a known library"


def circle(graph):
    """A circle of headers, or nothing."""
    state = {}

    def visit(node, path):
        state[node] = "open"
        for following in graph.get(node, ()):
            if state.get(following) == "open":
                return path[path.index(following):] + [following] if following in path else [following]
            if following not in state:
                found = visit(following, path + [following])
                if found:
                    return found
        state[node] = "done"
        return None

    for node in sorted(graph):
        if node not in state:
            found = visit(node, [node])
            if found:
                return found
    return None


def check(repository):
    """(number of checks, list of what is wrong)"""
    repository = pathlib.Path(repository)
    include, tests = repository / "include/mlsd", repository / "tests"
    wrong, checks, lengths, graph = [], 0, [], {}
    headers = sorted(path.relative_to(include).as_posix() for path in include.rglob("*") if path.is_file())
    for header in headers:
        if not header.endswith(".hpp"):
            wrong.append(f"{header}: a file that is not a header")
            continue
        text = (include / header).read_text()
        lines = text.count("\n")
        lengths.append(lines)
        checks += 1
        if lines > LONGEST:
            wrong.append(f"{header}: {lines} lines, at most {LONGEST} are allowed")
        code = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//")]
        if not code or code[0] != "#pragma once":
            wrong.append(f"{header}: the first line of code is not #pragma once")
        for name in re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", text, re.M):
            if not name.startswith("MLSD_"):
                wrong.append(f"{header}: macro {name} does not begin with MLSD_")
        graph[header] = []
        for mark, included in INCLUDE.findall(text):
            checks += 1
            if mark == '"':
                if not included.startswith("mlsd/") or not (include.parent / included).is_file():
                    reason = f'"{included}" is no header of this library'
                else:
                    graph[header].append(included[len("mlsd/"):])
                    reason = check_edge(header, included[len("mlsd/"):])
            else:
                reason = check_outside(header, included)
            if reason:
                wrong.append(f"{header}: {reason} ({included})")
        checks += 1
        if header not in NO_TEST_NEEDED and not (tests / header).with_suffix(".test.cpp").is_file():
            wrong.append(f"{header}: there is no tests/{header[:-4]}.test.cpp")
    found = circle(graph)
    if found:
        wrong.append("headers include each other in a circle: " + " -> ".join(found))
    if lengths and statistics.median(lengths) > MEDIAN:
        wrong.append(f"the median header has {statistics.median(lengths):.0f} lines, at most {MEDIAN} are allowed")
    for path in sorted(tests.rglob("*.test.cpp")):
        test = path.relative_to(tests).as_posix()
        checks += 1
        if (include / folder_of(test)).is_dir() and test[: -len(".test.cpp")] + ".hpp" not in headers:
            wrong.append(f"tests/{test}: there is no header of this name")
    return checks, wrong, lengths


def self_test():
    """Everything that is forbidden is seen in a tree made for it."""
    cases = [
        ("core/a.hpp", '#pragma once\n#include "mlsd/stats/b.hpp"\n', "core may not include stats/"),
        ("retrieval/a.hpp", '#pragma once\n#include "mlsd/scoring/b.hpp"\n', "retrieval may not include scoring/"),
        ("serve/a.hpp", '#pragma once\n#include "mlsd/mlsd.hpp"\n', "nothing includes an umbrella"),
        ("store/a.hpp", "#pragma once\n#include <Eigen/Core>\n", "Eigen has no place here"),
        ("data/a.hpp", "#pragma once\n#  include <fmt/format.h>\n", "fmt has no place here"),
        ("core/a.hpp", "#pragma once\n#include <iostream>\n", "<iostream> is not for headers"),
        ("core/a.hpp", "#pragma once\n#include <boost/x.hpp>\n", "neither standard nor a known library"),
        ("core/a.hpp", "#pragma once\n" + "\n" * 600, "600 lines" if LONGEST == 600 else "at most 500"),
        ("core/a.hpp", "#pragma once\n" + "\n" * 200, "median"),
        ("core/a.hpp", "int a;\n", "#pragma once"),
        ("core/a.hpp", "#pragma once\n#define A\n", "macro A"),
        ("core/a.hpp", '#pragma once\n#include "mlsd/core/a.hpp"\n', "circle"),
        ("odd/a.hpp", '#pragma once\n#include "mlsd/core/b.hpp"\n', "no place among the layers"),
        ("core/a.hpp", "#pragma once\n", "there is no tests/core/a.test.cpp"),
    ]
    blind = []
    for name, text, expected in cases:
        with tempfile.TemporaryDirectory() as directory:
            for header, content in (("core/b.hpp", "#pragma once\n"), ("stats/b.hpp", "#pragma once\n"),
                                    ("scoring/b.hpp", "#pragma once\n"), ("mlsd.hpp", "#pragma once\n"),
                                    (name, text)):
                path = pathlib.Path(directory) / "include/mlsd" / header
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content if expected != "median" else text)
            if not any(expected in line for line in check(directory)[1]):
                blind.append(f"self-test: {expected!r} goes unseen in {name}")
    return blind


def main():
    blind = self_test()
    checks, wrong, lengths = check(sys.argv[1])
    for line in blind + wrong:
        print(line)
    if lengths:
        print(f"{len(lengths)} headers, median {statistics.median(lengths):.0f} lines, longest {max(lengths)}")
    failed = len(wrong) + len(blind)
    print(f"{checks} checks, {failed} failures")
    return 1 if failed or not lengths else 0


sys.exit(main())

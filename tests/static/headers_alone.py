#!/usr/bin/env python3
"""Every header compiles alone, with all warnings as errors: headers_alone.py INCLUDE_DIR COMPILER FLAG...
[--without HEADER...]: headers whose library is absent here."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def complaint(compiler, flags, text):
    """What the compiler says against `text`, empty when it compiles."""
    run = subprocess.run([compiler, *flags, "-fsyntax-only", "-x", "c++", "-"], input=text, capture_output=True, text=True)
    return run.stderr if run.returncode else ""


def complaints(compiler, flags, files):
    """The same of each file, included alone; in the order of the files."""
    jobs = int(os.environ.get("MLSD_JOBS") or os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda file: complaint(compiler, flags, f'#include "{file}"\n'), files))


def main():
    include, compiler, flags = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    without = []
    if "--without" in flags:
        flags, without = flags[:flags.index("--without")], flags[flags.index("--without") + 1:]
    headers = sorted({path.relative_to(include).as_posix() for path in include.rglob("*.hpp")} - set(without))
    failed = [(header, text) for header, text in zip(headers, complaints(compiler, flags, headers)) if text]
    for header, text in failed:
        print(f"{header} does not compile alone:\n{text}")
    print(f"{len(headers) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main())

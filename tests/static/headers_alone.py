#!/usr/bin/env python3
"""Every header compiles alone, with all warnings as errors: headers_alone.py INCLUDE_DIR COMPILER FLAG...
[--without HEADER...]: headers whose library is absent here."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def compiles(compiler, flags, text):
    """The compiler's complaints about `text`, empty when there are none."""
    run = subprocess.run([compiler, *flags, "-fsyntax-only", "-x", "c++", "-"], input=text, capture_output=True, text=True)
    return run.stderr if run.returncode else ""


def main():
    include, compiler, flags = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    without = []
    if "--without" in flags:
        flags, without = flags[:flags.index("--without")], flags[flags.index("--without") + 1:]
    headers = sorted({path.relative_to(include).as_posix() for path in include.rglob("*.hpp")} - set(without))
    jobs = int(os.environ.get("MLSD_JOBS") or os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        complaints = list(pool.map(lambda header: compiles(compiler, flags, f'#include "{header}"\n'), headers))
    failed = [(header, text) for header, text in zip(headers, complaints) if text]
    for header, text in failed:
        print(f"{header} does not compile alone:\n{text}")
    print(f"{len(headers) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not headers else 0


sys.exit(main())

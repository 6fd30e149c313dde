#!/usr/bin/env python3
"""Shows that the column driver vectorises: compiles bench/batch.cpp and counts, in each instance of the driver, the
packed and the scalar floating-point operations. Fails if an instance has no packed loop.
python3 bench/codegen/tile_loops.py [COMPILER FLAG...]          default: g++ -O2, then clang++-16 -O2"""
import re
import subprocess
import sys
import tempfile

DRIVER = "run_tile<"
OPERATION = re.compile(r"\tv?(add|sub|mul|div|max|min|and|andn|or|cmp\w*)(ps|pd|ss|sd)\b")


def check(command):
    with tempfile.NamedTemporaryFile(suffix=".o") as out:
        subprocess.run([*command, "-std=c++20", "-DNDEBUG", "-Iinclude", "-Ibench", "-c", "bench/batch.cpp", "-o", out.name],
                       check=True)
        text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", out.name], check=True, capture_output=True,
                              text=True).stdout
    found, ok, counts = 0, True, None
    for line in text.splitlines() + ["0 <end>:"]:
        head = re.match(r"^[0-9a-f]+ <(.*)>:$", line)
        if head:
            if counts:
                found += 1
                ok &= counts["packed"] > 0
                print(f"{' '.join(command):20} packed {counts['packed']:4} scalar {counts['scalar']:4}  {counts['kernel']}")
            name = head.group(1)
            kernel = re.search(re.escape(DRIVER) + r"\(mlsd::detail::reading\)\d, (.*?), float, float>\(", name)
            counts = {"packed": 0, "scalar": 0, "kernel": kernel.group(1)} if kernel else None
        elif counts:
            operation = OPERATION.search(line)
            if operation:
                counts["packed" if operation.group(2)[0] == "p" else "scalar"] += 1
    if not found:
        print(f"{' '.join(command)}: no instance of the driver was found")
    return ok and found > 0


commands = [sys.argv[1:]] if len(sys.argv) > 1 else [["g++", "-O2"], ["clang++-16", "-O2"]]
sys.exit(0 if all([check(c) for c in commands]) else 1)

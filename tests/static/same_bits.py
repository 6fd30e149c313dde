#!/usr/bin/env python3
"""The files that the laws wrote under each set of flags are the same: same_bits.py FILE..."""
import pathlib
import sys


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    present = [path for path in paths if path.is_file()]
    if not present:
        print("skipped: no law wrote to the file that MLSD_BITS names")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    if present != paths:
        print("only some programs wrote their bits: " + ", ".join(path.name for path in present))
        print("0 passed, 1 failed")
        return 1
    texts = [path.read_text().splitlines() for path in paths]
    failed = 0
    for path, text in zip(paths[1:], texts[1:]):
        for i in range(max(len(text), len(texts[0]))):
            a = texts[0][i] if i < len(texts[0]) else "(nothing)"
            b = text[i] if i < len(text) else "(nothing)"
            if a != b:
                print(f"line {i + 1}: {paths[0].name} has {a!r}, {path.name} has {b!r}")
                failed += 1
    print(f"{len(texts[0])} lines from each of {len(paths)} programs, {failed} differences")
    return 1 if failed or not texts[0] else 0


sys.exit(main())

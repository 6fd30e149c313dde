#!/usr/bin/env python3
"""Every benchmark compiles, templates that it calls included, with all warnings as errors:
benches_compile.py REPOSITORY COMPILER FLAG... What includes a library that is absent here is left out."""
import pathlib
import re
import sys

from headers_alone import complaint, complaints

FOLDERS = ("bench", "examples", "include")
ABSENT = re.compile(r"fatal error: '?([^':\s]+)'?(?:: No such file or directory| file not found)")


def absent(text, others):
    """The header whose absence is the complaint, if it is one of `others`."""
    found = ABSENT.search(text)
    return found.group(1) if found and found.group(1) in others else None


def self_test(compiler, flags):
    """True if an error in a template that is called is seen, and an absent header of others is told from one of ours."""
    called = "template <class T> int twice(T t) { return t.twice(); }\ninline int f(int x) { return twice(x); }\n"
    theirs = complaint(compiler, flags, "#include <no_such/library.h>\n")
    return complaint(compiler, flags, called) and absent(theirs, {"no_such/library.h"}) and not absent(theirs, {"other.h"})


def main():
    root, compiler, flags = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:]
    flags += [f"-I{root / folder}" for folder in FOLDERS]
    # Ours stand between quotes.
    others = {header for folder in FOLDERS for file in (root / folder).rglob("*.[ch]pp")
              for header in re.findall(r"#\s*include\s*<(.+)>", file.read_text())}
    benches = sorted((root / "bench").rglob("*.cpp"))
    failed = skipped = 0
    for bench, text in zip(benches, complaints(compiler, flags, benches)):
        name = bench.relative_to(root)
        if header := absent(text, others):
            print(f"skipped: {name}: there is no <{header}>")
            skipped += 1
        elif text:
            print(f"{name} does not compile:\n{text}")
            failed += 1
    passed = len(benches) - failed - skipped
    if not self_test(compiler, flags):
        print("self-test: an error in a template that is called, or an absent header, goes unseen")
        failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not benches else 0


if __name__ == "__main__":
    sys.exit(main())

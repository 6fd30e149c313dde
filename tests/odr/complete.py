#!/usr/bin/env python3
"""Proves that each translation unit of the ODR test includes every header: complete.py INCLUDE_DIR UNIT...
[--without HEADER...]: headers whose library is absent here."""
import pathlib
import re
import sys


def missing(headers, text):
    """The headers that no #include of `text` names after `min` and `max` are poisoned."""
    poisoned = text.find("#define max(")
    named = set(re.findall(r'^#include "([^"]+)"', text[poisoned:], re.M)) if poisoned >= 0 else set()
    return sorted(headers - named)


def main():
    include = pathlib.Path(sys.argv[1])
    units, without = sys.argv[2:], []
    if "--without" in units:
        units, without = units[:units.index("--without")], units[units.index("--without") + 1:]
    headers = {path.relative_to(include).as_posix() for path in include.rglob("*.hpp")} - set(without)
    failed = 0
    for unit in units:
        text = pathlib.Path(unit).read_text()
        for header in missing(headers, text):
            print(f"{unit}: {header} is not included (configure again?)")
            failed += 1
        # The proof itself must fail when a line is gone.
        for header in headers:
            if missing(headers, text.replace(f'#include "{header}"\n', "")) != [header]:
                print(f"{unit}: taking {header} away goes unseen")
                failed += 1
                break
    if not headers or len(units) < 2:
        print("expected two units and at least one header")
        failed += 1
    print(f"{len(headers)} headers, {len(units)} units, {failed} failures")
    return 1 if failed else 0


sys.exit(main())

#!/usr/bin/env python3
"""Adds up the results of several ctest runs: summary.py NAME=RESULTS.xml... (a NAME alone is one failure)

A test counts as many cases as it reports: Catch2's closing lines, or a line `N passed, N failed`; any other is one.
Lines that begin with `skipped:` in a test that passes count as skipped cases. The last line is the sum.
"""
import re
import sys
import xml.etree.ElementTree

OWN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
ALL_PASSED = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)", re.M)
CASES = re.compile(r"^test cases: .*$", re.M)
SKIPPED = re.compile(r"^\s*skipped: ", re.M)


def number(text, word):
    found = re.search(rf"(\d+) {word}", text)
    return int(found.group(1)) if found else 0


def count(status, output):
    """(passed, failed, skipped) of one test."""
    if status in ("disabled", "notrun"):
        return 0, 1, 0
    own = list(OWN.finditer(output))
    if own:
        passed, failed, skipped = (int(part or 0) for part in own[-1].groups())
    elif ALL_PASSED.search(output):
        passed, failed, skipped = int(ALL_PASSED.findall(output)[-1]), 0, len(SKIPPED.findall(output))
        passed -= min(skipped, passed)
    elif CASES.search(output):
        line = CASES.findall(output)[-1]
        passed, failed = number(line, "passed"), number(line, "failed")
        skipped = number(line, "skipped")
    else:
        passed, failed, skipped = int(status == "run"), 0, len(SKIPPED.findall(output)) if status == "run" else 0
        passed -= min(skipped, passed)
    # A crash after a good report, or a test that ran out of time, is a failure all the same.
    if status == "fail" and not failed:
        failed = 1
    return passed, failed, skipped


def self_test():
    samples = [
        (("run", "===\nAll tests passed (12 assertions in 3 test cases)\n"), (3, 0, 0)),
        (("run", "warning:\n  skipped: no data\n\nAll tests passed (12 assertions in 3 test cases)\n"), (2, 0, 1)),
        (("fail", "test cases: 5 | 4 passed | 1 failed\nassertions: 9 | 8 passed | 1 failed\n"), (4, 1, 0)),
        (("fail", "All tests passed (12 assertions in 3 test cases)\nAddressSanitizer\n"), (3, 1, 0)),
        (("run", "7 passed, 0 failed, 2 skipped\n"), (7, 0, 2)),
        (("run", "anything"), (1, 0, 0)),
        (("fail", ""), (0, 1, 0)),
        (("notrun", ""), (0, 1, 0)),
    ]
    for arguments, wanted in samples:
        if count(*arguments) != wanted:
            sys.exit(f"summary.py: counts {count(*arguments)} where {wanted} is right: {arguments}")


def main():
    self_test()
    total = [0, 0, 0]
    for argument in sys.argv[1:]:
        name, _, path = argument.partition("=")
        if not path:
            print(f"{name} failed")
            total[1] += 1
            continue
        part = [0, 0, 0]
        try:
            cases = list(xml.etree.ElementTree.parse(path).getroot().iter("testcase"))
        except (OSError, xml.etree.ElementTree.ParseError):
            cases = []
        if not cases:
            print(f"{name}: ctest left no results")
            part[1] = 1
        for case in cases:
            result = count(case.get("status"), case.findtext("system-out") or "")
            part = [a + b for a, b in zip(part, result)]
            if result[1]:
                print(f"{name}: {case.get('name')} failed")
        print(f"{name}: {part[0]} of {sum(part)} cases passed")
        total = [a + b for a, b in zip(total, part)]
    print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What no file of the repository may contain: unfinished marks, paths of one machine, trailing blanks: text.py REPOSITORY"""
import pathlib
import re
import subprocess
import sys

# Put together from halves, so that this file passes its own check.
MARKS = "|".join(a + b for a, b in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"), ("W", "IP"), ("TB", "D")))
RULES = [
    (re.compile(rf"\b({MARKS})\b"), "unfinished mark"),
    (re.compile(r"\b(not (yet )?" r"implemented|coming" r" soon|place" r"holder for)\b", re.I), "unfinished mark"),
    (re.compile(r"(?<![\w./$}*:-])/(work|tmp|root|home|Users)" r"/[\w.]"), "path of one machine"),
    (re.compile(r"^(<{7}|>{7}) "), "merge conflict"),
]
BINARY = {".png", ".gz", ".bin", ".mlsd", ".npy"}


def wrong_lines(text, is_markdown):
    for number, line in enumerate(text.split("\n"), 1):
        for rule, name in RULES:
            if rule.search(line):
                yield number, f"{name}: {line.strip()[:100]}"
        if line != line.rstrip() and not is_markdown:
            yield number, "blanks at the end of the line"
        if "\r" in line:
            yield number, "carriage return"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end of the file"


def files_of(repository):
    """Everything but what git ignores; the whole tree but build/ where there is no git."""
    listed = subprocess.run(["git", "-C", repository, "ls-files", "-co", "--exclude-standard", "-z"],
                            capture_output=True, check=False)
    if listed.returncode == 0:
        return [name.decode() for name in listed.stdout.split(b"\0") if name]
    root = pathlib.Path(repository)
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return [name for name in names if not re.match(r"(\.git|build)/", name)]


def main():
    repository = pathlib.Path(sys.argv[1])
    failed = passed = 0
    for sample in ("// TO" + "DO: later", "see /ho" + "me/x/y", "value  ", "FIX" + "ME"):
        if not list(wrong_lines(sample + "\n", False)):
            print(f"self-test: {sample!r} goes unseen")
            failed += 1
    for name in sorted(set(files_of(repository))):
        path = repository / name
        if not path.is_file() or path.suffix in BINARY:
            continue
        found = False
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            print(f"{name}: not UTF-8")
            failed += 1
            continue
        for number, reason in wrong_lines(text, path.suffix == ".md"):
            print(f"{name}:{number}: {reason}")
            found = True
        failed += found
        passed += not found
    print(f"{passed} files are clean, {failed} are not")
    return 1 if failed or not passed else 0


sys.exit(main())

#!/usr/bin/env python3
"""Programs that must not compile, for the stated reason: run.py DIRECTORY COMPILER FLAG... [-- NAME]

A case is a file DIRECTORY/*.cpp. It begins with

    // expect: REGEX

which must be found in the FIRST line of the compiler's output that contains `error:`. Where the two compilers must
differ, `// expect-gcc:` and `// expect-clang:` stand instead. The same file must compile under -DMLSD_FIXED: it fails
for its one mistake and nothing else.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

EXPECT = re.compile(r"^// expect(?:-(gcc|clang))?: (.+?)\s*$")


def expectation(path, kind):
    """The regular expression for this compiler, or None."""
    wanted = {}
    for line in path.read_text().splitlines():
        found = EXPECT.match(line)
        if not found:
            break
        wanted[found.group(1)] = found.group(2)
    return wanted.get(kind, wanted.get(None))


def compile_case(command, path):
    """(did it compile, its first error line, all output)"""
    run = subprocess.run([*command, str(path)], capture_output=True, text=True, errors="replace")
    lines = [line for line in run.stderr.splitlines() if "error:" in line]
    return run.returncode == 0, lines[0] if lines else "", run.stderr


def judge(path, command, kind):
    """None, or what is wrong with this case."""
    wanted = expectation(path, kind)
    if wanted is None:
        return "its first line is not `// expect: REGEX`"
    compiled, first, _ = compile_case(command, path)
    if compiled:
        return "it compiles"
    if not re.search(wanted, first):
        return f"its first error line is\n    {first[:400]}\n  which does not match\n    {wanted}"
    compiled, first, output = compile_case([*command, "-DMLSD_FIXED"], path)
    if not compiled:
        return f"with -DMLSD_FIXED it should compile:\n{output[:2000]}"
    return None


def main():
    arguments = sys.argv[1:]
    names = []
    if "--" in arguments:
        names = arguments[arguments.index("--") + 1:]
        arguments = arguments[: arguments.index("--")]
    directory, compiler, flags = pathlib.Path(arguments[0]), arguments[1], arguments[2:]
    kind = "clang" if "clang" in pathlib.Path(compiler).name else "gcc"
    command = [compiler, *flags, "-fsyntax-only", "-fdiagnostics-color=never"]
    cases = sorted(directory.glob("*.cpp"))
    if names:
        cases = [case for case in cases if case.stem in names]
    if not cases:
        print("there is no case")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    jobs = int(os.environ.get("MLSD_JOBS") or os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        verdicts = list(pool.map(lambda case: judge(case, command, kind), cases))
    failed = [(case, verdict) for case, verdict in zip(cases, verdicts) if verdict]
    for case, verdict in failed:
        print(f"{case.name} ({kind}): {verdict}")
    print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())

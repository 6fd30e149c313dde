#!/usr/bin/env python3
"""No name of namespace mlsd is also a global name of the C library, so that `using namespace mlsd;` is safe:
collisions.py INCLUDE_DIR COMPILER FLAG...

The candidates are the words that both our headers and the preprocessed C headers contain; the compiler is then asked
which of them are names of ours (`using mlsd::word`), and which are global names (`using ::word`).
"""
import pathlib
import re
import subprocess
import sys

C_HEADERS = """assert.h ctype.h errno.h fenv.h float.h inttypes.h limits.h locale.h math.h setjmp.h signal.h stdarg.h
stddef.h stdint.h stdio.h stdlib.h string.h time.h uchar.h wchar.h wctype.h cmath cstdlib cstring ctime
aio.h arpa/inet.h dirent.h dlfcn.h fcntl.h fnmatch.h ftw.h getopt.h glob.h grp.h iconv.h langinfo.h libgen.h netdb.h
netinet/in.h nl_types.h poll.h pthread.h pwd.h regex.h sched.h search.h semaphore.h spawn.h strings.h sys/ioctl.h
sys/mman.h sys/resource.h sys/select.h sys/socket.h sys/stat.h sys/statvfs.h sys/time.h sys/times.h sys/types.h
sys/uio.h sys/un.h sys/utsname.h sys/wait.h syslog.h termios.h unistd.h utime.h wordexp.h""".split()


def run(command, text):
    return subprocess.run(command, input=text, capture_output=True, text=True)


PROBES = ("using mlsd::{};", "namespace a = mlsd::{};", "using ::{};")


def names_in(command, prelude, words):
    """For each of PROBES the words for which it compiles, told by the lines of the errors; and the errors before them."""
    probes = [(probe, word) for probe in PROBES for word in words]
    lines = [f"namespace probe_{i} {{ {probe.format(word)} }}" for i, (probe, word) in enumerate(probes)]
    first = prelude.count("\n") + 1
    bad, early = set(), []
    for line in run(command, prelude + "\n".join(lines) + "\n").stderr.splitlines():
        found = re.match(r"<stdin>:(\d+):\d+: (?:fatal )?error:", line)
        if found and int(found.group(1)) >= first:
            bad.add(int(found.group(1)) - first)
        elif "error:" in line:
            early.append(line)
    good = {probe: {word for i, (which, word) in enumerate(probes) if which == probe and i not in bad} for probe in PROBES}
    return good, early


def main():
    include, compiler, flags = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    preprocess = [compiler, *flags, "-E", "-P", "-x", "c++", "-"]
    check = [compiler, *flags, "-fsyntax-only", "-w", "-x", "c++", "-"]
    check += ["-ferror-limit=0"] if "clang" in compiler else ["-fmax-errors=0"]

    c_side = "".join(f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n" for name in C_HEADERS)
    headers = sorted(path.relative_to(include).as_posix() for path in include.rglob("*.hpp"))
    ours = "".join(f'#include "{name}"\n' for name in headers)
    own_words = set()
    for header in headers:
        code = re.sub(r"//.*", "", (include / header).read_text())
        own_words |= set(re.findall(r"\b[a-zA-Z_]\w*", code))
    # The samples prove that a collision would be seen, whatever its kind.
    samples = ("namespace mlsd { inline int sinh(int x) { return x; } struct rindex {}; namespace time {} "
               "template <class T> concept y0 = true; template <class T> struct getpid {}; }\n")
    sample_names = {"sinh", "rindex", "time", "y0", "getpid"}
    preprocessed = run(preprocess, c_side)
    if preprocessed.returncode:
        print(preprocessed.stderr)
        return 1
    words = sorted((own_words & set(re.findall(r"\b[a-zA-Z_]\w*", preprocessed.stdout))) | sample_names)

    failed, collisions = 0, set()
    good, errors = names_in(check, c_side + ours + samples, words)
    other_order = run(check, ours + c_side + "using namespace mlsd;\n")
    if other_order.returncode:
        errors += other_order.stderr.splitlines()[:20]
    if errors:
        print("the headers do not compile beside the C library:\n" + "\n".join(errors[:20]))
        failed += 1
    else:
        collisions = (good[PROBES[0]] | good[PROBES[1]]) & good[PROBES[2]]
        if not sample_names <= collisions:
            print(f"self-test: {sorted(sample_names - collisions)} go unseen")
            failed += 1
        collisions -= sample_names
        for name in sorted(collisions):
            print(f"mlsd::{name} is also ::{name} of the C library")
    failed += len(collisions)
    print(f"{len(words)} words of ours are known to the C headers; {len(collisions)} collisions")
    return 1 if failed else 0


sys.exit(main())

#!/usr/bin/env python3
"""Keeps the documents true: their code is compiled and run, their output compared, their excerpts and links looked up.

    docs.py generate OUT REPOSITORY             writes OUT/NAME.cpp, one program a document (and one for each whole program)
    docs.py check BIN REPOSITORY COMPILER FLAG...   runs BIN/NAME and compares; compiles what must not compile

A fence of C++ is a whole program (it has `int main`), or an HTML comment right above it says what it is:

    <!-- snippet: NAME -->   statements; all fences of one name are one function, in the order of the document
    <!-- declare: NAME -->   what stands before that function, in its namespace
    <!-- shared -->          what stands before everything else of the document
    <!-- fails: NAME -->     statements that must not compile; the next fence under <!-- error --> quotes the error
    <!-- from: PATH -->      an excerpt of a file of the repository; a line `...` stands for lines left out

Under <!-- output --> a fence quotes what was printed since the output quoted before it. Code in a comment
`<!-- hidden snippet: NAME` (or `hidden declare:`, `hidden shared`, or `hidden global` for what stands outside every
namespace) ... `-->` is compiled and not shown.
`#include` lines are moved to the top.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MARK = "\x1e"
COMMENT = re.compile(r"<!-- (snippet|declare|fails|from): (\S+) -->$|<!-- (shared|output|error) -->$")
HIDDEN = re.compile(r"<!-- hidden (?:(snippet|declare): (\S+)|(shared|global))$")


class Block:
    def __init__(self, kind, name, line, text):
        self.kind, self.name, self.line, self.text = kind, name, line, text


class Document:
    """The blocks of one file, and what is wrong with how it is written."""

    def __init__(self, repository, path):
        self.path = path
        self.label = path.relative_to(repository).as_posix()
        self.stem = re.sub(r"\W", "_", path.stem.lower())
        self.blocks, self.problems, self.headings, self.links = [], [], [], []
        self.read(path.read_text(encoding="utf-8").split("\n"))

    def problem(self, line, what):
        self.problems.append(f"{self.label}:{line}: {what}")

    def read(self, lines):
        kind = name = None
        i = 0
        while i < len(lines):
            line = lines[i]
            hidden, comment = HIDDEN.match(line), COMMENT.match(line)
            if line.startswith("```"):
                end = next((j for j in range(i + 1, len(lines)) if lines[j].startswith("```")), len(lines))
                self.fence(kind, name, line[3:].strip(), i + 2, "\n".join(lines[i + 1:end]))
                kind = name = None
                i = end
            elif hidden:
                end = next((j for j in range(i + 1, len(lines)) if lines[j] == "-->"), len(lines))
                self.blocks.append(Block(hidden[1] or hidden[3], hidden[2], i + 2, "\n".join(lines[i + 1:end])))
                i = end
            elif comment:
                kind, name = comment[1] or comment[3], comment[2]
            elif line.strip():
                if kind:
                    self.problem(i + 1, f"`{kind}` is not followed by a fence")
                kind = name = None
                self.prose(i + 1, line)
            i += 1

    def fence(self, kind, name, language, line, text):
        if kind is None and language == "cpp":
            if not re.search(r"^int main\(", text, re.M):
                return self.problem(line, "C++ that nothing checks: see tests/docs/docs.py for the marks")
            kind = "program"
        if kind:
            self.blocks.append(Block(kind, name, line, text))

    def prose(self, number, line):
        if re.match(r"#+ ", line):
            title = re.sub(r"[`*]", "", line.lstrip("#").strip().lower())
            self.headings.append(re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title)))
        plain = re.sub(r"`[^`]*`", "", line)
        self.links += [(number, target) for target in re.findall(r"\]\(([^)\s]+)\)", plain)]


def documents(repository):
    paths = [repository / "README.md", repository / "CONTRIBUTING.md", repository / "CHANGELOG.md"]
    paths += sorted((repository / "docs").glob("*.md"))
    return [Document(repository, path) for path in paths if path.exists()]


def split_includes(text, line):
    """(its include lines, the rest with the lines where they were)"""
    includes, rest = [], []
    for row in text.split("\n"):
        if row.startswith("#include"):
            includes.append(row)
            row = ""
        rest.append(row)
    return includes, "\n".join(rest)


def code_at(document, block, text):
    return f'#line {block.line} "{document.label}"\n{text}\n'


def units(document):
    """name -> the text of a translation unit: one for all snippets, one a whole program, one for what must fail."""
    out = {}
    includes, outside, shared, spaces, fails = ["#include <cstdio>"], "", "", {}, ""
    current, marks, programs = None, 0, 0
    for block in document.blocks:
        if block.kind == "program":
            programs += 1
            current = f"{document.stem}_program_{programs}"
            out[current] = code_at(document, block, block.text)
        elif block.kind in ("snippet", "declare", "shared", "global", "fails"):
            more, text = split_includes(block.text, block.line)
            includes += [row for row in more if row not in includes]
            code = code_at(document, block, text)
            if block.kind == "shared":
                shared += code
            elif block.kind == "global":
                outside += code
            elif block.kind == "fails":
                fails += f"[[maybe_unused]] void {block.name}() {{\n{code}}}\n"
            else:
                space = spaces.setdefault(block.name, {"declare": "", "snippet": ""})
                space[block.kind] += code
                if block.kind == "snippet":
                    current = space
        elif block.kind == "output":
            if current is None:
                document.problem(block.line, "output of nothing")
            elif isinstance(current, dict):
                marks += 1
                current["snippet"] += f'std::puts("{chr(92)}036{marks}");\n'
                block.name = ("snippets", marks)
            else:
                block.name = (current, 0)
    head = "\n".join(includes) + f"\n\n{outside}\nnamespace docs_{document.stem} {{\n\nusing namespace mlsd;\n{shared}\n"
    if spaces:
        body = "".join(f"namespace snippet_{name} {{\n{s['declare']}\nvoid run() {{\nstd::puts(\"{chr(92)}036-\");\n{s['snippet']}}}\n"
                       f"}}  // namespace snippet_{name}\n\n" for name, s in spaces.items())
        calls = "".join(f"  docs_{document.stem}::snippet_{name}::run();\n" for name in spaces)
        out[f"{document.stem}_snippets"] = f"{head}{body}}}  // namespace\n\nint main() {{\n{calls}}}\n"
    if fails:
        out[f"{document.stem}_fails"] = f"{head}{fails}}}  // namespace\n"
    return out


def generate(out, repository):
    """Prints the names of the programs; writes their sources, where they differ."""
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for document in documents(repository):
        for name, text in units(document).items():
            path = out / f"{name}.cpp"
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
            if not name.endswith("_fails"):
                names.append(name)
    print(";".join(names))


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def that(self, good, where, problem):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"{where}: {problem}")


def run_programs(checks, document, binaries):
    """(program, mark) -> what it printed."""
    printed = {}
    for name in units(document):
        if name.endswith("_fails"):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            try:
                run = subprocess.run([binaries / name], cwd=scratch, capture_output=True, text=True, errors="replace",
                                     timeout=300, check=False)
            except OSError as e:
                checks.that(False, document.label, f"{name} cannot be run: {e}")
                continue
        checks.that(run.returncode == 0, document.label, f"{name} ends with {run.returncode}: {run.stderr.strip()}")
        if not name.endswith("_snippets"):
            printed[name, 0] = run.stdout
            continue
        since = ""
        for line in run.stdout.split("\n"):
            if line.startswith(MARK):
                if line != MARK + "-":
                    printed["snippets", int(line[1:])] = since
                since = ""
            else:
                since += line + "\n"
    return printed


def check_outputs(checks, document, printed):
    for block in document.blocks:
        if block.kind == "output":
            found = printed.get(block.name, "").rstrip("\n")
            checks.that(found == block.text.rstrip("\n"), f"{document.label}:{block.line}", f"the program prints\n{found}")


def check_excerpts(checks, document, repository):
    squeeze = lambda text: re.sub(r"\s", "", text)
    for block in document.blocks:
        if block.kind != "from":
            continue
        where = f"{document.label}:{block.line}"
        path = repository / block.name
        if not path.exists():
            checks.that(False, where, f"there is no {block.name}")
            continue
        source, at = squeeze(path.read_text(encoding="utf-8")), 0
        for part in re.split(r"^\s*\.\.\.\s*$", block.text, flags=re.M):
            found = source.find(squeeze(part), at)
            checks.that(found >= 0, where, f"this is not in {block.name}:\n{part.strip()}")
            at = max(found, at)


def check_errors(checks, document, command, sources):
    """Each quoted error stands in one line of the compiler's: the name it is about, and every text in quotes. Errors that
    compilers word for themselves (a call that does not match) need only be where they are said to be."""
    quotes = [block for block in document.blocks if block.kind == "error"]
    if not quotes:
        return
    run = subprocess.run([*command, "-fsyntax-only", "-fdiagnostics-color=never", sources / f"{document.stem}_fails.cpp"],
                         capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in run.stderr.splitlines() if "error:" in line]
    where = None
    for block in document.blocks:
        if block.kind == "fails":
            where = range(block.line, block.line + block.text.count("\n") + 1)
        if block.kind != "error":
            continue
        if "incomplete type" not in block.text:
            places = [int(found[1]) for found in map(re.compile(rf"{document.label}:(\d+):").match, lines) if found]
            checks.that(where and any(place in where for place in places), f"{document.label}:{block.line}",
                        "nothing is wrong there")
            continue
        keys = re.findall(r'"[^"]*"', block.text) + re.findall(r"mlsd::(\w+)", block.text)[:1]
        checks.that(any(all(key in line for key in keys) for line in lines), f"{document.label}:{block.line}",
                    f"no error has all of {', '.join(keys)}; there are\n" + "\n".join(line[:300] for line in lines))


def check_links(checks, document, repository, all_documents):
    headings = {d.path.resolve(): d.headings for d in all_documents}
    for line, target in document.links:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.path.parent / name).resolve() if name else document.path.resolve()
        good = path.exists() and (not anchor or anchor in headings.get(path, []))
        checks.that(good, f"{document.label}:{line}", f"the link {target} leads nowhere")


def check(binaries, repository, command):
    checks = Checks()
    everything = documents(repository)
    for document in everything:
        printed = run_programs(checks, document, binaries)
        for problem in document.problems:
            checks.that(False, problem, "")
        check_outputs(checks, document, printed)
        check_excerpts(checks, document, repository)
        check_errors(checks, document, command, binaries)
        check_links(checks, document, repository, everything)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        generate(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]).resolve())
    else:
        sys.exit(check(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve(), sys.argv[4:]))

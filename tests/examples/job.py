"""What the tests of the examples share: a program is run, what it says is checked and counted."""
import html.parser
import json
import pathlib
import subprocess
import sys


class Job:
    def __init__(self, program, scratch, launcher):
        self.command, self.scratch = [*launcher, program], scratch
        self.passed = self.failed = self.skipped = 0

    def check(self, what, holds):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"failed: {what}")

    def run(self, *arguments):
        return subprocess.run([*self.command, *arguments], cwd=self.scratch, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def json(self, name, *arguments):
        """The one JSON object of a run, or nothing."""
        run = self.run("--json", *arguments)
        self.check(f"{name}: exit status 0, not {run.returncode}: {run.stderr[:300]}", run.returncode == 0)
        try:
            return json.loads(run.stdout)
        except ValueError as wrong:
            self.check(f"{name}: one JSON object on the standard output: {wrong}", False)
            return None

    def refusal(self, name, *wanted, arguments):
        """Exit status 1, and an error that says all that is wanted."""
        run = self.run(*arguments)
        for part in wanted:
            self.check(f"{name}: the error says '{part}': {run.stderr[:300]}",
                       run.returncode == 1 and part in run.stderr)

    def page(self, name, path):
        text = path.read_text()
        self.check(f"{name}: the page is well-formed and needs no network",
                   balanced(text) and "<svg" in text and "http://" not in text.replace("http://www.w3.org", "")
                   and "src=" not in text)

    def skip(self, why):
        print(f"skipped: {why}")
        self.skipped += 1


def balanced(text):
    """Whether every element of a page is closed."""
    class Reader(html.parser.HTMLParser):
        open_tags, sound = [], True

        def handle_starttag(self, tag, attributes):
            if tag not in ("meta", "link", "br", "hr"):
                self.open_tags.append(tag)

        def handle_startendtag(self, tag, attributes):
            pass

        def handle_endtag(self, tag):
            self.sound = self.sound and bool(self.open_tags) and self.open_tags.pop() == tag

    reader = Reader()
    reader.feed(text)
    return reader.sound and not reader.open_tags


def main(job_type, body):
    """PROGRAM SCRATCH [DATA] [-- LAUNCHER...]: runs `body(job, data)`, says how many checks passed, and exits."""
    arguments = sys.argv[1:]
    launcher = []
    if "--" in arguments:
        launcher = arguments[arguments.index("--") + 1:]
        arguments = arguments[:arguments.index("--")]
    scratch = pathlib.Path(arguments[1])
    scratch.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(arguments[2]) if len(arguments) > 2 else None
    job = job_type(arguments[0], scratch, launcher)
    body(job, data if data and data.is_dir() else None)
    print(f"{job.passed} passed, {job.failed} failed" + (f", {job.skipped} skipped" if job.skipped else ""))
    sys.exit(job.failed != 0)

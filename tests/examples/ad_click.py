#!/usr/bin/env python3
"""What ad_click must reach and must refuse: ad_click.py PROGRAM SCRATCH [DATA] [-- LAUNCHER...]"""
import html.parser
import json
import pathlib
import subprocess
import sys

MODEL_KEYS = {"auc", "auc_interval", "auc_seeds", "log_loss", "normalized_entropy", "ece"}


class Job:
    def __init__(self, program, scratch, launcher):
        self.command, self.scratch = [*launcher, program], scratch
        self.passed = self.failed = 0

    def check(self, what, holds):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"failed: {what}")

    def run(self, *arguments):
        return subprocess.run([*self.command, *arguments], cwd=self.scratch, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def outcome(self, name, *arguments):
        """The JSON of a run, with what every run must hold."""
        run = self.run("--json", *arguments)
        self.check(f"{name}: exit status 0, not {run.returncode}: {run.stderr[:300]}", run.returncode == 0)
        try:
            found = json.loads(run.stdout)
        except ValueError as wrong:
            self.check(f"{name}: one JSON object on the standard output: {wrong}", False)
            return None
        for key in ("rows", "models", "drift", "same_bits", "online", "seconds"):
            self.check(f"{name}: has {key}", key in found)
        for model in ("gbdt", "ftrl"):
            self.check(f"{name}: {model} has {MODEL_KEYS}", MODEL_KEYS <= found["models"][model].keys())
            low, high = found["models"][model]["auc_interval"]
            self.check(f"{name}: {model}: the AUC is inside its interval", low <= found["models"][model]["auc"] <= high)
        self.check(f"{name}: the same bits", found["same_bits"]["equal"] and found["same_bits"]["values_compared"] > 1000)
        self.check(f"{name}: no allocation online", found["online"]["allocations"] == 0)
        self.check(f"{name}: drift of every feature and of the score",
                   len(found["drift"]) > 5 and found["drift"][-1]["feature"] == "score")
        return found

    def refusal(self, name, text, *wanted, arguments=()):
        path = self.scratch / f"{name}.csv"
        path.write_bytes(text)
        run = self.run("--data", str(path), *arguments)
        for part in wanted:
            self.check(f"{name}: the error says '{part}': {run.stderr[:300]}",
                       run.returncode not in (0, 2) and part in run.stderr)


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


def clicks(rows):
    """A click log of so many rows, one a second; every 40th is attributed."""
    head = "ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"
    line = "{},{},1,{},{},2017-11-06 {:02}:{:02}:{:02},,{}\n"
    return head + "".join(line.format(i * 7919 % 997, i % 13, i % 5, i % 29, i // 3600, i // 60 % 60, i % 60,
                                      int(i % 40 == 7)) for i in range(rows))


def main():
    arguments = sys.argv[1:]
    launcher = []
    if "--" in arguments:
        launcher = arguments[arguments.index("--") + 1:]
        arguments = arguments[:arguments.index("--")]
    scratch = pathlib.Path(arguments[1])
    scratch.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(arguments[2]) if len(arguments) > 2 else None
    job = Job(arguments[0], scratch, launcher)
    skipped = 0

    page = scratch / "simulated.html"
    found = job.outcome("simulated", "--report", str(page), "--model", "simulated.mlsd")
    if found:
        for model in ("gbdt", "ftrl"):
            truth = found["truth"][model]
            job.check(f"simulated: {model} is close to the truth: {truth}",
                      truth["mean_absolute_error"] < 0.02 and abs(truth["bias"]) < 0.004)
            job.check(f"simulated: {model} beats the base rate", found["models"][model]["normalized_entropy"] < 0.95)
        drifted = {line["feature"] for line in found["drift"] if line["psi_drifted"]}
        job.check(f"simulated: the price drifts, the age does not: {drifted}", "price" in drifted and "age" not in drifted)
        text = page.read_text()
        job.check("simulated: the page is well-formed and needs no network",
                  balanced(text) and "<svg" in text and "http://" not in text.replace("http://www.w3.org", "")
                  and "src=" not in text)

    if data and data.is_dir():
        found = job.outcome("clicks", "--data", str(data / "ctr_talkingdata" / "clicks.csv.gz"), "--seeds", "10")
        if found:
            seeds = found["models"]["gbdt"]["auc_seeds"]
            job.check(f"clicks: the mean AUC of ten seeds is at least .93: {seeds}", seeds["mean"] >= 0.93)
            job.check("clicks: 70,000 rows", found["rows"] == 70_000)
        found = job.outcome("adult", "--data", str(data / "tab_adult" / "adult_train.csv.gz"))
        if found:
            auc = found["models"]["gbdt"]["auc"]
            job.check(f"adult: the AUC is at least .925: {auc}", auc >= 0.925)
    else:
        print("skipped: the real data sets are absent")
        skipped = 1

    good = clicks(4000)
    lines = good.splitlines(keepends=True)
    job.refusal("bad_row", "".join(lines[:4] + ["1,2,3\n"] + lines[5:]).encode(), "line 5", "expected 8 fields, found 3")
    job.refusal("bad_type", good.replace("\n7919", "\nabc", 1).replace("\n925,", "\nabc,", 1).encode(),
                "'ip'", "'abc'", "expected an integer")
    job.refusal("no_column", good.replace("channel", "chanel", 1).encode(), "no column 'channel'", "'chanel'")
    job.refusal("no_rows", b"", "is empty")
    job.refusal("one_class", good.replace(",,1\n", ",,0\n").encode(), "every row has label 0")
    job.refusal("backwards", "".join(lines[:1] + lines[2:20] + lines[1:2] + lines[20:]).encode(), "non-monotone time", "row 18")
    job.refusal("foreign", bytes(range(256)) * 40, "line 1")
    run = job.run("--data", "nowhere.csv")
    job.check("a missing file is named", run.returncode == 1 and "cannot open 'nowhere.csv'" in run.stderr)
    run = job.run("--seeds", "many")
    job.check("a wrong argument is named", run.returncode == 1 and "'many'" in run.stderr)

    print(f"{job.passed} passed, {job.failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return job.failed != 0


if __name__ == "__main__":
    sys.exit(main())

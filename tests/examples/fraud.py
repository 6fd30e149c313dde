#!/usr/bin/env python3
"""What fraud must reach and must refuse: fraud.py PROGRAM SCRATCH [DATA] [-- LAUNCHER...]"""
import gzip

import job

KEYS = {"events", "recall", "precision", "loss_ratio_to_rule", "loss_ratio_to_oracle", "alarm_delay_events",
        "false_alarms", "decisions_per_second", "latency_us", "allocations_per_decision", "replay_mismatches",
        "seconds"}
EVENTS = 400_000


class Job(job.Job):
    def outcome(self, name, *arguments):
        """The JSON of a run, with what every run must hold."""
        found = self.json(name, *arguments)
        if found is None:
            return None
        self.check(f"{name}: lacks {KEYS - found.keys()}", KEYS <= found.keys())
        self.check(f"{name}: no decision allocates: {found['allocations_per_decision']}",
                   found["allocations_per_decision"] == 0)
        self.check(f"{name}: replay gives the bits of the log", found["replay_mismatches"] == 0)
        self.check(f"{name}: every decision is replayed", found["replayed"] == found["events"])
        latency = found["latency_us"]
        self.check(f"{name}: latencies are in order: {latency}", 0 < latency["p50"] <= latency["p99"])
        return found


def simulated(job):
    page = job.scratch / "fraud.html"
    found = job.outcome("simulated", "--events", str(EVENTS), "--report", str(page))
    if not found:
        return
    job.check(f"simulated: {EVENTS} charges", found["events"] == EVENTS and found["frauds"] == EVENTS * 6 // 1000)
    job.check(f"simulated: a third of the frauds is stopped: {found['recall']}", found["recall"] > 0.3)
    job.check(f"simulated: most of what is stopped is fraud: {found['precision']}", found["precision"] > 0.5)
    job.check(f"simulated: a quarter of the rule's loss is saved: {found['loss_ratio_to_rule']}",
              found["loss_ratio_to_rule"] < 0.75)
    job.check(f"simulated: an oracle loses less: {found['loss_ratio_to_oracle']}", found["loss_ratio_to_oracle"] > 1)
    rule = found["rule"]
    job.check(f"simulated: more recall and precision than the rule: {rule}",
              found["recall"] > 2 * rule["recall"] and found["precision"] > rule["precision"])
    gate = found["gate"]
    job.check(f"simulated: the gate lets most charges through, and few frauds: {gate}",
              gate["asked"] < 0.15 and gate["asked_frauds"] > 0.6)
    recall = [period["recall"] for period in found["periods"]]
    before, changed, after = max(recall[:5]), min(recall[5:7]), max(recall[7:])
    job.check(f"simulated: the change hurts: {before} to {changed}", changed < 0.5 * before)
    job.check(f"simulated: new models recover: {changed} to {after}", after > changed + 0.15)
    job.check("simulated: models are trained and promoted, not all of them",
              len(found["models"]) >= 8 and 2 <= sum(m["promoted"] for m in found["models"]))
    job.check(f"simulated: few false alarms: {found['false_alarms']}", found["false_alarms"] <= 6)
    delay = found["alarm_delay_events"]
    job.check(f"simulated: the change raises an alarm: {delay}", delay is not None and delay < 0.3 * EVENTS)
    job.check(f"simulated: the busiest merchant has a tenth of all charges in its window: {found['busiest_merchant']}",
              found["busiest_merchant"] > 0.09 * EVENTS)
    job.page("simulated", page)
    again = job.outcome("again", "--events", "50000")
    once_more = job.outcome("once more", "--events", "50000")
    if again and once_more:
        for key in ("recall", "precision", "loss_ratio_to_rule", "alarm_delay_events", "false_alarms"):
            job.check(f"two runs agree on {key}", again[key] == once_more[key])
    job.check("nothing is left behind", not list(job.scratch.glob("fraud.*.log")) +
              list(job.scratch.glob("fraud.*.model*")))


def sample(job, path):
    found = job.outcome("sample", "--data", str(path))
    if found:
        job.check(f"sample: AUC at least .95: {found['auc']}", found["auc"] >= 0.95)
        job.check(f"sample: recall and precision: {found['recall']}, {found['precision']}",
                  found["recall"] >= 0.65 and found["precision"] >= 0.85)
        job.check("sample: no rule and no drift to speak of",
                  found["loss_ratio_to_rule"] is None and found["alarm_delay_events"] is None)

    def damaged(name, text, *wanted):
        file = job.scratch / f"fraud_{name}.csv"
        file.write_text(text)
        job.refusal(name, *wanted, arguments=("--data", str(file)))

    good = gzip.open(path, "rt").read()
    lines = good.splitlines(keepends=True)
    damaged("no_column", good.replace("V17", "W17", 1), "no column 'V17'")
    damaged("bad_row", "".join(lines[:4] + ["1,2,3\n"] + lines[5:]), "line 5", "found 3")
    damaged("bad_number", good.replace("73479.0", "yesterday", 1), "'Time'", "'yesterday'")
    damaged("one_class", "".join(l for l in lines if not l.rstrip().endswith(",1")), "every row has label 0")
    damaged("no_rows", "", "the text is empty")


def check_all(job, data):
    simulated(job)
    if data:
        sample(job, data / "anom_creditcard_sample" / "creditcard_sample.csv.gz")
    else:
        job.skip("the real data set is absent")
    job.refusal("missing", "cannot open 'nowhere.csv'", arguments=("--data", "nowhere.csv"))
    job.refusal("word", "'many'", "50,000", arguments=("--events", "many"))
    job.refusal("seed", "--seed", "'-1'", arguments=("--seed", "-1"))
    job.refusal("few", "'100'", arguments=("--events", "100"))
    job.refusal("unknown", "'--event'", arguments=("--event", "100000"))
    job.refusal("no value", "--report needs a value", arguments=("--report",))
    job.refusal("no folder", "cannot write", arguments=("--events", "50000", "--report", "no/such/folder.html"))


if __name__ == "__main__":
    job.main(Job, check_all)

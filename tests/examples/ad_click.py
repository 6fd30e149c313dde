#!/usr/bin/env python3
"""What ad_click must reach and must refuse: ad_click.py PROGRAM SCRATCH [DATA] [-- LAUNCHER...]"""
import job

MODEL_KEYS = {"auc", "auc_interval", "auc_seeds", "log_loss", "normalized_entropy", "ece"}


class Job(job.Job):
    def outcome(self, name, *arguments):
        """The JSON of a run, with what every run must hold."""
        found = self.json(name, *arguments)
        if found is None:
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

    def refused_file(self, name, text, *wanted):
        path = self.scratch / f"{name}.csv"
        path.write_bytes(text)
        self.refusal(name, *wanted, arguments=("--data", str(path)))


def clicks(rows):
    """A click log of so many rows, one a second; every 40th is attributed."""
    head = "ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"
    line = "{},{},1,{},{},2017-11-06 {:02}:{:02}:{:02},,{}\n"
    return head + "".join(line.format(i * 7919 % 997, i % 13, i % 5, i % 29, i // 3600, i // 60 % 60, i % 60,
                                      int(i % 40 == 7)) for i in range(rows))


def check_all(job, data):

    page = job.scratch / "simulated.html"
    found = job.outcome("simulated", "--report", str(page), "--model", "simulated.mlsd")
    if found:
        for model in ("gbdt", "ftrl"):
            truth = found["truth"][model]
            job.check(f"simulated: {model} is close to the truth: {truth}",
                      truth["mean_absolute_error"] < 0.02 and abs(truth["bias"]) < 0.004)
            job.check(f"simulated: {model} beats the base rate", found["models"][model]["normalized_entropy"] < 0.95)
        drifted = {line["feature"] for line in found["drift"] if line["psi_drifted"]}
        job.check(f"simulated: the price drifts, the age does not: {drifted}", "price" in drifted and "age" not in drifted)
        job.page("simulated", page)

    if data:
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
        job.skip("the real data sets are absent")

    good = clicks(4000)
    lines = good.splitlines(keepends=True)
    job.refused_file("bad_row", "".join(lines[:4] + ["1,2,3\n"] + lines[5:]).encode(), "line 5", "expected 8 fields, found 3")
    job.refused_file("bad_type", good.replace("\n7919", "\nabc", 1).replace("\n925,", "\nabc,", 1).encode(),
                "'ip'", "'abc'", "expected an integer")
    job.refused_file("no_column", good.replace("channel", "chanel", 1).encode(), "no column 'channel'", "'chanel'")
    job.refused_file("no_rows", b"", "is empty")
    job.refused_file("one_class", good.replace(",,1\n", ",,0\n").encode(), "every row has label 0")
    job.refused_file("backwards", "".join(lines[:1] + lines[2:20] + lines[1:2] + lines[20:]).encode(), "non-monotone time", "row 18")
    job.refused_file("foreign", bytes(range(256)) * 40, "line 1")
    job.refusal("missing", "cannot open 'nowhere.csv'", arguments=("--data", "nowhere.csv"))
    job.refusal("wrong argument", "'many'", arguments=("--seeds", "many"))


if __name__ == "__main__":
    job.main(Job, check_all)

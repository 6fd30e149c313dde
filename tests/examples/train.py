#!/usr/bin/env python3
"""What train must reach and must refuse: train.py PROGRAM SCRATCH [DATA] [-- LAUNCHER...]"""
import gzip
import math
import pathlib
import random
import subprocess

import job

KEYS = {"rows", "features", "bin_seconds", "train_cpu_seconds", "train_wall_seconds", "peak_rss_bytes", "trees",
        "objective", "train"}
METRICS = {"logistic": {"auc", "log_loss", "accuracy", "loss"}, "softmax": {"multi_log_loss", "accuracy", "loss"},
           "squared": {"rmse", "mae", "loss"},
           "lambda_rank": {"ndcg5", "ndcg10", "queries", "queries_without_relevant", "loss"}}
OBJECTIVES = ["squared", "absolute", "huber:2", "quantile:0.8", "mape", "poisson", "gamma", "tweedie:1.3"]


class Job(job.Job):
    def outcome(self, name, *arguments, model="train.mlsd"):
        """The JSON of a run, with what every run must hold."""
        found = self.json(name, "--model", model, *(str(a) for a in arguments))
        if found is None:
            return None
        self.check(f"{name}: lacks {KEYS - found.keys()}", KEYS <= found.keys())
        self.check(f"{name}: time and memory are taken: {found}",
                   found["train_cpu_seconds"] > 0 and found["train_wall_seconds"] >= found["bin_seconds"] > 0
                   and found["peak_rss_bytes"] > 1_000_000)
        self.check(f"{name}: the model is saved", (self.scratch / model).stat().st_size > 100)
        return found

    def model(self, name, *arguments, model):
        """The bytes of the model, whatever time it took."""
        self.outcome(name, *arguments, model=model)
        return (self.scratch / model).read_bytes()

    def write(self, name, text):
        path = self.scratch / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return str(path)

    def refused(self, name, text, *wanted, more=("--label", "y")):
        path = self.write(f"train_{name}.csv", text)
        self.refusal(name, *wanted, arguments=("--data", path, "--model", "never.mlsd", *more))
        self.check(f"{name}: no model is left", not (self.scratch / "never.mlsd").exists())


def shop(rows, seed=1):
    """Sales of a shop: numbers with holes, a text, a day, the amount and whether there was one."""
    draw = random.Random(seed)
    out = []
    for i in range(rows):
        price, size = round(draw.uniform(1, 50), 2), round(draw.gauss(0, 1), 3)
        colour = draw.choice(["red", "green", "blue", "dark blue"])
        margin = 2 - price / 15 + (1.5 if colour in ("red", "blue") else -1) + size / 2
        bought = int(draw.random() < 1 / (1 + math.exp(-margin)))
        amount = round(math.exp(1 + size / 2 + (colour == "red")) * draw.uniform(0.5, 1.5), 3)
        out.append({"price": "" if i % 17 == 0 else price, "size": size, "colour": colour, "day": i // 12,
                    "amount": amount, "bought": bought})
    return out


def csv(rows, columns, separator=",", header=True):
    lines = [separator.join(columns)] if header else []
    return "\n".join(lines + [separator.join(str(r[c]) for c in columns) for r in rows]) + "\n"


def simulated(job):
    rows, later = shop(2000), shop(1000, 2)
    later[0]["colour"] = "violet"
    features = ["price", "size", "colour"]
    columns = features + ["bought"]
    data, test = job.write("shop.csv", csv(rows, columns)), job.write("shop_later.csv", csv(later, columns))
    asked = ("--label", "bought", "--categorical", "colour", "--trees", 40, "--leaves", 8)
    found = job.outcome("classes", "--data", data, "--test", test, *asked)
    if found:
        job.check("classes: the rows and features are counted", (found["rows"], found["features"]) == (2000, 3))
        job.check(f"classes: {found['train'].keys()}", METRICS["logistic"] == found["train"].keys() == found["test"].keys())
        job.check(f"classes: the test AUC is above .8: {found['test']}", found["test"]["auc"] > 0.8)
        job.check("classes: labels of two kinds mean logistic", found["objective"] == "logistic" and found["trees"] == 40)

    # The same rows are the same model, however they are written down and whoever counts the threads.
    one = job.model("one thread", "--data", data, *asked, "--threads", 1, model="one.mlsd")
    job.check("two threads, the same bytes",
              one == job.model("two threads", "--data", data, *asked, "--threads", 2, model="two.mlsd"))
    packed = job.write("shop.tsv.gz", csv(rows, columns, "\t"))
    job.check("packed and by tabs, the same bytes", one == job.model("tabs", "--data", packed, *asked, model="two.mlsd"))
    bare = job.write("shop_bare.csv", csv(rows, columns, ";", header=False))
    by_number = ("--label", 3, "--categorical", 2, "--trees", 40, "--leaves", 8)
    a, b = (job.outcome(n, "--data", d, *c) for n, d, c in (("named", data, asked), ("bare", bare, by_number)))
    if a and b:
        job.check("without a header, the same figures", a["train"] == b["train"])
    words = job.write("shop_words.csv", csv([{**r, "bought": ">=1" if r["bought"] else "<1"} for r in rows], columns))
    b = job.outcome("words", "--data", words, *asked)
    job.check("labels in words, the same figures", a and b and a["train"] == b["train"])

    stopped = job.outcome("stopped", "--data", data, "--valid", test, "--test", test, *asked, "--trees", 2000, "--patience", 5)
    job.check(f"stopped: early, and no worse: {stopped}", stopped and stopped["trees"] < 1000
              and stopped["test"]["log_loss"] <= found["test"]["log_loss"])
    text = job.run("--data", data, "--test", test, *map(str, asked), "--model", "train.mlsd", "--predictions", "p.txt")
    job.check(f"for people: a table: {text.stdout[:400]}",
              text.returncode == 0 and "auc" in text.stdout and "features by gain" in text.stdout and not text.stderr)
    predictions = [float(line) for line in (job.scratch / "p.txt").read_text().split()]
    job.check("predictions: a probability a row", len(predictions) == 1000 and all(0 < p < 1 for p in predictions))

    for name in OBJECTIVES:
        found = job.outcome(name, "--data", job.write("amounts.csv", csv(rows, features + ["amount"])), "--label",
                            "amount", "--categorical", "colour", "--objective", name, "--trees", 60)
        # The best constant has a mean absolute error of 3.0.
        job.check(f"{name}: it learns: {found}", found and METRICS["squared"] == found["train"].keys()
                  and found["train"]["mae"] < (2.5 if name.startswith("quantile") else 1.6))
    for name, more in (("goss", ("--top", 0.2)), ("dart", ("--drop", 0.1)), ("forest", ("--forest", "--rows", 0.6)),
                       ("depth-wise", ("--growth", "depth_wise")), ("symmetric", ("--growth", "symmetric", "--depth", 4)),
                       ("lines", ("--linear", "--linear-l2", 1)), ("zeros", ("--zero-as-missing",))):
        without_leaves = [x for x in asked if x not in ("--leaves", 8)]
        found = job.outcome(name, "--data", data, *(without_leaves if name == "symmetric" else asked), *more)
        job.check(f"{name}: it learns", found and found["train"]["auc"] > 0.83)
    for name in ["weighted_logistic:3", "focal:1"]:
        found = job.outcome(name, "--data", data, *asked, "--objective", name)
        job.check(f"{name}: it learns", found and found["train"]["auc"] > 0.85)


def several_classes(job):
    """Sales by size of the basket: labels in words, and as their numbers in sorted order."""
    kinds = ["large", "none", "small"]
    rows = [{**r, "kind": "none" if not r["bought"] else "small" if r["amount"] < 4 else "large"} for r in shop(2400, 3)]
    features = ["price", "size", "colour"]
    words = job.write("kinds.csv", csv(rows[:1800], features + ["kind"]))
    test = job.write("kinds_later.csv", csv(rows[1800:], features + ["kind"]))
    asked = ("--label", "kind", "--categorical", "colour", "--trees", 30, "--leaves", 8)
    found = job.outcome("kinds", "--data", words, "--test", test, *asked, "--predictions", job.scratch / "kinds.txt")
    if not found:
        return
    job.check(f"kinds: more than two texts mean softmax: {found}", found["objective"] == "softmax"
              and found["classes"] == kinds and found["trees"] == 90 and METRICS["softmax"] == found["test"].keys())
    job.check(f"kinds: it learns: {found['test']}", found["test"]["multi_log_loss"] < 0.75 and found["test"]["accuracy"] > 0.66)
    shares = [[float(p) for p in line.split(",")] for line in (job.scratch / "kinds.txt").read_text().splitlines()]
    job.check("kinds: a probability a class in each line", len(shares) == 600 and all(len(p) == 3 for p in shares)
              and all(abs(sum(p) - 1) < 1e-9 for p in shares))
    right = sum(kinds[p.index(max(p))] == r["kind"] for p, r in zip(shares, rows[1800:])) / 600
    loss = -sum(math.log(p[kinds.index(r["kind"])]) for p, r in zip(shares, rows[1800:])) / 600
    job.check(f"kinds: the figures are those of the lines: {right}, {loss}", abs(right - found["test"]["accuracy"]) < 1e-9
              and abs(loss - found["test"]["multi_log_loss"]) < 1e-9 and abs(loss - found["test"]["loss"]) < 1e-9)

    numbers = job.write("kind_numbers.csv", csv([{**r, "kind": kinds.index(r["kind"])} for r in rows[:1800]], features + ["kind"]))
    for name in ("softmax", "multiclass", "multi_logloss", "softmax:3"):
        same = job.outcome(f"kinds as numbers, {name}", "--data", numbers, *asked, "--objective", name, "--threads", 1)
        job.check(f"kinds as numbers, {name}: the same figures", same and same["train"] == found["train"])
    stopped = job.outcome("kinds stopped", "--data", words, "--valid", test, *asked, "--trees", 500, "--rate", 0.3, "--patience", 5)
    job.check("kinds stopped: early, after whole iterations", stopped and stopped["trees"] < 600 and stopped["trees"] % 3 == 0)
    text = job.run("--data", words, *map(str, asked), "--model", "train.mlsd")
    job.check(f"kinds, for people: the classes have names: {text.stdout[:200]}", "'none' is 1" in text.stdout)

    one_more = job.write("kinds_more.csv", csv([{**r, "kind": "huge" if i == 3 else r["kind"]} for i, r in enumerate(rows)], features + ["kind"]))
    job.refusal("an unknown class", "line 5", "'huge' is none of the labels of the training file", "'small'", arguments=(
        "--data", words, *map(str, asked), "--model", "never.mlsd", "--test", one_more))
    job.refusal("too many classes", "has 3 texts", "'large', 'none' and 'small'", "two texts", arguments=(
        "--data", words, *map(str, asked), "--model", "never.mlsd", "--objective", "logistic"))
    job.refusal("another number of classes", "has 3 texts", "softmax says another number", arguments=(
        "--data", words, *map(str, asked), "--model", "never.mlsd", "--objective", "softmax:4"))
    for name, wanted in (("softmax:2", "softmax needs a whole number from 0 to 1"), ("softmax:2.5", "a whole number of classes")):
        job.refusal(name, wanted, arguments=("--data", numbers, *map(str, asked), "--model", "never.mlsd", "--objective", name))


def rankings(job):
    rows = [{**r, "grade": min(int(r["amount"] / 3), 4)} for r in shop(2400)]
    columns = ["price", "size", "grade", "day"]
    data = job.write("days.csv", csv(rows, columns))
    asked = ("--label", "grade", "--trees", 30, "--min-rows", 10)
    found = job.outcome("ranking", "--data", data, *asked, "--group", "day", "--objective", "lambda_rank")
    if found:
        job.check(f"ranking: {found['train']}", METRICS["lambda_rank"] == found["train"].keys()
                  and found["train"]["queries"] == 200 and found["train"]["ndcg10"] > 0.85)
    sparse = "".join(f"{r['grade']} qid:{r['day']} " + (f"1:{r['price']} " if r["price"] != "" else "1:nan ") +
                     f"2:{r['size']} # day {r['day']}\n" for r in rows)
    same = job.outcome("sparse", "--data", job.write("days.svm", sparse), "--trees", 30, "--min-rows", 10,
                       "--objective", "lambdarank")
    job.check("sparse text with qid, the same figures", found and same and same["train"] == found["train"])
    plain = [c for c in columns if c != "day"]
    job.write("lists.csv", csv(rows, plain))
    job.write("lists.csv.query", "12\n" * 200)
    for name, more in (("sizes beside the file", ()), ("sizes in a file", ("--group", job.scratch / "lists.csv.query"))):
        same = job.outcome(name, "--data", job.scratch / "lists.csv", *asked, *more, "--objective", "lambda_rank")
        job.check(f"{name}, the same figures", found and same and same["train"] == found["train"])
    found = job.outcome("xe_ndcg", "--data", data, *asked, "--group", "day", "--objective", "xe_ndcg")
    job.check("xe_ndcg: it learns", found and found["train"]["ndcg10"] > 0.85)

    job.write("short.query", "12\n" * 199)
    job.refusal("sizes that do not add up", "short.query", "199 groups hold 2388 rows, there are 2400", arguments=(
        "--data", str(job.scratch / "lists.csv"), "--model", "never.mlsd", "--label", "grade", "--group",
        str(job.scratch / "short.query"), "--objective", "lambda_rank"))
    job.refused("no_groups", "x,y\n1,0\n2,1\n", "a ranking needs groups", more=("--label", "y", "--objective", "xe_ndcg"))
    job.refused("torn_groups", "q,x,y\na,1,0\nb,2,1\na,3,2\n", "line 4, column 1", "group 'a' comes back",
                more=("--label", "y", "--group", "q", "--objective", "xe_ndcg"))
    job.refused("half_grades", "q,x,y\na,1,0\na,2,1.5\n", "line 3: the label is 1.5, ", "whole grade",
                more=("--label", "y", "--group", "q", "--objective", "lambda_rank"))


def refusals(job):
    good = "x,z,y\n" + "".join(f"{i},{i % 7},{i % 2}\n" for i in range(60))
    job.refused("short_row", good.replace("\n3,3,1", "\n3,3"), "line 5, column 4", "expected 3 fields, found 2")
    job.refused("text_in_numbers", good.replace("\n3,3,1", "\n3,blue,1"), "line 5, column 3", "column 'z'", "'blue'",
                "--categorical")
    job.refused("no_column", good, "--label: no column 'w'", "'x', 'z', 'y'", more=("--label", "w"))
    job.refused("no_category", good, "--categorical: no column 'q'", more=("--label", "y", "--categorical", "q"))
    job.refused("named_twice", good, "column 'y' is named twice", more=("--label", "y", "--categorical", "y"))
    job.refused("no_label_named", good, "a table needs --label", more=())
    job.refused("outside_domain", good.replace("\n3,3,1", "\n3,3,2"), "line 5: the label is 2, logistic needs 0 or 1",
                more=("--label", "y", "--objective", "logistic"))
    job.refused("negative_amount", good.replace("\n3,3,1", "\n3,3,-1"), "line 5: the label is -1, poisson needs >= 0",
                more=("--label", "y", "--objective", "poisson"))
    for name, more, wanted in (("odd_growth", ("--growth", "sideways"), "--growth takes leaf_wise, depth_wise or symmetric"),
                               ("l2_alone", ("--linear-l2", "1"), "--linear-l2 needs --linear"),
                               ("lines_and_zeros", ("--linear", "--zero-as-missing"), "no zero_as_missing")):
        job.refused(name, good, wanted, more=("--label", "y", *more))
    job.refused("constant_label", "x,y\n1,5\n2,5\n", "every row has label 5")
    job.refused("one_class", "x,y\n1,1\n2,1\n", "every row has label 1")
    job.refused("label_missing", good.replace("\n3,3,1", "\n3,3,"), "line 5, column 5", "label 'y'", "'' is a missing value, and no label")
    job.refused("three_words", "x,y\n1,no\n2,yes\n3,perhaps\n", "label 'y' has 3 texts", "'no', 'perhaps' and 'yes'",
                more=("--label", "y", "--objective", "logistic"))
    labels(job, good)
    for name, more, wanted in (
            ("leaves_of_symmetric", ("--growth", "symmetric", "--leaves", "4"), "--leaves does not limit symmetric trees"),
            ("deep_symmetric", ("--growth", "symmetric", "--depth", "17"), "at most 16")):
        job.refused(name, good, wanted, more=("--label", "y", *more))
    job.refused("twice_called", good.replace("x,z", "x,x"), "line 1, column 3", "two columns are called 'x'")
    job.refused("all_nan", "x,z,y\n1,,0\n2,nan,1\n3,NA,0\n", "feature \"z\"", "NaN in every row")
    job.refused("no_rows", "x,y\n", "no rows")
    job.refused("empty", "", "train_empty.csv", "the file is empty")
    job.refused("negative_weight", "x,w,y\n1,1,0\n2,-1,1\n", "line 3, column 3", "the weight '-1' is not a number >= 0",
                more=("--label", "y", "--weight", "w"))
    job.refused("nan_weight", "x,w,y\n1,1,0\n2,nan,1\n", "line 3, column 3", "the weight 'nan'",
                more=("--label", "y", "--weight", "w"))
    job.refused("sparse_twice", "1 1:2 2:3\n0 2:1 2:2\n", "line 2, column 7", "feature 2 stands twice", more=())
    job.refused("sparse_word", "1 1:2 2:3\nno 2:1\n", "line 2, column 1", "the label 'no' is not a number", more=())
    job.refused("foreign", "\x01\x02" * 40, "train_foreign.csv")
    for name, value, wanted in (("--trees", "0", "trees must be at least 1"), ("--leaves", "x", "not 'x'"),
                                ("--rate", "-1", "learning_rate"), ("--objective", "l3", "no objective 'l3'; there are logistic"),
                                ("--objective", "squared:2", "takes no parameter"), ("--threads", "-1", "not '-1'"),
                                ("--header", "maybe", "yes or no"),
                                ("--objective", "quantile:2", "level must be between 0 and 1"), ("--speed", "1", "unknown argument '--speed'")):
        job.refused("setting", good, wanted, more=("--label", "y", name, value))
    path = job.write("good.csv", good)
    job.refusal("other columns", "'v'", "the training file has 'z'", arguments=(
        "--data", path, "--label", "y", "--model", "never.mlsd", "--test", job.write("other.csv", good.replace("z", "v"))))
    job.refusal("no file", "cannot open 'nowhere.csv'", arguments=("--data", "nowhere.csv", "--label", "y", "--model", "never.mlsd"))
    for name, more in (("--label", "1"), ("--weight", "1"), ("--categorical", "1"), ("--header", "yes"), ("--group", "1")):
        job.refused("sparse_setting", "1 1:2 2:3\n0 2:1\n", name, "is for tables", more=(name, more))
    job.refused("taken_for_table", "y x\n1 2:3\n", "made it a table, separated by blanks")
    job.refused("taken_for_sparse", "1 2:3\n1,2\n", "made it sparse text", more=())
    job.refused("setting", good, "--patience", "--valid", more=("--label", "y", "--patience", "3"))
    job.refused("setting", good, "--other goes with --top", more=("--label", "y", "--other", "0.3"))
    ranked = "".join(f"{i % 3} qid:{i // 5} 1:{i % 4}\n" for i in range(60))
    job.refused("half_truncation", ranked, "a whole number", more=("--objective", "lambda_rank:2.7"))
    run = job.run("--help")
    job.check("help: usage on the standard output", run.returncode == 0 and run.stdout.startswith("usage: train") and not run.stderr)
    job.refusal("no value", "--data needs a value", arguments=("--model", "never.mlsd", "--data"))
    job.refusal("no model", "--model is needed", arguments=("--data", path, "--label", "y"))



def labels(job, good):
    """What labels are is decided by all rows, in whatever order; and what the first line is."""
    rows = [line.split(",") for line in good.split()[1:]]
    words = {"1": "yes", "0": "no"}

    def table(label, head="x,z,y\n"):
        return head + "".join(f"{x},{z},{label(i, y)}\n" for i, (x, z, y) in enumerate(rows))

    for name, odd, where in (("first", 0, 2), ("later", 30, 32)):
        for word in ("unknown", "-"):
            wanted = ("line 3, column 5", "'1.5' is a number", f"'{word}' in line 2 is not") if odd == 0 else (
                "line 32, column 6", f"'{word}' is not a number", "'0.0' in line 2 is")
            job.refused(f"mixed_{name}", table(lambda i, y: word if i == odd else str(i * 1.5)), *wanted,
                        "--objective softmax takes both for texts")
        for word in ("", "None", "?", "NA"):
            for objective in ((), ("--objective", "softmax")):
                job.refused(f"no_label_{name}", table(lambda i, y: word if i == odd else words[y]), f"line {where}, column",
                            f"'{word}' is a missing value, and no label", more=("--label", "y", *objective))
    job.refused("far_too_many", "x,y\n" + "".join(f"{i},t{i}\n" for i in range(5000)), "line 4098",
                "more than 4096 texts are too many classes")
    job.refused("far_too_many_at_last", "x,y\n" + "".join(f"{i},{i}\n" for i in range(5000)) + "1,a\n", "line 5002",
                "more than 4096 texts are too many classes", more=("--label", "y", "--objective", "softmax"))
    for name, odd in (("first", 0), ("later", 30)):
        text = table(lambda i, y: "other" if i % 30 == odd % 30 and i >= odd else y)
        found = job.outcome(f"both as texts, {name}", "--data", job.write("both.csv", text), "--label", "y", "--objective",
                            "softmax")
        job.check(f"both as texts, {name}: {found}", found and found["classes"] == ["0", "1", "other"])

    asked = ("--label", "y", "--objective", "softmax")
    for first in (1, 0):  # one of 0 to 3 does not occur
        text = table(lambda i, y: ([1, 2, 3] if first else [0, 2, 3])[i % 3])
        job.refused("absent_class", text, f"no row has class {1 - first}", "--objective softmax:4 trains all the same", more=asked)
        found = job.outcome("absent class, insisted on", "--data", job.scratch / "train_absent_class.csv", "--label", "y",
                            "--objective", "softmax:4", "--trees", 5)
        job.check(f"absent class: four trees an iteration: {found}", found and found["trees"] == 20)
    # A row of weight 0 is no row: its label makes no class, and hides none.
    weighted = "x,w,z,y\n" + "".join(f"{x},{int(i != 7)},{z},{{}}\n".format(label) for i, (x, z, y) in enumerate(rows)
                                     for label in [9 if i == 7 else i % 3])
    found = job.outcome("weightless class", "--data", job.write("weightless.csv", weighted), *asked, "--weight", "w", "--trees", 5)
    job.check(f"weightless class: {found}", found and found["trees"] == 15 and found["train"]["loss"] > 0)
    named = job.write("weightless_text.csv", weighted.replace(",9\n", ",zero\n"))
    job.refusal("weightless text", "'zero' is not a number", arguments=("--data", named, "--label", "y", "--weight", "w",
                                                                      "--model", "never.mlsd"))
    found = job.outcome("weightless text", "--data", named, *asked, "--weight", "w", "--trees", 5)
    job.check(f"weightless text: a text is a class all the same: {found}", found and found["trees"] == 20)

    # What the first line is.
    numbered = "0,1,2,label\n" + "".join(f"{x},{z},{z},{y}\n" for x, z, y in rows)
    job.refused("numbered_header", numbered, "line 1, column 7", "a header with the label 'label', or the first row",
                "--header yes", more=("--label", "3"))
    for more in (("--label", "3", "--header", "yes"), ("--label", "label")):
        found = job.outcome("numbered header", "--data", job.scratch / "train_numbered_header.csv", *more)
        job.check(f"numbered header: {more}", found and found["rows"] == 60 and found["objective"] == "logistic")
    job.refusal("numbered header of another file", "'label' is not a number", "--header yes", arguments=(
        "--data", job.write("bare_numbers.csv", numbered.split("\n", 1)[1]), "--label", "3", "--model", "never.mlsd", "--test",
        str(job.scratch / "train_numbered_header.csv")))
    job.refused("short_numbered_header", table(lambda i, y: y, head="0,1,label\n"), "line 2, column", "'label' in line 1 is not",
                "if that line is a header, --header yes says so", more=("--label", "2"))
    found = job.outcome("text labels, no header", "--data", job.write("bare_words.csv", table(lambda i, y: words[y], head="")),
                        "--label", "2")
    job.check(f"text labels, no header: the first line is a row: {found}", found and found["rows"] == 60)
    pandas = "," + good.replace("\n", "\n5,").removesuffix("5,")
    found = job.outcome("an index without a name", "--data", job.write("pandas.csv", pandas), "--label", "y")
    job.check(f"an index without a name: {found}", found and (found["rows"], found["features"]) == (60, 3))
    for column in ("w", "3"):
        job.refused("index_by_number", pandas, "if the first line is a header, --header yes says so", more=("--label", column))

    # Every file is looked at before training, and the error names it.
    path = job.write("good.csv", good)
    bad = job.write("seven.csv", "x,z,y\n1,2,0\n\n\n1,2,7\n")
    for option in ("--test", "--valid"):
        (job.scratch / "kept.mlsd").write_text("an older model")
        job.refusal(f"labels of {option}", "seven.csv': line 5: the label is 7, logistic needs 0 or 1", arguments=(
            "--data", path, "--label", "y", "--model", "kept.mlsd", option, bad, "--trees", "1000000"))
        job.check(f"labels of {option}: the older model stays", (job.scratch / "kept.mlsd").read_text() == "an older model")
    for name, option in (("model", ("--model", "nowhere/m.mlsd")), ("folder", ("--model", ".")),
                         ("predictions", ("--model", "never.mlsd", "--predictions", "nowhere/p.txt"))):
        job.refusal(f"cannot write the {name}", "cannot write '" + option[-1], arguments=(
            "--data", path, "--label", "y", *option, "--trees", "1000000"))
    job.check("trying leaves nothing", not list(job.scratch.glob("*.try")) and not (job.scratch / "never.mlsd").exists())
    small = job.write("small.csv", good.replace("\n3,3,1", "\n3,3,1e-30"))
    job.refusal("a small label", "line 5: the label is 1e-30, logistic", arguments=(
        "--data", small, "--label", "y", "--model", "never.mlsd", "--objective", "logistic"))


def corners(job):
    """What a file may look like, and what figures may be."""
    rows = [(i % 7, i % 5, i % 2) for i in range(60)]
    quoted = 'x,"z, of z; and y; of y; or so; it is",y\n' + "".join(f"{x},{z},{y}\n" for x, z, y in rows)
    found = job.outcome("quotes", "--data", job.write("quoted.csv", quoted), "--label", "y")
    job.check(f"quotes: separators in quotes are text: {found}", found and found["features"] == 2)
    alone = "1\n0\n" + "".join(f"{y} 1:{x} 2:{('nan', 'NaN', 'NAN', '-nan')[i % 4] if i % 3 else z}\n" for i, (x, z, y) in enumerate(rows))
    found = job.outcome("lone labels", "--data", job.write("alone.svm", alone))
    job.check(f"lone labels: it is sparse text all the same: {found}", found and (found["rows"], found["features"]) == (62, 2))
    job.outcome("label 0", "--data", job.scratch / "alone.svm", "--label", "0")
    test = job.write("one_class.csv", "x,\"z, of z; and y; of y; or so; it is\",y\n1,2,1\n2,3,1\n")
    found = job.outcome("one class", "--data", job.scratch / "quoted.csv", "--test", test, "--label", "y")
    job.check(f"one class: it has no AUC: {found}", found and found["test"]["auc"] is None and found["test"]["log_loss"] > 0)
    # The same rows, sparse and as a table; sparse rows of both kinds of memory.
    draw = random.Random(3)
    hot = [(i % 2 if draw.random() < 0.1 else int(a % 3 == 0), a, b) for i in range(600)
           for a, b in [(draw.randrange(20), draw.randrange(15))]]
    text = "".join(f"{y} {a}:1 {20 + b}:{b + 0.5}\n" for y, a, b in hot)
    table = "".join(f"{y}," + ",".join("1" if j == a else str(b + 0.5) if j == 20 + b else "0" for j in range(35)) + "\n"
                    for y, a, b in hot)
    kinds = (("sparse", job.write("hot.svm", text), ()), ("dense", job.write("hot.csv", table), ("--label", "0", "--header", "no")))
    runs = []
    for name, file, more in kinds:
        found = job.outcome(f"one-hot, {name}", "--data", file, "--valid", file, "--test", file, *more, "--min-rows", "5",
                            "--predictions", f"hot_{name}.txt")
        runs.append((found and found["test"], (job.scratch / f"hot_{name}.txt").read_text()))
    job.check(f"sparse rows: what a table says: {runs[0][0]}", runs[0] == runs[1] and runs[0][0]["auc"] > 0.9)
    if pathlib.Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            run = subprocess.run([*job.command, "--data", str(job.scratch / "quoted.csv"), "--label", "y", "--model",
                                  "train.mlsd", "--json"], cwd=job.scratch, stdout=full, stderr=subprocess.PIPE, text=True)
        job.check(f"a full disk is told of: {run.stderr}", run.returncode == 1 and "standard output" in run.stderr)


def split(lines, is_test):
    return [line for i, line in enumerate(lines) if not is_test(i)], [line for i, line in enumerate(lines) if is_test(i)]


def real(job, data):
    """Bounds are what was measured, with some room: rankings of 50 queries move by .02 if one column in 30 is left out.
    LightGBM 4.7 at equal settings: higgs .8321, houses 49,153, 32,666 and 13.1118, adult .9282, lists .748 and .753,
    mq2008 .695; train: .8337, 49,104, 32,497 and 13.1118, .9276, .732 and .741, .707."""
    def read(*parts):
        with gzip.open(data.joinpath(*parts), "rt") as f:
            return f.read().splitlines()

    def run(name, metric, best, train, test, *arguments, header=None, lower=False):
        files = [job.write(f"real_{part}", "\n".join(([header] if header else []) + lines) + "\n")
                 for part, lines in (("train", train), ("test", test))]
        found = job.outcome(name, "--data", files[0], "--test", files[1], *arguments)
        value = found["test"][metric] if found else math.nan
        job.check(f"{name}: the test {metric} is {value}, wanted {best}", value <= best if lower else value >= best)

    higgs = data / "tab_lightgbm_higgs"
    found = job.outcome("higgs", "--data", higgs / "binary.train.gz", "--test", higgs / "binary.test.gz", "--label", 0)
    job.check(f"higgs: {found}", found and found["test"]["auc"] >= 0.832 and found["rows"] == 7000)
    found = job.outcome("agaricus", "--data", data / "tab_agaricus" / "agaricus.txt.train.gz", "--test",
                        data / "tab_agaricus" / "agaricus.txt.test.gz")
    job.check(f"agaricus: every mushroom is known: {found}", found and found["test"]["auc"] == 1 and found["features"] == 126)

    head, *rows = read("tab_california_housing", "housing.csv.gz")
    houses = split(rows, lambda i: i % 4 == 1)
    about = ("--label", "median_house_value", "--categorical", "ocean_proximity")
    run("houses squared", "rmse", 49_300, *houses, *about, header=head, lower=True)
    run("houses absolute", "mae", 32_700, *houses, *about, "--objective", "absolute", header=head, lower=True)
    run("houses gamma", "loss", 13.1125, *houses, *about, "--objective", "gamma", header=head, lower=True)
    people = split([line for line in read("tab_adult", "adult_train.csv.gz") if line], lambda i: i % 4 == 1)
    run("adult", "auc", 0.927, *people, "--label", 14, "--categorical", "1,3,5,6,7,8,9,13")

    lists = data / "ltr_lightgbm_rank"
    for name, best in (("lambda_rank", 0.70), ("xe_ndcg", 0.70)):
        found = job.outcome(name, "--data", lists / "rank.train.gz", "--test", lists / "rank.test.gz", "--objective", name,
                            "--min-rows", 50, "--min-hessian", 5)
        job.check(f"lists, {name}: {found}", found and found["test"]["ndcg10"] >= best and found["test"]["queries"] == 50)
    rows = read("ltr_mq2008_fold1", "train.svm.gz")
    queries = {}
    for line in rows:
        queries.setdefault(line.split()[1], len(queries))
    run("mq2008", "ndcg10", 0.68, *split(rows, lambda i: queries[rows[i].split()[1]] % 4 == 1), "--objective", "lambda_rank")


def check_all(job, data):
    simulated(job)
    several_classes(job)
    rankings(job)
    refusals(job)
    corners(job)
    if data:
        real(job, data)
    else:
        job.skip("the real data sets are absent")


if __name__ == "__main__":
    job.main(Job, check_all)

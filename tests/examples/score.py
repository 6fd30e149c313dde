#!/usr/bin/env python3
"""What score and convert print and refuse: score.py PROGRAM SCRATCH [DATA] [-- LAUNCHER...]

The golden models of other libraries lie beside DATA, in golden/; those in JSON are read where the program can. Where
Python has lightgbm (pip install lightgbm), its contributions are compared too, and what it predicts with the models that
`convert` writes for it."""
import gzip
import json
import math
import pathlib
import struct
import subprocess

import job


def numbers(text):
    return [[float(cell) for cell in line.split(",")] for line in text.splitlines()]


def key(x):
    """Doubles in order, as integers one apart; every NaN is one."""
    if x != x:
        return None
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits if bits >= 0 else -(bits & (2 ** 63 - 1))


def furthest(found, wanted):
    """The most doubles between two tables; infinite where their shapes differ."""
    if [len(row) for row in found] != [len(row) for row in wanted]:
        return math.inf
    most = 0
    for x, y in ((x, y) for a, b in zip(found, wanted) for x, y in zip(a, b)):
        if (x != x) != (y != y):
            return math.inf
        most = max(most, 0 if x != x else abs(key(x) - key(y)))
    return most


def single(table):
    """Numbers as the nearest floats."""
    return [[struct.unpack("<f", struct.pack("<f", x))[0] if abs(x) < 3.5e38 else x for x in row] for row in table]


def furthest_float(found, wanted):
    """The most floats between two tables of them, which is 2^29 doubles each, but for the smallest."""
    return furthest(single(found), single(wanted)) / 2 ** 29


class Job(job.Job):
    def beside(self, name, *arguments):
        """Runs a program that lies beside `score`."""
        program = pathlib.Path(self.command[-1]).with_name(name)
        return subprocess.run([*self.command[:-1], str(program), *arguments], cwd=self.scratch, capture_output=True,
                              text=True)

    def convert(self, name, *arguments, refusal=None):
        """What `convert` says on stderr of a model it wrote; or nothing, where it may and does refuse it so."""
        run = self.beside("convert", *arguments)
        if refusal and run.returncode == 1 and refusal in run.stderr:
            return None
        self.check(f"{name}: converted, not {run.returncode}: {run.stderr[:300]}", run.returncode == 0)
        return run.stderr

    def trained(self, name, data, label, *more, test=None):
        """What `train` predicts for the rows of `test`, or of `data`, with the model that it saves as trained.mlsd."""
        run = self.beside("train", "--data", data, "--test", test or data, "--label", label, "--model", "trained.mlsd",
                          "--predictions", "wanted.txt", *more)
        self.check(f"{name}: trained, not {run.returncode}: {run.stderr[:300]}", run.returncode == 0)
        return numbers((self.scratch / "wanted.txt").read_text())

    def scored(self, name, *arguments):
        run = self.run(*arguments)
        self.check(f"{name}: exit status 0, not {run.returncode}: {run.stderr[:300]}", run.returncode == 0)
        return run.stdout

    def written(self, name, text):
        path = self.scratch / name
        path.write_text(text)
        return str(path)


def check_lightgbm_case(job, folder):
    """Bits of margins and leaves; predictions within 2 ulp."""
    common = ("--model", str(folder / "model.txt"), "--input", str(folder / "input.csv"))
    name = folder.name
    raw = numbers(job.scored(name, *common, "--raw"))
    job.check(f"{name}: margins", furthest(raw, numbers((folder / "pred_raw.csv").read_text())) == 0)
    predictions = numbers(job.scored(name, *common))
    gap = furthest(predictions, numbers((folder / "pred.csv").read_text()))
    job.check(f"{name}: predictions, {gap} ulp away", gap <= 2)
    job.convert(name, "--model", str(folder / "model.txt"), "--output", f"{name}.mlsd")
    saved = job.scored(name, "--model", f"{name}.mlsd", "--input", str(folder / "input.csv"))
    job.check(f"{name}: as a file of mlsd, the same", numbers(saved) == predictions or furthest(numbers(saved), predictions) == 0)
    if (folder / "leaf.csv").exists():
        wanted = (folder / "leaf.csv").read_text().splitlines()
        job.check(f"{name}: leaves", job.scored(name, *common, "--leaf").splitlines()[:len(wanted)] == wanted)
    if (folder / "pred_contrib.csv").exists():
        wanted = numbers((folder / "pred_contrib.csv").read_text())
        found = numbers(job.scored(name, *common, "--contrib"))[:len(wanted)]
        job.check(f"{name}: contributions", all(abs(x - y) < 1e-13 for a, b in zip(found, wanted) for x, y in zip(a, b)))


def read(path):
    return numbers(path.read_text())


def check_xgboost_case(job, folder, file):
    """Bits of margins and node numbers; predictions within 2 ulp. The margins that a user gives, instead of the base
    score, are not in a file; DART is summed without fused multiply-adds."""
    about = json.loads((folder / "case.json").read_text())
    missing = [] if about["missing"] != about["missing"] else ["--missing", str(about["missing"])]
    common = ("--model", str(folder / file), "--input", str(folder / "input.csv"), *missing)
    name = f"{folder.parent.name} {folder.name} {file}"
    raw = read(folder / ("pred_raw_nofma.csv" if (folder / "pred_raw_nofma.csv").exists() else "pred_raw.csv"))
    if not (folder / "base_margin.csv").exists():
        job.check(f"{name}: margins", furthest_float(numbers(job.scored(name, *common, "--raw")), raw) == 0)
    leaves = (folder / "leaf.csv").read_text().splitlines()
    job.check(f"{name}: leaves", job.scored(name, *common, "--leaf").splitlines()[:len(leaves)] == leaves)
    if (folder / "base_margin.csv").exists() or (folder / "pred_raw_nofma.csv").exists():
        return
    gap = furthest_float(numbers(job.scored(name, *common)), read(folder / "pred.csv"))
    job.check(f"{name}: predictions, {gap} ulp away", gap <= (8 if "expectile" in name else 2))
    if (folder / "pred_contrib.csv").exists():
        wanted = read(folder / "pred_contrib.csv")
        found = numbers(job.scored(name, *common, "--contrib"))[:len(wanted)]
        gap = max(abs(x - y) for a, b in zip(found, wanted) for x, y in zip(a, b))
        job.check(f"{name}: contributions, {gap} away", gap < 1e-4)


def check_catboost_case(job, folder):
    """Bits of margins, leaf numbers; predictions within 1e-14, as CatBoost's own exp is not exact."""
    about = json.loads((folder / "case.json").read_text())
    common = ("--model", str(folder / "model.json"), "--input", str(folder / "input.csv"))
    name = folder.name
    if about["expect"] == "refuse":
        job.refusal(name, "CTRs", arguments=common)
        return
    raw = job.scored(name, *common, "--raw")
    job.check(f"{name}: margins", furthest(numbers(raw), read(folder / "pred_raw.csv")) == 0)
    leaves = (folder / "leaf.csv").read_text().splitlines()
    job.check(f"{name}: leaves", job.scored(name, *common, "--leaf").splitlines()[:len(leaves)] == leaves)
    found, wanted = numbers(job.scored(name, *common)), read(folder / "pred.csv")
    job.check(f"{name}: predictions", [len(a) for a in found] == [len(a) for a in wanted] and
              all(abs(x - y) <= 1e-14 * abs(y) for a, b in zip(found, wanted) for x, y in zip(a, b)))
    margins = numbers(raw)
    # Margins of classes that no tree knows are infinite, and have no contributions.
    known = [[x for x in row if not math.isinf(x)] for row in margins]
    rows = numbers(job.scored(name, *common, "--contrib"))
    sums = [[sum(part) for part in zip(*[iter(row)] * (len(row) // len(margin)))] for row, margin in zip(rows, known)]
    job.check(f"{name}: contributions add up", len(sums) == len(known) and
              all(abs(x - y) <= 1e-12 * max(map(abs, row)) for row, a, b in zip(rows, sums, known) for x, y in zip(a, b)))
    job.convert(name, "--model", str(folder / "model.json"), "--output", f"{name}.mlsd")
    saved = job.scored(name, "--model", f"{name}.mlsd", "--input", str(folder / "input.csv"), "--raw")
    job.check(f"{name}: as a file of mlsd, the same", saved == raw)
    written = f"{name}.txt"
    if job.convert(name, "--model", str(folder / "model.json"), "--output", written, "--to", "lightgbm",
                   refusal="has no") is None:
        return
    rows = (line.split(",") for line in (folder / "input.csv").read_text().splitlines())
    tiny = job.written("tiny.csv", "".join(",".join("0" if abs(float(x)) < 1e-34 else x for x in row) + "\n"
                                           for row in rows))  # all of them are 0 to LightGBM
    found = [job.scored(name, "--model", model, "--input", tiny, "--raw")
             for model in (str(folder / "model.json"), written)]
    job.check(f"{name}: as LightGBM's text, whose rows are doubles, the same margins", found[0] == found[1])


def check_json_formats(job, golden):
    formats = job.run("--model", job.written("empty.txt", ""), "--input", "x", "--format", "none").stderr
    job.check(f"the formats are named: {formats}", "the formats are auto, lightgbm" in formats)
    if "xgboost" not in formats:
        job.skip("XGBoost and CatBoost: the program was made without nlohmann/json")
        return
    for folder in sorted(path.parent for path in (golden / "xgboost").glob("*/*/case.json")):
        check_xgboost_case(job, folder, "model.json")
        check_xgboost_case(job, folder, "model.ubj")
    for folder in sorted(path.parent for path in (golden / "catboost").glob("*/case.json")):
        check_catboost_case(job, folder)


def model_text(names="age bid price", objective="regression"):
    return f"""tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=2
objective={objective}
feature_names={names}

Tree=0
num_leaves=3
num_cat=0
split_feature=0 2
threshold=0.5 10
decision_type=8 10
left_child=-1 -2
right_child=1 -3
leaf_value=1 2 3
leaf_count=1 2 3
internal_count=6 5

end of trees
"""


def check_files(job):
    """Headers, missing values, odd numbers; what cannot be read is refused with its place."""
    model = ("--model", job.written("model.txt", model_text()))

    def lines(name, text, *more):
        return job.scored(name, *model, "--input", job.written("input.csv", text), *more)

    def refused(name, text, *wanted, more=()):
        job.refusal(name, *wanted, arguments=(*model, "--input", job.written("input.csv", text), *more))

    job.check("no header", lines("no header", "0,0,0\n1,0,11\n1,0,nan\n1,0,\n") == "1\n3\n2\n2\n")
    job.check("a header in another order", lines("header", "price,x,bid,age\n11,a,0,1\n0,b,0,1\n") == "3\n2\n")
    job.check("quoted names", lines("quoted", '"age","bid","price"\n1,0,"11"\r\n') == "3\n")
    job.check("blanks in names are underlines to LightGBM",
              job.scored("blanks", "--model", job.written("blanks.txt", model_text("my_age bid price")), "--input",
                         job.written("input.csv", "bid,price,my age\n0,11,1\n")) == "3\n")
    job.check("no end of the last line", lines("last line", "1,0,11") == "3\n")
    job.check("no rows", lines("no rows", "age,bid,price\n") == "")
    job.check("large, small, signed", lines("odd", " +1e400 ,-1e-400,1e308\n-inf,inf,-0\n") == "3\n1\n")
    job.check("--missing", lines("missing", "1,0,11\n1,0,-999\n", "--missing", "11") == "2\n2\n")
    job.check("--leaf", lines("leaf", "1,0,11\n", "--leaf") == "2\n")
    contributions = numbers(lines("contrib", "1,0,11\n", "--contrib"))[0]
    job.check(f"--contrib adds up: {contributions}", abs(sum(contributions) - 3) < 1e-12 and contributions[1] == 0)
    refused("a bad cell", "0,0,0\n1,x,0\n", "line 2, column 3", "'x'")
    refused("a short row", "0,0,0\n1,0\n", "line 2", "2 values")
    refused("a wide file", "0,0,0,0\n", "4 columns", "reads 3")
    refused("a missing column", "age,bid,prize\n1,2,3\n", "'price'")
    refused("two columns of a name", "age,bid,price,age\n1,2,3,4\n", "two columns", "'age'")
    refused("neither header nor row", "1,x,2\n", "--header yes or --header no")
    refused("a header that is said to be a row", "age,bid,price\n", "line 1, column 1", "'age'", more=("--header", "no"))
    refused("no input", "", "no line")
    job.check("--header yes: a line of numbers is skipped, and columns are taken in order, as they have other names",
              job.scored("skipped", "--model", job.written("unnamed.txt", model_text("Column_0 Column_1 Column_2")),
                         "--input", job.written("input.csv", "1,0,11\n0,0,0\n"), "--header", "yes") == "1\n")
    job.refusal("no model", "no-such-file", arguments=("--model", "no-such-file", "--input", "input.csv"))
    job.refusal("no such format", "auto, lightgbm",
                arguments=(*model, "--input", "input.csv", "--format", "arrow"))
    job.refusal("a format that the file is not", "mlsd", arguments=(*model, "--input", "input.csv", "--format", "mlsd"))
    job.refusal("a damaged model", "line 9", "no line 'num_leaves'",
                arguments=("--model", job.written("bad.txt", model_text().replace("num_leaves=3\n", "")), "--input", "x"))
    for wrong in ((), ("--model",), ("--raw", "--leaf", *model), (*model, "--input", "x", "--missing", "x")):
        job.check(f"{wrong}: wrong use", job.run(*wrong).returncode == 2)


def check_with_lightgbm(job, cases):
    """LightGBM's contributions are ours, and the models that we write have their predictions there."""
    try:
        import lightgbm
        import numpy
    except ImportError:
        job.skip("LightGBM itself: Python has no lightgbm")
        return
    for folder in cases:
        x = numpy.array(numbers((folder / "input.csv").read_text()))
        written = f"{folder.name}.txt"
        job.convert(folder.name, "--model", str(folder / "model.txt"), "--output", written, "--to", "lightgbm")
        ours = lightgbm.Booster(model_file=str(job.scratch / written))
        for kind, raw_score in ("pred", False), ("pred_raw", True):
            found = ours.predict(x, raw_score=raw_score).reshape(len(x), -1).tolist()
            job.check(f"{folder.name}: what LightGBM says of the model we wrote: {kind}",
                      furthest(found, numbers((folder / f"{kind}.csv").read_text())) <= (0 if raw_score else 1))
        if "linear_tree" in folder.name:
            continue
        wanted = lightgbm.Booster(model_file=str(folder / "model.txt")).predict(x, pred_contrib=True)
        found = numpy.array(numbers(job.scored(folder.name, "--model", str(folder / "model.txt"), "--input",
                                               str(folder / "input.csv"), "--contrib")))
        gap = numpy.abs(found - wanted).max() / numpy.abs(wanted).max()
        job.check(f"{folder.name}: LightGBM's contributions, {gap} away", gap < 1e-12)


def check_trained(job):
    """Models of `train`, which lies beside `score`, with texts: scored as train itself predicts, also once they are
    converted to LightGBM's text, where a code is a number."""
    colours = ("red", "green", "blue")
    rows = [(i % 7 / 2, colours[i % 3], i % 5) for i in range(400)]
    table = job.written("rows.csv", "z,colour,x\n" + "".join(f"{z},{colour},{x}\n" for x, colour, z in rows))
    coded = job.written("coded.csv", "x,z,colour\n" + "".join(f"{x},{z},{colours.index(c)}\n" for x, c, z in rows))
    two = [1 if (x > 1) != (colour == "red") else 0 for x, colour, _ in rows]
    for name, labels in ("a model of train", two), ("classes of train", [("ant", "bee", "c,t", "ant")[y + z // 3 + (x > 2)]
                                                                         for y, (x, _, z) in zip(two, rows)]):
        train = job.written("train.csv", "y,x,colour,z\n" + "".join(
            f'"{y}",{x},{colour},{z}\n' for y, (x, colour, z) in zip(labels, rows)))
        predicted = job.trained(name, train, "y", "--trees", "5", "--categorical", "colour")
        model = ("--model", "trained.mlsd")
        job.check(f"{name}: a value for each class", {len(row) for row in predicted} == {1 if labels is two else 3})
        found = job.scored(name, *model, "--input", table)
        job.check(f"{name}: score predicts as train", numbers(found) == predicted)
        if labels is two:
            job.refusal(f"{name}: it has no names of classes", "does not know",
                        arguments=(*model, "--input", table, "--classes"))
        else:
            for more in (), ("--raw",):
                named = job.scored(f"{name}, named", *model, "--input", table, "--classes", *more)
                job.check(f"{name}: a line of classes", named.startswith('ant,bee,"c,t"\n') and
                          named.partition("\n")[2] == job.scored(name, *model, "--input", table, *more))
        job.convert(name, *model, "--output", "copy.mlsd")
        job.check(f"{name}, copied: its texts are kept",
                  found == job.scored(f"{name}, copied", "--model", "copy.mlsd", "--input", table))
        said = job.convert(name, *model, "--output", "trained.txt", "--to", "lightgbm")
        job.check(f"{name}: what LightGBM's text lacks is said: {said}", all(part in said for part in (
            'order: 0 is "x", 1 is "z", 2 is "colour"', '0 is "red", 1 is "green", 2 is "blue", 3 is any other')) and
                  ('classes: 0 is "ant", 1 is "bee", 2 is "c,t"' in said) == (labels is not two))
        found = job.scored(f"{name}, as LightGBM's", "--model", "trained.txt", "--input", coded)
        job.check(f"{name}: the same, as LightGBM's text", furthest(numbers(found), predicted) <= 2)


def check_trained_on_floats(job):
    """Numbers between those of the training rows go where their floats go: 1.92 as a double may be on the other side of
    a threshold, which lies between the floats of 1.91 and 1.93."""
    train, wanted_of, rows = ["y,a,b"], ["y,a,b"], ["a,b"]
    for i in range(300):
        a, b = 2 * (i * 37 % 100) + 1, 2 * (i * 53 % 90) + 1
        train.append(f"{a // 10 + b // 7 % 5},{a / 100},{b / 100}")
        wanted_of.append(f"0,{(a + 1) / 100},{(b + 1) / 100}")
        rows.append(f"{(a + 1) / 100},{(b + 1) / 100}")
    data, test, table = (job.written(name, "\n".join(lines) + "\n") for name, lines in (
        ("train.csv", train), ("test.csv", wanted_of), ("rows.csv", rows)))
    predicted = job.trained("two decimals", data, "y", "--trees", "20", "--objective", "squared", test=test)
    job.check("two decimals: score predicts as train", predicted == numbers(
        job.scored("two decimals", "--model", "trained.mlsd", "--input", table)))
    job.convert("two decimals", "--model", "trained.mlsd", "--output", "trained.txt", "--to", "lightgbm")
    job.check("two decimals: so does LightGBM's text, whose rows are doubles", predicted == numbers(
        job.scored("two decimals", "--model", "trained.txt", "--input", table)))
    try:
        import lightgbm
        import numpy
    except ImportError:
        return
    x = numpy.array(numbers("\n".join(rows[1:])))
    found = lightgbm.Booster(model_file=str(job.scratch / "trained.txt")).predict(x).reshape(len(x), -1).tolist()
    job.check("two decimals: so does LightGBM", found == predicted)


def check_trained_text(job):
    """What `train` reads, `score` reads so too: separators, words for missing numbers, blanks around texts, gzip; and
    without names, columns in the order of the training file."""
    words = ("", "?", "NA", "N/A", "nan", "null", "None")
    colours = ("red", "light blue", "NA", "green")
    rows = [(colours[i * 7 % 4], "abc"[i * 5 % 3], words[i % 7] if i % 4 == 0 else str(i % 11)) for i in range(400)]
    for name, separator, zipped in ("comma", ",", False), ("tab", "\t", True), ("semicolon", ";", False):
        def lines(columns, blank):
            return "".join(separator.join(f"{blank}{row[c]}{blank}" for c in columns) + "\n" for row in rows)

        def written(file, columns, blank, header):
            text = (separator.join(("colour", "y", "x")[c] for c in columns) + "\n" if header else "") + lines(columns, blank)
            path = job.scratch / (file + (".gz" if zipped else ""))
            path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
            return str(path)

        for header in True, False:
            about = f"{name}, {'names' if header else 'no names'}"
            label, text = ("y", "colour") if header else ("1", "0")
            predicted = job.trained(about, written("train.csv", (0, 1, 2), "", header), label, "--trees", "5",
                                    "--header", "yes" if header else "no", "--categorical", text)
            for blank in "", " ":
                order = (2, 0) if header else (0, 2)
                found = job.scored(about, "--model", "trained.mlsd", "--input", written("rows.csv", order, blank, header))
                job.check(f"{about}, '{blank}': score predicts as train", numbers(found) == predicted)
            if header:
                for more in (), ("--header", "no"):
                    job.refusal(f"{about}: a file without them is refused", "only a header line says", arguments=(
                        "--model", "trained.mlsd", "--input", written("rows.csv", (0, 2), "", False), *more))
            else:
                found = job.scored(about, "--model", "trained.mlsd", "--input", written("rows.csv", (0, 2), "", True))
                job.check(f"{about}: names it does not know say nothing of the order", numbers(found) == predicted)
                found = job.scored(about, "--model", "trained.mlsd", "--input", written("rows.csv", (0, 2), "", False),
                                   "--header", "no")
                job.check(f"{about}, which is said: the same", numbers(found) == predicted)


def check_all(job, data):
    if pathlib.Path(job.command[-1]).with_name("train").exists():
        check_trained(job)
        check_trained_on_floats(job)
        check_trained_text(job)
    check_files(job)
    golden = data.parent / "golden" / "lightgbm" if data else None
    if golden is None or not golden.is_dir():
        job.skip("no golden models")
        return
    cases = sorted(folder for folder in golden.iterdir() if folder.is_dir())
    for folder in cases:
        check_lightgbm_case(job, folder)
    check_with_lightgbm(job, cases)
    check_json_formats(job, golden.parent)


job.main(Job, check_all)

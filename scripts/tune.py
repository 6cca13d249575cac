#!/usr/bin/env python3
"""Trains the trees that put articles in order for a question, and writes what they are worth.

usage: tune.py TABLE [--folds DIR] [--model FILE] [--scores FILE] [--against FILE]

TABLE is what `tune DATA_DIR --table TABLE` wrote: TABLE.tsv and TABLE.f32. `--folds` writes a model a fold of the rated
questions, trained without it, for `tune DATA_DIR --trees`; `--model` writes the model of all. `--scores` writes what each rated
question's cross-validated order is worth, and `--against` compares with such a file, question by question. Same table, same packages
(scripts/tune-requirements.txt), same model: one thread, seeds, no clock.
"""
import math, pathlib, sys

import lightgbm, numpy

FOLDS = 5
SEED = 7
TREES = 200
# Rows a question that the trees learn from besides those that are right: the first by the formula, the first by likeness to
# asked questions and by meaning, and some of the rest. There are ten times as many written questions as rated ones.
ROWS = {"rated": (100, 60, 60), "written": (25, 20, 15)}
# What a row of each counts.
WEIGHT = {"rated": 1.0, "written": 0.1}
PARAMETERS = dict(
    objective="lambdarank", metric="None", learning_rate=0.06, num_leaves=8, max_depth=6, min_data_in_leaf=50,
    feature_fraction=0.5, bagging_fraction=0.8, bagging_freq=1, lambda_l2=10, lambdarank_truncation_level=150,
    label_gain=[0, 1], num_threads=1, deterministic=True, force_row_wise=True, verbosity=-1, seed=SEED)
# Lines of LightGBM's text that the service reads.
KEPT = ("tree", "version", "feature_names", "Tree", "num_leaves", "split_feature", "threshold", "decision_type",
        "left_child", "right_child", "leaf_value")


class Table:
    def __init__(self, path):
        head, *lines = path.with_suffix(".tsv").read_text().splitlines()
        self.names = head.split("\t")
        self.rows = numpy.fromfile(path.with_suffix(".f32"), "<f4").reshape(-1, len(self.names) + 1)
        self.questions, at = [], 0
        for line in lines:
            kind, fold, right, rows = line.split("\t")
            self.questions.append((kind, int(fold), int(right), slice(at, at + int(rows))))
            at += int(rows)
        assert at == len(self.rows), "the two files of the table do not belong together"

    def sample(self, kind, part, seed):
        """The rows of a question that the trees learn from."""
        rows = self.rows[part]
        column = lambda name: rows[:, 1 + self.names.index(name)]
        first, like, rest = ROWS[kind]
        keep = rows[:, 0] > 0
        keep[numpy.argsort(column("formula_place"), kind="stable")[:first]] = True
        for name in ("bank_around", "meaning", "tuned", "alike_around"):
            if name == "bank_around" or column(name).any():
                keep[numpy.argsort(-column(name), kind="stable")[:like]] = True
        keep[numpy.random.RandomState(seed).permutation(numpy.flatnonzero(~keep))[:rest]] = True
        return rows[keep]


def train(table, wanted, columns):
    groups, weights = [], []
    for at, (kind, fold, _, part) in enumerate(table.questions):
        if not wanted(kind, fold):
            continue
        rows = table.sample(kind, part, at)
        # A written question is asked without itself. Where it is the only one of its article, it would teach that likeness to
        # asked questions speaks against an article.
        if kind == "written" and not rows[rows[:, 0] > 0][:, 1 + table.names.index("bank_article")].any():
            continue
        if len(rows) and rows[:, 0].any():
            groups.append(rows)
            weights.append(numpy.full(len(rows), WEIGHT[kind]))
    rows = numpy.concatenate(groups)
    data = lightgbm.Dataset(rows[:, 1:][:, columns], rows[:, 0], group=[len(g) for g in groups],
                            weight=numpy.concatenate(weights),
                            feature_name=[table.names[c] for c in columns])
    return lightgbm.train(PARAMETERS, data, TREES)


def worth(table, at, scores):
    """nDCG@10, R@100, and whether the first is right."""
    _, _, right, part = table.questions[at]
    found = table.rows[part][:, 0][numpy.argsort(-scores, kind="stable")] > 0
    gain = sum(1 / math.log2(place + 2) for place in numpy.flatnonzero(found[:10]))
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, right)))
    return gain / ideal, found[:100].sum() / right, float(found[:1].any())


def paired(name, first, second):
    """Says how much better `second` is than `first` over the same questions: the mean difference of nDCG@10 and R@100, the
    interval that holds 95 in 100 means of questions drawn anew (bootstrap, 10,000 times), and how often random signs give
    a mean as far from nothing (sign-flip test, 10,000 times)."""
    draws = numpy.random.RandomState(SEED)
    for at, metric in enumerate(("nDCG@10", "R@100")):
        gain = numpy.array([b[at] - a[at] for a, b in zip(first, second, strict=True)])
        means = gain[draws.randint(len(gain), size=(10_000, len(gain)))].mean(axis=1)
        signs = (draws.choice((-1, 1), size=(10_000, len(gain))) * gain).mean(axis=1)
        chance = (1 + (abs(signs) >= abs(gain.mean())).sum()) / 10_001
        low, high = numpy.percentile(means, (2.5, 97.5))
        print(f"{name}, {metric}: {gain.mean():+.4f}, 95 % from {low:+.4f} to {high:+.4f}, p = {chance:.4f}; "
              f"better {(gain > 0).sum()}, worse {(gain < 0).sum()} of {len(gain)}")


def plain(model):
    """The model's text with the lines that the service reads."""
    text = model.model_to_string(importance_type="gain").split("\nend of trees")[0]
    lines = [line for line in text.splitlines() if not line or line.split("=")[0] in KEPT]
    return "\n".join(lines) + "\n\nend of trees\n"


def mean(results):
    return " ".join(f"{value:.4f}" for value in numpy.mean(results, axis=0)) if results else "-"


def main():
    option = lambda name: pathlib.Path(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else None
    table = Table(pathlib.Path(sys.argv[1]))
    # What no row knows anything of, as meaning where the table was made without vectors, is no column of the model.
    columns = [at for at in range(len(table.names)) if table.rows[:, 1 + at].any()]
    rated = [at for at, (kind, *_) in enumerate(table.questions) if kind == "rated"]
    formula = lambda at: table.rows[table.questions[at][3]][:, 1 + table.names.index("formula")]
    print("formula", mean([worth(table, at, formula(at)) for at in rated]))
    print("in the table", numpy.mean([table.rows[table.questions[at][3]][:, 0].sum() / table.questions[at][2] for at in rated]).round(4))
    results = {}
    for fold in range(FOLDS if "--no-folds" not in sys.argv else 0):
        model = train(table, lambda kind, of: kind == "written" or kind == "rated" and of != fold, columns)
        if option("--folds"):
            option("--folds").mkdir(parents=True, exist_ok=True)
            (option("--folds") / f"{fold}.txt").write_text(plain(model))
        for at in rated:
            if table.questions[at][1] == fold:
                results[at] = worth(table, at, model.predict(table.rows[table.questions[at][3]][:, 1:][:, columns]) if table.questions[at][3].stop > table.questions[at][3].start else numpy.zeros(0))
    print("trees, cross-validated", mean(list(results.values())), flush=True)
    if results:
        scores = [results[at] for at in rated]
        paired("trees against the formula", [worth(table, at, formula(at)) for at in rated], scores)
        if option("--against"):
            before = [[float(value) for value in line.split("\t")] for line in option("--against").read_text().splitlines()]
            paired(f"against {option('--against').stem}", before, scores)
        if option("--scores"):
            option("--scores").write_text("".join("\t".join(f"{value:.6f}" for value in score) + "\n" for score in scores))
    model = train(table, lambda kind, _: kind != "short", columns)
    short = [at for at, (kind, *_) in enumerate(table.questions) if kind == "short" and table.questions[at][3].stop > table.questions[at][3].start]
    print("short, formula", mean([worth(table, at, formula(at)) for at in short]))
    print("short, trees", mean([worth(table, at, model.predict(table.rows[table.questions[at][3]][:, 1:][:, columns])) for at in short]))
    gain = model.feature_importance("gain")
    for at in numpy.argsort(-gain, kind="stable"):
        print(f"  {table.names[columns[at]]:<20} {gain[at] / gain.sum():.4f}")
    if option("--model"):
        option("--model").write_text(plain(model))


if __name__ == "__main__":
    main()

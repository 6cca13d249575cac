#!/usr/bin/env python3
"""Trains the map of a question's vector: what it is multiplied with, so that it lies nearer to the articles that answer it.

usage: tune_map.py PAIRS OUT

PAIRS is what `tune DATA_DIR --pairs PAIRS` wrote. OUT gets 0.map … 4.map, each trained without a fold of the rated and of the
written questions, for `tune DATA_DIR --maps OUT`, and all.map, trained on all of them. A softmax over articles, the vectors of
articles as they are, from the identity on. Same pairs, same packages (scripts/tune-requirements.txt), same maps: one thread,
seeds, no clock.
"""
import math, os, pathlib, struct, sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
import numpy

FOLDS = 5
SEED = 7
PASSES = 5
BATCH = 128
RATE = 3e-4
# How sharply the softmax tells cosines apart, which lie close together.
SHARPNESS = 150.0
# What a question of each set counts.
WEIGHT = {"rated": 1.0, "written": 0.3}
# Pull towards the identity.
PULL = 0.01
# Articles that the softmax runs over besides those that are right: the likest of each question.
LIKEST = 12


class Pairs:
    def __init__(self, path):
        lines = [line.split("\t") for line in path.with_suffix(".tsv").read_text().splitlines()]
        self.sets = [line[0] for line in lines]
        self.folds = [int(line[1]) for line in lines]
        self.right = [numpy.array([int(row) for row in line[3].split(",") if row], int) for line in lines]
        self.questions = numpy.fromfile(path.with_suffix(".questions.f32"), "<f4").reshape(len(lines), -1)
        articles = numpy.fromfile(path.with_suffix(".articles.f32"), "<f4").reshape(-1, self.questions.shape[1])
        # What all articles share tells none from another.
        self.articles = articles - articles.mean(0)
        chosen = set(numpy.concatenate(self.right).tolist())
        for at in range(0, len(lines), BATCH):
            for products in self.questions[at:at + BATCH] @ self.articles.T:
                chosen |= set(numpy.argpartition(-products, LIKEST)[:LIKEST].tolist())
        self.chosen = numpy.array(sorted(chosen))
        self.place = {article: at for at, article in enumerate(self.chosen.tolist())}


def train(pairs, fold):
    """The map learned from all questions but those of the fold."""
    learned = [at for at in range(len(pairs.sets)) if pairs.folds[at] != fold and len(pairs.right[at])]
    weights = numpy.array([WEIGHT[pairs.sets[at]] for at in learned], numpy.float32)
    articles, width = pairs.articles[pairs.chosen], pairs.questions.shape[1]
    identity = numpy.eye(width, dtype=numpy.float32)
    random, map_ = numpy.random.RandomState(SEED), identity.copy()
    first, second, step = numpy.zeros_like(map_), numpy.zeros_like(map_), 0
    steps = PASSES * math.ceil(len(learned) / BATCH)
    for _ in range(PASSES):
        order = random.permutation(len(learned))
        for at in range(0, len(order), BATCH):
            batch = order[at:at + BATCH]
            questions = pairs.questions[[learned[i] for i in batch]]
            logits = SHARPNESS * (questions @ map_.T) @ articles.T
            error = numpy.exp(logits - logits.max(1, keepdims=True))
            error /= error.sum(1, keepdims=True)
            for row, i in enumerate(batch):
                right = [pairs.place[article] for article in pairs.right[learned[i]].tolist()]
                error[row, right] -= 1 / len(right)
            error *= (weights[batch] / weights[batch].sum())[:, None]
            slope = SHARPNESS * ((error @ articles).T @ questions) + PULL * (map_ - identity)
            # Adam, with a rate that falls in a straight line.
            step += 1
            rate = RATE * max(0.05, 1 - step / steps)
            first = 0.9 * first + 0.1 * slope
            second = 0.999 * second + 0.001 * slope * slope
            map_ -= rate * (first / (1 - 0.9 ** step)) / (numpy.sqrt(second / (1 - 0.999 ** step)) + 1e-8)
    return map_


def written(map_):
    """The file that the service reads: a row is a scale and bytes in units of it."""
    out = [b"GSMAP01\n", struct.pack("<I", len(map_))]
    for row in map_:
        scale = float(numpy.abs(row).max()) / 127
        out += [struct.pack("<f", scale), numpy.round(row / scale).astype(numpy.int8).tobytes()]
    return b"".join(out)


def worth(pairs, map_, asked):
    """nDCG@10 and R@100 of the articles in the order of their products alone."""
    results = []
    for at in asked:
        products = pairs.articles @ (map_ @ pairs.questions[at])
        found = numpy.isin(numpy.argsort(-products, kind="stable")[:100], pairs.right[at])
        gain = sum(1 / math.log2(place + 2) for place in numpy.flatnonzero(found[:10]))
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(pairs.right[at]))))
        results.append((gain / ideal, found.sum() / len(pairs.right[at])))
    return results


def mean(results):
    return " ".join(f"{value:.4f}" for value in numpy.mean(results, axis=0))


def main():
    pairs, out = Pairs(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    print(len(pairs.articles), "articles,", len(pairs.chosen), "in the softmax", flush=True)
    before, after = [], []
    for fold in range(FOLDS):
        map_ = train(pairs, fold)
        (out / f"{fold}.map").write_bytes(written(map_))
        rated = [at for at, of in enumerate(pairs.folds)
                 if of == fold and pairs.sets[at] == "rated" and len(pairs.right[at])]
        before += worth(pairs, numpy.eye(len(map_), dtype=numpy.float32), rated)
        after += worth(pairs, map_, rated)
        print("fold", fold, "by the products alone", mean(before), "mapped, cross-validated", mean(after), flush=True)
    (out / "all.map").write_bytes(written(train(pairs, None)))


if __name__ == "__main__":
    main()

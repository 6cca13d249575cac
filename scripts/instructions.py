#!/usr/bin/env python3
"""Instruction counts: runs ten fixed operations under callgrind and holds them to benches/instructions.txt.

usage: instructions.py [--renew]

Instructions don't depend on how busy the machine is, so a step that got dearer shows at once. They do depend on the
compiler and the profile: the counts are of the development profile, which CI builds anyway.
"""
import pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "debug" / "instructions"
COUNTS = ROOT / "benches" / "instructions.txt"
# Hash maps with random seeds move a count by a few in a thousand, another release of the compiler by a few in a hundred.
TOLERANCE = 0.10
HEAD = """# Instructions of each operation of benches/src/operations.rs, five times over, in the development profile.
# From: `make instructions-renew` with {compiler}.
# Held to: ten in a hundred either way. What got cheaper is renewed too, so that it stays so.
"""


def measured():
    """Instructions by operation, in the order in which they are run."""
    names = subprocess.run([BINARY, "list"], check=True, capture_output=True, text=True).stdout.split()
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([BINARY, "make", directory], check=True)
        out = pathlib.Path(directory) / "callgrind.out"
        function = "instructions::counted"
        command = [
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", f"--toggle-collect={function}",
            f"--dump-after={function}", BINARY, "run", directory,
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"callgrind failed:\n{done.stderr[-2000:]}")
        counts = []
        for at in range(1, len(names) + 1):
            dump = pathlib.Path(f"{out}.{at}")
            total = re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.M) if dump.exists() else None
            if not total or total[1] == "0":
                sys.exit(f"callgrind counted nothing for {names[at - 1]}: was {function} found?")
            counts.append(int(total[1]))
    return dict(zip(names, counts))


def committed():
    rows = [line.split() for line in COUNTS.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: int(count) for name, count in rows}


def main():
    if not shutil.which("valgrind"):
        sys.exit(
            "没有 valgrind，无法核对指令数：请安装（Debian/Ubuntu：apt-get install valgrind）后再试。\n"
            "valgrind is not installed, so the instruction counts cannot be checked: apt-get install valgrind"
        )
    if not BINARY.exists():
        sys.exit(f"{BINARY} is not built: cargo build -p benches --bin instructions")
    counts = measured()
    if "--renew" in sys.argv[1:]:
        compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
        rows = "".join(f"{name} {count}\n" for name, count in counts.items())
        COUNTS.write_text(HEAD.format(compiler=compiler) + rows)
        print(rows, end="")
        return
    wanted, wrong = committed(), []
    for name in dict.fromkeys([*wanted, *counts]):
        count, before = counts.get(name), wanted.get(name)
        if count is None or before is None:
            wrong.append(f"{name}: {'no longer counted' if count is None else 'not committed'}")
            continue
        ratio = count / before
        print(f"instructions: {name:<11} {count:>12,} of {before:>12,}  {ratio - 1:+.1%}")
        if abs(ratio - 1) > TOLERANCE:
            wrong.append(f"{name}: {ratio - 1:+.1%}, bound {TOLERANCE:.0%} either way")
    if wrong:
        sys.exit("instruction counts: " + "; ".join(wrong) + "\nwhere that is meant: make instructions-renew, and say why")


if __name__ == "__main__":
    main()

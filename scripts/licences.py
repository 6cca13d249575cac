#!/usr/bin/env python3
"""Checks, without a network, that every dependency's licence is one we may ship with."""
import json, re, subprocess, sys

ALLOWED = {
    "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unicode-3.0", "Unicode-DFS-2016", "CC0-1.0",
    "Unlicense", "MPL-2.0", "0BSD", "BSL-1.0", "CDLA-Permissive-2.0", "MIT-0", "Apache-2.0 WITH LLVM-exception",
}


def allowed(expression):
    """Reads an SPDX expression of OR, AND and parentheses, and the old form with slashes."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    merged = []
    for token in tokens:
        if merged and (token == "WITH" or merged[-1].endswith(" WITH")):
            merged[-1] += " " + token
        else:
            merged.append(token)

    def either(at):
        ok, at = both(at)
        while at < len(merged) and merged[at] == "OR":
            other, at = both(at + 1)
            ok = ok or other
        return ok, at

    def both(at):
        ok, at = one(at)
        while at < len(merged) and merged[at] == "AND":
            other, at = one(at + 1)
            ok = ok and other
        return ok, at

    def one(at):
        if merged[at] == "(":
            ok, at = either(at + 1)
            return ok, at + 1
        return merged[at] in ALLOWED, at + 1

    return either(0)[0]


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packages"]
    bad = [(p["name"], p["version"], p["license"]) for p in packages if not (p["license"] and allowed(p["license"]))]
    for name, version, licence in bad:
        print(f"licence not allowed: {name} {version}: {licence or 'none stated'}")
    print(f"licences: {len(packages)} packages, {len(bad)} not allowed")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

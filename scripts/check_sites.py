#!/usr/bin/env python3
"""Holds the addresses that the service recommends to a folder of evidence: a random sample of them, or all.

    curl -s http://127.0.0.1:8080/api/v1/dumps/institution.jsonl > institutions.jsonl
    python3 scripts/check_sites.py institutions.jsonl EVIDENCE [--sample 100] [--seed 1] [--all]

Recommended is what is neither disputed nor only claimed. EVIDENCE is a folder of CSV files in which columns are called as in corpus/: `name`, `division_code` and `host` of a
body, `advice` on hosts that are recorded (corrections), `check` of rows that rest on guesses. An address is contradicted where the evidence says of this very
body and host that it is wrong or another's, or gives the body, by its full name and division, other hosts only and with
certainty. Those contradicted are printed, and the exit status is 1.
"""

import argparse
import csv
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
# What a correction may say of the host that corpus/ has: all else leaves it standing.
AGAINST = ("replace", "remove")
# Words of a table's own column on how well its host is attested.
CERTAIN = ("corroborated", "official-page")


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bare(host):
    return host.strip().lower().removeprefix("www.")


def hosts_in(cell):
    """Hosts of a cell, without the sources in brackets behind them."""
    return {bare(part.split("[")[0]) for part in cell.replace("；", ";").split(";") if part.strip()}


def evidence(folder):
    """What speaks against a body's host, and the hosts that a body has with certainty, by id or by name and division."""
    against, certain, backed = defaultdict(list), defaultdict(set), set()
    for path in sorted(Path(folder).glob("*.csv")):
        for row in rows(path):
            if row.get("advice", "").startswith(AGAINST):
                for host in hosts_in(row.get("corpus_hosts") or row.get("host", "")) - {bare(row.get("host", ""))}:
                    against[row["institution_id"], host].append(f"{path.name}: {row['advice']} ({row.get('strength', '')})")
            elif "check" in row and "wrong" in row["check"]:
                against[row["institution_id"], bare(row["host"])].append(f"{path.name}: {row['check']}")
            elif row.get("institution_id") and row.get("host") and "advice" not in row:
                backed.add((row["institution_id"], bare(row["host"])))
            elif row.get("host_status", "").split(" ")[0] in CERTAIN and row.get("division_code"):
                hosts = hosts_in(row["host"]) | hosts_in(row.get("other_hosts", ""))
                certain[row["name"], row["division_code"]] |= hosts
    return against, certain, backed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dump")
    parser.add_argument("evidence")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    with open(asked.dump, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    against, certain, backed = evidence(asked.evidence)
    common = {row["host"] for row in rows(CORPUS / "common_hosts.csv")}
    recommended = lambda site: site["evidence"] not in ("disputed", "claimed")
    sites = [(record["id"], record["body"], site) for record in records for site in filter(recommended, record["body"]["websites"])]
    owners = defaultdict(set)
    for id, _, site in sites:
        owners[bare(site["host"])].add(id)
    chosen = sites if asked.all else random.Random(asked.seed).sample(sites, min(asked.sample, len(sites)))
    wrong, told, shared = [], 0, 0
    for id, body, site in chosen:
        key = (id, bare(site["host"]))
        known = certain.get((body["name"], body["division"]), set())
        told += key in against or key in backed or bool(known)
        reasons = list(against.get(key, []))
        if known and key[1] not in known and not any(key[1].endswith("." + host) for host in known):
            reasons.append(f"has {', '.join(sorted(known))} by another table")
        if len(owners[key[1]]) > 1 and key[1] not in common:
            shared += 1
            reasons.append(f"is recorded for {len(owners[key[1]])} bodies")
        if reasons:
            wrong.append(f"{body['name']} {site['host']} ({site['evidence']}): {'; '.join(reasons)}")
    print(f"{len(chosen)} addresses, of {told} the evidence speaks; contradicted {len(wrong)}, of them {shared} of several bodies")
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

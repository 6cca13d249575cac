#!/usr/bin/env bash
# Draws where the time goes: an uncached search, the index build, cached answers. Needs perf (Debian: linux-perf), inferno
# (cargo install inferno --locked), oha (cargo install oha --locked), and a release build.
#
# usage: scripts/flamegraphs.sh DATA_DIR      an index that is there; writes benches/flamegraphs/*.svg
set -euo pipefail
data=${1:?usage: scripts/flamegraphs.sh DATA_DIR}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
mkdir -p benches/flamegraphs

draw() { # NAME TITLE: the samples of $work/NAME.perf
  perf script -i "$work/$1.perf" --no-inline 2>/dev/null | inferno-collapse-perf > "$work/$1.folded"
  inferno-flamegraph --title "$2" --minwidth 0.5 --deterministic < "$work/$1.folded" > "benches/flamegraphs/$1.svg"
}
record() { perf record -F 99 --call-graph dwarf,16384 -o "$work/$1.perf" "${@:2}" >/dev/null 2>&1 || true; }

record search timeout 60 target/release/benches kinds "$data"
draw search "uncached searches of the query log, one thread"

cp -r "$data" "$work/data"
record index target/release/guansou --data "$work/data" index --rebuild
draw index "guansou index --rebuild"

target/release/guansou --data "$work/data" serve --listen 127.0.0.1:8097 >/dev/null 2>&1 &
server=$!
for _ in $(seq 100); do curl -fs 127.0.0.1:8097/readyz >/dev/null && break; sleep 0.2; done
oha --no-tui -z 8s -c 8 'http://127.0.0.1:8097/api/v1/search?q=%E8%A1%8C%E6%94%BF%E8%AE%B8%E5%8F%AF' >/dev/null &
record cached -p "$server" -- sleep 5
draw cached "one cached answer again and again, eight connections"

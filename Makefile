# run    build and start 官搜 on http://127.0.0.1:8080
# test   everything a change must pass; what CI runs
# bench  all measurements, a generated national directory included: about 20 minutes
# bench-quick  the measurements of today's corpus: some minutes
# eval   quality on the rated queries beside the checkout
# fuzz   ten minutes of every fuzz target; needs cargo-fuzz (cargo install cargo-fuzz)
CARGO ?= cargo

.PHONY: run test bench bench-quick eval fuzz fmt

run:
	$(CARGO) run --release --locked --

test:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	python3 scripts/licences.py
	$(CARGO) test --workspace --locked
	$(CARGO) build --locked
	python3 scripts/floors.py

bench: bench-quick
	mkdir -p target/bench-data
	$(CARGO) run --release --locked -- --data target/bench-data index
	$(CARGO) run --release --locked -p benches --bin benches -- national target/bench-data

bench-quick:
	$(CARGO) build --release --locked --workspace
	$(CARGO) run --release --locked -p benches --bin benches

eval:
	$(CARGO) build --release --locked
	python3 scripts/floors.py --release --misses 20 --no-browser

# Without a sanitizer the coverage instrumentation works on the stable compiler; the code has no unsafe part of its own.
FUZZ_SECONDS ?= 600
fuzz:
	RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none address -- -max_total_time=$(FUZZ_SECONDS) -max_len=4200
	for target in docx ofd sheet page propose; do \
	  RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=10 || exit 1; \
	done

fmt:
	$(CARGO) fmt --all

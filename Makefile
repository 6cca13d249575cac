# run    build and start 官搜 on http://127.0.0.1:8080
# test   everything a change must pass; what CI runs
# bench  the long measurements
# eval   quality on the rated queries beside the checkout
CARGO ?= cargo

.PHONY: run test bench eval fmt

run:
	$(CARGO) run --release --locked --

test:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	python3 scripts/licences.py
	$(CARGO) test --workspace --locked
	$(CARGO) build --locked
	python3 scripts/floors.py

bench:
	$(CARGO) build --release --locked --workspace
	$(CARGO) run --release --locked -p benches

eval:
	$(CARGO) build --release --locked
	python3 scripts/floors.py --release --misses 20

fmt:
	$(CARGO) fmt --all

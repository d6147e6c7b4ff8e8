# One-word commands; `make` lists them. Each builds what it needs in build/<preset>.
.PHONY: list build test check format lint bench docs fuzz
list:
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 10

build: build/release/build.ninja ## the library and the qhm command, in build/release
	@cmake --build --preset release

test: build/dev/build.ninja ## build with asserts and run the tests
	@cmake --build --preset dev
	@ctest --preset dev -j 2

bench: build/release/build.ninja ## print speed beside the machine's limits
	@cmake --build --preset release --target bench

format: ## lay out every C file
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i

build/%/build.ninja:
	@tools/install-packages
	@cmake --preset $* >/dev/null

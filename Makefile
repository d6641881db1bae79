# Two commands: `make run` serves the site, `make test` checks everything. Both set up what they need and say so.
# What the system itself must give is asked for by scripts/system-packages, which prints the exact line where it may not install.

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= data
PYTEST_ARGS ?=
# Tests that drive a browser run by themselves: their event loop would be in the way of the database in one process. Their
# files stay whole, since each has a site of its own. A browser waits half of its time, so that more of them may run beside each
# other than there are cores; with the slow tests, which look at times too, it is one a core. The others are given from the one
# that has more left to the other.
BROWSER := tests/browser --dist loadfile
OTHERS := --ignore=tests/browser --dist worksteal -n 2
# properties are tried on a quarter of their examples, other ones at each run
QUICK := -m "not slow" --hypothesis-profile=quick

# real data to test against lies beside a developer's checkout; without it the tests that need it skip and say so
ifneq ($(wildcard ../shared/data/MANIFEST.csv),)
export BEDSIDE_SAMPLES ?= $(abspath ../shared)
endif

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-all check lint bench format clean

help: ## say what can be made
	@echo "make run        set up, then serve the site on http://127.0.0.1:$(PORT)/ (data in $(DATA)/)"
	@echo "make test       set up, then check and test everything that is not slow"
	@echo "make test-all   the same with the slow tests and all examples; what CI runs"
	@echo "make setup      make $(VENV) with the bedside command in it"
	@echo "make bench      run the benchmarks"
	@echo "make format     put the code in order"
	@echo "make clean      remove $(VENV) and caches (never $(DATA)/)"

run: setup ## serve the site
	@echo "Serving the site; stop it with Ctrl+C. Your work is kept in $(DATA)/."
	$(BIN)/bedside serve --port $(PORT) --data $(DATA)

setup: $(VENV)/.installed

setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt src/bedside/__init__.py
	@scripts/make-venv $(VENV)
	@echo "Installing Bedside into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@
	@echo "Done: $(BIN)/bedside is ready."

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

check: setup-dev ## everything that reads the code and the content without running the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bedside bank check
	$(BIN)/bedside case check

test: check ## check, and all tests that are not slow
	@scripts/system-packages chromium
	$(BIN)/pytest $(QUICK) $(OTHERS) $(PYTEST_ARGS)
	$(BIN)/pytest $(QUICK) $(BROWSER) -n 4 $(PYTEST_ARGS)

test-all: check ## check, and all tests
	@scripts/system-packages chromium
	@scripts/system-packages postgresql
	$(BIN)/pytest $(OTHERS) $(PYTEST_ARGS)
	$(BIN)/pytest $(BROWSER) -n 2 $(PYTEST_ARGS)

bench: setup-dev ## run the benchmarks
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

format: setup-dev ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what can be made again
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

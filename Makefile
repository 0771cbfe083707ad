# Two commands do everything on a fresh Debian or Ubuntu with Python 3.11:
#   make run    set up, then open the program on the shipped samples
#   make test   set up, then check and test everything (what CI runs)
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= inspection-output

.PHONY: run test check fix setup system clean

run: setup
	@packaging/run.sh $(BIN) $(OUT)

test: check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: system $(READY)

# Torch comes first and pinned: a plain "torch" fetches gigabytes of CUDA libraries.
$(READY): pyproject.toml packaging/constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt-get install python3.11 python3.11-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint packaging/constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint packaging/constraints.txt --editable ".[dev]"
	touch $(READY)

system:
	@packaging/system-libraries.sh

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Two commands do everything on a fresh Debian or Ubuntu with Python 3.11:
#   make run    set up, then open the program on the shipped samples
#   make test   set up, then check and test everything (what CI runs)
# For those who change a text of the window: make translations
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= inspection-output

.PHONY: run test check fix translations setup system clean

run: setup
	@packaging/run.sh $(BIN) $(OUT)

# A worker a core, each with one thread; files stay whole, so what a file's tests share is made once.
test: check
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -m pytest --dist loadfile \
		--numprocesses logical --maxprocesses 4

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Texts that are new stand in the .ts file as unfinished, until somebody translates them there.
translations: setup
	$(BIN)/pyside6-lupdate $$(find inspector_app/gui -name '*.py' | sort) -no-obsolete -locations none \
		-ts resources/translations/inspector_zh_CN.ts
	$(BIN)/pyside6-lupdate $$(find inspector_app/gui -name '*.py' | sort) -no-obsolete -locations none \
		-pluralonly -ts resources/translations/inspector_en.ts
	for file in resources/translations/*.ts; do $(BIN)/pyside6-lrelease -silent $$file; done

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

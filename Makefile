# Journal Club. Each target sets up what it needs: the first one makes .venv, which takes a minute or two.
#   make PYTHON=python3.12 test    with another Python (3.11 or newer)

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
# More than there are cores: many tests wait for a program or a time limit.
WORKERS ?= 4

# Relative on purpose: a path with spaces in front of it does no harm.
PY := .venv/bin/python
READY := .venv/ready
PROGRAM := .venv/program

# Bytecode is kept, also where the shell says not to: the tests start the program again and again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint unit quick bench stress mutate docs format clean
.DELETE_ON_ERROR:

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: $(PROGRAM)  ## play a club's first week in this terminal and publish its first edition into demo/
	.venv/bin/journalclub demo

test: $(READY)  ## everything that must pass before a change lands
	$(MAKE) --no-print-directory --jobs=2 lint unit

lint: $(READY)  ## format, lint, types, imports, generated pages, translations, platforms' limits
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m bot.cli.settings_reference --check
	$(PY) -m bot.cli.commands_reference --check
	$(PY) -m bot.cli.retention_reference --check
	$(PY) -m bot.locale.maintenance --check
	$(PY) -m bot.cli.command_limits
	$(PY) -m bot.cli.voice_check

unit: $(READY)  ## the tests alone
	$(PY) -m pytest -q -n $(WORKERS) --dist worksteal

# The rules by themselves, and the conversations; not the store, the adapters, the workers and the program.
QUICK := domain chat editions latex locale scenarios settings recommender sources

quick: $(READY)  ## the unit and scenario tests alone, without the slowest, while you work
	$(PY) -m pytest -q -n 2 --dist worksteal -m "not stress and not slow" $(addprefix tests/,$(QUICK))

bench: $(READY)  ## measure, compare with the bare frameworks, print the tables of docs/benchmarks.md
	$(PY) -m benchmarks

stress: $(READY)  ## the long loops: chaos, drills, new examples; KILLS=200: kills alone, SOAK=60: minutes of a soak
ifdef KILLS
	$(PY) -m benchmarks.kills --kills $(KILLS)
else ifdef SOAK
	$(PY) -m benchmarks.soak --minutes $(SOAK)
else
	$(PY) -m pytest -q -m "stress or not stress" --hypothesis-profile=wild --timeout 3600
endif

mutate: $(READY)  ## put small faults into a copy of the tree and count those that the tests notice (a quarter of an hour)
	$(PY) -m benchmarks.mutation

docs: $(READY)  ## write the pages that are read from the code
	$(PY) -m bot.cli.settings_reference
	$(PY) -m bot.cli.commands_reference
	$(PY) -m bot.cli.retention_reference

messages: $(READY)  ## bring the catalogues of translations in step with the code
	$(PY) -m bot.locale.maintenance

format: $(READY)  ## put the code into its form
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

clean:  ## remove all that make made; the data folder stays
	rm -rf .venv build dist demo *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find bot adapters migrations tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The program alone, for those who only want to see it; or with the tools that change and test it. The tests are collected
# once here, which keeps the bytecode of what they import: else each worker of the first run would compile all of it, and
# pip all modules of the packages, of which few are used.
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore -c constraints.txt -e

$(PROGRAM): pyproject.toml constraints.txt | $(PY)
	$(INSTALL) .
	@touch $(PROGRAM)

$(READY): pyproject.toml constraints.txt | $(PY)
	$(INSTALL) '.[dev]' --no-compile
	@$(PY) -m pytest -q --collect-only >/dev/null || true
	@touch $(PROGRAM) $(READY)

$(PY):
	@test -n "$(PYTHON)" || { echo "Journal Club needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; rm -rf .venv; exit 1; }

# Every verb explains itself: `make` lists them.
#
# Needs Debian 12 (or the like) with make, Python 3.11 and its venv module. Node is used where it
# is at least version 20, else one comes from a Python package. A stamp stands for each finished
# step, so that a second run takes seconds.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --root-user-action=ignore
DB_TESTS := not journey and not fault
# What never meets a database says the same on either.
PLAIN := --ignore=tests/architecture --ignore=tests/wording --ignore=tests/rules --ignore=tests/packs
# Node from the virtual environment where the machine has none.
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
ASSETS := $(shell find bukti/faces/web/assets -type f) build.mjs package.json
PO := $(wildcard bukti/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)
# A checkout serves plain HTTP on this machine only; an installation sets its own environment.
setup demo serve: export BUKTI_DEVELOPMENT ?= yes
setup demo serve: export BUKTI_ADDRESS ?= http://127.0.0.1:$(PORT)

# Dependencies and assets come in at the same time.
MAKEFLAGS += --jobs=3
.DEFAULT_GOAL := help
.PHONY: help setup demo serve check test test-journeys test-faults bench docs messages locks chromium

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PORT=8080 for another port; BUKTI_DATA=… for another data folder."

setup: .venv/.runtime node_modules/.built $(MO)  ## environment, assets, translations, database, keys, instruments
	@$(BIN)/bukti setup

demo: setup  ## set up, load the demonstration region, serve it and print a login per role
	@$(BIN)/bukti demo
	@exec $(BIN)/bukti serve --port $(PORT)

serve: setup  ## set up and serve without demonstration data; the console shows how to begin
	@exec $(BIN)/bukti serve --port $(PORT)

check: .venv/.dev node_modules/.built $(MO)  ## the fast gate: formats, types, contracts, templates, documents, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bukti benchmarks
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint bukti/faces/web/templates --check --lint --quiet
	$(NODE) node_modules/.bin/tsc --noEmit
	$(BIN)/bukti makemigrations --check --dry-run
	$(BIN)/bukti docs --check
	$(BIN)/python -m pytest -q -n auto -m "$(DB_TESTS) and not slow"

test: .venv/.dev node_modules/.built $(MO) chromium  ## everything, on SQLite and PostgreSQL, with browser journeys and 20 kills; what CI runs
	$(BIN)/python -m pytest -q -n 2 -m "$(DB_TESTS)"
	BUKTI_TEST_DATABASE=postgres $(BIN)/python -m pytest -q -n 2 -m "$(DB_TESTS)" $(PLAIN)
	$(BIN)/python -m pytest -q -m journey
	$(BIN)/python -m pytest -q -m fault

test-journeys: .venv/.dev node_modules/.built $(MO) chromium  ## every role's part of the round in a browser, axe on every page
	$(BIN)/python -m pytest -q -m journey

test-faults: .venv/.dev node_modules/.built $(MO)  ## the long fault runs: 200 kills, full disks, power cuts where loop mounts are allowed
	BUKTI_FAULT_ROUNDS=200 $(BIN)/python -m pytest -q -m fault

bench: .venv/.dev node_modules/.built $(MO)  ## how fast it is, with the environment it was measured in (benchmarks/)
	$(BIN)/python -m benchmarks

docs: .venv/.runtime  ## write docs/reference/ anew from the code
	$(BIN)/bukti docs

messages: .venv/.dev  ## collect the screen's sentences into the translation, then compile it
	$(BIN)/bukti messages
	@$(MAKE) --no-print-directory $(MO)

locks:  ## the hashed requirements from pyproject.toml; needs uv, touches no address of a registry
	uv lock --quiet
	uv export --frozen --no-emit-project --extra pg --no-dev -q --no-annotate --no-header > requirements.lock
	uv export --frozen --no-emit-project --extra pg -q --no-annotate --no-header > requirements-dev.lock
	uv export --frozen --only-group build -q --no-annotate --no-header > requirements-build.lock
	uv export --frozen --only-group node -q --no-annotate --no-header > requirements-node.lock

# Steps, each with a stamp ---------------------------------------------------------------------

.venv/bin/python:
	@echo "→ virtual environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
		|| { echo "Bukti needs Python 3.11 to 3.14; name one: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }

.venv/.runtime: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	@echo "→ hashed dependencies"
	@$(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) --no-index --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "→ hashed dependencies for development"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.node: requirements-node.lock | .venv/bin/python
	@case "$$(node --version 2>/dev/null)" in \
		v2[0-9].*|v[3-9][0-9].*) command -v npm >/dev/null || $(PIP) --require-hashes -r $< ;; \
		*) echo "→ Node from a Python package"; $(PIP) --require-hashes -r $< ;; \
	esac
	@touch $@

node_modules/.installed: package-lock.json .npmrc | .venv/.node
	@echo "→ asset tools"
	@$(NODE) npm ci --loglevel=error --no-progress --ignore-scripts >/dev/null
	@touch $@

node_modules/.built: $(ASSETS) node_modules/.installed
	@echo "→ assets"
	@$(NODE) node build.mjs
	@touch $@

%.mo: %.po | .venv/.runtime
	@echo "→ translation $<"
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		[ "$$(id -u)" = 0 ] || { echo "The journeys need Chromium: apt-get install chromium"; exit 1; }; \
		echo "→ Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

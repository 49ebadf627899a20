# One line for each thing that is done here; what it takes is in ops/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
SAMPLES ?= 1
T ?=
B ?=
PY := .venv/bin/python
PIP := .venv/bin/pip install -qq --disable-pip-version-check --require-hashes

.PHONY: help setup run test check drill bench messages docs

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: .venv/.dev node_modules/.laid static/vendor/.laid ## Everything that running, testing and checking need

# make run SAMPLES=0 begins without sample people and projects.
run: .venv/.local node_modules/.laid static/vendor/.laid ## Run it all on http://127.0.0.1:$(PORT); Ctrl-C stops it
	@PORT=$(PORT) SAMPLES=$(SAMPLES) exec $(PY) -m ops.run

test: setup ## All tests; some of them: make test T="tests/ops -k name"
	@exec $(PY) -m ops.testing $(T)

check: setup ## Every gate that needs no test
	@exec $(PY) -m ops.check

drill: setup ## Back up, destroy, restore, compare: on servers of its own
	@exec $(PY) -m ops.drill

# make bench B="--scale large --only list" ; B=--help says more.
bench: setup ## Each figure of the performance table as a ratio within one run
	@exec $(PY) -m benchmarks $(B)

messages: setup ## Collect the texts to translate, then compile the translations
	@$(PY) -m ops.messages extract && $(PY) -m ops.messages compile

docs: setup ## Write the generated documents anew
	@$(PY) -m ops.check docs

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.local: requirements-local.txt | .venv/bin/python
	@echo "Installing what running needs …"
	@$(PIP) -r requirements-local.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing what running, testing and checking need …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.local

node_modules/.laid: package.json package-lock.json .npmrc | .venv/bin/python
	@bash ops/npm.sh
	@touch $@

static/vendor/.laid: node_modules/.laid ops/assets.py requirements.txt | .venv/bin/python
	@$(PY) -m ops.assets
	@touch $@

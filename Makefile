# Two commands set everything up on a fresh machine: `make site` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: site test check serve screenshots bench matrix audit clean

site: $(VENV)/installed ## build the example site into output/
	$(BIN)/sitegen build

test: $(VENV)/tests ## run all tests
	$(BIN)/python -m pytest -n auto

check: $(VENV)/checks ## ruff, mypy --strict, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: $(VENV)/installed ## show the example site and rebuild it as it is edited
	$(BIN)/sitegen serve

screenshots: $(VENV)/tests ## draw the pictures of README and manual anew
	$(BIN)/python tests/make_screenshots.py

bench: $(VENV)/tests ## measure speed and memory
	$(BIN)/python -m benchmarks

matrix: $(VENV)/tests ## run the tests under every Python here, and with the oldest and the newest libraries
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	sh tests/run-matrix

audit: $(VENV)/checks ## list what is pinned and its licences; with ADVISORIES=osv.zip what is known against it
	$(BIN)/python tests/audit.py $(ADVISORIES)

clean: ## remove what was made
	rm -rf $(VENV) output .sitegen

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

$(VENV)/tests: $(VENV)/installed tests/page-checks.json
	$(PIP) --editable '.[test]'
	sh tests/install-chromium
	sh tests/install-page-checks $(VENV)/page-checks
	touch $@

$(VENV)/checks: $(VENV)/tests
	$(PIP) --editable '.[test,check]'
	touch $@

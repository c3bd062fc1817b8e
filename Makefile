.DEFAULT_GOAL := help
.PHONY: help run test check bench shots faults
PYTHON ?= python3
BIN := .venv/bin

help: ## list what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

run: .venv/.run ## the demo on http://127.0.0.1:8000
	@exec $(BIN)/postbag demo

test: .venv/.test ## all tests; says what this machine leaves out
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: .venv/.test ## format, lint, import contracts, types, templates
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports && $(BIN)/mypy && $(BIN)/djlint --quiet --check templates && $(BIN)/djlint --quiet --lint templates

bench: .venv/.test ## what pages and questions cost, and what grows, as ratios
	@$(BIN)/python -m tests.bench

shots: .venv/.test ## a picture of every page kind, in shots/
	@$(BIN)/python -m pytest -q tests/browser/test_shots.py --shots shots

faults: .venv/.test ## faults and made-up input at length: a hundred kills, ten times the examples
	@FAULTS=full FUZZ=10 $(BIN)/python -m pytest --timeout=3600 -n auto --dist loadgroup tests/faults tests/fuzz

.venv/.run: pyproject.toml constraints.txt
	@echo "Installing into .venv; this happens once and takes a minute."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . && touch $@

.venv/.test: .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,scale]' && touch $@

# The press desk's commands. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PORT ?= 5000
JOBS ?= 2
BIN := .venv/bin
STRICT = $(shell find pr_tracker -name 'rules*.py' -o -name 'actions*.py' -o -path '*/actions/*.py') \
  $(addprefix pr_tracker/,permissions.py errors.py office_time.py text.py)
READY := .venv/pr_tracker-is-installed

.PHONY: help install run test check bench constraints

help:  ## What there is
	@sed -nE 's/^([a-z]+):.*  ## (.*)/\1\t\2/p' Makefile | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(READY)  ## Set up .venv and compile the translations
	@$(BIN)/python -m pr_tracker.web.catalog > /dev/null

$(READY): pyproject.toml constraints.txt .ci/make-venv
	@.ci/make-venv
	@echo "Installing the packages of constraints.txt into .venv (a few minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,postgresql,redis,sign]'
	@touch $@

run: install  ## Serve the demo province, and send its notices, on http://127.0.0.1:5000 (PORT=8000 for another port)
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2> /dev/null || \
	  { echo "Port $(PORT) is in use; choose another: make run PORT=8000" >&2; exit 1; }
	@$(BIN)/flask db upgrade
	@$(BIN)/flask demo --if-empty
	@echo; echo "  Open http://127.0.0.1:$(PORT)    (Ctrl+C stops it)"; echo
	@$(BIN)/python -m pr_tracker.worker & worker=$$!; \
	  $(BIN)/gunicorn --workers 2 --bind 127.0.0.1:$(PORT) --log-level warning --no-control-socket app:app & web=$$!; \
	  trap 'kill $$web $$worker 2> /dev/null || true; wait' EXIT; trap 'exit 0' INT TERM; \
	  wait -n $$web $$worker

test: install  ## Run every test; without PostgreSQL or Chromium the tests that need them say so
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: install  ## Style, types, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy --strict --follow-imports silent --cache-dir .mypy_cache/strict $(STRICT)
	@$(BIN)/lint-imports

bench: install  ## How fast it is from a thousand to a million inquiries, goal by goal (SIZES=1000,10000 for less)
	@$(BIN)/python -m tests.bench

constraints:  ## Pin every package anew, from pyproject.toml
	@.ci/make-venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --all-extras \
	  --custom-compile-command 'make constraints' --output-file constraints.txt pyproject.toml

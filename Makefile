# Everything a developer types. `make help` lists it.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CATALOGUES := $(wildcard src/kraftsamling/locale/*/LC_MESSAGES/django.po src/kraftsamling/web/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check bench lock docs messages screenshots clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) $(COMPILED) ## build the environment in .venv from the hash-pinned lock

$(READY): requirements/base.in requirements/dev.txt requirements/bootstrap.txt pyproject.toml tools/setup_environment.sh
	@sh tools/setup_environment.sh $(VENV) $(PYTHON)
	@touch $@

%.mo: %.po tools/messages.py | $(READY)
	@$(BIN)/python tools/messages.py compile $<

demo: setup ## the demo city on 127.0.0.1, PORT=8000; keeps what was changed
	@$(BIN)/kraftsamling demo --port $(PORT)

demo-reset: setup ## throw the demo city's data away and start afresh
	@$(BIN)/kraftsamling demo --port $(PORT) --reset

test: setup ## all tests, on SQLite and on a PostgreSQL started for the purpose
	@$(BIN)/python tools/run_tests.py

check: setup ## lint, format, types, import contracts, migrations, templates, catalogues, docs
	@$(BIN)/python tools/run_checks.py

bench: setup ## measure what we promise about speed
	@$(BIN)/python -m bench

lock: $(READY) ## resolve requirements/*.in anew into the hash-pinned locks
	@cd requirements && for name in bootstrap base dev; do \
		echo "requirements/$$name.txt"; \
		../$(LOCK) --output-file $$name.txt $$name.in; \
	done

docs: setup ## build the handbook into docs/_build/html
	@$(BIN)/sphinx-build --nitpicky --fail-on-warning --keep-going --quiet -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

messages: $(READY) ## collect the interface's texts into the catalogues
	@$(BIN)/python tools/messages.py update

screenshots: setup ## take the README's pictures of a running demo (needs Chromium)
	@$(BIN)/python tools/take_screenshots.py

clean: ## remove what was built and measured; keeps var/, the data
	@rm -rf $(VENV) docs/_build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete

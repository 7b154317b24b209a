# Every target sets up what it needs. `make` alone prints this list.
VENV ?= .venv
PARITY_VENV ?= .venv-lerobot
# With lerobot and nothing of ours: outside the checkout, so that every checkout finds it. Plug-ins of this one go to build/.
LEROBOT_VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/para-bench/lerobot
LEROBOT_PLUGINS := build/lerobot_plugins
PYTHON ?=
ARGS ?=
# Two test processes, one thread each: torch would otherwise start a thread per core in every process.
TEST_WORKERS ?= 2
# Folders of records of suite version 2; those of version 1 stay as they were made (results/v1/README.md).
RESULTS := $(patsubst results/%,%,$(wildcard results/factorial results/factorial_64 results/camera_diversity results/disturbed/replan_*))

BIN := $(VENV)/bin
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-fast test-slow check format report docs parity lerobot test-lerobot pictures clean gl

help: ## Print this list
	@echo 'usage: make TARGET [ARGS="..."] [PYTHON=python3.12] [VENV=.venv]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.installed gl ## Install, then run the PARA head on the novel_view split (ARGS are added)
	$(BIN)/para-bench run --head para --split novel_view $(ARGS)

test: $(VENV)/.installed-dev gl ## Install, then run every test that is neither slow nor for a GPU
	$(PYTEST) -n $(TEST_WORKERS) --dist loadfile $(ARGS)

test-fast: $(VENV)/.installed-dev gl ## Only the unit tests; stop at the first failure
	$(PYTEST) -n $(TEST_WORKERS) --dist loadfile -x -m 'not slow and not gpu and not integration' $(ARGS)

test-slow: $(VENV)/.installed-dev gl ## Only the slow tests (training runs, hundreds of episodes)
	$(BIN)/python -m pytest -m 'slow and not gpu' --timeout 1800 $(ARGS)

check: $(VENV)/.installed-dev ## Lint, formatting, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-dev ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

report: $(VENV)/.installed-dev ## Rebuild the tables and figures of results/ from the records; no diff where they are up to date
	for part in $(RESULTS); do \
	    $(BIN)/para-bench table results/$$part --out results/$$part/tables.md && \
	    $(BIN)/para-bench table results/$$part --format csv --out results/$$part/tables.csv && \
	    $(BIN)/para-bench table results/$$part --format latex --standalone --out results/$$part/tables.tex && \
	    { ! grep -qs contrasts.md results/$$part/README.md || $(BIN)/para-bench table results/$$part --only contrasts --out results/$$part/contrasts.md; } && \
	    $(BIN)/para-bench figures results/$$part --out results/$$part/figures || exit 1; \
	done

pictures: $(VENV)/.installed-dev gl ## Draw the pictures of tasks and splits in docs/pictures/ anew
	$(BIN)/python scripts/pictures.py

docs: $(VENV)/.installed-docs ## Build the pages of docs/ as a site in build/docs; a warning is an error
	scripts/docs_pages.sh build/pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict # --quiet would silence what --strict counts

lerobot: $(LEROBOT_VENV)/.installed ## Install lerobot into an environment of its own (Python 3.12, 6 GB), our plug-ins into build/ (docs/LEROBOT.md)
	rm -rf $(LEROBOT_PLUGINS)
	$(LEROBOT_VENV)/bin/python -m pip install -q --no-deps --no-build-isolation --target $(LEROBOT_PLUGINS) plugins/*
	@echo 'export PYTHONPATH=$(CURDIR):$(CURDIR)/$(LEROBOT_PLUGINS) PATH=$(LEROBOT_VENV)/bin:$$PATH'

test-lerobot: $(VENV)/.installed-dev lerobot gl ## The tests with the real lerobot
	LEROBOT_VENV=$(LEROBOT_VENV) $(PYTEST) tests/with_lerobot -m 'slow or not slow' --timeout 600 $(ARGS)

parity: $(VENV)/.installed $(PARITY_VENV)/.installed gl ## Compare act and diffusion with lerobot's policies (docs/PARITY.md; hours; ARGS are added)
	PYTHONPATH=tests $(BIN)/python -m parity.run --python $(PARITY_VENV)/bin/python $(ARGS)

clean: ## Remove the environment, caches and built packages; results and runs stay
	rm -rf $(VENV) $(PARITY_VENV) build dist .pytest_cache .ruff_cache .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

gl:
	@PYTHON="$(BIN)/python" scripts/ensure_gl.sh

$(VENV)/.installed: pyproject.toml scripts/install.sh
	@PYTHON="$(PYTHON)" scripts/install.sh "$(VENV)"

$(VENV)/.installed-dev: pyproject.toml scripts/install.sh
	@PYTHON="$(PYTHON)" scripts/install.sh "$(VENV)" dev

$(VENV)/.installed-docs: pyproject.toml scripts/install.sh
	@PYTHON="$(PYTHON)" scripts/install.sh "$(VENV)" docs

$(LEROBOT_VENV)/.installed: scripts/install_lerobot.sh
	@scripts/install_lerobot.sh "$(LEROBOT_VENV)"

$(PARITY_VENV)/.installed: scripts/install_parity.sh
	@scripts/install_parity.sh "$(PARITY_VENV)"

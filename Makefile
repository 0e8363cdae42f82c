# make run [ARGS="..."]   own environment, then dockhygiene        make test    the whole test suite
# make check              what CI checks besides                   make format  let ruff format the code
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
PYTEST_ARGS ?=
# One more than cores: tests wait for servers and timers for a third of their time.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")

.PHONY: run test check lint types layers format rules coverage bench quality pictures clean

run: .venv/.run
	@$(BIN)/dockhygiene $(ARGS)

test: .venv/.test
	$(BIN)/pytest -n $(WORKERS) $(PYTEST_ARGS)

check: lint types layers

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy

layers: .venv/.dev
	$(BIN)/lint-imports

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

rules: .venv/.run  # after a change of checks/detect/rules/*.yaml or of a tool's file names
	$(BIN)/python -m checks.detect.rule_book
	$(BIN)/python -m checks.tool_files.places

coverage: .venv/.test
	$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term $(PYTEST_ARGS)

bench: .venv/.test
	@$(BIN)/python -m tests.bench $(ARGS)

quality: .venv/.test
	@$(BIN)/python -m tests.quality $(ARGS)

pictures: .venv/.test
	$(BIN)/python -m tests.pictures docs/pictures

clean:
	rm -rf .venv

.venv/.python:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.python pyproject.toml
	@echo "Installing dockhygiene into .venv (once) ..." >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable . >&2
	@touch $@

.venv/.test: .venv/.python pyproject.toml
	@echo "Installing dockhygiene and its tests into .venv (once) ..." >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]' >&2
	@touch $@ .venv/.run

.venv/.dev: .venv/.python pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,dev]' >&2
	@touch $@ .venv/.run .venv/.test

.venv/.extra: .venv/.test
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,kingfisher]' >&2
	@touch $@

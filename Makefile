# What can be done with this project. `make help` lists it. Needs git, make and a network or a
# package cache; scripts/bootstrap finds or fetches the rest.

SHELL := /bin/sh
PY := .venv/bin/python
export PYTHONPATH := src

.PHONY: help demo serve test test-all check bench lock fix clean venv-core venv-dev

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: venv-core ## load the sample and a small invented city, print accounts, serve (SERVE=0: do not; REGION=beijing|taizhou|qinghai)
	@.venv/bin/xinrong demo

serve: venv-core ## serve what is loaded
	@.venv/bin/xinrong serve

test: ## everything on SQLite, what touches the database on PostgreSQL too, one Spark smoke test
	@scripts/system-packages
	@MAKE_GOAL=test scripts/bootstrap dev
	@$(PY) scripts/run_tests.py

test-all: ## everything on both databases, all SQL on Spark, big inputs
	@scripts/system-packages
	@MAKE_GOAL=test-all scripts/bootstrap dev
	@$(PY) scripts/run_tests.py --all

check: venv-dev ## lint, types, layers, templates, catalogue, generated pages, migrations, house rules
	@$(PY) scripts/check.py $(ONLY)

bench: venv-dev ## NAME=x [SMALL=1]: run one benchmark; the last line is JSON
	@test -n "$(NAME)" || { echo "error: name the benchmark: make bench NAME=load" >&2; exit 2; }
	@SMALL="$(SMALL)" $(PY) -m benchmarks.run $(NAME)

fix: venv-dev ## format, and repair what ruff can repair safely
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

lock: ## resolve requirements/*.txt afresh (needs uv)
	@scripts/lock

clean: ## remove caches (not .venv, not var)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

venv-core:
	@MAKE_GOAL=demo scripts/bootstrap core

venv-dev:
	@MAKE_GOAL=check scripts/bootstrap dev

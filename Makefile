# CitySpace: `make` says what there is to do.
#
# PORT=8080       port of `make run`; without it 8000, or a free one when that is taken
# DATA=folder     data folder of `make run`; without it one under data/, which git ignores
# CATALOGUE=file  a city's own catalogue in place of the made-up one
# FULL=1          real servers, each node's own, started here, in place of the embedded parts
# TEST_ARGS=…     further words for pytest, such as TEST_ARGS='tests/unit -x'

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PORT ?=
CATALOGUE ?=
FULL ?=
DATA ?= data/$(if $(CATALOGUE),$(basename $(notdir $(CATALOGUE)))$(if $(FULL),-full),$(if $(FULL),full,demo))
SERVERS := data/servers
TEST_ARGS ?=
# All of them at once, in a process for each processor and one more, for some of them wait; what is
# asked for by name runs in one.
ALL_AT_ONCE := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist worksteal
# Their files lie in memory where there is enough of it: on a disk each commit waits for it.
IN_MEMORY := $(shell [ "$$(df --output=avail -BG /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)" -ge 8 ] \
	2>/dev/null && echo PYTEST_DEBUG_TEMPROOT=/dev/shm)
# What is compiled is kept: hubs and commands are started by the hundred.
unexport PYTHONDONTWRITEBYTECODE
NEWEST_PYTHON = for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$each >/dev/null 2>&1 \
	&& $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each && break; done

##@ Use it

.PHONY: run
run: setup ## Serve a city with its finance and energy spaces, and say where (FULL=1: real servers)
	@$(if $(FULL),$(BIN)/cityspace dev servers start demo --folder '$(DATA)/servers' &&) \
	$(BIN)/cityspace demo --data '$(DATA)' $(if $(FULL),--servers '$(DATA)/servers') \
		$(if $(PORT),--port '$(PORT)') $(if $(CATALOGUE),--catalogue '$(CATALOGUE)')

.PHONY: setup
setup: $(VENV)/.ready ## Make .venv with the command .venv/bin/cityspace

##@ Work on it

.PHONY: test
test: $(VENV)/.ready-to-test ## Run the tests (TEST_ARGS='--slow --browser' runs all)
	@$(IN_MEMORY) $(BIN)/python -m pytest $(or $(TEST_ARGS),$(ALL_AT_ONCE))

.PHONY: test-long
test-long: $(VENV)/.ready-to-test ## Run all that needs no servers, with what takes minutes
	@$(IN_MEMORY) $(BIN)/python -m pytest --slow --browser --long -m 'not live' -rs $(TEST_ARGS)

.PHONY: live-servers
live-servers: $(VENV)/.ready-to-test ## Start Neo4j, Keycloak, MinIO and SeaweedFS and leave them up
	@$(BIN)/cityspace dev servers start --folder $(SERVERS)

.PHONY: stop-servers
stop-servers: ## Stop those servers, and those of `make run FULL=1`; their data stay
	@for each in $(SERVERS) data/*/servers '$(DATA)'/servers; do \
		[ ! -e "$$each/servers.json" ] || $(BIN)/cityspace dev servers stop --folder "$$each"; \
	done

.PHONY: test-live
test-live: live-servers ## Run the tests on those servers, none of them skipped
	@$(IN_MEMORY) CITYSPACE_TEST_SERVERS=$(CURDIR)/$(SERVERS) \
		$(BIN)/python -m pytest --live --slow --browser --long -m live -rs $(TEST_ARGS)

.PHONY: check
check: $(VENV)/.ready-to-test ## Lint, types, import rules, and reference pages that are up to date
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python -m docs.generate --check

.PHONY: docs
docs: $(VENV)/.ready-to-test ## Write the generated reference pages anew
	@$(BIN)/python -m docs.generate

.PHONY: bench
bench: $(VENV)/.ready-to-test ## Measure what the benchmarks ask
	@$(BIN)/python -m benchmarks

.PHONY: sbom
sbom: $(VENV)/.ready-to-test ## List what an installation is made of, in build/artefacts
	@rm -rf build/lib build/image && mkdir -p build/artefacts
	@$(BIN)/python -m venv --without-pip build/image
	@$(BIN)/python -m pip --python build/image/bin/python install --quiet \
		--disable-pip-version-check --only-binary=:all: .
	@$(BIN)/cyclonedx-py environment --mc-type application --output-reproducible \
		-o build/artefacts/cityspace.cdx.json build/image/bin/python
	@echo 'build/artefacts/cityspace.cdx.json'

.PHONY: console
console: ## Build the console's files anew (needs Node; the built files are committed)
	@cd console/graphiql && npm ci --no-audit --no-fund && npm run build

.PHONY: clean
clean: ## Remove what was made here, except data/
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache .grimp_cache console/graphiql/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Help

.PHONY: help
help: ## Say this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo

$(VENV)/bin/python:
	@python=$$($(NEWEST_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo 'CitySpace needs Python 3.11 or later. 需要 Python 3.11 或更高版本。' >&2; exit 1; fi; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'Making .venv failed; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/.ready: setup.py | $(VENV)/bin/python
	@echo 'Installing into $(VENV) …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready-to-test: setup.py | $(VENV)/bin/python
	@echo 'Installing into $(VENV), with the tools for testing …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.ready

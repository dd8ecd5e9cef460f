# Every target sets up what it needs in .venv; on a bare machine git, Python 3.11 and make are enough.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PEERS := .venv/.peers
LOCK := $(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
  --quiet --custom-compile-command 'make lock'
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup peers demo test bench check lock clean help
.DEFAULT_GOAL := help

help:  ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: $(STAMP)  ## Install the locked dependencies and canonry into .venv

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "canonry needs Python 3.11 or later; say make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# The lock is whole. Without --no-deps pip resolves all the same, and stops at a release newer than the lock.
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q tooling/canonry  # as for any installed package, also where PYTHONDONTWRITEBYTECODE is set
	@touch $(STAMP)

peers: $(PEERS)  ## Install what tests hold canonry against: the platforms' own clients, Spark, a browser, axe

$(PEERS): $(STAMP) requirements/platforms.txt .ci/packages package-lock.json
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-build-isolation -r requirements/platforms.txt
	.ci/packages
	@npm ci --silent --no-audit --no-fund || echo "npm could not install axe-core: the tests of accessibility are skipped."
	@touch $(PEERS)

demo: setup  ## The main job on real input: lint, build a campaign's links, judge a sheet of links
	$(BIN)/python examples/demo.py

check: setup  ## Formatting, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/canonry lint
	$(BIN)/canonry fmt --check

test: peers check  ## Everything that CI runs
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: setup  ## Figures beside a peer or a floor, in one run
	$(BIN)/python -m benchmarks

lock: $(STAMP)  ## Renew requirements/ from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --group dev --group build --upgrade -o requirements/dev.txt
	$(LOCK) --group platforms -c requirements/dev.txt --upgrade -o requirements/platforms.txt

clean:  ## Forget what was installed and built
	rm -rf .venv site build dist

# make run: set up and compare the shipped scenarios. make test: set up and pass the tests.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: run setup test test-slow test-kills test-floors lint constraints sbom
.DEFAULT_GOAL := run

run: setup
	$(BIN)/python run.py

setup: .venv/ready

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found. Install one, or: make PYTHON=/path/to/python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

test: setup
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

# A thousand runs while 200 workers and 20 coordinators are killed: about five minutes.
test-kills: setup
	$(BIN)/python tests/batches/kills.py

# The lowest versions that pyproject.toml allows and the newest, each in an environment of its own: five minutes.
test-floors: setup
	$(BIN)/python tests/environments/floors.py

test-slow: setup
	$(BIN)/python -m pytest -m slow

lint: setup
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

# The exact versions that .venv has, for others to install the same.
constraints: setup
	$(BIN)/python tests/environments/constraints.py

# A software bill of materials of what a user installs, made in an environment of its own.
sbom:
	$(PYTHON) -m venv --clear build/sbom/made
	build/sbom/made/bin/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt -e .
	build/sbom/made/bin/python -m pip uninstall --quiet --yes everystep setuptools pip  # what is left is what it rests on
	$(PYTHON) -m venv --clear build/sbom/tool
	build/sbom/tool/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=5'
	build/sbom/tool/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
	  --output-file build/sbom/everystep.cdx.json build/sbom/made/bin/python

# make run: set up and compare the shipped scenarios. make test: set up and pass the tests. make docs: the pages as a site.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
.PHONY: run setup test test-slow test-portable test-faults test-kills test-floors test-bundle lint docs constraints sbom
.DEFAULT_GOAL := run

run: setup
	$(BIN)/python run.py

# What running needs, and nothing else.
setup: .venv/ready

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found. Install one, or: make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) run.py setup

# What testing and checking need besides; what the site of pages needs besides.
.venv/ready-%: .venv/ready
	$(PYTHON) run.py setup $*

# One file alone: make test TESTS=tests/contract/test_docs.py
test: .venv/ready-dev
	$(BIN)/python run.py test $(TESTS)

# The tests on a system that is none of POSIX: what Windows lacks is hidden, an open file cannot be replaced, terminals are
# cp1252, and files lie under a name with spaces and accents.
test-portable: .venv/ready-dev
	$(BIN)/python -m pytest -m "not slow" -p tests.portable.guard --basetemp "$${TMPDIR:-/tmp}/Zoë Müller's files" -n 3 --dist loadfile --no-loadscope-reorder $(TESTS)

# Faults planted one at a time in a copy of the project, each to be noticed by the tests: ten minutes.
# One kind alone: make test-faults FAULTS="--kind units"
test-faults: .venv/ready-dev
	$(BIN)/python -m tests.faults.planted $(FAULTS)

# A thousand runs while 200 workers and 20 coordinators are killed: about five minutes.
test-kills: .venv/ready-dev
	$(BIN)/python tests/batches/kills.py

# The lowest versions that pyproject.toml allows and the newest, each in an environment of its own: five minutes.
test-floors: .venv/ready-dev
	$(BIN)/python tests/environments/floors.py

# A folder for machines without the internet, made (with the network), and installed from without: three minutes.
test-bundle: .venv/ready-dev
	$(BIN)/python -m pytest -m slow tests/contract/test_bundle_installed.py

test-slow: .venv/ready-dev
	$(BIN)/python -m pytest -m slow

lint: .venv/ready-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/tests.yml
	$(BIN)/zizmor --offline --quiet .github/workflows

# The pages as a site in build/docs: open build/docs/index.html. A link that leads nowhere fails.
docs: .venv/ready-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "build/docs/index.html"

# The exact versions that .venv has, for others to install the same.
constraints: .venv/ready-dev
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

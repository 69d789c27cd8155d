# Each target does all of its own set-up: nothing but Python 3.11+, make and git is needed.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python
STAMP = $(VENV)/.installed
INTEROP = $(VENV)-interop

.PHONY: install demo docs interop test lint format types contracts check audit screenshots clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: install
	$(RUN) manage.py demo $(ARGS)

# An environment beside ours with clients of the game that others published; the tests let them
# play against the universe.
interop: install $(INTEROP)/.installed

$(INTEROP)/.installed: pyproject.toml tests/universe/clients/constraints.txt
	$(PYTHON) -m venv $(INTEROP)
	$(RUN) tests/universe/clients/wanted.py \
	    | $(INTEROP)/bin/pip install --quiet --disable-pip-version-check \
	        -c tests/universe/clients/constraints.txt -r /dev/stdin
	npm install --silent --no-audit --no-fund --prefix $(INTEROP) @spacejunk/airlock@1.2.0
	@touch $@

test: install
	$(RUN) -m pytest -n auto --dist loadfile $(ARGS)

lint: install
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .

format: install
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

types: install
	$(VENV)/bin/mypy .

contracts: install
	$(VENV)/bin/lint-imports --no-cache
	$(RUN) manage.py makemigrations --check --dry-run

check: lint types contracts test

# Known vulnerabilities of what is pinned. Needs the network; what cannot be looked up fails.
audit: install
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)-audit/bin/pip-audit --strict --no-deps --disable-pip -r constraints.txt

# The README's pictures, into docs/images, and beside them every page in the home folder.
screenshots: install
	SPACEFLEET_BROWSER=1 $(RUN) -m pytest tests/browser -k screenshots $(ARGS)
	cp "$${SPACEFLEET_HOME:-var}"/screenshots/readme/*.png docs/images/

# The site of the documents in build/site; fails on a link that leads nowhere.
docs: install $(VENV)/.docs
	$(VENV)/bin/zensical build --strict --clean --config-file mkdocs.yml

$(VENV)/.docs: $(STAMP)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) $(INTEROP) $(VENV)-audit build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What people do with this project; `make help` lists it. Nothing needs to be installed first but
# python3 (3.11 or newer) with pip, make and git.
PYTHON ?= python3
SHELL = /bin/sh
.DEFAULT_GOAL = help
CHECKS = check-lint check-types check-layers check-templates check-migrations check-translations check-api
.PHONY: help run demo-reset test proof bench check browser env env-dev $(CHECKS) messages openapi lock format
PY = .venv/bin/python
# Without any server: what only reads the code must not depend on one.
BARE = env -u DATABASE_URL -u REDIS_URL PODEST_SERVERS=none LOG_LEVEL=ERROR $(PY)

# A recipe is one command in place of its shell, so that Ctrl-C and kill reach it and nothing else.
define launch
@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Podest needs Python 3.11 or newer; there is no $(PYTHON) here. Name another: make PYTHON=python3.12 $@" >&2; exit 1; }; \
$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Podest needs Python 3.11 or newer; %s is %s. Name another: make PYTHON=python3.12 $@" % (sys.argv[1], sys.version.split()[0]))' $(PYTHON) || exit 1; \
exec $(PYTHON) -m cooperative.embedded
endef

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## everything on this machine, with a demo cooperative (PORT=8000 HOST=127.0.0.1)
	$(launch) run

demo-reset: ## throw the demo's data away; the next `make run` makes a fresh one
	$(launch) demo-reset

test: ## all tests, on servers of their own (TESTS="tests/bookings -k overlap")
	$(launch) test pytest -n 3 --dist worksteal -m "not proof" $(TESTS)

proof: ## what takes long: every test, whole, and the suite on awkward days
	$(launch) test tests.proof $(TESTS)

bench: ## measure (docs/measurements.md)
	$(launch) bench tests.benchmarks $(BENCH)

check: env-dev ## lint, types, layers, templates, migrations, translations, API document
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)
	@echo "All checks passed."

check-lint:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

check-types:
	$(PY) -m mypy cooperative sharing bookings notifications frontend tests

check-layers:
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

check-templates:
	find cooperative sharing bookings notifications frontend -name '*.html' -path '*/templates/*' -exec .venv/bin/djade --target-version 5.2 --check {} +

check-migrations:
	$(BARE) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --settings cooperative.settings_test

check-translations:
	$(PY) -m cooperative.translations check

check-api:
	@mkdir -p .local
	@$(BARE) manage.py spectacular --settings cooperative.settings_test --validate --fail-on-warn --file .local/openapi.yaml
	@cmp -s .local/openapi.yaml docs/openapi.yaml || { echo "docs/openapi.yaml is not what the code says: run make openapi and look at the difference." >&2; exit 1; }

browser: ## Debian's Chromium for the journeys (needs root)
	@sh tests/journeys/install_browser.sh

messages: env-dev ## bring the translation catalogues up to date with the code
	$(PY) -m cooperative.translations extract

openapi: env-dev ## write docs/openapi.yaml from the code
	$(BARE) manage.py spectacular --settings cooperative.settings_test --file docs/openapi.yaml

format: env-dev ## lay out the code
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: env-dev ## renew the lock files from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

env: ## only the environment, in .venv
	$(launch) env

env-dev:
	$(launch) env --with-tests

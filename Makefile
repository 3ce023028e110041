# Plainleaf's commands. They need make and Python 3.11 or newer; `make help` lists them.

ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$name && break; done)
endif

PREPARED = @test -n "$(PYTHON)" || { echo "Plainleaf needs Python 3.11 or newer, and there is none on the PATH: \
https://www.python.org/downloads/" >&2; exit 1; }; exec "$(PYTHON)" config/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run dev prepare test check bench bench-weight bench-search bench-scale bench-leaflet bench-cold bench-serving bench-peers bench-freshness drill screenshots format lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Start Plainleaf with the sample clinic on http://localhost:8000/ (another port: make run PORT=8001; your own, empty clinic: make run SAMPLE=no)
	$(PREPARED) run

dev: ## The same, and restart whenever a file changes
	$(PREPARED) dev

prepare: ## Install the packages, bring database and static files up to date, and end without serving
	$(PREPARED) prepare

test: ## Run the tests on SQLite (some of them: make test ARGS="-k withdrawn")
	$(PREPARED) test $(ARGS)

check: ## Run all that a change must pass (without a step: make check SKIP=types)
	$(PREPARED) check

bench: ## Run all benchmarks but the one beside Wagtail, and write what they measured into bench/results.md
	$(PREPARED) bench $(ARGS)

bench-weight: ## Weigh the main pages beside their budgets (bytes alone: make bench-weight ARGS=--no-paint)
	$(PREPARED) bench-weight $(ARGS)

bench-search: ## Time the search over 10,000 pages on each database (fewer: make bench-search ARGS="--pages 1000")
	$(PREPARED) bench-search $(ARGS)

bench-scale: ## Count and time every screen and command with a clinic of 200 guides (fewer: make bench-scale ARGS="--guides 40")
	$(PREPARED) bench-scale $(ARGS)

bench-leaflet: ## Time how a leaflet is made and served, beside a page of the same guide
	$(PREPARED) bench-leaflet $(ARGS)

bench-serving: ## Measure how fast a page is served, beside nginx and others; needs wrk (briefly: make bench-serving ARGS="--seconds 1")
	$(PREPARED) bench-serving $(ARGS)

bench-peers: ## For maintainers, with Python 3.12: the same, beside Wagtail too (elsewhere: PYTHON312=/path/to/python3.12 make bench-peers)
	$(PREPARED) bench-peers $(ARGS)

bench-freshness: ## Read public pages while others save, and count the answers that are out of date
	$(PREPARED) bench-freshness $(ARGS)

bench-cold: ## Count what each page costs that is not ready yet, and time the start (pages alone: make bench-cold ARGS=--no-start)
	$(PREPARED) bench-cold $(ARGS)

drill: ## Kill, fill, lock and restore a site while staff work with it, and count what is lost (fewer: make drill ARGS=--short)
	$(PREPARED) drill $(ARGS)

screenshots: ## Make the pictures of the documentation anew, and every screen in every way in test-results/screens (needs Chromium)
	$(PREPARED) test tests/browser/screenshots.py

format: ## Format the code and mend what the linter can mend
	$(PREPARED) format

LOCK = uv pip compile pyproject.toml $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

lock: ## For maintainers, with uv: write requirements*.txt from pyproject.toml (newer: make lock ARGS=--upgrade)
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra postgres --extra redis --constraint requirements.txt --output-file requirements-services.txt
	$(LOCK) --all-extras --constraint requirements.txt --output-file requirements-dev.txt

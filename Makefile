# `make` lists what there is. All the work is in tools/setup.py, which also runs without make.
PY := $(or $(PYTHON),python3)
SETUP = @command -v "$(PY)" >/dev/null 2>&1 || { \
	echo "There is no $(PY) here: install Python 3.11 or newer, or name one: make $@ PYTHON=/path/to/python3.12" >&2; \
	exit 1; }; \
	exec "$(PY)" tools/setup.py $@ $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help run test test-webkit demo attack bench growth first-page scanner kills sabotage first-dose screenshots verify lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## set up, and serve the demo home on 127.0.0.1 (PORT=8000)
	$(SETUP)

test: ## set up, check the code, run all tests (ARGS="-k words")
	$(SETUP)

test-webkit: ## pictures and a short journey in WebKitGTK, where it is installed
	$(SETUP)

demo: ## begin the demo home afresh
	$(SETUP)

attack: ## send everything a stranger can send (ARGS=--short)
	$(SETUP)

bench: ## measure requests and commits
	$(SETUP)

growth: ## measure the round on ten times the history (2.16 million doses; half an hour)
	$(SETUP)

first-page: ## weigh the first page on a phone over a slow line
	$(SETUP)

kills: ## kill the server under load 1,000 times (ARGS="--kills 50")
	$(SETUP)

scanner: ## 600 pictures of labels through the decoder; the first read (ARGS="--count 60")
	$(SETUP)

sabotage: ## take each control of the hazard log away and see its tests notice (ARGS=--short)
	$(SETUP)

first-dose: ## time a clean clone up to its first stored dose
	$(SETUP)

screenshots: ## photograph the pages
	$(SETUP)

verify: ## check every chain of the ledger
	$(SETUP)

lock: ## pin the packages again (ARGS=--upgrade for the newest)
	$(SETUP)

clean: ## remove what set-up made; the database stays
	$(SETUP)

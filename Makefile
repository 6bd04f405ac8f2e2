# Two commands for a newcomer: `make demo` and `make test`. Everything is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
COUNT ?= 12
SECONDS ?= 60

# uv does not read pip's configuration; hand it the user's own index where one is set.
INDEX := $(or $(PIP_INDEX_URL),$(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null))
export UV_DEFAULT_INDEX ?= $(INDEX)
ifeq ($(strip $(UV_DEFAULT_INDEX)),)
unexport UV_DEFAULT_INDEX
endif
export UV_NATIVE_TLS ?= true
UV := $(VENV)/uv/bin/uv

# What jobs install: light, or with what it takes to train; at the versions of constraints.txt.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --group install \
	  --constraint constraints.txt --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command "make constraints" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long fuzz lint bench references constraints clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(VENV)/.installed  ## Install everything into .venv

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install --quiet "uv>=0.9"
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

demo: setup  ## Rehearse the whole process on this machine, from a pull request to pip install
	$(BIN)/release-tools rehearse --out $(OUT)/rehearsal

test: setup lint  ## Lint and run the tests
	$(BIN)/python -m pytest -m "not long" --numprocesses 2 --dist loadfile

test-long: setup  ## Run the tests that take minutes
	$(BIN)/python -m pytest -m long

fuzz: setup  ## Give broken input to every reader of what comes from outside, SECONDS to each
	FUZZ_SECONDS=$(SECONDS) $(BIN)/python -m pytest tests/fuzz -k whatever --numprocesses 2 -rfEP

lint: setup  ## Check formatting, style, types and workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/jactionlint --strict-exit --shellcheck= .github/workflows/*.yml
	$(BIN)/zizmor --quiet --offline --config .github/zizmor.yml .github/workflows

bench: setup  ## Measure, as ratios
	$(BIN)/python tests/bench/rule.py
	$(BIN)/python tests/bench/overhead.py
	$(BIN)/python tests/bench/techniques.py
	$(BIN)/python tests/bench/respond.py
	$(BIN)/python tests/bench/conversation.py
	$(BIN)/python tests/bench/approvals.py
	$(BIN)/python tests/bench/bump.py
	$(BIN)/python tests/bench/judging.py
	$(BIN)/python tests/bench/standards.py
	$(BIN)/python tests/bench/workflows.py
	$(BIN)/python tests/bench/release.py

references: setup  ## Run the smoke recipes COUNT times for their targets and σ; resumes
	$(BIN)/python -m convergence references --count $(COUNT) --out $(OUT)/references --data $(OUT)/data

constraints: setup  ## Resolve the dependencies anew, for Python 3.11 to 3.13
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra convergence --extra release --extra sandbox --group dev \
	  --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command "make constraints" pyproject.toml -o constraints.txt
	$(LOCK) -o .github/requirements/light.txt
	$(LOCK) --extra convergence -o .github/requirements/training.txt
	$(LOCK) --extra release -o .github/requirements/release.txt

clean:  ## Remove what was made
	rm -rf $(VENV) $(OUT) dist build

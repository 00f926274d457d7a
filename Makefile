# Two commands matter: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = 1
export UV_LINK_MODE = copy
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore
unexport PYTHONDONTWRITEBYTECODE
UV := .tools/uv/bin/uv
BIN := .venv/bin

.PHONY: demo test lint types audit bench lock apt clean serve

demo: .venv/runtime
	@$(BIN)/credit-bank demo --port $(PORT)

serve: .venv/runtime
	@$(BIN)/credit-bank serve --port $(PORT)

test: .venv/test
	@./tests/system-packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto $(PYTEST)

bench: .venv/test
	@$(BIN)/python -m bench $(BENCH)

audit: .venv/test
	@$(BIN)/pip-audit -r requirements.lock --disable-pip

apt:
	apt-get update -qq && grep -v '^#' apt-packages.txt | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y -qq --no-install-recommends

lock: $(UV)
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group build -o requirements.lock $(LOCK)
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group build --group test -o requirements-test.lock $(LOCK)

$(UV):
	@echo "· uv → .tools/"
	@$(PYTHON) -m pip install -q --target .tools/uv uv

.venv/runtime: requirements.lock pyproject.toml | $(UV)
	@echo "· packages → .venv/"
	@test -x $(BIN)/python || $(UV) venv -q --python $(PYTHON) .venv
	@test -e .venv/test || $(UV) pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@test ! -e .venv/test || $(UV) pip sync -q --python $(BIN)/python --require-hashes requirements-test.lock
	@$(UV) pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

.venv/test: requirements-test.lock pyproject.toml | $(UV)
	@echo "· packages for tests → .venv/"
	@test -x $(BIN)/python || $(UV) venv -q --python $(PYTHON) .venv
	@$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements-test.lock
	@$(UV) pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@ .venv/runtime

clean:
	rm -rf .venv .tools build *.egg-info

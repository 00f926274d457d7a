"""The floors: who may import whom, and libraries that live without the web."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.repository import ROOT

BLOCKED = ("flask", "werkzeug", "jinja2", "click", "flask_wtf", "flask_limiter", "htmx_flask", "granian", "web")
IMPORT_ALL = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ImportError(f"{name} is not for the libraries")

sys.meta_path.insert(0, Blocked())
count = 0
for package in ("credit_bank", "adaptive", "accessibility"):
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, package + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def test_import_linter_finds_no_broken_contract() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_the_libraries_imports_without_the_web() -> None:
    program = f"BLOCKED = {BLOCKED!r}\n{IMPORT_ALL}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30

"""A bank in a folder of the test's own, reached by the command line alone."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main

CONTENT = Path(__file__).parents[3] / "content"
Run = Callable[..., Result]


def invoke(*arguments: str, stdin: str | bytes | None = None) -> Result:
    """Run ``credit-bank`` in Chinese; an exception that is not an exit is raised."""
    runner = CliRunner(env={"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""})
    return runner.invoke(main, list(arguments), input=stdin, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one; the environment names no settings."""
    for name in list(os.environ):
        if name.startswith("EVERGREEN_"):
            monkeypatch.delenv(name)
    # `demo` sets it for the server's processes; so it is put back.
    monkeypatch.setenv("EVERGREEN_SITE_ORIGIN", "http://localhost:8000")
    monkeypatch.setenv("EVERGREEN_CONTENT_DIR", str(CONTENT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def city_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo city, made once by `credit-bank demo`."""
    place = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("EVERGREEN_"):
                patch.delenv(name)
        patch.setenv("EVERGREEN_SITE_ORIGIN", "http://localhost:8000")
        patch.setenv("EVERGREEN_CONTENT_DIR", str(CONTENT))
        patch.chdir(place)
        result = invoke("demo", "--no-serve")
        assert result.exit_code == 0, result.output
        (place / "transcript.txt").write_text(result.stdout, "utf-8")
    return place


@pytest.fixture
def city(city_instance: Path, folder: Path) -> Path:
    """The current folder, with a copy of the demo city's instance."""
    shutil.copytree(city_instance / "instance", folder / "instance")
    return folder


@pytest.fixture
def empty_bank(folder: Path) -> Path:
    """The current folder, with a bank that has no institution yet."""
    for command in ("setup", "migrate"):
        assert invoke(command).exit_code == 0
    return folder

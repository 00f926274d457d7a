"""Every package stands in the reference."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_is_documented() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = [*project["project"]["dependencies"], *(d for g in project["dependency-groups"].values() for d in g)]
    names = {re.match(r"[A-Za-z0-9_-]+", requirement)[0].lower() for requirement in named}  # type: ignore[index]
    page = (ROOT / "docs/reference/packages.md").read_text("utf-8")
    listed = {n.strip() for row in re.findall(r"^\| ([a-z0-9 ,-]+) \|", page, re.MULTILINE) for n in row.split(",")}
    assert sorted(names - listed) == []
    assert sorted(listed - names - {"package", "---"}) == []

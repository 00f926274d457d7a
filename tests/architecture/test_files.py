"""What no file of the repository holds, what every template keeps to, and what the documents name."""

import re

import pytest

from tests.architecture.repository import ROOT, files, name
from web.settings import Settings

BINARY = {".png", ".pdf", ".otf", ".ttf", ".woff2", ".xlsx", ".zip", ".ico", ".jpg"}
# Put together here, so that this file does not hold them either.
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"))]
HOSTS += [".".join(parts) for parts in (("deb", "debian", "org"), ("proxy", "golang", "org"), ("npmmirror", "com"))]
PLACES = ["/" + place + "/" for place in ("work", "root", "home/" + "user")]


def _is_data(where: str) -> bool:
    return where.startswith("tests/") or where.endswith(".csv")


def _texts() -> list[tuple[str, str]]:
    """Every text; data of the tests and of the demo may be in another encoding and are read as far as they go."""
    texts = [p for p in files() if p.suffix not in BINARY and "/vendor/" not in name(p)]
    return [(name(p), p.read_text("utf-8", "ignore" if _is_data(name(p)) else "strict")) for p in texts]


def test_every_text_is_utf_8_without_a_mark() -> None:
    assert [
        where for where, text in _texts() if not _is_data(where) and (text.startswith("\ufeff") or "\r" in text)
    ] == []


def test_no_file_names_a_registry_or_a_place_on_this_machine() -> None:
    found = [f"{where}: {word}" for where, text in _texts() for word in HOSTS + PLACES if word in text]
    assert found == []


def test_no_template_has_script_or_style_of_its_own() -> None:
    rules = {
        "inline style": re.compile(r"<style|\sstyle="),
        "inline script": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:"),
        "markup trusted blindly": re.compile(r"\|\s*safe\b|autoescape false"),
        "htmx without data-": re.compile(r"\shx-[a-z]+="),
        "a link that opens elsewhere": re.compile(r"target=[\"']_blank"),
    }
    found = [
        f"{name(p)}: {what}"
        for p in files()
        if name(p).startswith("web/templates/")
        for what, rule in rules.items()
        if rule.search(p.read_text("utf-8"))
    ]
    assert found == []


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    documented = set(re.findall(r"^### `EVERGREEN_([A-Z_]+)`", text, flags=re.MULTILINE))
    assert documented == {field.upper() for field in Settings.model_fields}


@pytest.mark.parametrize("template", ["page", "form", "icon"])
def test_every_macro_is_documented(template: str) -> None:
    text = (ROOT / "docs" / "explanation" / "design-system.md").read_text("utf-8")
    source = (ROOT / "web" / "templates" / f"{template}.html").read_text("utf-8")
    inner = {"above", "describedby", "optional_mark", "first_control", "strokes"}
    macros = set(re.findall(r"\{% macro (\w+)\(", source)) - inner
    assert [m for m in sorted(macros) if f"`{m}(" not in text] == []


def test_every_token_is_documented() -> None:
    text = (ROOT / "docs" / "explanation" / "design-system.md").read_text("utf-8")
    tokens: set[str] = set()
    for sheet in ("tokens.css", "palette/light.css"):
        source = (ROOT / "web" / "static" / "css" / sheet).read_text("utf-8")
        tokens |= set(re.findall(r"^\s+(--[a-z0-9-]+):", source, flags=re.MULTILINE))
    assert [token for token in sorted(tokens) if f"`{token}`" not in text] == []

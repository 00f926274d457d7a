"""Sentences: each in both languages with the same parameters, each one used, none missing."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.repository import ROOT, files, name, sources
from web.messages import catalogue

PAGES = sorted((ROOT / "web" / "translations").glob("*.toml"))
LIBRARIES = [
    path
    for library in ("credit_bank", "adaptive", "accessibility")
    for path in sorted((ROOT / library / "sentences").glob("*.toml"))
]
TOPICS = {p.stem for p in PAGES}
ERRORS = (
    *("InvalidInput", "Forbidden", "Missing", "Conflict", "Unavailable"),
    *("CreditBankError", "AdaptiveError", "AccessibilityError"),
)
# What a template may say itself: the names of the languages, each in its own.
OWN_WORDS = {"web/templates/base.html": {"中文"}}
CJK = re.compile(r"[\u3400-\u9fff]+")


def entries(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Every sentence of a catalogue, with its key inside the file."""

    def walk(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        sentence = {language: text for language, text in table.items() if isinstance(text, str)}
        if sentence:
            yield prefix, sentence
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(f"{prefix}.{key}" if prefix else key, value)

    yield from walk("", tomllib.loads(path.read_text("utf-8")))


def parameters(sentence: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{([a-z_]\w*)\}", sentence))


@pytest.mark.parametrize("path", PAGES + LIBRARIES, ids=name)
def test_every_sentence_stands_in_both_languages(path: Path) -> None:
    wrong = []
    for key, entry in entries(path):
        if not {"zh", "en"} <= entry.keys() or not entry.keys() <= {"zh", "en", "en_one"}:
            wrong.append(f"{key}: {sorted(entry)}")
        elif not entry["zh"].strip() and not entry["en"].strip():
            wrong.append(f"{key}: empty")
        elif parameters(entry["zh"]) != parameters(entry["en"]):
            wrong.append(f"{key}: {parameters(entry['zh'])} and {parameters(entry['en'])}")
        elif not parameters(entry.get("en_one", "")) <= parameters(entry["en"]):
            wrong.append(f"{key}: en_one names {parameters(entry['en_one'])}")
        elif CJK.search(entry["en"]) and not path.stem.startswith("demo"):
            wrong.append(f"{key}: Chinese in the English sentence")
    assert wrong == []


def _code_of_pages() -> Iterator[tuple[str, str]]:
    for path in files():
        if name(path).startswith("web/") and path.suffix in (".py", ".html", ".svg") and "/vendor/" not in name(path):
            yield name(path), path.read_text("utf-8")


def test_every_key_that_a_page_uses_exists() -> None:
    topics = "|".join(sorted(TOPICS))
    asked = re.compile(rf"""\bt(?:_html)?\(\s*(["'])((?:{topics})\.[\w.-]+)\1\s*[,)]""")
    missing = {
        f"{where}: {found[1]}"
        for where, text in _code_of_pages()
        for found in asked.findall(text)
        if found[1] not in catalogue()
    }
    assert missing == set()


def test_every_sentence_of_a_page_is_used() -> None:
    text = "\n".join(text for _where, text in _code_of_pages())
    whole = set(re.findall(r"""["']([a-z]\w*(?:\.[\w-]+)+)["']""", text))
    # "site.category." ~ category, f"display.{name}.label": what a key is put together from, before and after the part
    begun = {p for p in re.findall(r"""["']([a-z]\w*\.[\w.-]*?)(?:["']\s*~|\{)""", text) if p.split(".")[0] in TOPICS}
    unused = [
        key
        for key in catalogue()
        if key not in whole and not any(key.startswith(prefix) for prefix in begun if "." in prefix)
    ]
    assert unused == []


def test_templates_say_nothing_themselves() -> None:
    said = {}
    for path in files():
        if name(path).startswith("web/templates/") and path.suffix == ".html":
            text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
            words = set(CJK.findall(text)) - OWN_WORDS.get(name(path), set())
            if words:
                said[name(path)] = words
    assert said == {}


def test_every_error_that_is_raised_has_its_sentence() -> None:
    """As ``error.<code>``, as the finding of a check, or among a page's own sentences."""
    said = {key for path in LIBRARIES for key, _entry in entries(path)} | catalogue().keys()
    codes = {key.split(".", 1)[1] for key in said} | {key.split(".", 2)[-1] for key in said}
    silent = set()
    for path in sources("credit_bank", "adaptive", "accessibility", "web"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[0].value
            if called in ERRORS and isinstance(code, str) and code not in codes:
                silent.add(f"{name(path)}:{node.lineno} {code}")
    assert silent == set()

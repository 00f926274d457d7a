"""The words by which a passage is found: cut, folded, with what everyone says left out."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from adaptive.content.words import cut_for_search, one_spelling

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")


def tokens(text: str) -> list[str]:
    """The words of a text in their order: width and case folded, punctuation and words that mean little left out."""
    silent = _lists()["silent"]
    return [word for word in cut_for_search(one_spelling(text)) if _WORD.fullmatch(word) and word not in silent]


def indexed(text: str) -> list[str]:
    """The words of a text and, since a cutter errs, every pair of Chinese characters that stand beside each other."""
    found = tokens(text)
    for run in _HAN.findall(one_spelling(text)):
        found += [run[n : n + 2] for n in range(len(run) - 1)]
    return found


def asked(text: str) -> list[tuple[str, ...]]:
    """The words of a question, each once, with the other words for the same thing that the library may use instead."""
    found: dict[str, tuple[str, ...]] = {}
    for word in tokens(text):
        if word not in _lists()["asking"]:
            found.setdefault(word, (word, *_others().get(word, ())))
    return list(found.values())


def in_distress(text: str) -> bool:
    """Whether somebody says, in plain words, that they may not want to go on living; rather once too often."""
    said = one_spelling(text)
    return any(phrase in said or phrase in said.replace(" ", "") for phrase in _data()["distress"])


@cache
def _lists() -> dict[str, frozenset[str]]:
    data = _data()
    return {name: frozenset(" ".join(data[name]).split()) for name in ("silent", "asking")}


@cache
def _others() -> dict[str, tuple[str, ...]]:
    groups = [line.split() for line in _data()["same"]]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))

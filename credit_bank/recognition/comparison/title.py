"""Reading a course title: its words in one spelling, its place in a series, and the parts of a course code.

Titles abbreviate ("Intro to Psych"), number ("Calculus II", "Calculus 2", "微积分（下）") and vary ("导论", "概论").
Rule R16 compares them without any of that, and so does a comparison between institutions.
"""

import logging
import re
import tomllib
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_LETTERED = re.compile(r"([a-d])([1-8])")
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_CHINESE_NUMBER = re.compile(r"[（(第]?([一二三四五六七八上中下])(?:[)）册]|$|(?=[\s：:(（]))")
_CHINESE_VALUE = {**{c: n for n, c in enumerate("一二三四五六七八", 1)}, "上": 1, "中": 2, "下": 2}
_CODE = re.compile(r"(?P<subject>\D*)(?P<number>\d*)[\s\-]*(?P<suffix>[a-z]{0,3})")
_SIGNS = (("c++", "cplusplus"), ("c#", "csharp"), ("u.s.a.", "usa"), ("u.s.", "usa"))


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared: its words in order, and the numbers by which it stands in a series (I, 2, 下)."""

    words: tuple[str, ...]
    numbers: frozenset[int]

    @property
    def key(self) -> str:
        """Equal for titles that say the same in other spellings, whatever the order of their words."""
        return " ".join([*sorted(set(self.words)), *map(str, sorted(self.numbers))])


@dataclass(frozen=True, slots=True)
class Code:
    """A course code in its parts: the letters of its subject, its number, and the letters behind the number."""

    subject: str
    number: str
    suffix: str


@lru_cache(maxsize=200_000)
def read_title(text: str) -> Title:
    """Read a title in Chinese, in English, or in both."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "").replace("&", " ")
    for sign, word in _SIGNS:
        plain = plain.replace(sign, word)
    numbers = {_CHINESE_VALUE[c] for c in _CHINESE_NUMBER.findall(plain)}
    plain = _CHINESE_NUMBER.sub(" ", plain)
    words: list[str] = []
    for run in _RUN.findall(plain):
        if run[0] > "\u3000":
            words += _chinese(run)
        elif lettered := _LETTERED.fullmatch(run):  # "高等数学A1": the kind A, the first part
            words.append(lettered[1])
            numbers.add(int(lettered[2]))
        elif run in _ROMAN:
            numbers.add(_ROMAN[run])
        elif run.isdigit():
            if len(run) == 1:
                numbers.add(int(run))
            elif len(run) > 2:
                words.append(run)
        else:
            words += _english(run)
    return Title(tuple(words), frozenset(numbers))


@lru_cache(maxsize=200_000)
def read_code(text: str) -> Code:
    """Take a course code apart ("MATH& 151A": math, 151, a); what it has not is empty."""
    found = _CODE.match(unicodedata.normalize("NFKC", text).casefold())
    assert found is not None  # all its parts may be empty
    subject = "".join(c for c in found["subject"] if c.isalnum())
    return Code(subject, found["number"].lstrip("0"), found["suffix"])


def places_in_series(courses: Sequence[tuple[str, str]]) -> list[frozenset[int]]:
    """Where each (code, title) stands in a series: by its title's number or, where several courses of a subject share
    a title ("Calculus", MATH 1A and 1B), by the order of their codes; empty where there is no series.
    """
    alike: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
    for n, (code, title) in enumerate(courses):
        parts = read_code(code)
        alike[parts.subject, read_title(title).key].append((int(parts.number or 0), parts.suffix, n))
    found = [read_title(title).numbers for _code, title in courses]
    for same in alike.values():
        for place, (_number, _suffix, n) in enumerate(sorted(same), start=1):
            if len(same) > 1 and not found[n]:
                found[n] = frozenset({place})
    return found


def _english(word: str) -> list[str]:
    lists = _lists()
    if word in lists["silent"]:
        return []
    full = lists["abbreviations"].get(word, word)
    return [lists["same"].get(part := _singular(one), part) for one in full.split()]


def _singular(word: str) -> str:
    """Without the ending of a plural; words that only look like one stay ("physics", "analysis", "calculus")."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


def _chinese(run: str) -> list[str]:
    lists = _lists()
    for short, full in lists["chinese_abbreviations"]:
        if run.startswith(short) and not run.startswith(full):
            run = full + run[len(short) :]
            break
    return [
        lists["chinese"].get(word, word) for word in _cutter().lcut(run) if word not in lists["silent"] and word.strip()
    ]


@cache
def _cutter() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba was written for older Pythons
        import jieba  # half a second, and only where there is Chinese
    jieba.setLogLevel(logging.WARNING)
    return jieba


@cache
def _lists() -> dict[str, Any]:
    given = tomllib.loads((files("credit_bank.recognition.comparison") / "words.toml").read_text("utf-8"))
    return {
        "abbreviations": given["abbreviations"],
        "same": {_singular(word): first for first, words in given["same"].items() for word in words},
        "chinese": {word: first for first, words in given["chinese"].items() for word in words},
        "chinese_abbreviations": sorted(given["chinese_abbreviations"].items(), key=lambda pair: -len(pair[0])),
        "silent": {*given["silent"]["english"], *given["silent"]["chinese"]},
    }

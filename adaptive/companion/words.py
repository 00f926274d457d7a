"""The words by which a passage is found: a text's grams, and what a question asks for with other ways to say it.

An index holds grams: every Chinese character and every pair of neighbours, and other words whole. Pairs need no cutter,
so a text is found however jieba would have cut it; the question alone is cut, since only there a unit counts.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from adaptive.content.words import cut, cut_for_search, one_spelling

SAME, NEAR = 0.9, 0.6
"""What another word for the same thing is worth, and a word that is only near."""
HEAD = 0.4
"""What the last character of a longer Chinese word is worth: 降压药 is a 药."""
LONG_PART, PART = 0.75, 0.5
"""What a shorter word in a word that nobody wrote is worth, and one character of it."""
_RUN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]+")
_GAP = " \N{SYMBOL FOR RECORD SEPARATOR} "


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say something: the grams that must all be there, and what a text that says it so is worth, 0 to 1."""

    grams: tuple[str, ...]
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that a question asks for: ``word`` as it was said, ``ways`` to say it (its own first), and ``parts``
    by which it may be found where no text says it in any of these ways."""

    word: str
    ways: tuple[Way, ...]
    parts: tuple[Way, ...] = ()


def grams(text: str) -> Iterator[str]:
    """The grams of a text in their order, as often as they stand there; what carries no meaning is left out."""
    silent = _lists()["silent"]
    for run in _RUN.findall(one_spelling(text)):
        if _is_word(run):
            if run not in silent:
                yield _stem(run)
            continue
        yield from (character for character in run if character not in silent)
        yield from (run[n : n + 2] for n in range(len(run) - 1))


def asked(text: str) -> list[Unit]:
    """What a question asks for, each thing once. Phrases of the synonyms are found before the rest is cut."""
    said = one_spelling(text)
    found: dict[str, Unit] = {}
    for phrase in _phrases(said):
        found.setdefault(phrase, _unit(phrase))
        said = said.replace(phrase, _GAP)
    mute = _lists()["silent"] | _lists()["asking"]
    for run in _RUN.findall(said):
        for word in (run,) if _is_word(run) else cut(run):
            if word not in mute:
                found.setdefault(word, _unit(word))
    return list(found.values())


def in_distress(text: str) -> bool:
    """Whether somebody says, in plain words, that they may not want to go on living; rather once too often."""
    said = one_spelling(text)
    return any(phrase in said or phrase in said.replace(" ", "") for phrase in _words()["distress"])


def _unit(word: str) -> Unit:
    others = _synonyms().get(_stem(word) if _is_word(word) else word, ())
    ways = [Way(_needed(word)), *(Way(_needed(other), worth) for other, worth in others)]
    if len(word) > 2 and not _is_word(word):
        ways.append(Way((word[-1],), HEAD))
    return Unit(word, tuple(ways), tuple(_parts(word)))


def _needed(word: str) -> tuple[str, ...]:
    """The grams that a text with this word has, or of several words all of theirs."""
    needed: list[str] = []
    for run in _RUN.findall(word):
        if _is_word(run):
            needed.append(_stem(run))
        else:
            needed += [run[n : n + 2] for n in range(len(run) - 1)] or [run]
    return tuple(dict.fromkeys(needed))


def _parts(word: str) -> Iterator[Way]:
    """The shorter words in a long one, or the characters of a pair; of other words none."""
    if _is_word(word) or len(word) < 2 or " " in word:
        return
    shorter = [part for part in dict.fromkeys(cut_for_search(word)) if 1 < len(part) < len(word)]
    if len(word) > 2 and not shorter:
        shorter = [word[n : n + 2] for n in range(len(word) - 1)]
    yield from (Way(_needed(part)) for part in shorter or word)


def _phrases(said: str) -> list[str]:
    """The sayings that stand in a question, the longest first and none within another."""
    found = []
    for phrase in _sayings():
        if phrase in said if not _is_word(phrase) else re.search(rf"\b{re.escape(phrase)}\b", said):
            found.append(phrase)
            said = said.replace(phrase, _GAP)
    return found


def _is_word(run: str) -> bool:
    return run.isascii()


def _stem(word: str) -> str:
    """An English word without its plural (Harman's S stemmer, 1991), its ending of time and its last silent e."""
    word = _singular(word.removesuffix("'s"))
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word.removesuffix(ending)
            word = word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _singular(word: str) -> str:
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")) and len(word) > 3:
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and len(word) > 3:
        return word[:-1]
    return word


@cache
def _lists() -> dict[str, frozenset[str]]:
    data = _words()
    return {name: frozenset(" ".join(data[name]).split()) for name in ("silent", "asking")}


@cache
def _sayings() -> Sequence[str]:
    """What is looked for in a question before it is cut, the longest first; pairs and single English words are not."""
    long = (word for word in _synonyms() if (" " in word or "-" in word if word.isascii() else len(word) > 2))
    return sorted(long, key=lambda w: (-len(w), w))


@cache
def _synonyms() -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, dict[str, float]] = {}
    data: dict[str, Any] = tomllib.loads((files(__package__) / "synonyms.toml").read_text("utf-8"))
    for group in data["same"]:
        for word in group:
            found.setdefault(word, {}).update({other: SAME for other in group if other != word})
    for word, others in data["near"].items():
        for other in others:
            found.setdefault(word, {}).setdefault(other, NEAR)
    for word, others in data["english"].items():
        for other in others.split():
            found.setdefault(word, {}).setdefault(other, SAME)
    plain: dict[str, dict[str, float]] = {
        _stem(word) if word.isascii() and word.isalpha() else word: {} for word in found
    }
    for word, others in found.items():
        plain[_stem(word) if word.isascii() and word.isalpha() else word].update(others)
    return {word: tuple(others.items()) for word, others in plain.items()}


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))

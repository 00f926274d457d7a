"""What is said otherwise than a dictionary has it: the words that come with the program, and those that staff add.

A Chinese word has a syllable for each of its characters (``银行 yin2 hang2``; ``r5`` for a 儿 that is no syllable of
its own); a word of Latin letters has what an English voice reads in its place (``APP A P P``).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from accessibility.voice.syllables import RETROFLEX, SYLLABLE, known

Problem = Literal["word_empty", "word_long", "word_mixed", "said_empty", "said_long", "said_count", "said_unknown"]
MOST_CHARACTERS, MOST_SAID = 24, 160
CHINESE = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9'’.&+-]*")
_SAID_IN_ENGLISH = re.compile(r"[A-Za-z0-9'’., -]+")


@dataclass(frozen=True)
class Lexicon:
    """Words and how they are said: ``chinese`` syllable by syllable, ``latin`` (upper case) as English reads it."""

    chinese: Mapping[str, tuple[str, ...]]
    latin: Mapping[str, str]

    @cached_property
    def version(self) -> str:
        """A digest of all entries: what was spoken with another version may sound otherwise."""
        entries = [*sorted((w, " ".join(s)) for w, s in self.chinese.items()), *sorted(self.latin.items())]
        return hashlib.sha256("\n".join(f"{word}\t{said}" for word, said in entries).encode()).hexdigest()[:12]

    @cached_property
    def longer(self) -> re.Pattern[str]:
        """The Chinese words of two characters and more, the longest first; matches nothing when there are none."""
        words = sorted((word for word in self.chinese if len(word) > 1), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)) or r"(?!)")

    @cached_property
    def latin_words(self) -> re.Pattern[str]:
        """The words of Latin letters, the longest first, in whatever case."""
        words = sorted(self.latin, key=len, reverse=True)
        pattern = "|".join(map(re.escape, words)) or r"(?!)"
        return re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", re.IGNORECASE)

    def with_entries(self, entries: Iterable[tuple[str, str]]) -> "Lexicon":
        """This one with more entries, which come before its own. Raises ValueError for an entry with a problem."""
        chinese, latin = dict(self.chinese), dict(self.latin)
        for word, said in entries:
            if (problem := problem_of(word, said)) is not None:
                raise ValueError(f"{word}: {problem}")
            if CHINESE.fullmatch(word):
                chinese[word] = tuple(said.lower().split())
            else:
                latin[word.upper()] = " ".join(said.split())
        return Lexicon(chinese, latin)


def problem_of(word: str, said: str) -> Problem | None:
    """What is wrong with an entry, or None."""
    if not word:
        return "word_empty"
    if len(word) > MOST_CHARACTERS:
        return "word_long"
    if not said.strip():
        return "said_empty"
    if len(said) > MOST_SAID:
        return "said_long"
    if CHINESE.fullmatch(word):
        return _problem_of_syllables(word, said.lower().split())
    if not LATIN.fullmatch(word):
        return "word_mixed"
    return None if _SAID_IN_ENGLISH.fullmatch(said) else "said_unknown"


def _problem_of_syllables(word: str, syllables: list[str]) -> Problem | None:
    if len(syllables) != len(word):
        return "said_count"
    for at, (character, syllable) in enumerate(zip(word, syllables, strict=True)):
        found = SYLLABLE.fullmatch(syllable)
        ending = syllable == RETROFLEX and character == "儿" and at > 0
        if not ending and (found is None or found[1] not in known()):
            return "said_unknown"
    return None


@cache
def base() -> Lexicon:
    """The words that come with the program, ``lexicon.txt``: a word and how it is said, one a line."""
    lines = (files(__package__) / "lexicon.txt").read_text("utf-8").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#")]
    return Lexicon({}, {}).with_entries((word, said) for word, said in pairs)

"""How hard a text is to read: CLDC for Chinese, the Flesch–Kincaid grade for English.

CLDC: mean sentence length in words, plus hard words in a hundred (each counted once: it is learned once); below 20
simple, 20 to 30 middle, above 30 hard. A hard word is one that is met less than about once in a million words (Zipf
frequency below 3.0 in wordfreq's Chinese list) and has a character outside the thousand or so most common ones: who
reads 盖 and 上 reads 盖上. These two bounds are ours, set by eye on a dozen texts from a recipe to an official notice,
not on a labelled corpus; terms of an office that are written with everyday characters count as easy. Flesch–Kincaid
grade level: Kincaid et al. 1975; up to grade 6 simple, to 9 middle.
"""

import logging
import re
import warnings
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log10
from typing import Any, Literal

Level = Literal["simple", "middle", "hard"]
HARD_ZIPF = 3.0
# How much rarer than its rarest character a word may be and still be read off its characters.
_TRANSPARENT = 2.0
IDIOM_ZIPF = 3.6

_END_ZH = re.compile(r"[^。！？!?；;…\n]+[。！？!?；;…]*[”」』）)]*")
_END_EN = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$|[\"”’)])|\n|$|[.!?])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_COUNTED = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9]+(?:[.:\-][A-Za-z0-9]+)*")
_WORD_EN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*")
# Questions such as 能不能不去 and 是不是不舒服 are none, nor is 没有不舒服 (a thing is absent).
_DOUBLE_NEGATIVE = re.compile(
    r"不得不|(?<!能)不能不|(?<!会)不会不|(?<!可)不可不|(?<!可)不可能不|(?<!是)不是不|无不(?=[^，。！？；、])|(?<!有)没有(?:一个)?人不"
    r"|非[^，。！？；]{1,6}不可|未尝不|并非[不没]|莫不"
)


@dataclass(frozen=True, slots=True)
class Readability:
    """A text's score and what it comes from; ``characters`` are those of each sentence (a number or a word is one)."""

    score: float
    level: Level
    sentences: tuple[str, ...]
    characters: tuple[int, ...]
    words: int
    hard_words: tuple[str, ...]
    idioms: tuple[str, ...]
    double_negatives: tuple[str, ...]


def measure(text: str, lang: str = "zh-CN") -> Readability:
    """Measure plain text (no markup; a line break ends a sentence) in ``zh-CN`` or ``en``."""
    return _english(text) if lang.startswith("en") else _chinese(text)


def _chinese(text: str) -> Readability:
    sentences = tuple(s for found in _END_ZH.findall(text) if _COUNTED.search(s := found.strip()))
    tokens = [token for s in sentences for token in _dictionary().lcut(s) if _COUNTED.search(token)]
    hard = dict.fromkeys(token for token in tokens if familiarity(token) < HARD_ZIPF)
    lengths = tuple(len(_COUNTED.findall(s)) for s in sentences)
    score = (len(tokens) / len(sentences) + 100 * len(hard) / len(tokens)) if tokens else 0.0
    idioms = {t for t in tokens if len(t) == 4 and t in _idioms() and familiarity(t) < IDIOM_ZIPF}
    return Readability(
        score=score,
        level=_level(score, sum(lengths) / len(lengths) if lengths else 0.0),
        sentences=sentences,
        characters=lengths,
        words=len(tokens),
        hard_words=tuple(hard),
        idioms=tuple(sorted(idioms)),
        double_negatives=tuple(dict.fromkeys(m.group() for m in _DOUBLE_NEGATIVE.finditer(text))),
    )


def _level(score: float, mean_characters: float) -> Level:
    """The CLDC level; sentences of a statute are not simple even where each of their words is."""
    if score > 30 or mean_characters > 50:
        return "hard"
    return "simple" if score < 20 and mean_characters <= 30 else "middle"


def _english(text: str) -> Readability:
    sentences = tuple(s for found in _END_EN.findall(text) if _WORD_EN.search(s := found.strip()))
    words = [_WORD_EN.findall(s) for s in sentences]
    count = sum(map(len, words))
    syllables = sum(_syllables(word) for found in words for word in found)
    grade = 0.39 * count / len(sentences) + 11.8 * syllables / count - 15.59 if count else 0.0
    long = (word.casefold() for found in words for word in found if _syllables(word) > 3)
    return Readability(
        score=grade,
        level="simple" if grade <= 6 else "middle" if grade <= 9 else "hard",
        sentences=sentences,
        characters=tuple(map(len, words)),
        words=count,
        hard_words=tuple(dict.fromkeys(long)),
        idioms=(),
        double_negatives=(),
    )


def _syllables(word: str) -> int:
    if word[0].isdigit():
        return 1
    groups = re.findall(r"[aeiouy]+", word.casefold())
    silent = word.casefold().endswith("e") and not word.casefold().endswith(("le", "ee")) and len(groups) > 1
    return max(1, len(groups) - silent)


@lru_cache(maxsize=50_000)
def familiarity(word: str) -> float:
    """How well known a Chinese word is, as a Zipf frequency; a rare word of everyday characters counts by those."""
    characters = [_character(c) for c in word if _HAN.match(c)]
    if not characters:
        return 8.0  # a number or a foreign word is judged by no Chinese list
    return max(_zipf(word), min(characters) - _TRANSPARENT)


def _zipf(word: str) -> float:
    """How often a word is met: the logarithm of its count in a thousand million words; 0 if never."""
    frequency = _frequencies().get(word)
    return log10(frequency) + 9 if frequency else 0.0


def _character(character: str) -> float:
    frequency = _characters().get(character)
    return log10(frequency) + 9 if frequency else 0.0


@cache
def _dictionary() -> Any:
    """Jieba's own tokeniser, without its cache: that is a file in a folder where anyone on a machine may write."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba was written for older Pythons
        import jieba
    jieba.setLogLevel(logging.WARNING)
    words = jieba.dt
    if not words.initialized:
        words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
        words.initialized = True
    return words


@cache
def _idioms() -> frozenset[str]:
    with _dictionary().get_dict_file() as lines:
        split = (line.decode().split() for line in lines)
        return frozenset(s[0] for s in split if len(s) == 3 and s[2] == "i" and len(s[0]) == 4)


@cache
def _frequencies() -> dict[str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wordfreq import get_frequency_dict
    return get_frequency_dict("zh", "large")


@cache
def _characters() -> dict[str, float]:
    """How often each character is met, in whatever word."""
    sums: dict[str, float] = defaultdict(float)
    for word, frequency in _frequencies().items():
        for character in filter(_HAN.match, word):
            sums[character] += frequency
    return dict(sums)

"""Chinese text to pinyin for a synthesiser: words joined, tones written as figures, 一 and 不 as they are said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from accessibility.text.words import segmenter
from accessibility.voice.lexicon import Lexicon, base
from accessibility.voice.syllables import RETROFLEX, written

_HAN = re.compile(r"[\u3400-\u9fff]+")
_PAUSES = str.maketrans(
    {"，": ",", "、": ",", "；": ";", "：": ",", "。": ".", "！": "!", "？": "?", "…": ",", "—": ","}
)
_SILENT = re.compile(r"[“”‘’\"'《》〈〉「」『』（）()\[\]【】*_#`|·]")
_FIGURES = "零二三四五六七八九幺"
# Words whose 得 is to get or to be allowed; in other words it is the particle, without a tone.
_FULL_DE = frozenset(
    ("获得", "取得", "赢得", "难得", "心得", "所得", "求得", "博得", "夺得", "应得", "不得", "不得不", "不得已")
)
# Whose 儿 is a child, a syllable of its own; at the end of any other word it bends the syllable before it.
_CHILD = re.compile(r".*[女小婴幼孤少胎健男宠育患生产弃托血能形孩侄孙妻乞]儿")
_LATIN = re.compile(r"([A-Za-z][A-Za-z'’.-]*(?:[ ,]+[A-Za-z][A-Za-z'’.-]*)*)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a pause as the synthesiser takes it, and where it stands in the text."""

    said: str
    start: int
    end: int


def pinyin(text: str, lexicon: Lexicon | None = None) -> str:
    """The text as words of numbered pinyin with their pauses: ``你好，银行`` → ``ni2hao3 , yin2hang2``.

    Figures must have been written out (``accessibility.text.spoken``); letters are left out. Syllables that the voice
    does not know stand as its phonemes in ``[[ ]]``.
    """
    return " ".join(word.said for word in words(text, lexicon))


def words(text: str, lexicon: Lexicon | None = None) -> list[Word]:
    """The words and pauses of a text in the order in which they are said."""
    known = lexicon or base()
    said: list[Word] = []
    clause: list[tuple[str, int]] = []
    at = 0
    for piece in segmenter().cut(_SILENT.sub(" ", text)):
        if _HAN.fullmatch(piece):
            clause.append((piece, at))
        elif piece.strip() and piece[0] in "，、；：。！？…—,.;:!?":
            said += [*_clause(clause, known), Word(piece[0].translate(_PAUSES), at, at + len(piece))]
            clause = []
        at += len(piece)
    return [*said, *_clause(clause, known)]


def _clause(pieces: Sequence[tuple[str, int]], lexicon: Lexicon) -> list[Word]:
    """Words said in one breath, each as its pinyin: 一 and 不 have their tone from what follows, in whatever word."""
    text = "".join(word for word, _at in pieces)
    said = [syllable for word, _at in pieces for syllable in _word(word, lexicon)]
    fixed = [len(word) == 1 and word in lexicon.chinese for word, _at in pieces for _character in word]
    for found in lexicon.longer.finditer(text):
        said[found.start() : found.end()] = lexicon.chinese[found[0]]
        fixed[found.start() : found.end()] = [True] * len(found[0])
    for at, character in enumerate(text):
        if character in "一不" and not fixed[at]:
            said[at] = (_one if character == "一" else _not)(text, at, said[at + 1] if at + 1 < len(text) else "")
    made, at = [], 0
    for word, start in pieces:
        made.append(Word(written(said[at : at + len(word)]), start, start + len(word)))
        at += len(word)
    return made


def _word(word: str, lexicon: Lexicon) -> list[str]:
    """The syllable of each character of a word."""
    if len(word) == 1 and word in lexicon.chinese:
        return list(lexicon.chinese[word])
    said = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True)
    said = ["de5" if n and c == "得" and word not in _FULL_DE else said[n] for n, c in enumerate(word)]
    if len(word) > 1 and word.endswith("儿") and not _CHILD.fullmatch(word):
        said[-1] = RETROFLEX
    return said


def _not(text: str, at: int, following: str) -> str:
    if 0 < at < len(text) - 1 and text[at - 1] == text[at + 1]:
        return "bu5"  # 好不好
    return "bu2" if following.endswith("4") else "bu4"


def _one(text: str, at: int, following: str) -> str:
    """一 keeps its own tone as a figure and at the end: 第一, 二零一九, 一百一十, 一点五, 之一."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if before and before == after and before not in _FIGURES and text[max(0, at - 2) : at - 1] != "一":
        return "yi5"  # 看一看, but not 一步一步
    a_figure = (
        not after
        or (before and before in "第初十之" + _FIGURES)
        or after in _FIGURES
        or (before and before in "百千万" and after in "十百千")
        or (before == "万" and text[max(0, at - 2) : at - 1] not in tuple("千百十" + _FIGURES))
        or text[max(0, at - 2) : at] in ("星期", "礼拜")
        or (after == "点" and text[at + 2 : at + 3] in tuple(_FIGURES))
    )
    if a_figure:
        return "yi1"
    return "yi2" if after == "个" or following.endswith("4") else "yi4"


def runs(text: str) -> list[tuple[str, str]]:
    """The text cut where its script changes: ``[("zh", "请按"), ("en", "OK"), ("zh", "键")]``."""
    return [("en" if n % 2 else "zh", piece) for n, piece in enumerate(_LATIN.split(text)) if piece]

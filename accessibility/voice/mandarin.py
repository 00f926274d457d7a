"""Chinese text to pinyin for a synthesiser: words joined, tones written as figures, 一 and 不 as they are said."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pypinyin import Style, lazy_pinyin

from accessibility.text.words import segmenter

_HAN = re.compile(r"[\u3400-\u9fff]+")
_PAUSES = str.maketrans(
    {"，": ",", "、": ",", "；": ";", "：": ",", "。": ".", "！": "!", "？": "?", "…": ",", "—": ","}
)
_SILENT = re.compile(r"[“”‘’\"'《》〈〉「」『』（）()\[\]【】*_#`|·]+")
_LATIN = re.compile(r"([A-Za-z][A-Za-z'’.-]*(?:[ ,]+[A-Za-z][A-Za-z'’.-]*)*)")


def pinyin(text: str) -> str:
    """The text as words of numbered pinyin with their pauses: ``你好，银行`` → ``ni2hao3 , yin2hang2``.

    Figures must have been written out (``accessibility.text.spoken``); letters are left out.
    """
    words = []
    for piece in _tokenizer().cut(_SILENT.sub(" ", text)):
        if _HAN.fullmatch(piece):
            words.append(_word(piece))
        elif piece.strip() and piece[0] in "，、；：。！？…—,.;:!?":
            words.append(piece[0].translate(_PAUSES))
    return " ".join(words)


def _word(piece: str) -> str:
    fixed = lexicon().get(piece)
    if fixed is not None:
        return fixed
    return "".join(lazy_pinyin(piece, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True))


@cache
def lexicon() -> Mapping[str, str]:
    """Words that are said otherwise than a dictionary would have it: ``lexicon.txt``, a word and its pinyin a line."""
    lines = (files(__package__) / "lexicon.txt").read_text("utf-8").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#"))
    return {word: said.replace(" ", "") for word, said in pairs}


@cache
def _tokenizer() -> Any:
    """The segmenter, with the lexicon's words kept whole."""
    tokenizer = segmenter()
    for word in lexicon():
        tokenizer.add_word(word)
    return tokenizer


def runs(text: str) -> list[tuple[str, str]]:
    """The text cut where its script changes: ``[("zh", "请按"), ("en", "OK"), ("zh", "键")]``."""
    return [("en" if n % 2 else "zh", piece) for n, piece in enumerate(_LATIN.split(text)) if piece.strip()]

"""Chinese text taken apart into words, and brought into one spelling."""

import logging
import unicodedata
import warnings
from functools import cache
from typing import Any


def cut(text: str) -> list[str]:
    """The words of a text, in their order, with its punctuation."""
    return list(_tokeniser().lcut(text))


def cut_for_search(text: str) -> list[str]:
    """As ``cut``, with the shorter words inside long ones too."""
    return list(_tokeniser().lcut_for_search(text))


def one_spelling(text: str) -> str:
    """NFKC, lower case, traditional characters as simplified ones (character by character)."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


@cache
def _tokeniser() -> Any:
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
def _simplified() -> dict[int, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wordfreq.chinese import SIMPLIFIED_MAP
    table: dict[int, str] = dict(SIMPLIFIED_MAP)
    return table

"""Chinese words: the segmenter, loaded once and quietly."""

import logging
import warnings
from functools import cache
from typing import Any


@cache
def segmenter() -> Any:
    """Jieba's tokeniser, loaded from its dictionary: its cache is a file that anyone on the machine may write."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba was written for older Pythons
        import jieba
    jieba.setLogLevel(logging.WARNING)
    words = jieba.dt
    if not words.initialized:
        words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
        words.initialized = True
    return words

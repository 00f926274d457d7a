"""Which language a passage is in, where it is not the page's own (WCAG 3.1.2): a screen reader then changes its voice.

Content stands in Chinese with some English, on pages in either. Names and texts of the library go through ``named`` or
the filter ``marked``; a sentence (``t``) that takes such a name keeps its markup.
"""

import re

from flask import Flask
from markupsafe import Markup, escape

from adaptive.content.model import Text
from web.messages import locale

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Chinese and what stands between Chinese: its punctuation, figures, spaces.
_CHINESE = re.compile(rf"[{_HAN}](?:[{_HAN}\u3000-\u303f\uff00-\uff65“”‘’…—·0-9\s.,:;%/+-]*[{_HAN}])?[。！？]?")
# Two English words or more; one word alone is a name or a term, which Chinese says as it is.
_ALL_ENGLISH = re.compile(r"[\x20-\x7e‘’“”]*[a-z][\x20-\x7e‘’“”]*")
_ENGLISH = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*(?:[,;:]?\s+[A-Za-z]+(?:['’-][A-Za-z]+)*)+[.?!]?")


def marked(words: str | None, inside: str | None = None) -> str:
    """The words, what is in another language than around it (``inside``, else the page's) in a ``span`` with ``lang``.

    Words that are markup already stay as they are.
    """
    if not words or hasattr(words, "__html__"):
        return words or ""
    around = inside or locale()
    if around != "en" and _ALL_ENGLISH.fullmatch(words):
        return Markup('<span lang="en">{}</span>').format(words)
    pattern, language = (_CHINESE, "zh-CN") if around == "en" else (_ENGLISH, "en")
    if pattern.search(words) is None:
        return words
    found, end = Markup(), 0
    for run in pattern.finditer(words):
        found += escape(words[end : run.start()]) + Markup('<span lang="{}">{}</span>').format(language, run[0])
        end = run.end()
    return found + escape(words[end:])


def named(text: Text) -> str:
    """A name of the library in the reader's language, marked where it is only there in the other one."""
    return marked(text.in_language(locale()))


def language_of(words: str) -> str:
    """The language that a text is in for the most part: Chinese if it has any Chinese character."""
    return "zh-CN" if re.search(f"[{_HAN}]", words) or not re.search("[A-Za-z]{2}", words) else "en"


def install(app: Flask) -> None:
    """Make the names and marks available to every template."""
    app.jinja_env.globals.update(named=named, language_of=language_of)
    app.jinja_env.filters.update(marked=marked)

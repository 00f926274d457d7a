"""A cell's text as it is stored: what cannot be seen is taken out, and what was changed is said."""

import html
import re

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
_SPACES = re.compile(r"[^\S\n]+")
_PLAIN = re.compile(r"[!-%'-~ ]*")


def clean(text: str, *, lines: bool = False) -> tuple[str, str | None]:
    """The text without what a reader cannot see, and the code of a notice where that changed its meaning-bearing part.

    Runs of spaces (no-break ones included) become one space; line breaks stay only where ``lines``. ``text_invisible``:
    zero-width, soft-hyphen, byte-order or direction-changing characters were taken out; ``text_entities``: HTML
    entities left by a web page became the characters they stand for.
    """
    if _PLAIN.fullmatch(text) and "  " not in text:
        return text.strip(), None
    notice = None
    if _ENTITY.search(text):
        text, notice = html.unescape(text), "text_entities"
    if _INVISIBLE.search(text):
        text, notice = _INVISIBLE.sub("", text), "text_invisible"
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    text = _SPACES.sub(" ", text) if lines else " ".join(text.split())
    return "\n".join(line.strip() for line in text.split("\n")).strip(), notice

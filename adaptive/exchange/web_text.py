"""Text files of packages: their encoding, and the title of a page."""

import re

from bs4 import BeautifulSoup

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)


def as_text(content: bytes) -> str:
    """The text of a file: by its byte-order mark, as UTF-8, by the encoding that it names, or as GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    named = _CHARSET.search(content[:2000])
    encodings = ["utf-8-sig", *([named[1].decode("ascii")] if named else []), "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def title_of(html: str) -> str:
    """A page's first heading, or its title; "" for one without either."""
    soup = BeautifulSoup(html + "\n", "html.parser")  # a second line: not taken for a file's name
    for name in ("h1", "title", "h2"):
        tag = soup.find(name)
        if tag is not None and (text := " ".join(tag.get_text().split())):
            return text[:200]
    return ""

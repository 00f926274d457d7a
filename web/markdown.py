"""A form's Markdown as HTML that is safe in a page.

Markup inside the Markdown is shown as text, an address that runs something is no link, and there is no inline style, so
that the page's content policy holds.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from adaptive.content.markdown import parser
from web.languages import marked

_LOWEST = 6
_LATIN = re.compile(r"[\x21-\x7e\u00c0-\u024f]")


def article(
    body: str, *, lang: str = "zh-CN", picture: Callable[[str], str | None] = lambda _name: None, shift: int = 0
) -> Markup:
    """HTML of a form's body, whose headings begin at ``h2``.

    ``picture`` gives the address of a picture of the item; None shows the picture's text instead. ``shift`` lowers
    every heading. Headings have the ids ``part-1``, ``part-2`` … in their order, as a passage's ``part`` counts them.
    """
    parse = _parser()
    tokens = parse.parse(body)
    _headings(tokens, shift)
    for token in tokens:
        token.attrs.pop("style", None)  # a table's alignment
        if token.type == "inline" and token.children:
            token.children = _inline(token.children, picture, lang)
    return Markup(parse.renderer.render(tokens, parse.options, {}))  # noqa: S704 - HTML is off; texts are escaped


@cache
def _parser() -> MarkdownIt:
    return parser(html=False)


def _headings(tokens: Sequence[Token], shift: int) -> None:
    part = 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(2, min(_LOWEST, int(token.tag[1]) + shift))}"
        if token.type == "heading_open":
            part += 1
            token.attrs["id"] = f"part-{part}"


def _inline(children: Sequence[Token], picture: Callable[[str], str | None], lang: str) -> list[Token]:
    shown = []
    for place, token in enumerate(children):
        if token.type == "softbreak" and lang.startswith("zh") and not _between_words(children, place):
            continue  # a line that was broken in the file: no space between two Chinese characters
        if token.type == "image":
            shown.append(_picture(token, picture))
            continue
        if token.type == "link_open" and not str(token.attrs.get("href", "")).startswith("#"):
            token.attrs["rel"] = "noopener noreferrer external"
        shown.append(_marked(token, lang) if token.type == "text" else token)
    return shown


def _marked(token: Token, lang: str) -> Token:
    """A text whose passages in another language are marked as such."""
    alone = lang.startswith("zh") and " " not in token.content.strip()  # one word between others is a name or a term
    found = token.content if alone and token.content.isascii() else marked(token.content, lang)
    return Token("html_inline", "", 0, content=found) if isinstance(found, Markup) else token


def _between_words(children: Sequence[Token], place: int) -> bool:
    before = children[place - 1].content[-1:] if place else ""
    after = children[place + 1].content[:1] if place + 1 < len(children) else ""
    return bool(_LATIN.match(before) and _LATIN.match(after))


def _picture(token: Token, picture: Callable[[str], str | None]) -> Token:
    address = picture(str(token.attrs.get("src", "")))
    if address is None:
        return Token("text", "", 0, content=token.content)
    token.attrs = {"src": address, "alt": "", "loading": "lazy"}  # the renderer fills in the text
    return token

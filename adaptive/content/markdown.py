"""The parts of a form's Markdown, each with its line: headings, blocks of text, pictures, and what may not be there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and its level, 1 to 6."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list's entry, a table's cell: text without markup."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what it shows in words, and its address."""

    line: int
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Markup:
    """Something that content may not hold: ``html``, or a table wider than three columns (``table``)."""

    line: int
    kind: str


Part = Heading | Block | Picture | Markup
WIDEST_TABLE = 3


@cache
def parser(*, html: bool) -> MarkdownIt:
    """CommonMark with tables. HTML is shown as text, or, to find it, parsed."""
    return MarkdownIt("commonmark", {"html": html}).enable("table")


def parts(body: str, first_line: int = 1) -> tuple[Part, ...]:
    """The parts in their order; lines are counted from ``first_line``."""
    return tuple(_parts(parser(html=True).parse(body), first_line))


def _parts(tokens: list[Token], first_line: int) -> Iterator[Part]:
    heading, line, columns = 0, first_line, 0
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "html_block":
            yield Markup(line, "html")
        elif token.type in ("fence", "code_block"):
            yield Block(line, token.content.strip())
        elif token.type == "tr_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
            if columns == WIDEST_TABLE + 1:
                yield Markup(line, "table")
        elif token.type == "inline":
            yield from _inline(token, line, heading)


def _inline(token: Token, line: int, heading: int) -> Iterator[Part]:
    text: list[str] = []
    found: list[Part] = []
    at = line
    for child in token.children or ():
        if child.type == "image":
            found.append(Picture(at, _plain(child).strip(), str(child.attrs.get("src", ""))))
        elif child.type == "html_inline":
            found.append(Markup(at, "html"))
        elif child.type in ("softbreak", "hardbreak"):
            at += 1
            text.append("\n" if child.type == "hardbreak" else " ")
        else:
            text.append(child.content)
    words = "".join(text).strip()
    if words:
        yield Heading(line, heading, words) if heading else Block(line, words)
    yield from found


def _plain(token: Token) -> str:
    return "".join(_plain(child) if child.children else child.content for child in token.children or ())

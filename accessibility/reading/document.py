"""A page as a tree: elements, attributes, texts, and a number by which a script finds each element again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

NUMBER = "data-n"
"""The attribute in which a script numbers the elements of the page that it hands in."""
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
# An open element that ends when one of these begins inside it (HTML, 13.1.2.4): pages may leave out such end tags.
_ROWS, _CELLS = {"tr", "tbody", "tfoot"}, {"td", "th", "tr", "tbody", "tfoot"}
_ENDED_BY = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "option": {"option", "optgroup"}, "tr": _ROWS, "td": _CELLS,
    "th": _CELLS, "thead": {"tbody", "tfoot"},
    "p": {"p", "div", "ul", "ol", "dl", "table", "section", "h1", "h2", "h3", "h4", "h5", "h6", "form", "fieldset"},
}  # fmt: skip
DEEPEST = 200
# Comments and declarations, each to its end or to the page's: html.parser would look for an end from each of them anew.
_UNREAD = re.compile(r"<!--(?:(?!-->).)*(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)


@dataclass(eq=False, slots=True)
class Node:
    """An element; ``number`` is -1 where no script numbered it."""

    tag: str
    attributes: dict[str, str]
    number: int = -1
    children: list["Node | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute's value; empty when it is not there."""
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the attribute is there."""
        return name in self.attributes

    def classes(self) -> list[str]:
        """The element's classes."""
        return self.get("class").split()

    def walk(self) -> Iterator["Node"]:
        """This element and all inside it, in their order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    def text(self) -> str:
        """All text inside, white space folded."""
        return " ".join("".join(_texts(self)).split())


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _texts(child)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("html", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while len(self.open) > 1 and tag in _ENDED_BY.get(self.open[-1].tag, ()):
            self.open.pop()
        attributes = {name: value or "" for name, value in attrs}
        number = attributes.get(NUMBER, "")
        node = Node(tag, attributes, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else -1)
        self.open[-1].children.append(node)
        if tag not in VOID and len(self.open) < DEEPEST:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1].tag == tag and len(self.open) > 1 and tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        inside = self.open[-1].children
        if inside and isinstance(inside[-1], str):
            inside[-1] += data
        else:
            inside.append(data)


def parse(html: str) -> Node:
    """The tree of a page or of a part of one; whatever is malformed is taken as far as it goes.

    Tags that nothing ends are left out: html.parser takes the square of their number to find that out.
    """
    html = _UNREAD.sub("", html)
    whole = html.rfind(">") + 1
    builder = _Builder()
    builder.feed(html[:whole] + html[whole:].partition("<")[0])
    builder.close()
    return builder.root

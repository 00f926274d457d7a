"""The order in which a page is read: its heading, its content as it stands, ways to other pages last.

Lists say how many items they have, rows of a table the header of each cell, fields their label, hint, error and value.
What is hidden, what only decorates and what readers of speech skip is skipped here, too.
"""

import re
from dataclasses import dataclass

from accessibility.reading import tables
from accessibility.reading.controls import CHOICES, kind_of, said_of, state_of
from accessibility.reading.document import Node
from accessibility.reading.fragment import Character, Kind, Sentence, Words, announced, folded, sentences
from accessibility.text.maths import mathml_of

SKIPPED = frozenset((
    "script", "style", "template", "noscript", "head", "rt", "rp", "iframe", "object", "datalist", "source",
    "track",
))  # fmt: skip
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section",
    "summary", "table", "ul", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "label", "button",
    "audio", "video",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NUMBERED = re.compile(r"\d+[.、．]|第?[一二三四五六七八九十]+[、.步项，]")
# Marks and asides that the eye keeps apart by their look alone.
_APART = {"tag", "badge", "soft", "optional", "check-outcome", "status"}
MOST_SENTENCES, DEEPEST_TABLES = 1_500, 3
SKIP = "data-read"
"""``data-read="skip"``: a part that is about the reading itself, such as its buttons."""


def is_silent(node: Node) -> bool:
    """Whether nothing of an element is read."""
    if node.tag in SKIPPED or node.has("hidden") or node.get("aria-hidden") == "true" or node.get(SKIP) == "skip":
        return True
    return node.tag == "svg" and not (node.get("role") == "img" or any(n.tag == "text" for n in node.walk()))


class TooLarge(ValueError):
    """The page is larger than what is read at once."""


@dataclass(slots=True)
class _Choices:
    """Boxes and circles inside an element: how many, how many of them circles, the first."""

    count: int = 0
    radios: int = 0
    first: Node | None = None

    def add(self, other: "_Choices") -> None:
        self.count, self.radios, self.first = (
            self.count + other.count, self.radios + other.radios, self.first or other.first,
        )  # fmt: skip


class Order:
    """Reads one page: ``read(main)`` gives its sentences. Raises TooLarge as soon as there are too many."""

    def __init__(self, say: Words, language: str) -> None:
        self._say = say
        self._language = language
        self._found: list[Sentence] = []
        self._line: list[Character] = []
        self._before: list[Character] = []  # what is said before the next line
        self._kind: Kind = "text"
        self._block = 0
        self._labels: dict[str, Node] = {}
        self._labelled: set[str] = set()
        self._choices: dict[Node, _Choices] = {}
        self._tables = 0  # that this stands in
        self._later: list[tuple[Node, str]] = []
        self._first: Node | None = None
        self._last = False

    def read(self, root: Node) -> list[Sentence]:
        """The sentences of a page or a part of it, in the order in which they are read."""
        controls = {n.get("id"): n for n in root.walk() if n.tag in ("input", "select", "textarea") and n.get("id")}
        labels = [n for n in root.walk() if n.tag == "label"]
        self._look_over(root, inside=False)
        self._labels = {n.get("for"): controls[n.get("for")] for n in labels if n.get("for") in controls}
        self._labelled |= {n.get("for") for n in labels}
        self._first = next((n for n in root.walk() if n.tag == "h1" and not is_silent(n)), None)
        if self._first is not None:
            self._heading(self._first, self._language)
        self._inside(root, self._language)
        self._flush()
        self._last = True
        for node, language in self._later:
            self._navigation(node, language)
        return self._found

    def _look_over(self, node: Node, *, inside: bool) -> _Choices:
        """What labels and groups hold, once for all of them, however deep they stand in each other."""
        found = _Choices()
        if node.tag == "input" and kind_of(node) in CHOICES:
            found = _Choices(1, int(kind_of(node) == "radio"), node)
        if inside and node.get("id"):
            self._labelled.add(node.get("id"))
        inside = inside or node.tag == "label"
        for child in node.children:
            if isinstance(child, Node):
                found.add(self._look_over(child, inside=inside))
        if node.tag in ("label", "fieldset"):
            self._choices[node] = found
        return found

    def _flush(self, kind: Kind | None = None) -> None:
        line, self._line = folded(self._line), []
        if line and self._before:
            line, self._before = self._before + line, []
        kind = self._kind if self._kind == "navigation" else kind or self._kind
        made = sentences(line, kind, self._block)
        if made:
            self._block += 1
            self._found += made
            if len(self._found) > MOST_SENTENCES:
                raise TooLarge

    def _announce(self, words: str, kind: Kind = "text", language: str | None = None) -> None:
        self._flush()
        self._line = announced(words, language or self._language)
        self._flush(kind)

    def _inside(self, node: Node, language: str) -> None:
        texts = 0
        for child in node.children:
            if isinstance(child, str):
                self._line += [Character(" " if c == "\n" else c, (node.number, texts, at), language)
                               for at, c in enumerate(child)]  # fmt: skip
                texts += 1
            else:
                self._element(child, language)

    def _element(self, node: Node, language: str) -> None:
        if is_silent(node) or node is self._first:
            return
        language = node.get("lang") or language
        if (node.tag == "nav" or "back" in node.classes()) and not self._last:
            self._later.append((node, language))
            return
        if node.tag == "br":
            self._line.append(Character("\n", None, language))
        elif node.tag in BLOCKS or "button" in node.classes():
            self._flush()
            self._of_block(node, language)
            self._flush()
        else:
            self._of_line(node, language)

    def _of_line(self, node: Node, language: str) -> None:
        match node.tag:
            case "img":
                self._line += announced(self._picture(node.get("alt")), self._language)
            case "svg" if node.get("role") == "img":
                title = next((n.text() for n in node.walk() if n.tag == "title"), "")
                self._line += announced(self._picture(node.get("aria-label") or title), self._language)
            case "svg":
                for text in (n for n in node.walk() if n.tag in ("text", "title", "desc") and not is_silent(n)):
                    self._flush()
                    self._inside(text, language)
            case "math":
                place = (node.number, -1, 0)
                said = mathml_of(node, english=language == "en")
                self._line += [Character(c, place, language) for c in said]
            case "input" | "select" | "textarea":
                self._control(node)
            case _:
                if self._line and _APART & set(node.classes()):
                    self._line += announced(self._say("comma"), language)
                self._inside(node, language)

    def _picture(self, words: str) -> str:
        return self._say("picture", words=words) if words.strip() else ""

    def _of_block(self, node: Node, language: str) -> None:
        match node.tag:
            case tag if tag in HEADINGS:
                self._heading(node, language)
            case "ul" | "ol" | "menu":
                self._list(node, language)
            case "dl":
                self._definitions(node, language)
            case "table" if self._tables < DEEPEST_TABLES:  # deeper, it only arranges: as it stands
                for row in tables.rows(node, self._say, language, self._cell):
                    self._line = row.characters
                    self._flush("row" if row.body else "text")
            case "label":
                self._label(node, language)
            case "fieldset":
                self._fieldset(node, language)
            case "details" if not node.has("open"):
                for summary in (n for n in node.children if isinstance(n, Node) and n.tag == "summary"):
                    self._line += announced(self._say("closed"), self._language)
                    self._inside(summary, language)
            case "audio" | "video":
                self._line += announced(self._say("recording", name=node.get("aria-label")), self._language)
            case _ if node.tag == "button" or "button" in node.classes():
                self._named("button_before", node, language)
            case _:
                self._paragraph(node, language)

    def _paragraph(self, node: Node, language: str) -> None:
        """A paragraph; one that is nothing but a link says so."""
        inside = [c for c in node.children if isinstance(c, Node) or c.strip()]
        alone = inside[0] if len(inside) == 1 and isinstance(inside[0], Node) else None
        plain = alone is not None and alone.tag == "a" and not {"back", "button"} & set(alone.classes())
        if alone is not None and plain and not self._last and not is_silent(alone):
            self._named("link_before", alone, alone.get("lang") or language)
            return
        self._inside(node, language)

    def _named(self, key: str, node: Node, language: str) -> None:
        if node.text() or any(n.tag in ("img", "svg") for n in node.walk()):
            self._line += announced(self._say(key), self._language)
            self._inside(node, language)
        elif node.get("aria-label"):
            self._line += announced(self._say(key) + node.get("aria-label"), self._language)
        self._flush("control")

    def _heading(self, node: Node, language: str) -> None:
        self._flush()
        self._inside(node, node.get("lang") or language)
        self._flush("heading")

    def _list(self, node: Node, language: str) -> None:
        items = [c for c in node.children if isinstance(c, Node) and c.tag == "li" and not is_silent(c)]
        if len(items) > 1:
            self._announce(self._say("list", count=len(items)))
        for number, item in enumerate(items, 1):
            if node.tag == "ol" and len(items) > 1 and not _NUMBERED.match(item.text()):
                self._before = announced(self._say("item", number=number), self._language)
            before = self._kind
            self._kind = before if before == "navigation" else "item"
            self._paragraph(item, item.get("lang") or language)
            self._flush()
            self._kind, self._before = before, []

    def _definitions(self, node: Node, language: str) -> None:
        for child in node.children:
            if not isinstance(child, Node) or is_silent(child):
                continue
            if child.tag == "div":
                self._definitions(child, language)
            elif child.tag == "dt":
                self._flush()
                self._inside(child, child.get("lang") or language)
                self._line += announced(self._say("colon"), self._language)
            else:
                self._inside(child, child.get("lang") or language)
                self._line.append(Character("\n", None, language))
        self._flush("item")

    def _fieldset(self, node: Node, language: str) -> None:
        legend = next((c for c in node.children if isinstance(c, Node) and c.tag == "legend"), None)
        if legend is not None:
            self._inside(legend, legend.get("lang") or language)
            self._flush("field")
        choices = self._choices[node]
        if choices.count > 1:
            one = choices.radios == choices.count
            self._announce(self._say("one_of" if one else "several_of", count=choices.count), "field")
        for child in node.children:
            if isinstance(child, Node) and child is not legend:
                self._element(child, language)

    def _label(self, node: Node, language: str) -> None:
        choice = self._choices[node].first or self._labels.get(node.get("for"))
        self._inside(node, language)
        if choice is not None and kind_of(choice) in CHOICES:
            self._line += announced(self._say("comma") + state_of(choice, self._say), self._language)
        self._flush("field")

    def _control(self, node: Node) -> None:
        kind = kind_of(node)
        labelled = node.get("id") in self._labelled
        if kind == "hidden" or (kind in CHOICES and labelled):
            return
        if kind in CHOICES:
            name = node.get("aria-label")
            self._announce((self._say("named", name=name) if name else "") + state_of(node, self._say), "field")
            return
        self._announce(said_of(node, labelled, self._say), "control" if kind == "button" else "field")

    def _navigation(self, node: Node, language: str) -> None:
        self._kind = "navigation"
        if node.tag == "nav":
            name = node.get("aria-label")
            self._announce(self._say("navigation", name=name) if name else self._say("ways"), "navigation")
        else:
            self._line += announced(self._say("back"), self._language)
        self._inside(node, language)
        self._flush()

    def _cell(self, node: Node, language: str) -> list[Character]:
        """All of a table's cell as one line."""
        inner = Order(self._say, language)
        inner._labels, inner._labelled, inner._choices = self._labels, self._labelled, self._choices
        inner._last, inner._tables = True, self._tables + 1
        inner._inside(node, node.get("lang") or language)
        inner._flush()
        line: list[Character] = []
        for sentence in inner._found:
            line += announced(self._say("comma"), language) if line else []
            line += [Character(c, p, sentence.language) for c, p in zip(sentence.text, sentence.places, strict=True)]
        return line

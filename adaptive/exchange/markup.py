"""XML from elsewhere: without entities, external documents or bottomless nesting, under names without namespaces.

QTI 3.0 writes ``qti-choice-interaction max-choices`` where QTI 2.x writes ``choiceInteraction maxChoices``; both are
read under the name of 2.x, so that one reader understands both (QTI 3.0 migration guide, names of elements).
"""

import re
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from adaptive.errors import InvalidInput

LARGEST = 30 * 1024 * 1024
DEEPEST = 150
_VOID = {"br", "img", "hr", "wbr", "col", "input", "source", "track"}
_PREFIXED = re.compile(r"</?[a-z]+:", re.IGNORECASE)


def parse(data: bytes, file: str = "") -> Element:
    """The root of a document, its elements and attributes under plain names.

    Raises InvalidInput ``exchange.xml_broken`` (file, line, reason), ``exchange.xml_forbidden`` (entities, or nested
    deeper than any real document) or ``exchange.package_too_large``.
    """
    if len(data) > LARGEST:
        raise InvalidInput("exchange.package_too_large", limit=LARGEST // 1024 // 1024)
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise InvalidInput("exchange.xml_forbidden", file=file) from error
    except ParseError as error:
        raise InvalidInput("exchange.xml_broken", file=file, line=error.position[0]) from error
    except (ValueError, LookupError) as error:
        raise InvalidInput("exchange.xml_broken", file=file, line=1) from error
    level = [root]
    for depth in range(DEEPEST + 1):
        if not level:
            return root
        if depth == DEEPEST:
            raise InvalidInput("exchange.xml_forbidden", file=file)
        for node in level:
            _plain(node)
        level = [child for node in level for child in node]
    return root


def _plain(node: Element) -> None:
    """Take the namespace, and the manner of QTI 3, off an element's names."""
    name = node.tag.rpartition("}")[2]
    is_qti3 = name.startswith("qti-")
    node.tag = _camel(name[4:]) if is_qti3 else name
    plain = {}
    for key, value in node.attrib.items():
        short = key.rpartition("}")[2]
        plain[_camel(short) if is_qti3 and not short.startswith("data-") else short] = value
    node.attrib.clear()
    node.attrib.update(plain)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def first(node: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of child names, or None."""
    for name in path:
        if node is None:
            return None
        node = next((child for child in node if child.tag == name), None)
    return node


def each(node: Element | None, name: str) -> list[Element]:
    """The children of that name."""
    return [] if node is None else [child for child in node if child.tag == name]


def deep(node: Element, *names: str) -> Iterator[Element]:
    """All descendants (and the node itself) of these names, in document order."""
    return (found for found in node.iter() if found.tag in names)


def words(node: Element | None) -> str:
    """All text of an element, white space made single."""
    return "" if node is None else " ".join("".join(node.itertext()).split())


def html_of(node: Element, skip: frozenset[str] = frozenset(), marks: dict[int, str] | None = None) -> str:
    """The content of an element as HTML, without the elements of the names in ``skip``.

    ``marks`` maps the id() of an element inside it to the text that stands in its place.
    """
    parts = [escape(node.text or "", quote=False)]
    for child in node:
        if marks and id(child) in marks:
            parts.append(escape(marks[id(child)], quote=False))
        elif child.tag not in skip:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attrib.items())
            inner = "" if child.tag in _VOID else f"{html_of(child, skip, marks)}</{child.tag}>"
            parts.append(f"<{child.tag}{attributes}>{inner}")
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)

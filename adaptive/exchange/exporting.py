"""What every export shares: pages as XHTML, elements, manifests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt

from adaptive.content.model import Course, Item, Library
from adaptive.errors import Missing
from adaptive.exchange.problem import Problem

ExportFormat = Literal["cc", "qti3", "qti21"]
# Contents of the pictures of an item by (item id, name).
PictureFiles = Mapping[tuple[str, str], bytes]
_ATTRIBUTES = {"a": frozenset({"href"}), "img": frozenset({"src", "alt"}), "code": frozenset({"class"})}


@dataclass(frozen=True, slots=True)
class Exported:
    """A package, and what of the course is not in it as it was."""

    data: bytes
    problems: tuple[Problem, ...]


def course_of(library: Library, course_id: str) -> tuple[Course, list[Item]]:
    """A course and its items in order. Raises Missing ``exchange.course_unknown``."""
    course = library.courses.get(course_id)
    if course is None:
        raise Missing("exchange.course_unknown", course=course_id)
    return course, [library.items[name] for name in course.items if name in library.items]


def xml_text(text: str) -> str:
    """A text without the characters that XML cannot hold (XML 1.0 §2.2)."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A new child with a text and attributes (a trailing underscore is dropped, ``xml_lang`` becomes ``xml:lang``)."""
    plain = {_attribute(key): xml_text(value) for key, value in attributes.items()}
    child = SubElement(parent, name, plain)
    if text is not None:
        child.text = xml_text(text)
    return child


def _attribute(name: str) -> str:
    return "xml:lang" if name == "xml_lang" else name.removesuffix("_")


def paragraphs(parent: Element, text: str) -> None:
    """Plain text as a paragraph for each line."""
    for line in text.split("\n"):
        add(parent, "p", line)


def ncname(name: str) -> str:
    """A name as an NCName.

    Names of content are words joined by hyphens, so that an underscore keeps what we name ourselves apart from them:
    an identifier stands once in a manifest (xs:ID), and once in a test (QTI 2.1, rule set general 2). A full stop would
    read as an item's variable (QTI 2.1, references to item variables).
    """
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


def page_html(markdown: str) -> str:
    """Markdown of an item as XHTML; HTML in it stays text."""
    html: str = MarkdownIt("commonmark", {"xhtmlOut": True, "html": False}).enable("table").render(xml_text(markdown))
    return html


def page_element(markdown: str, picture_folder: str) -> tuple[Element, tuple[str, ...]]:
    """Markdown of an item as a ``div`` that QTI takes, its pictures found in a folder; and the HTML that is lost.

    QTI 2.1 has no attribute of HTML but where a link or a picture comes from and what it shows, and no table without
    a body; 3.0 wants a ``data-`` name for every other attribute.
    """
    root: Element = fromstring(f"<div>{page_html(markdown)}</div>")
    lost = set()
    for node in root.iter():
        kept = _ATTRIBUTES.get(node.tag, frozenset())
        # How a table's column is set is no word of the page.
        lost |= node.attrib.keys() - kept - {"style"}
        for name in node.attrib.keys() - kept:
            del node.attrib[name]
        if node.tag == "img":
            node.set("src", picture_folder + node.get("src", ""))
            node.set("alt", node.get("alt", ""))
        if node.tag == "table" and node.find("tbody") is None:
            for head in node.findall("thead"):
                head.tag = "tbody"
    return root, tuple(sorted(lost))


def document(root: Element) -> bytes:
    """An XML document in UTF-8."""
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def metadata(manifest: Element, course: Course, schema: str, version: str, lom: str) -> None:
    """A manifest's metadata: schema, and title, description, language and rights as LOM."""
    node = add(manifest, "metadata")
    add(node, "schema", schema)
    add(node, "schemaversion", version)
    record = add(node, "lom", xmlns=lom)
    general = add(record, "general")
    add(add(general, "title"), "string", course.title.zh, language="zh-CN")
    add(general, "language", "zh-CN")
    add(add(general, "description"), "string", course.summary.zh, language="zh-CN")
    rights = add(record, "rights")
    add(add(rights, "copyrightAndOtherRestrictions"), "value", "yes")
    add(add(rights, "description"), "string", course.licence, language="zh-CN")

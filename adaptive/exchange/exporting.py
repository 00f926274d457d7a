"""What every export shares: pages as XHTML, elements, manifests."""

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


def page_html(markdown: str) -> str:
    """Markdown of an item as XHTML; HTML in it stays text."""
    html: str = MarkdownIt("commonmark", {"xhtmlOut": True, "html": False}).enable("table").render(xml_text(markdown))
    return html


def page_element(markdown: str, picture_folder: str) -> Element:
    """Markdown of an item as a ``div``, its pictures found in a folder."""
    root: Element = fromstring(f"<div>{page_html(markdown)}</div>")
    for image in root.iter("img"):
        image.set("src", picture_folder + image.get("src", ""))
    return root


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

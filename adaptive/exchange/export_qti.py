"""A course as a QTI 3.0 or 2.1 package: a test with a section for each item, and every question."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from adaptive.content.model import Item, Library, Question
from adaptive.exchange import qti_own
from adaptive.exchange.archive import pack
from adaptive.exchange.exporting import (
    Exported,
    ExportFormat,
    PictureFiles,
    add,
    course_of,
    document,
    metadata,
    ncname,
    page_element,
    paragraphs,
    xml_text,
)  # fmt: skip
from adaptive.exchange.manifest import NAME
from adaptive.exchange.problem import Problems

_NAMESPACE = {
    "qti3": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "qti21": "http://www.imsglobal.org/xsd/imsqti_v2p1",
}
_PACKAGE = {
    "qti3": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "qti21": "http://www.imsglobal.org/xsd/imscp_v1p1"
}  # fmt: skip
_VERSION = {"qti3": ("QTI Package", "3.0.0", "v3p0"), "qti21": ("QTIv2.1 Package", "1.0.0", "v2p1")}
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_OWN = {"data-evergreen"}
_TEST, _PART = "__test", "__part"


def export_qti(library: Library, course_id: str, pictures: PictureFiles, *, version: ExportFormat = "qti3") -> Exported:
    """The package of a course. What QTI has no words for is kept in attributes of our own in 3.0 and noted in 2.1.

    Raises Missing ``exchange.course_unknown``.
    """
    course, items = course_of(library, course_id)
    problems = Problems()
    schema, number, suffix = _VERSION[version]
    manifest = Element("manifest", {"identifier": ncname(course.id), "xmlns": _PACKAGE[version]})
    metadata(manifest, course, schema, number, _LOM)
    add(manifest, "organizations")
    resources = add(manifest, "resources")
    files: dict[str, bytes] = {NAME: b""}
    test = _Tree(version, "assessmentTest", identifier=_TEST, title=course.title.zh)
    part = test.add(test.root, "testPart", identifier=_PART, navigationMode="nonlinear", submissionMode="individual")
    whole = _Resource(_TEST, f"imsqti_test_xml{suffix}", ["test.xml"])
    parts: list[_Resource] = []
    for item in items:
        name = item.id.partition("/")[2]
        _section(item, test, part, problems.at(NAME))
        for question in item.questions:
            short = question.id.partition("#")[2]
            path = f"{name}/{short}.xml"
            files[path] = _question(question, item, version, problems.at(path))
            one = _Resource(ncname(f"{name}_{short}"), f"imsqti_item_xml{suffix}", [path])
            if question.picture and (item.id, question.picture) in pictures:
                one.files.append(f"{name}/{question.picture}")
            parts.append(one)
        for picture in item.pictures:
            if (item.id, picture) in pictures:
                files[f"{name}/{picture}"] = pictures[item.id, picture]
                whole.files.append(f"{name}/{picture}")
        if others := sorted(set(item.forms) - {"standard"}):
            problems.at(NAME).left_out(item.title.zh, "export_forms", forms=", ".join(others))
    if version != "qti3":
        problems.at(NAME).changed(course.title.zh, "export_extra", fields="difficulty")
    whole.write(resources, [one.identifier for one in parts])
    for one in parts:
        one.write(resources)
    files["test.xml"] = test.bytes()
    files[NAME] = document(manifest)
    return Exported(pack(files), problems.all())


@dataclass
class _Resource:
    """A resource of the manifest; its files come before what it depends on (IMS CP 1.2, ``Resource.Type``)."""

    identifier: str
    kind: str
    files: list[str]

    def write(self, parent: Element, dependencies: Iterable[str] = ()) -> None:
        """Add the resource to the manifest's list."""
        node = add(parent, "resource", identifier=self.identifier, type=self.kind, href=self.files[0])
        for name in self.files:
            add(node, "file", href=name)
        for dependency in dependencies:
            add(node, "dependency", identifierref=dependency)


def _section(item: Item, test: "_Tree", part: Element, problems: Problems) -> None:
    """A section of the test: the item's standard form as its rubric, then its questions."""
    name = item.id.partition("/")[2]
    section = test.add(part, "assessmentSection", identifier=ncname(name), title=item.title.zh, visible="true")
    rubric = test.add(
        section, "rubricBlock", view="candidate", **({"use": "instructions"} if test.version == "qti3" else {})
    )
    body, lost = page_element(item.forms["standard"].body, f"{name}/")
    if lost:
        problems.changed(item.title.zh, "export_extra", fields=", ".join(lost))
    (test.add(rubric, "contentBody") if test.version == "qti3" else rubric).append(body)
    for question in item.questions:
        short = question.id.partition("#")[2]
        test.add(
            section, "assessmentItemRef", identifier=ncname(f"{name}_{short}"), href=f"{name}/{short}.xml"
        )  # fmt: skip


class _Tree:
    """A document written under the names of QTI 2.x, which become those of 3.0 where that is asked for."""

    def __init__(self, version: ExportFormat, root: str, **attributes: str) -> None:
        self.version = version
        self.root = Element(self._name(root), {"xmlns": _NAMESPACE[version], **self._attributes(attributes)})

    def add(self, parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
        """A QTI element; HTML is added with ``exporting.add``."""
        return add(parent, self._name(name), text, **self._attributes(attributes))

    def _name(self, name: str) -> str:
        return f"qti-{_kebab(name)}" if self.version == "qti3" else name

    def _attributes(self, attributes: dict[str, str]) -> dict[str, str]:
        """Attributes with what XML cannot hold left out, as 3.0 writes them where that is asked for."""
        clean = {name: xml_text(value) for name, value in attributes.items()}
        if self.version != "qti3":
            return {name: value for name, value in clean.items() if name not in _OWN}
        return {name if name in _OWN else _kebab(name): value for name, value in clean.items()}

    def bytes(self) -> bytes:
        """The document."""
        return document(self.root)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda m: "-" + m[0].lower(), name)


_CARDINALITY = {
    "choice": ("single", "identifier"), "listen": ("single", "identifier"), "several": ("multiple", "identifier"),
    "order": ("ordered", "identifier"), "match": ("multiple", "directedPair"), "number": ("single", "float"),
    "text": ("single", "string"),
}  # fmt: skip


def _question(question: Question, item: Item, version: ExportFormat, problems: Problems) -> bytes:
    name = question.id.partition("#")[2]
    identifier = ncname(f"{item.id.partition('/')[2]}_{name}")
    tree = _Tree(
        version, "assessmentItem", identifier=identifier, title=name, adaptive="false", timeDependent="false",
        **({} if version == "qti3" else {"toolName": "Evergreen"}),
    )  # fmt: skip
    tree.root.set("xml:lang", "zh-CN")
    cardinality, base = _CARDINALITY[question.kind]
    declaration = tree.add(
        tree.root, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base
    )
    _key(tree, declaration, question)
    tree.add(tree.root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    tree.add(tree.root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
    if question.hints:
        tree.add(tree.root, "outcomeDeclaration", identifier="HINT", cardinality="multiple", baseType="identifier")
    body = tree.add(tree.root, "itemBody")
    if question.picture:
        image = add(add(body, "p"), "img", src=question.picture, alt=question.picture_text or "")
        assert image is not None
    if question.script:
        paragraphs(add(body, "div", class_="transcript"), question.script)
    _interaction(tree, body, question)
    _processing(tree, question)
    texts = [("FEEDBACK", "SOLUTION", question.explanation)] if question.explanation else []
    texts += [("HINT", f"hint-{n}", text) for n, text in enumerate(question.hints, 1)]
    for outcome, identifier, text in texts:
        node = tree.add(tree.root, "modalFeedback", outcomeIdentifier=outcome, identifier=identifier, showHide="show")
        paragraphs(tree.add(node, "contentBody") if version == "qti3" else node, text)
    if version != "qti3":
        # How hard a question is no format says; that is noted once for the course.
        lost = sorted(set(qti_own.beyond_qti(question)) - {"difficulty", "name", "prompt", "picture_text"})
        if lost:
            problems.changed(name, "export_extra", fields=", ".join(lost))
    return tree.bytes()


def _choices(question: Question) -> list[tuple[str, str]]:
    """The identifiers and texts of what can be chosen."""
    texts = [option.text for option in question.options] or list(question.sequence)
    return [(f"choice-{n}", text) for n, text in enumerate(texts, 1)]


def _key(tree: _Tree, declaration: Element, question: Question) -> None:
    values = {
        "order": [name for name, _text in _choices(question)],
        "match": [f"left-{n} right-{n}" for n in range(1, len(question.pairs) + 1)],
        "number": [question.answer or ""],
        "text": list(question.accept[:1]),
    }.get(question.kind)
    if values is None:
        values = [f"choice-{n}" for n, option in enumerate(question.options, 1) if option.correct]
    if values:
        right = tree.add(declaration, "correctResponse")
        for value in values:
            tree.add(right, "value", value)
    if question.kind == "text" and question.accept:
        mapping = tree.add(declaration, "mapping", defaultValue="0")
        for text in dict.fromkeys(question.accept):
            tree.add(mapping, "mapEntry", mapKey=text, mappedValue="1", caseSensitive="false")


def _interaction(tree: _Tree, body: Element, question: Question) -> None:
    own = qti_own.attributes(question) | {"responseIdentifier": "RESPONSE"}
    if question.kind in ("number", "text"):
        paragraphs(body, question.prompt)
        if question.kind == "text" and not question.accept:
            tree.add(body, "extendedTextInteraction", **own)
            return
        line = add(body, "p")
        entry = tree.add(line, "textEntryInteraction", **own, expectedLength="20")
        entry.tail = f" {xml_text(question.unit)}" if question.unit else None
        return
    if question.kind == "match":
        count = str(len(question.pairs))
        node = tree.add(body, "matchInteraction", **own, shuffle="true", maxAssociations=count)
        _prompt(tree, node, question)
        rights = [right for _left, right in question.pairs] + list(question.distractors)
        for side, texts in (("left", [left for left, _right in question.pairs]), ("right", rights)):
            side_set = tree.add(node, "simpleMatchSet")
            for n, text in enumerate(texts, 1):
                tree.add(side_set, "simpleAssociableChoice", text, identifier=f"{side}-{n}", matchMax="1")
        return
    if question.kind == "order":
        node = tree.add(body, "orderInteraction", **own, shuffle="true")
    else:
        most = "0" if question.kind == "several" else "1"
        node = tree.add(body, "choiceInteraction", **own, shuffle="true", maxChoices=most)
    _prompt(tree, node, question)
    for n, (name, text) in enumerate(_choices(question)):
        chosen = tree.add(node, "simpleChoice", text, identifier=name)
        if question.options and (why := question.options[n].why):
            tree.add(chosen, "feedbackInline", why, outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")


def _prompt(tree: _Tree, node: Element, question: Question) -> None:
    prompt = tree.add(node, "prompt")
    first, *rest = question.prompt.split("\n")
    prompt.text = xml_text(first)
    for line in rest:
        add(prompt, "br").tail = xml_text(line)


def _processing(tree: _Tree, question: Question) -> None:
    """One point for the right answer; then the feedback of what was chosen, and the solution, are shown."""
    processing = tree.add(tree.root, "responseProcessing")
    if question.kind == "text":
        if question.accept:
            score = tree.add(processing, "setOutcomeValue", identifier="SCORE")
            tree.add(score, "mapResponse", identifier="RESPONSE")
    else:
        when = tree.add(tree.add(processing, "responseCondition"), "responseIf")
        if question.kind == "number":
            spread = f"{question.tolerance} {question.tolerance}"
            test = tree.add(when, "equal", toleranceMode="absolute", tolerance=spread)
        else:
            test = tree.add(when, "match")
        tree.add(test, "variable", identifier="RESPONSE")
        tree.add(test, "correct", identifier="RESPONSE")
        tree.add(tree.add(when, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
    shown = tree.add(tree.add(processing, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
    if question.options:
        tree.add(shown, "variable", identifier="RESPONSE")
    tree.add(shown, "baseValue", "SOLUTION", baseType="identifier")

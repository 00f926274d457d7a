"""A course as a Common Cartridge 1.3: a page for each item, and its questions in the QTI 1.2 of its profile."""

from html import escape
from xml.etree.ElementTree import Element

from adaptive.content.model import Item, Library, Question
from adaptive.exchange.archive import pack
from adaptive.exchange.exporting import (
    Exported,
    PictureFiles,
    add,
    course_of,
    document,
    metadata,
    ncname,
    page_html,
    xml_text,
)  # fmt: skip
from adaptive.exchange.manifest import NAME
from adaptive.exchange.problem import Problems

_CC = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_ASSESSMENT = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"
# What stands in QTI for the folder of its own file; a plain reference has no base there (CC 1.3, web content).
_BESIDE = "$IMS-CC-FILEBASE$"
_PROFILE = {
    "choice": "cc.multiple_choice.v0p1", "listen": "cc.multiple_choice.v0p1", "several": "cc.multiple_response.v0p1",
    "text": "cc.fib.v0p1", "number": "cc.fib.v0p1",
}  # fmt: skip
# What of a question the profile has no words for; the script of one that is listened to stands before it.
_BEYOND = ("easy_prompt", "reject", "keywords", "model_answer", "unit", "script")


def export_cartridge(library: Library, course_id: str, pictures: PictureFiles) -> Exported:
    """The cartridge of a course.

    The profile knows choice, several and short text. A number becomes a short text and is noted (``export_number``);
    order, match and text judged by keywords have no place in it (``export_kind``), nor have other forms of an item.
    Raises Missing ``exchange.course_unknown``.
    """
    course, items = course_of(library, course_id)
    problems = Problems()
    manifest = Element("manifest", {"identifier": ncname(course.id), "xmlns": _CC})
    metadata(manifest, course, "IMS Common Cartridge", "1.3.0", _LOM)
    organization = add(
        add(manifest, "organizations"), "organization", identifier="__outline", structure="rooted-hierarchy"
    )
    root = add(organization, "item", identifier="__root")
    resources = add(manifest, "resources")
    files: dict[str, bytes] = {NAME: b""}
    for item in items:
        _item(item, root, resources, files, pictures, problems)
    problems.at(NAME).changed(course.title.zh, "export_extra", fields="difficulty")
    files[NAME] = document(manifest)
    return Exported(pack(files), problems.all())


def _item(
    item: Item, root: Element, resources: Element, files: dict[str, bytes], pictures: PictureFiles, problems: Problems
) -> None:
    name = item.id.partition("/")[2]
    page = f"{name}/page.html"
    files[page] = _page(item.title.zh, item.forms["standard"].body)
    entry = add(root, "item", identifier=f"i_{name}", identifierref=f"p_{name}")
    add(entry, "title", item.title.zh)
    resource = add(resources, "resource", identifier=f"p_{name}", type="webcontent", href=page)
    add(resource, "file", href=page)
    for picture in item.pictures:
        if (item.id, picture) in pictures:
            files[f"{name}/{picture}"] = pictures[item.id, picture]
            add(resource, "file", href=f"{name}/{picture}")
    if other := sorted(set(item.forms) - {"standard"}):
        problems.at(page).left_out(item.title.zh, "export_forms", forms=", ".join(other))
    taken = [q for q in item.questions if _has_place(q, problems.at(f"{name}/questions.xml"))]
    if taken:
        path = f"{name}/questions.xml"
        files[path] = _assessment(item, taken)
        entry = add(root, "item", identifier=f"iq_{name}", identifierref=f"q_{name}")
        add(entry, "title", item.title.zh)
        node = add(resources, "resource", identifier=f"q_{name}", type=_ASSESSMENT)
        add(node, "file", href=path)
        if any((item.id, question.picture) in pictures for question in taken):
            # The pictures are files of the page; an assessment depends on what it shows.
            add(node, "dependency", identifierref=f"p_{name}")


def _has_place(question: Question, problems: Problems) -> bool:
    name = question.id.partition("#")[2]
    if question.kind not in _PROFILE or (question.kind == "text" and not question.accept):
        problems.left_out(name, "export_kind", kind=question.kind)
        return False
    if question.kind == "number":
        problems.changed(name, "export_number", tolerance=question.tolerance)
    fields = [
        f for f in ("easy_prompt", "reject", "keywords", "model_answer", "unit", "script") if getattr(question, f)
    ]
    if fields:
        problems.changed(name, "export_extra", fields=", ".join(fields))
    return True


def _page(title: str, markdown: str) -> bytes:
    shown = escape(xml_text(title))
    head = f'<head><meta charset="utf-8"/><title>{shown}</title></head>'
    return f'<!DOCTYPE html>\n<html lang="zh-CN">{head}<body>{page_html(markdown)}</body></html>\n'.encode()


def _assessment(item: Item, questions: list[Question]) -> bytes:
    root = Element("questestinterop", {"xmlns": _QTI})
    assessment = add(root, "assessment", ident=f"a-{item.id.replace('/', '.')}", title=item.title.zh)
    _meta(assessment, {"cc_profile": "cc.exam.v0p1", "qmd_assessmenttype": "Examination"})
    section = add(assessment, "section", ident="root_section")
    for question in questions:
        _question(section, question)
    return document(root)


def _meta(parent: Element, fields: dict[str, str]) -> None:
    node = add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = add(node, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)


def _html(parent: Element, text: str, lead: str = "") -> None:
    lines = "".join(f"<p>{escape(xml_text(line), quote=False)}</p>" for line in text.split("\n"))
    add(add(parent, "material"), "mattext", lead + lines, texttype="text/html")


def _question(section: Element, question: Question) -> None:
    name = question.id.partition("#")[2]
    item = add(section, "item", ident=name, title=name)
    _meta(add(item, "itemmetadata"), {"cc_profile": _PROFILE[question.kind]})
    presentation = add(item, "presentation")
    picture = ""
    if question.picture:
        words = escape(xml_text(question.picture_text or ""))
        picture = f'<p><img src="{_BESIDE}{escape(question.picture)}" alt="{words}"/></p>'
    prompt = f"{question.script}\n{question.prompt}" if question.script else question.prompt
    _html(presentation, prompt, picture)
    processing = Element("resprocessing")
    add(add(processing, "outcomes"), "decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")
    if question.explanation:
        # Whatever was answered (CC 1.3 profile of QTI, general feedback).
        always = add(processing, "respcondition", continue_="Yes")
        add(add(always, "conditionvar"), "other")
        add(always, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    if question.options:
        _options(presentation, processing, question)
    else:
        _entry(presentation, processing, question)
    item.append(processing)
    for n, option in enumerate(question.options, 1):
        if option.why:
            _html(add(add(item, "itemfeedback", ident=f"why-{n}"), "flow_mat"), option.why)
    if question.explanation:
        _html(add(add(item, "itemfeedback", ident="general_fb"), "flow_mat"), question.explanation)
    for n, hint in enumerate(question.hints, 1):
        material = add(
            add(add(item, "itemfeedback", ident=f"hint-{n}"), "hint", feedbackstyle="Complete"), "hintmaterial"
        )
        _html(add(material, "flow_mat"), hint)


def _options(presentation: Element, processing: Element, question: Question) -> None:
    several = question.kind == "several"
    response = add(presentation, "response_lid", ident="response", rcardinality="Multiple" if several else "Single")
    rendered = add(response, "render_choice")
    for n, option in enumerate(question.options, 1):
        _html(add(rendered, "response_label", ident=f"choice-{n}"), option.text)
    for n, option in enumerate(question.options, 1):
        if option.why:
            condition = add(processing, "respcondition", continue_="Yes")
            add(add(condition, "conditionvar"), "varequal", f"choice-{n}", respident="response")
            add(condition, "displayfeedback", feedbacktype="Response", linkrefid=f"why-{n}")
    scored = add(processing, "respcondition", continue_="No")
    condition = add(scored, "conditionvar")
    for_all = add(condition, "and") if several else condition
    for n, option in enumerate(question.options, 1):
        if option.correct:
            add(for_all, "varequal", f"choice-{n}", respident="response")
        elif several:
            add(add(for_all, "not"), "varequal", f"choice-{n}", respident="response")
    add(scored, "setvar", "100", action="Set", varname="SCORE")


def _entry(presentation: Element, processing: Element, question: Question) -> None:
    response = add(presentation, "response_str", ident="response", rcardinality="Single")
    add(response, "render_fib", fibtype="String", prompt="Box")
    accepted = question.accept if question.kind == "text" else (question.answer or "",)
    scored = add(processing, "respcondition", continue_="No")
    condition = add(scored, "conditionvar")
    for text in accepted:
        add(condition, "varequal", text, respident="response", case="No")
    add(scored, "setvar", "100", action="Set", varname="SCORE")

"""QTI 3.0 and 2.1: single items and packages."""
# ruff: noqa: E501 - markup as the formats have it

from pathlib import Path

import pytest

from adaptive.errors import InvalidInput
from tests.adaptive.exchange.samples import PNG, codes, library_of, take, zipped

CHOICE_3 = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="who-to-call" title="Smoke"
    adaptive="false" time-dependent="false" xml:lang="zh-CN">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <p>厨房冒烟 &amp; 有火。</p>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
      <qti-prompt>先打哪个电话？</qti-prompt>
      <qti-simple-choice identifier="A"><strong>119</strong></qti-simple-choice>
      <qti-simple-choice identifier="B">114<qti-feedback-inline outcome-identifier="F" identifier="B"
        show-hide="show">114 是查号台。</qti-feedback-inline></qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>
  <qti-modal-feedback outcome-identifier="F" identifier="SOLUTION" show-hide="show"><qti-content-body>
    <p>火警是 119。</p></qti-content-body></qti-modal-feedback>
  <qti-modal-feedback outcome-identifier="HINT" identifier="hint-1" show-hide="show"><qti-content-body>想想消防车。
  </qti-content-body></qti-modal-feedback>
</qti-assessment-item>"""

HEAD_2 = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{id}" title="{id}" adaptive="false" timeDependent="false">'


def item_2(id: str, declaration: str, body: str, rest: str = "") -> str:
    """A QTI 2.1 item."""
    return f"{HEAD_2.format(id=id)}{declaration}<itemBody>{body}</itemBody>{rest}</assessmentItem>"


ORDER = item_2(
    "steps",
    '<responseDeclaration identifier="RESPONSE" cardinality="ordered" baseType="identifier"><correctResponse>'
    "<value>C</value><value>A</value></correctResponse></responseDeclaration>",
    '<orderInteraction responseIdentifier="RESPONSE"><prompt>排好</prompt><simpleChoice identifier="A">后</simpleChoice>'
    '<simpleChoice identifier="C">先</simpleChoice></orderInteraction>',
)
MATCH = item_2(
    "numbers",
    '<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair"><correctResponse>'
    "<value>a y</value><value>b x</value></correctResponse></responseDeclaration>",
    '<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2"><prompt>连一连</prompt><simpleMatchSet>'
    '<simpleAssociableChoice identifier="a" matchMax="1">火警</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="b" matchMax="1">急救</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
    '<simpleAssociableChoice identifier="x" matchMax="1">120</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="y" matchMax="1">119</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="z" matchMax="1">114</simpleAssociableChoice></simpleMatchSet></matchInteraction>',
)
NUMBER = item_2(
    "price",
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="float"><correctResponse><value>12.5</value>'
    "</correctResponse></responseDeclaration>",
    '<p>一共 <textEntryInteraction responseIdentifier="RESPONSE"/> 元</p>',
    '<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.5 0.5">'
    '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal></responseIf></responseCondition>'
    "</responseProcessing>",
)
TEXT = item_2(
    "word",
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><correctResponse><value>York</value>'
    '</correctResponse><mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/>'
    '<mapEntry mapKey="Jork" mappedValue="0.5"/><mapEntry mapKey="Kent" mappedValue="0"/></mapping></responseDeclaration>',
    '<p>Richard of <textEntryInteraction responseIdentifier="RESPONSE"/></p>',
)
TWO = item_2(
    "two",
    "".join(
        f'<responseDeclaration identifier="{r}" cardinality="single" baseType="string"><correctResponse><value>{v}</value>'
        "</correctResponse></responseDeclaration>"
        for r, v in (("R1", "东"), ("R2", "西"))
    ),
    '<p>日出<textEntryInteraction responseIdentifier="R1"/>，日落<textEntryInteraction responseIdentifier="R2"/></p>',
)


def test_a_choice_of_qti_3_comes_with_feedback_and_hints(tmp_path: Path) -> None:
    imported = take(CHOICE_3, "q.xml")
    assert (imported.format, codes(imported)) == ("qti", [])
    question = library_of(imported, tmp_path).questions[f"{imported.course}/smoke#who-to-call"]
    assert question.kind == "choice"
    assert question.prompt == "厨房冒烟 & 有火。\n先打哪个电话？"
    assert [(o.text, o.correct, o.why) for o in question.options] == [
        ("119", True, None), ("114", False, "114 是查号台。"),
    ]  # fmt: skip
    assert (question.explanation, question.hints) == ("火警是 119。", ("想想消防车。",))


def manifest(*items: str, extra: str = "") -> str:
    """A manifest of items by file."""
    resources = "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="{i}"><file href="{i}"/></resource>'
        for n, i in enumerate(items)
    )
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="bank">'
        f"<organizations/><resources>{resources}{extra}</resources></manifest>"
    )


def package(**items: str) -> bytes:
    """A package of QTI 2.1 items."""
    files = {f"{name}.xml": text for name, text in items.items()}
    return zipped({"imsmanifest.xml": manifest(*files), **files})


def test_every_kind_of_qti_2_is_read(tmp_path: Path) -> None:
    from adaptive.exchange.importing import import_file
    from tests.adaptive.exchange.samples import TODAY

    imported = import_file(package(a=ORDER, b=MATCH, c=NUMBER, d=TEXT), "b.zip", today=TODAY, course="bank")
    assert (codes(imported), imported.questions, imported.course) == ([], 4, "bank")
    import yaml

    practice = yaml.safe_load(imported.files["courses/bank/qti/practice.yaml"])["questions"]
    found = {q["id"]: q for q in practice}
    assert found["steps"]["sequence"] == ["先", "后"]
    assert found["numbers"]["pairs"] == [["火警", "119"], ["急救", "120"]]
    assert found["numbers"]["distractors"] == ["114"]
    assert (found["price"]["prompt"], found["price"]["answer"], found["price"]["tolerance"]) == (
        "一共 ____ 元",
        "12.5",
        "0.5",
    )
    assert found["word"]["accept"] == ["York", "Jork"]


def test_several_places_to_answer_become_several_questions() -> None:
    import yaml

    imported = take(TWO, "two.xml")
    assert codes(imported) == ["composite"]
    practice = yaml.safe_load(next(v for k, v in imported.files.items() if k.endswith("practice.yaml")))["questions"]
    assert [(q["prompt"], q["accept"]) for q in practice] == [("日出____，日落…", ["东"]), ("日出…，日落____", ["西"])]


def test_what_cannot_be_taken_is_named_with_its_file() -> None:
    hotspot = item_2("map", "", '<hotspotInteraction responseIdentifier="R" maxChoices="1"/>')
    essay = item_2(
        "essay", "", '<extendedTextInteraction responseIdentifier="R"><prompt>写</prompt></extendedTextInteraction>'
    )
    imported = take(package(a=ORDER, b=hotspot, c=essay, d="<assessmentItem"))
    assert [(p.file, p.place, p.code, p.loss) for p in imported.problems] == [
        ("d.xml", "d.xml", "unreadable", "left_out"),
        ("b.xml", "map", "interaction", "left_out"),
        ("c.xml", "essay", "no_key", "left_out"),
    ]
    assert imported.questions == 1


def test_a_test_gives_items_and_pictures_come_along(tmp_path: Path) -> None:
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="安全测验"><testPart '
        'identifier="p"><assessmentSection identifier="s1" title="第一节"><assessmentItemRef identifier="i" href="../i/a.xml"/>'
        "</assessmentSection></testPart></assessmentTest>"
    )
    body = ORDER.replace("<itemBody>", '<itemBody><p><img src="pic/one.png" alt="一幅图"/></p>')
    extra = '<resource identifier="t" type="imsqti_test_xmlv2p1" href="t/t.xml"/>'
    data = zipped(
        {"imsmanifest.xml": manifest("i/a.xml", extra=extra), "t/t.xml": test, "i/a.xml": body, "i/pic/one.png": PNG}
    )
    imported = take(data)
    assert (codes(imported), imported.title) == ([], "安全测验")
    assert imported.files["courses/bank/s1/one.png"] == PNG
    assert "picture_text: 一幅图".encode() in imported.files["courses/bank/s1/practice.yaml"]


def test_an_empty_package_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nothing_found"):
        take(zipped({"imsmanifest.xml": manifest()}))

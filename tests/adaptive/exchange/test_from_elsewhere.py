"""Shapes that other systems write, each with what once was lost on the way in."""
# ruff: noqa: E501 - markup as the formats have it

import json
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from adaptive.exchange.importing import Imported
from tests.adaptive.exchange.samples import PNG, codes, take, zipped

QTI12 = 'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"'


def asked(imported: Imported) -> list[SimpleNamespace]:
    """The questions of an import as its files say them, in order."""
    data = next(content for name, content in imported.files.items() if name.endswith("practice.yaml"))
    nothing = {"picture": None, "picture_text": None, "explanation": "", "accept": [], "options": []}
    questions = [nothing | entry for entry in yaml.safe_load(data)["questions"]]
    return [
        SimpleNamespace(**q | {"options": [(o["text"], o.get("correct", False)) for o in q["options"]]})
        for q in questions
    ]


def item(presentation: str, conditions: str, kind: str = "") -> str:
    """A document of one question as a learning platform writes QTI 1.2."""
    field = (
        f"<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>"
    )
    meta = f"<itemmetadata><qtimetadata>{field}</qtimetadata></itemmetadata>" if kind else ""
    return (
        f'<questestinterop {QTI12}><item ident="q1" title="题">{meta}<presentation>{presentation}</presentation>'
        f"<resprocessing><outcomes><decvar/></outcomes>{conditions}</resprocessing></item></questestinterop>"
    )


def scored(condition: str) -> str:
    """A rule that gives all points."""
    return (
        f"<respcondition><conditionvar>{condition}</conditionvar>"
        '<setvar action="Set" varname="SCORE">100</setvar></respcondition>'
    )


def material(html: str) -> str:
    """A text."""
    escaped = html.replace("&", "&amp;").replace("<", "&lt;")
    return f'<material><mattext texttype="text/html">{escaped}</mattext></material>'


def bounds(low: str, high: str) -> str:
    """An answer between two numbers."""
    return f'<and><vargte respident="r">{low}</vargte><varlte respident="r">{high}</varlte></and>'


NUMBER = material("<p>几度？</p>") + '<response_str ident="r"><render_fib fibtype="Decimal"/></response_str>'


@pytest.mark.parametrize(
    ("condition", "answer", "tolerance", "named"),
    [
        ('<varequal respident="r">20</varequal>', "20", "0", []),
        (f'<or><varequal respident="r">20</varequal>{bounds("18", "22")}</or>', "20", "2", []),
        (bounds("1", "2"), "1.5", "0.5", []),
        (f'<or><varequal respident="r">20</varequal>{bounds("18", "30")}</or>', "20", "2", ["scoring"]),
    ],
)
def test_a_number_of_qti_12_keeps_the_bounds_around_it(
    condition: str,
    answer: str,
    tolerance: str,
    named: list[str],
) -> None:
    imported = take(item(NUMBER, scored(condition), "numerical_question"), "q.xml")
    (question,) = asked(imported)
    assert (question.kind, question.answer, question.tolerance) == ("number", answer, tolerance)
    assert codes(imported) == named


def blanks(kind: str) -> Imported:
    """A text with two blanks."""

    def labels(*words: str) -> str:
        return "".join(f'<response_label ident="{w}">{material(w)}</response_label>' for w in words)

    lists = "".join(
        f'<response_lid ident="response_{name}">{material(name)}<render_choice>{labels(*words)}</render_choice>'
        "</response_lid>"
        for name, words in (("color", ("red", "crimson")), ("taste", ("sweet", "sugary")))
    )
    rules = "".join(
        scored(f'<varequal respident="response_{name}">{word}</varequal>')
        for name, word in (("color", "red"), ("taste", "sweet"))
    )
    return take(item(material("<p>[color] and [taste]</p>") + lists, rules, kind), "q.xml")


def test_blanks_that_are_filled_in_become_a_question_each_with_every_wording() -> None:
    imported = blanks("fill_in_multiple_blanks_question")
    found = [(q.kind, q.prompt, q.accept) for q in asked(imported)]
    assert found == [
        ("text", "____ and …", ["red", "crimson"]),
        ("text", "… and ____", ["sweet", "sugary"]),
    ]
    assert codes(imported) == ["composite"]


def test_blanks_with_lists_become_choices() -> None:
    imported = blanks("multiple_dropdowns_question")
    found = [(q.kind, q.prompt, q.options) for q in asked(imported)]
    assert found == [
        ("choice", "____ and …", [("red", True), ("crimson", False)]),
        ("choice", "… and ____", [("sweet", True), ("sugary", False)]),
    ]
    assert codes(imported) == ["composite"]


MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1" identifier="m"><metadata/>
<organizations/><resources><resource identifier="a" type="imsqti_xmlv1p2"><file href="quiz/q.xml"/></resource>
</resources></manifest>"""


@pytest.mark.parametrize(
    ("src", "where"),
    [
        ("$IMS-CC-FILEBASE$fire.png", "quiz/fire.png"),
        ("$IMS-CC-FILEBASE$../media/fire.png", "media/fire.png"),
        ("%24IMS-CC-FILEBASE%24/media/fire.png?canvas_download=1", "media/fire.png"),
        ("$IMS-CC-FILEBASE$/media/fire.png", "web_resources/media/fire.png"),
    ],
)
def test_a_picture_is_found_behind_the_token_of_cartridges(src: str, where: str) -> None:
    document = item(material(f'<p>什么？</p><img src="{src}" alt="火">') + CHOICES, scored(CHOSEN))
    imported = take(zipped({"imsmanifest.xml": MANIFEST, "quiz/q.xml": document, where: PNG}))
    (question,) = asked(imported)
    assert (question.picture, question.picture_text, question.prompt) == ("fire.png", "火", "什么？")
    assert codes(imported) == []


def test_a_token_leads_out_of_no_package() -> None:
    document = item(
        material('<p>什么？</p><img src="$IMS-CC-FILEBASE$../../etc/x.png" alt="火">') + CHOICES, scored(CHOSEN)
    )
    assert codes(take(zipped({"imsmanifest.xml": MANIFEST, "quiz/q.xml": document}))) == ["picture_missing"]


CHOICES = (
    '<response_lid ident="r"><render_choice>'
    f'<response_label ident="a">{material("走")}</response_label><response_label ident="b">{material("看")}'
    "</response_label></render_choice></response_lid>"
)
CHOSEN = '<varequal respident="r">a</varequal>'


def test_a_picture_that_cannot_be_taken_leaves_its_words() -> None:
    """Formulas of some platforms are pictures on their own site; without the words nothing was left of them."""
    shown = '<p>算 <img src="/equation_images/x" alt="LaTeX: x^2">，x=2</p>'
    imported = take(item(material(shown) + CHOICES, scored(CHOSEN)), "q.xml")
    (question,) = asked(imported)
    assert question.prompt == "算 LaTeX: x^2，x=2"
    assert codes(imported) == ["picture_missing"]


OPTION = '<p><img src="a.png" alt="圆"/></p>'
WAYS: dict[str, Any] = {
    "qti12": (
        item(material("哪个？") + CHOICES.replace(material("走"), material(OPTION)), scored(CHOSEN)),
        "q.xml",
    ),
    "qti": (
        '<assessmentItem identifier="i" title="i"><responseDeclaration identifier="R" cardinality="single"><correctResponse>'
        "<value>a</value></correctResponse></responseDeclaration><itemBody><choiceInteraction responseIdentifier="
        f'"R"><prompt>哪个？</prompt><simpleChoice identifier="a">{OPTION}</simpleChoice><simpleChoice identifier="b">看'
        "</simpleChoice></choiceInteraction></itemBody></assessmentItem>",
        "q.xml",
    ),
    "gift": ("::q::哪个？{=[html]" + OPTION.replace("=", "\\=") + " ~看}", "q.gift"),
    "moodle": (
        '<quiz><question type="multichoice"><name><text>q</text></name><questiontext format="html"><text>哪个？</text>'
        '</questiontext><single>true</single><answer fraction="100" format="html"><text><![CDATA['
        f'{OPTION}]]></text></answer><answer fraction="0"><text>看</text></answer></question></quiz>',
        "q.xml",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_that_is_an_option_leaves_its_words_and_is_named(way: str) -> None:
    imported = take(*WAYS[way])
    (question,) = asked(imported)
    assert question.options == [("圆", True), ("看", False)]
    assert codes(imported) == ["second_picture"]


def test_a_second_picture_of_a_question_is_named() -> None:
    shown = '<p>甲<img src="$IMS-CC-FILEBASE$a.png" alt="一">乙<img src="$IMS-CC-FILEBASE$b.png" alt="二"></p>'
    document = item(material(shown) + CHOICES, scored(CHOSEN))
    imported = take(zipped({"imsmanifest.xml": MANIFEST, "quiz/q.xml": document, "quiz/a.png": PNG, "quiz/b.png": PNG}))
    (question,) = asked(imported)
    assert (question.picture, question.prompt) == ("a.png", "甲乙二")
    assert codes(imported) == ["second_picture"]


@pytest.mark.parametrize(
    ("mode", "figures", "tolerance"), [("decimalPlaces", "3", "0.0005"), ("significantFigures", "2", "0.05")]
)
def test_rounding_in_qti_is_a_tolerance(mode: str, figures: str, tolerance: str) -> None:
    document = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="i">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="float"><qti-correct-response>'
        "<qti-value>7.389</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><p>多少？"
        '<qti-text-entry-interaction response-identifier="R"/></p></qti-item-body><qti-response-processing>'
        f'<qti-response-condition><qti-response-if><qti-equal-rounded figures="{figures}" rounding-mode="{mode}">'
        '<qti-variable identifier="R"/><qti-correct identifier="R"/></qti-equal-rounded></qti-response-if>'
        "</qti-response-condition></qti-response-processing></qti-assessment-item>"
    )
    (question,) = asked(take(document, "q.xml"))
    assert (question.answer, question.tolerance) == ("7.389", tolerance)


def test_a_number_of_gift_keeps_its_tolerance_before_other_feedback() -> None:
    imported = take("::q::一到五？{#3:2~#不对}", "q.gift")
    (question,) = asked(imported)
    assert (question.answer, question.tolerance) == ("3", "2")


def test_a_sound_behind_a_link_of_moodle_is_named() -> None:
    document = (
        '<quiz><question type="truefalse"><name><text>q</text></name><questiontext format="html"><text><![CDATA[<p><a href='
        '"@@PLUGINFILE@@/hello.mp3">听一听</a></p>]]></text><file name="hello.mp3" encoding="base64">AAAA</file>'
        '</questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    )
    imported = take(document, "q.xml")
    assert [(p.code, dict(p.parameters)) for p in imported.problems] == [("resource_kind", {"kind": "mp3"})]


def test_what_h5p_says_of_an_answer_that_was_not_chosen_joins_the_explanation() -> None:
    answer = {"text": "走", "correct": True, "tipsAndFeedback": {"notChosenFeedback": "<p>走才对</p>"}}
    content = {"question": "火？", "answers": [answer, {"text": "看", "correct": False}]}
    imported = h5p("H5P.MultiChoice", content)
    (question,) = asked(imported)
    assert question.explanation == "走才对"


def h5p(kind: str, content: dict[str, Any]) -> Imported:
    """An H5P package of one content type."""
    head = {"title": "t", "mainLibrary": kind, "preloadedDependencies": []}
    return take(zipped({"h5p.json": json.dumps(head), "content/content.json": json.dumps(content)}), "q.h5p")


def test_of_what_h5p_says_by_points_only_what_follows_all_of_them_is_an_explanation() -> None:
    answers = [{"text": "走", "correct": True}, {"text": "看", "correct": False}]
    bands = [{"from": 0, "to": 99, "feedback": "再试一次"}, {"from": 100, "to": 100, "feedback": "先走再打119"}]
    imported = h5p("H5P.MultiChoice", {"question": "火？", "answers": answers, "overallFeedback": bands})
    (question,) = asked(imported)
    assert question.explanation == "先走再打119"
    assert codes(imported) == ["partial_credit"]


def test_what_h5p_says_of_right_and_wrong_stands_with_the_answers() -> None:
    behaviour = {"feedbackOnCorrect": "对，火警是119", "feedbackOnWrong": "再想想"}
    imported = h5p("H5P.TrueFalse", {"question": "火警是119", "correct": "true", "behaviour": behaviour})
    data = next(content for name, content in imported.files.items() if name.endswith("practice.yaml"))
    (question,) = yaml.safe_load(data)["questions"]
    assert [o["why"] for o in question["options"]] == ["对，火警是119", "再想想"]
    assert "explanation" not in question


def test_a_question_that_is_said_twice_is_read_once() -> None:
    document = WAYS["qti"][0].replace("<itemBody>", "<itemBody><div><p>哪个？</p></div>")
    (question,) = asked(take(document, "q.xml"))
    assert question.prompt == "哪个？"

"""GIFT and Moodle XML."""
# ruff: noqa: E501 - markup as the formats have it

import base64
from typing import Any

import pytest
import yaml

from adaptive.errors import InvalidInput
from adaptive.exchange.importing import Imported
from tests.adaptive.exchange.samples import PNG, codes, take

GIFT = r"""// numbers in an emergency
$CATEGORY: $course$/安全/火警

::fire::厨房冒烟，先打哪个电话？ {
  =119 # 对，火警。
  ~110 # 那是报警。
  ~114
  #### 火警是 119。
}

::both::[html]<p>哪些是<b>对</b>的？</p> {~%50%关气 ~%50%开窗 ~%-100%点火}

::tf::120 是急救电话。{TRUE#错了#对了}

::num::水在多少度结冰？{#0:0.5}

::span::一打有几个？{#11..13}

::short::拨 ___ 叫救护车 {=120 =一二零}

::gap::日出{=东方 =东}，日落西方。

::match::连一连 {=火警 -> 119 =急救 -> 120 = -> 114}

::escaped::3 \= 3 \{是\} 吗？{T}

写一写您家的安全办法。{}

这是一段说明，没有题目。

::broken::缺一边 {=a ~b
"""


def practice(imported: Imported) -> dict[str, dict[str, Any]]:
    """All questions of an import by id."""
    files = [v for k, v in imported.files.items() if k.endswith("practice.yaml")]
    return {q["id"]: q for file in files for q in yaml.safe_load(file)["questions"]}


def test_gift() -> None:
    imported = take(GIFT, "安全.gift")
    assert [(p.code, p.place.split(":")[0]) for p in imported.problems] == [
        ("interaction", "27"),
        ("question_broken", "31"),
    ]
    found = practice(imported)
    assert imported.format == "gift"
    assert found["fire"]["options"] == [
        {"text": "119", "correct": True, "why": "对，火警。"}, {"text": "110", "why": "那是报警。"}, {"text": "114"},
    ]  # fmt: skip
    assert found["fire"]["explanation"] == "火警是 119。"
    assert (found["both"]["kind"], found["both"]["prompt"]) == ("several", "哪些是对的？")
    assert found["tf"]["options"] == [{"text": "对", "correct": True, "why": "对了"}, {"text": "错", "why": "错了"}]
    assert (found["num"]["answer"], found["num"]["tolerance"]) == ("0", "0.5")
    assert (found["span"]["answer"], found["span"]["tolerance"]) == ("12", "1")
    assert found["short"]["accept"] == ["120", "一二零"]
    assert found["gap"]["prompt"] == "日出 ____ ，日落西方。"
    assert (found["match"]["pairs"], found["match"]["distractors"]) == ([["火警", "119"], ["急救", "120"]], ["114"])
    assert found["escaped"]["prompt"] == "3 = 3 {是} 吗？"
    assert "这是一段说明".encode() in b"".join(imported.files.values())
    assert "title:\n  zh: 火警".encode() in b"".join(imported.files.values())


def test_gift_in_the_encoding_of_old_windows() -> None:
    imported = take("::q::你好吗？{=好 ~不好}\n".encode("gb18030"), "老.txt")
    assert practice(imported)["q"]["prompt"] == "你好吗？"


def test_gift_partial_points_are_named() -> None:
    assert codes(take("q {=%100%a ~%30%b ~c}\n\n::s::q2 {=a =%50%b}", "a.gift")) == ["partial_credit", "partial_credit"]


PICTURE = base64.b64encode(PNG).decode()
MOODLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/安全/火警</text></category></question>
<question type="description"><name><text>d</text></name><questiontext format="html"><text><![CDATA[<h1>火</h1><p>先<b>走</b>。</p>]]></text>
</questiontext></question>
<question type="multichoice"><name><text>fire</text></name>
 <questiontext format="html"><text><![CDATA[<p>冒烟？<img src="@@PLUGINFILE@@/smoke.png" alt="烟"></p>]]></text>
 <file name="smoke.png" path="/" encoding="base64">{PICTURE}</file></questiontext>
 <generalfeedback format="html"><text>火警是 119。</text></generalfeedback><single>true</single>
 <answer fraction="100" format="html"><text>119</text><feedback format="html"><text>对</text></feedback></answer>
 <answer fraction="0" format="html"><text>1 &lt; 2</text><feedback format="html"><text/></feedback></answer>
 <hint format="html"><text>消防车</text></hint></question>
<question type="multichoice"><name><text>many</text></name><questiontext format="html"><text>哪些？</text></questiontext>
 <single>false</single><answer fraction="50"><text>甲</text></answer><answer fraction="50"><text>乙</text></answer>
 <answer fraction="-50"><text>丙</text></answer></question>
<question type="truefalse"><name><text>tf</text></name><questiontext format="html"><text>对吗</text></questiontext>
 <answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
<question type="shortanswer"><name><text>short</text></name><questiontext format="html"><text>怎么办</text></questiontext>
 <usecase>1</usecase><answer fraction="100"><text>*关*阀门*</text></answer><answer fraction="100"><text>关气</text></answer></question>
<question type="numerical"><name><text>num</text></name><questiontext format="html"><text>几元</text></questiontext>
 <answer fraction="100"><text>12.50</text><tolerance>0.1</tolerance></answer>
 <units><unit><multiplier>1</multiplier><unit_name>元</unit_name></unit></units></question>
<question type="matching"><name><text>match</text></name><questiontext format="html"><text>连</text></questiontext>
 <subquestion format="html"><text>火警</text><answer><text>119</text></answer></subquestion>
 <subquestion format="html"><text></text><answer><text>114</text></answer></subquestion></question>
<question type="ordering"><name><text>order</text></name><questiontext format="html"><text>排</text></questiontext>
 <answer fraction="2"><text>后</text></answer><answer fraction="1"><text>先</text></answer></question>
<question type="cloze"><name><text>gaps</text></name><questiontext format="html"><text>x</text></questiontext></question>
</quiz>"""


def test_moodle() -> None:
    imported = take(MOODLE, "bank.xml")
    assert [(p.place, p.code) for p in imported.problems] == [
        ("short", "case"), ("short", "wildcard"), ("gaps", "interaction"),
    ]  # fmt: skip
    found = practice(imported)
    assert found["fire"]["options"] == [{"text": "119", "correct": True, "why": "对"}, {"text": "1 < 2"}]
    assert (found["fire"]["picture"], found["fire"]["picture_text"]) == ("smoke.png", "烟")
    assert (found["fire"]["hints"], found["fire"]["explanation"]) == (["消防车"], "火警是 119。")
    assert found["many"]["kind"] == "several"
    assert [o.get("correct") for o in found["tf"]["options"]] == [None, True]
    assert (found["short"]["accept"], found["short"]["keywords"]) == (["关气"], [["关"], ["阀门"]])
    assert (found["num"]["answer"], found["num"]["tolerance"], found["num"]["unit"]) == ("12.50", "0.1", "元")
    assert (found["match"]["pairs"], found["match"]["distractors"]) == ([["火警", "119"]], ["114"])
    assert found["order"]["sequence"] == ["先", "后"]
    assert any(b"## \xe7\x81\xab\n\n\xe5\x85\x88**\xe8\xb5\xb0**" in content for content in imported.files.values())


@pytest.mark.parametrize("data", [b"", b"hello", b"<html></html>", b"\x00\x01", b"%PDF-1.7"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="format_unknown"):
        take(data, "x.txt")

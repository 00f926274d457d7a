"""Common Cartridge, EPUB, H5P and topic folders."""
# ruff: noqa: E501 - markup as the formats have it

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from accessibility.text import readability
from adaptive.content.check import check_folders
from adaptive.errors import InvalidInput
from adaptive.exchange.importing import Imported, import_folder
from tests.adaptive.exchange.samples import PNG, SVG, TODAY, codes, library_of, take, zipped

CC = """<?xml version="1.0"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p{v}/imscp_v1p1" xmlns:l="http://ltsc.ieee.org/xsd/LOM" identifier="home-safety">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.{v}.0</schemaversion>
<l:lom><l:general><l:title><l:string>居家安全</l:string></l:title></l:general></l:lom></metadata>
<organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="r">
 <item identifier="m1"><title>第一单元</title>
  <item identifier="i1" identifierref="page"><title>用气</title></item>
  <item identifier="i2" identifierref="quiz"><title>练一练</title></item>
  <item identifier="i3" identifierref="talk"><title>讨论</title></item></item>
</item></organization></organizations>
<resources>
 <resource identifier="page" type="webcontent" href="web/gas.html"><file href="web/gas.html"/><file href="web/valve.png"/></resource>
 <resource identifier="quiz" type="imsqti_xmlv1p2/imscc_xmlv1p{v}/assessment"><file href="quiz/q.xml"/></resource>
 <resource identifier="talk" type="imsdt_xmlv1p{v}"><file href="talk.xml"/></resource>
 <resource identifier="loose" type="webcontent" href="web/more.html"><file href="web/more.html"/></resource>
</resources></manifest>"""
GAS = """<html><head><title>x</title><style>p{}</style></head><body><h1>用气</h1><script>alert(1)</script>
<p onclick="x()">先<em>开窗</em>，看 <a href="https://example.org/gas">说明</a>、<a href="javascript:alert(1)">坏</a>。&lt;b&gt;</p>
<img src="valve.png" alt="阀门"><iframe src="https://example.org"></iframe><ul><li>一</li><li>二</li></ul></body></html>"""
QUIZ = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="a" title="练"><section ident="s">
<item ident="q1" title="t1"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_profile</fieldlabel>
<fieldentry>cc.multiple_response.v0p1</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">&lt;p&gt;哪些要做？&lt;/p&gt;</mattext></material>
<response_lid ident="r" rcardinality="Multiple"><render_choice>
<response_label ident="a"><material><mattext>关气</mattext></material></response_label>
<response_label ident="b"><material><mattext>点火</mattext></material></response_label>
<response_label ident="c"><material><mattext>开窗</mattext></material></response_label></render_choice></response_lid></presentation>
<resprocessing><respcondition continue="Yes"><conditionvar><varequal respident="r">b</varequal></conditionvar>
<displayfeedback feedbacktype="Response" linkrefid="b_fb"/></respcondition>
<respcondition continue="No"><conditionvar><and><varequal respident="r">a</varequal><not><varequal respident="r">b</varequal></not>
<varequal respident="r">c</varequal></and></conditionvar><setvar varname="SCORE" action="Set">100</setvar></respcondition></resprocessing>
<itemfeedback ident="b_fb"><flow_mat><material><mattext>会爆炸。</mattext></material></flow_mat></itemfeedback>
<itemfeedback ident="general_fb"><flow_mat><material><mattext>先关气，再开窗。</mattext></material></flow_mat></itemfeedback></item>
<item ident="q2" title="t2"><presentation><material><mattext>火警？</mattext></material><response_str ident="r"><render_fib/>
</response_str></presentation><resprocessing><respcondition><conditionvar><varequal respident="r">119</varequal></conditionvar>
<setvar varname="SCORE">100</setvar></respcondition></resprocessing></item>
<item ident="q3" title="作文"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_profile</fieldlabel><fieldentry>cc.essay.v0p1</fieldentry>
</qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext>写</mattext></material><response_str ident="r"><render_fib/>
</response_str></presentation></item>
</section></assessment></questestinterop>"""


def practice(imported: Imported) -> list[dict[str, Any]]:
    """All questions of an import."""
    files = [v for k, v in imported.files.items() if k.endswith("practice.yaml")]
    return [q for file in files for q in yaml.safe_load(file)["questions"]]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_common_cartridge(version: int, tmp_path: Path) -> None:
    imported = take(
        zipped(
            {
                "imsmanifest.xml": CC.format(v=version), "web/gas.html": GAS, "web/valve.png": PNG, "quiz/q.xml": QUIZ,
                "talk.xml": "<topic/>", "web/more.html": "<h2>还有</h2><p>更多</p>",
            }
        ),
        "c.imscc",
    )  # fmt: skip
    assert (imported.format, imported.course, imported.title) == ("cc", "home-safety", "居家安全")
    assert [(p.place, p.code) for p in imported.problems] == [
        ("用气", "html_element"), ("作文", "no_key"), ("讨论", "resource_kind"),
    ]  # fmt: skip
    library = library_of(imported, tmp_path)
    course = library.courses["home-safety"]
    assert course.about.splitlines()[-4:] == ["- 第一单元", "  - 用气", "  - 练一练", "  - 讨论"]
    assert course.items == ("home-safety/page", "home-safety/loose")
    item = library.items["home-safety/page"]
    assert item.forms["standard"].body == (
        "## 用气\n\n先*开窗*，看 [说明](https://example.org/gas)、坏。\\<b>\n\n![阀门](valve.png)\n\n- 一\n- 二"
    )
    first, second = practice(imported)
    assert (first["kind"], first["prompt"], first["explanation"]) == ("several", "哪些要做？", "先关气，再开窗。")
    assert first["options"] == [
        {"text": "关气", "correct": True},
        {"text": "点火", "why": "会爆炸。"},
        {"text": "开窗", "correct": True},
    ]
    assert second["accept"] == ["119"]


CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="id"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:1</dc:identifier><dc:title>小书</dc:title>
<dc:language>zh-CN</dc:language><dc:rights>CC BY 4.0</dc:rights><dc:creator>某社区学校</dc:creator></metadata><manifest>
{extra}<item id="c1" href="text/a.xhtml" media-type="application/xhtml+xml"/>
<item id="c2" href="text/b.xhtml" media-type="application/xhtml+xml"/><item id="p" href="img/p.svg" media-type="image/svg+xml"/>
<item id="s" href="a.mp3" media-type="audio/mpeg"/></manifest><spine{spine}><itemref idref="c1"/><itemref idref="c2"/>
<itemref idref="gone"/></spine></package>"""
A = """<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body><h1>一</h1><p>甲&nbsp;乙<img src="../img/p.svg" alt="圆"/></p>
</body></html>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>
<li><a href="text/a.xhtml">第一章</a><ol><li><a href="text/b.xhtml#x">第二章</a></li></ol></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint id="a"><navLabel><text>第一章</text></navLabel>
<content src="text/a.xhtml"/><navPoint id="b"><navLabel><text>第二章</text></navLabel><content src="text/b.xhtml#x"/></navPoint></navPoint>
</navMap></ncx>"""


@pytest.mark.parametrize("version", [2, 3])
def test_epub(version: int, tmp_path: Path) -> None:
    nav = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    ncx = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    opf = OPF.format(
        version=f"{version}.0", extra=nav if version == 3 else ncx, spine="" if version == 3 else ' toc="ncx"'
    )
    data = zipped(
        {
            "mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf,
            "OEBPS/nav.xhtml": NAV, "OEBPS/toc.ncx": NCX, "OEBPS/text/a.xhtml": A,
            "OEBPS/text/b.xhtml": "<html><body><p>丙</p></body></html>", "OEBPS/img/p.svg": SVG, "OEBPS/a.mp3": b"ID3",
        }
    )  # fmt: skip
    imported = take(data, "book.epub")
    assert (imported.format, imported.title) == ("epub", "小书")
    assert codes(imported) == ["file_missing", "resource_kind"]
    library = library_of(imported, tmp_path)
    course = library.courses[imported.course]
    assert (course.licence, course.author, course.source) == ("CC BY 4.0", "某社区学校", "urn:isbn:1")
    assert course.about.splitlines()[-2:] == ["- 第一章", "  - 第二章"]
    first = library.items[course.items[0]]
    assert (first.title.zh, first.forms["standard"].body) == ("第一章", "## 一\n\n甲\xa0乙![圆](p.svg)")
    assert first.pictures == ("p.svg",)


def test_a_protected_book_is_refused() -> None:
    encryption = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
      xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>
      </EncryptedData></encryption>"""
    with pytest.raises(InvalidInput, match="epub_protected"):
        take(zipped({"META-INF/container.xml": CONTAINER, "META-INF/encryption.xml": encryption}), "b.epub")


def h5p(library: str, content: object, **files: bytes) -> bytes:
    """An H5P package."""
    head = {
        "title": "用药",
        "language": "zh",
        "mainLibrary": library,
        "license": "CC BY",
        "authors": [{"name": "某医院"}],
    }
    more = {f"content/{name}": data for name, data in files.items()}
    return zipped({"h5p.json": json.dumps(head), "content/content.json": json.dumps(content), **more})


MULTI = {
    "question": "<p>饭前吃？</p>",
    "answers": [
        {"text": "<div>是</div>", "correct": True, "tipsAndFeedback": {"tip": "看药盒", "chosenFeedback": "<div>对</div>"}},
        {"text": "否", "correct": False, "tipsAndFeedback": {}},
    ],
    "behaviour": {"singleAnswer": True}, "overallFeedback": [{"from": 0, "to": 100, "feedback": "看说明书。"}],
    "media": {"type": {"library": "H5P.Image 1.1", "params": {"file": {"path": "a.png"}, "alt": "药盒"}}},
}  # fmt: skip


def test_h5p_multi_choice() -> None:
    imported = take(h5p("H5P.MultiChoice", MULTI, **{"a.png": PNG}), "x.h5p")
    (question,) = practice(imported)
    assert codes(imported) == []
    assert (question["kind"], question["prompt"], question["hints"]) == ("choice", "饭前吃？", ["看药盒"])
    assert question["options"] == [{"text": "是", "correct": True, "why": "对"}, {"text": "否"}]
    assert (question["explanation"], question["picture"], question["picture_text"]) == ("看说明书。", "a.png", "药盒")


def test_h5p_the_other_kinds_in_a_set() -> None:
    parts = [
        ("H5P.TrueFalse 1.8", {"question": "对吗", "correct": "false", "behaviour": {"feedbackOnWrong": "再想想"}}),
        ("H5P.Blanks 1.14", {"text": "填", "questions": ["<p>一天*三/3:几次*次，饭*后*吃</p>"]}),
        (
            "H5P.DragText 1.10",
            {"taskDescription": "拖", "textField": "*冷藏:看盒*放冰箱\n*避光*不见太阳", "distractors": "*加热*"},
        ),
        ("H5P.SingleChoiceSet 1.11", {"choices": [{"question": "哪个", "answers": ["对的", "错的"]}]}),
        ("H5P.MarkTheWords 1.11", {"textField": "*a* b"}),
    ]
    content = {"questions": [{"library": library, "params": params} for library, params in parts]}
    imported = take(h5p("H5P.QuestionSet", content), "x.h5p")
    assert codes(imported) == ["drag_text", "interaction"]
    true_false, gap, gap2, drag, single = practice(imported)
    assert [o.get("correct") for o in true_false["options"]] == [None, True]
    assert (gap["prompt"], gap["accept"], gap["hints"]) == ("填\n一天____次，饭…吃", ["三", "3"], ["几次"])
    assert (gap2["prompt"], gap2["accept"]) == ("填\n一天…次，饭____吃", ["后"])
    assert drag["pairs"] == [["____放冰箱", "冷藏"], ["____不见太阳", "避光"]]
    assert drag["distractors"] == ["加热"]
    assert single["options"] == [{"text": "对的", "correct": True}, {"text": "错的"}]


def test_h5p_presentation_book_and_accordion() -> None:
    text = {"library": "H5P.AdvancedText 1.1", "params": {"text": "<p>按时吃药</p>"}}
    video = {"library": "H5P.Video 1.6", "params": {}}
    slides = [{"elements": [{"x": 0, "y": 50, "action": video}, {"x": 0, "y": 1, "action": text}]}]
    imported = take(h5p("H5P.CoursePresentation", {"presentation": {"slides": slides}}), "x.h5p")
    assert [(p.place, p.parameters["kind"]) for p in imported.problems] == [("用药 (1)", "H5P.Video")]
    assert any("按时吃药".encode() in content for content in imported.files.values())

    accordion = {"panels": [{"title": "一", "content": text}, {"title": "二", "content": text}]}
    body = next(v for k, v in take(h5p("H5P.Accordion", accordion), "x.h5p").files.items() if k.endswith("item.md"))
    assert "## 一\n\n按时吃药\n\n## 二\n\n按时吃药".encode() in body

    chapter = {
        "library": "H5P.Column 1.16",
        "params": {"content": [{"content": text}]},
        "metadata": {"title": "第一章"},
    }
    book = take(
        h5p("H5P.InteractiveBook", {"chapters": [chapter, {**chapter, "metadata": {"title": "第二章"}}]}), "x.h5p"
    )
    assert book.items == 2


@pytest.mark.parametrize("content", [[], "x", {"questions": 3}, {"questions": [None, {"library": 1, "params": []}]}])
def test_h5p_of_another_shape_is_refused_not_broken(content: object) -> None:
    with pytest.raises(InvalidInput, match=r"json_broken|nothing_found"):
        take(h5p("H5P.QuestionSet", content), "x.h5p")


TOPICS = {
    "channel.json": json.dumps({"title": "阳台种菜", "language": "zh", "license": "CC BY"}),
    "2 收获/1 摘菜.html": "<h1>摘菜</h1><p>早上摘。</p>",
    "1 播种/10 浇水.md": "# 浇水\n\n少量多次 <b>。\n\n## 何时\n\n早晚。",
    "1 播种/2 选种.md": "选<小>种。",
    "1 播种/2 选种.json": json.dumps({"questions": [
        {"id": "q1", "type": "single_selection", "question": "选哪种？", "correct_answer": "生菜",
         "all_answers": ["生菜", "西瓜"], "hints": ["阳台小"]},
        {"type": "input_question", "question": "几天发芽？", "answers": ["3"]},
        {"type": "perseus_question", "question": "x"}]}),
    "1 播种/topic.json": json.dumps({"title": "播种第一步"}),
    "1 播种/声音.mp3": b"ID3",
}  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "garden/"])
def test_topic_folders(prefix: str, tmp_path: Path) -> None:
    files = {
        prefix + name: content.encode() if isinstance(content, str) else content for name, content in TOPICS.items()
    }
    imported = import_folder(files, "garden", today=TODAY)
    assert imported.files == take(zipped(files), "garden.zip").files | {
        k: v for k, v in imported.files.items() if k.endswith("course.md")
    }
    assert [(p.code, p.file.removeprefix(prefix)) for p in imported.problems] == [
        ("interaction", "1 播种/2 选种.json"), ("resource_kind", "1 播种/声音.mp3"),
    ]  # fmt: skip
    library = library_of(imported, tmp_path)
    course = library.courses[imported.course]
    assert [library.items[name].title.zh for name in course.items] == ["选种", "浇水", "摘菜"]
    assert course.about.splitlines()[-5:] == ["- 播种第一步", "  - 选种", "  - 浇水", "- 收获", "  - 摘菜"]
    assert library.items[course.items[1]].forms["standard"].body == "少量多次 \\<b>。\n\n## 何时\n\n早晚。"
    first, second = practice(imported)
    assert (first["kind"], first["hints"], second["answer"]) == ("choice", ["阳台小"], "3")


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif"])
def test_a_picture_that_came_in_passes_the_check(kind: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#205080").save(out, {"jpg": "JPEG"}.get(kind, kind.upper()))
    page = GAS.replace("valve.png", f"valve.{kind}")
    manifest = CC.format(v=1).replace("web/valve.png", f"web/valve.{kind}")
    imported = take(
        zipped({"imsmanifest.xml": manifest, "web/gas.html": page, f"web/valve.{kind}": out.getvalue(),
                "quiz/q.xml": QUIZ, "talk.xml": "<topic/>", "web/more.html": "<p>更多</p>"}),
        "c.imscc",
    )  # fmt: skip
    library = library_of(imported, tmp_path)
    assert library.items["home-safety/page"].pictures == (f"valve.{kind}",)
    faults = check_folders(tmp_path, measure=readability.measure, today=TODAY)
    still_to_add = {
        "file_missing",
        "forms_too_few",
        "questions_missing",
        "key_missing",
        "hints_missing",
        "licence_unknown",
    }
    assert {f.code.removeprefix("content.") for f in faults if f.severity == "error"} == still_to_add


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PNG[:40] + b"\0" + PNG[41:], "picture_kind"),
        (PNG + b"\0" * 3_000_000, "picture_large"),
        (b"GIF89a", "picture_kind"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_left_out_and_named(content: bytes, code: str) -> None:
    imported = take(
        zipped({"imsmanifest.xml": CC.format(v=1), "web/gas.html": GAS, "web/valve.png": content, "quiz/q.xml": QUIZ,
                "talk.xml": "<topic/>", "web/more.html": "<p>更多</p>"}),
        "c.imscc",
    )  # fmt: skip
    assert code in codes(imported)
    assert not [name for name in imported.files if "valve" in name]

"""The record to keep: tagged, in the reader's language, large where it says so, and the same in every shape."""

import io
import re
import shutil
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from flask import Flask

from accessibility.text import braille
from tests.web import portfolios
from tests.web.people import Town
from web import record_paper
from web.record_paper import VERSIONS, Record, Row


def record(count: int = 3, lang: str = "zh-CN", name: str = "示例甲") -> Record:
    cells = ("书法入门", "2026年1月1日", "示例学院", "3 级", "2 学分", "有效")
    return Record(
        lang=lang,
        title="学习成果记录",
        bank="常青学分银行",
        head=[("姓名", name)],
        filtered="",
        list_title="学过的东西",
        columns=["成果", "日期", "机构", "等级", "学分", "状态"],
        rows=[Row(cells, "您学完“书法入门”，得了 2 学分。")] * count,
        none="还没有。",
        sums_title="合计",
        sums=["合计：6 学分"],
        note="这张表供本人查看。",
        made_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


def tags(document: bytes) -> list[str]:
    """The tags of the structure tree in reading order."""
    root: Any = pypdf.PdfReader(io.BytesIO(document)).trailer["/Root"]
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(root["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_tagged_with_title_and_language(version: record_paper.Version) -> None:
    made = record_paper.document(record(), version)
    reader = pypdf.PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] and reader.metadata
    assert reader.metadata.title == "学习成果记录"
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert root["/StructTreeRoot"]


def test_the_table_has_headers_in_front_of_its_cells() -> None:
    found = tags(record_paper.document(record(), "standard"))
    assert found.count("/TH") == 6 and found.count("/TD") == 18
    assert found.index("/H1") < found.index("/Table") < found.index("/TH") < found.index("/TD")


def test_in_large_print_and_in_sentences_there_is_no_table() -> None:
    large, simple = (tags(record_paper.document(record(), v)) for v in ("large", "simple"))
    assert "/Table" not in large + simple
    assert large.count("/H3") == 3 and simple.count("/LI") == 4


@pytest.mark.parametrize("version", ["large", "simple"])
def test_no_letter_of_large_print_is_smaller_than_20_points(version: record_paper.Version) -> None:
    reader = pypdf.PdfReader(io.BytesIO(record_paper.document(record(20), version)))
    sizes: set[float] = set()

    def note(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(matrix[3] or 1), 1))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert sizes and min(sizes) >= 20


def test_what_is_read_stands_in_the_order_of_its_meaning() -> None:
    words = pypdf.PdfReader(io.BytesIO(record_paper.document(record(), "large"))).pages[0].extract_text()
    places = [words.index(part) for part in ("学习成果记录", "示例甲", "学过的东西", "书法入门", "示例学院")]
    assert places == sorted(places)


def test_a_character_that_the_font_lacks_refuses_nobody() -> None:
    made = record_paper.document(record(name="张🙂"), "standard")
    assert "张□" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_record_of_nothing_says_so() -> None:
    assert (
        "还没有。" in pypdf.PdfReader(io.BytesIO(record_paper.document(record(0), "standard"))).pages[0].extract_text()
    )
    assert "还没有。" in record_paper.text(record(0), "simple")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_thousand_outcomes_are_a_document_too(version: record_paper.Version) -> None:
    reader = pypdf.PdfReader(io.BytesIO(record_paper.document(record(300), version)))
    assert sum(page.extract_text().count("书法入门") for page in reader.pages) == 300


def test_every_shape_can_be_taken_along(app: Flask) -> None:
    browser = portfolios.make(Town(app)).browser()
    page = browser.get("/portfolio/record")
    papers = browser.get(page.link("换一种样子拿走"))
    for words in ("下载表格", "下载大字版", "下载大白话版"):
        answer = browser.get(papers.link(words), both_languages=False)
        assert answer.data.startswith(b"%PDF-") and answer.headers["Cache-Control"] == "no-store"
    text = browser.get(papers.link("下载给盲文打印机的文字"), both_languages=False).data.decode()
    assert "书法第1期" in text.replace("\r\n", "")
    assert all(braille._width(line) <= 40 for line in re.split(r"\r\n|\f", text))


def test_without_liblouis_the_page_offers_the_text_and_says_why(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    browser = portfolios.make(Town(app)).browser()
    page = browser.get("/portfolio/record/papers")
    assert "没有装盲文转换程序" in page.text
    answer = browser.get("/portfolio/record.brf", status=303, both_languages=False)
    assert "盲文没有转成" in browser.follow(answer, both_languages=False).text


@pytest.mark.skipif(not braille.available(), reason="NOT RUN: liblouis is not installed (Debian: liblouis-bin)")
def test_a_braille_ready_file_in_the_readers_language(app: Flask) -> None:
    browser = portfolios.make(Town(app)).browser()
    made = browser.get("/portfolio/record.brf?version=simple", both_languages=False).data
    english = browser.client.get("/portfolio/record.brf?version=simple", headers={"Accept-Language": "en"}).data
    assert made.decode("ascii") and b",RECORD OF LEARN" in english


@pytest.mark.parametrize("kind", ["pdf", "brf"])
def test_what_runs_a_program_is_made_so_often_a_minute_for_each_person(
    app: Flask, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_paper, "document", lambda *_: b"%PDF-")
    monkeypatch.setattr(braille, "braille", lambda *_: "")
    town = Town(app)
    path = f"/portfolio/record.{kind}"
    one, other = (town.browser(town.learner(name).person_id) for name in ("甲", "乙"))
    for _ in range(12):
        one.get(path, both_languages=False)
    one.get(path, status=429, both_languages=False)
    other.get(path, both_languages=False)

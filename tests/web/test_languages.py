"""Passages in another language than the page's say so (WCAG 3.1.2): looked for on every page of the library."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tests.adaptive.lessons import small_library
from tests.apps import settings_for
from tests.web.client import ClientRequest
from tests.web.learners import LIBRARY, reader
from tests.web.page_checks import parse
from web.languages import language_of, marked
from web.messages import t
from web.settings import Settings

HAN = re.compile("[\u4e00-\u9fff]")
PAGES = (
    "/library",
    "/library/kitchen-safety",
    *(f"/library/{item}" for item in small_library().items),
    *(f"/library/{item}?form=easy" for item in small_library().items),
    *(f"/practice/kitchen-safety?n={number}" for number in range(len(small_library().questions))),
    "/map",
    *(f"/map/{area}" for area in small_library().areas),
    *(f"/skills/{skill}" for skill in small_library().skills),
    "/library/kitchen-safety/placement",
)
OWN_PAGES = ("/plan/goals", "/progress", "/recommended", "/practice/kitchen-safety")


@pytest.fixture(params=["both languages", "Chinese only"])
def app_settings(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Settings:
    """The small library as it is, and with every English name taken out, as most libraries here are."""
    if request.param == "both languages":
        return settings_for(sqlite_url, content_dir=LIBRARY)
    bare = tmp_path / "library"
    shutil.copytree(LIBRARY, bare)
    for file in (*bare.rglob("*.md"), *bare.rglob("*.yaml")):
        file.write_text(re.sub(r", en: (\"[^\"]*\"|[^{}\"]*)(?=})", "", file.read_text("utf-8")), "utf-8")
    return settings_for(sqlite_url, content_dir=bare)


def unmarked(element: Element, language: str = "") -> Iterator[str]:
    """Texts of an English page with Chinese in them that no element around them calls Chinese.

    A page's title has one language; scripts and styles are no texts.
    """
    if element.tag in ("title", "script", "style"):
        return
    language = element.attrib.get("lang", language)
    if language == "en" and element.text and HAN.search(element.text):
        yield element.text.strip()
    for child in element:
        yield from unmarked(child, language)
        if language == "en" and child.tail and HAN.search(child.tail):
            yield child.tail.strip()


@pytest.mark.parametrize("address", PAGES)
def test_chinese_on_an_english_page_of_the_library_is_marked(client_request: ClientRequest, address: str) -> None:
    client_request.language = "en"
    page = client_request.get(address)
    assert page.tree.attrib["lang"] == "en"
    assert list(unmarked(page.tree)) == []


def test_chinese_on_a_learners_own_english_pages_is_marked(app: Flask) -> None:
    _town, _holder, browser = reader(app)
    browser.language = "en"
    page = browser.get("/practice/kitchen-safety")
    question = next(q for q in small_library().questions.values() if q.prompt in page.text)
    for address in (*OWN_PAGES, f"/library/{question.item_id}"):
        page = browser.get(address)
        assert list(unmarked(page.tree, "en")) == [], address


def test_the_check_finds_what_is_not_marked() -> None:
    tree, _errors = parse('<html lang="en"><title>厨房</title><p>厨房 <b lang="zh-CN">安全</b> first 课</p></html>')
    assert list(unmarked(tree)) == ["厨房", "first 课"]


@pytest.mark.parametrize(
    ("words", "inside", "expected"),
    [
        ("厨房安全", "zh-CN", "厨房安全"),
        ("厨房安全", "en", '<span lang="zh-CN">厨房安全</span>'),
        ("You can “用燃气” & go", "en", 'You can “<span lang="zh-CN">用燃气</span>” &amp; go'),
        ("先看 3 步，再做。 Then rest", "en", '<span lang="zh-CN">先看 3 步，再做。</span> Then rest'),
        ("怎么说 Where is it? 在哪儿", "zh-CN", '怎么说 <span lang="en">Where is it?</span> 在哪儿'),
        ("打开 WiFi 再试", "zh-CN", "打开 WiFi 再试"),
        ("Hello.", "zh-CN", '<span lang="en">Hello.</span>'),
        ("35 kg", "en", "35 kg"),
    ],
)
def test_passages_are_marked_and_nothing_is_lost(words: str, inside: str, expected: str) -> None:
    assert str(marked(words, inside)) == expected


@given(st.text(alphabet="厨房，。a <>&\"'1“”bC?\n", max_size=40), st.sampled_from(["en", "zh-CN"]))
def test_marking_changes_no_text(words: str, inside: str) -> None:
    found = marked(words, inside)
    text = found.striptags() if isinstance(found, Markup) else found
    assert text.split() == words.split()


def test_a_sentence_with_a_marked_name_escapes_the_rest(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = t("plan.goal.credential", name=marked("厨房"), credential="<b>")
        assert isinstance(said, Markup) and '<span lang="zh-CN">厨房</span>' in said and "&lt;b&gt;" in said
        assert not isinstance(t("plan.goal.credential", name="a", credential="b"), Markup)


def test_the_language_of_a_text() -> None:
    assert [language_of(text) for text in ("厨房", "kitchen", "WiFi 开关", "3")] == ["zh-CN", "en", "zh-CN", "zh-CN"]

"""The bank's own words: each said right and simply, linked where it first stands, opened in place, and heard."""

import io
import re

import pytest
import soundfile
from flask import Flask
from pypinyin import Style, pinyin

from tests.web.client import ClientRequest
from tests.web.reading_level import too_hard
from web import glossary
from web.messages import catalogue


@pytest.mark.parametrize("term", glossary.terms().values(), ids=lambda term: term.id)
def test_each_character_has_a_syllable_that_it_can_have(term: glossary.Term) -> None:
    for character, syllable in term.ruby:
        possible = pinyin(character, style=Style.TONE, heteronym=True)[0]
        assert syllable in possible, f"{character} {syllable} {possible}"


def test_explanations_are_easier_than_the_words_they_explain() -> None:
    hard = {
        term.id: why
        for term in glossary.terms().values()
        if (why := too_hard(term.says_zh, "zh-CN") or too_hard(term.says_en, "en"))
    }
    assert hard == {}


def test_no_form_belongs_to_two_words() -> None:
    forms = [form.casefold() for term in glossary.terms().values() for form in term.forms]
    assert len(forms) == len(set(forms))


def test_the_page_has_every_word_with_its_pinyin(client_request: ClientRequest) -> None:
    page = client_request.get("/glossary")
    assert page.texts(".//rt")[:2] and len(page.tree.findall(".//audio")) == len(glossary.terms())
    section = page.element("credit_bank")
    assert [e.text for e in section.iter("rt")] == ["xué", "fēn", "yín", "háng"]
    client_request.get("/glossary/nothing", status=404)


def _link(term: str, shown: str, name: str) -> str:
    start = f'<a class="term" href="/glossary#{term}" data-term="/glossary/{term}"'
    return f'{start} aria-label="{name}">{shown}</a>'


def test_the_first_place_of_a_word_leads_to_it_and_no_other(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        made = glossary.glossed("学分存进学分银行。学分不丢。<b>")
        again = glossary.glossed("学分")
    first, second = (
        _link("credit", "学分", "学分（词语解释）"),
        _link("credit_bank", "学分银行", "学分银行（词语解释）"),
    )
    assert made == f"{first}存进{second}。学分不丢。&lt;b&gt;"
    assert again == "学分"


def test_in_english_whole_words_only(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        made = glossary.glossed("An accredited skilled worker. Credits and keys")
    link = _link("credit", "Credits", "Credits (explained)")
    assert made == f"An accredited skilled worker. {link} and keys"


def test_a_paragraph_has_few_links(app: Flask) -> None:
    with app.test_request_context("/"):
        assert glossary.glossed("学分、学时、等级、证书、凭证").count("<a ") == glossary.IN_A_PARAGRAPH


def test_pages_link_to_words_that_the_glossary_has(client_request: ClientRequest) -> None:
    for path in ("/about", "/privacy", "/help"):
        page = client_request.get(path)
        words = [a.attrib["data-term"] for a in page.tree.iter("a") if "data-term" in a.attrib]
        assert words and len(words) == len(set(words))
        client_request.get(words[0])


def test_a_word_can_be_heard(client_request: ClientRequest) -> None:
    answer = client_request.client.get("/glossary/credit.mp3")
    if answer.status_code == 503:
        pytest.skip("NOT RUN: no speech here")
    sound, rate = soundfile.read(io.BytesIO(answer.data))
    assert answer.mimetype == "audio/mpeg" and len(sound) > rate


# Names of products, and an example of a code: they stand for nothing shorter or longer.
NO_SHORT_FORMS = {"JavaScript", "WeChat", "OpenAI", "AccessForAll", "ABCD", "APP", "OK"}
_SHORT = re.compile(r"(?<![A-Za-z])[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?![A-Za-z])")


def test_every_short_form_on_pages_is_explained(client_request: ClientRequest) -> None:
    used = {
        form.removesuffix("s")
        for key, said in catalogue().items()
        if not key.startswith("cli.")
        for words in said.values()
        for form in _SHORT.findall(re.sub(r"\bMP[34]\b", "", words))
    }
    explained = {one.short for one in glossary.abbreviations()}
    assert used - explained - NO_SHORT_FORMS == set()
    page = client_request.get("/glossary")
    assert {element.text for element in page.tree.iter("abbr")} == explained
    assert "一种表格文件，用逗号隔开每一格。" in page.text and "comma-separated values" in page.text


def test_short_forms_are_explained_in_easy_words() -> None:
    hard = {
        one.short: why
        for one in glossary.abbreviations()
        if (why := too_hard(one.says_zh, "zh-CN") or too_hard(one.says_en, "en"))
    }
    assert hard == {}

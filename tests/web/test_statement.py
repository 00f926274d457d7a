"""The statement says what is so: tests that it names exist, gaps have reasons, no medium is without words."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.client import ClientRequest
from tests.web.page_checks import text_of
from tests.web.people import Town
from tests.web.reading_level import too_hard
from web import statement
from web.accounts.roles import Role
from web.statement import Criterion

ROOT = Path(__file__).parents[2]
EVERY = [c for part in statement.criteria().values() for c in part]
# W3C's own count for WCAG 2.2 without 4.1.1, which is obsolete.
WCAG = {"A": 31, "AA": 24, "AAA": 31}
# Players without captions, each with what stands in their place.
WITHOUT_CAPTIONS = {
    "glossary/parts.html": "the words that are heard stand above the player",
    "lexicon/words.html": "the word that is heard stands above the player",
    "display/question.html": "what is said stands below the player",
    "voice/record.html": "the reader's own recording of words that stand on the page",
    "practice/question.html": "a button shows the words of a listening question",
    "placement/question.html": "a button shows the words of a listening question",
    "help/ask.html": "the reader's own recording, heard before it is sent",
    "help/request.html": "the reader's own recording; the words of an answer stand above its sound",
    "help/desk_request.html": "what somebody asked by voice, which nobody has put into words: criterion 1.2.1 says so",
    "library/item.html": "a film in sign language without sound; the text of the lesson stands below it",
    "scan.html": "what the reader's own camera sees, without sound",
}


def test_every_criterion_of_wcag_stands_there_once() -> None:
    numbers = [c.number for c in statement.criteria()["wcag"]]
    assert len(numbers) == len(set(numbers)) == 86 and "4.1.1" not in numbers
    assert {level: sum(by.values()) for level, by in statement.counts().items()} == WCAG


@pytest.mark.parametrize("criterion", EVERY, ids=lambda c: c.number)
def test_every_test_that_is_named_exists(criterion: Criterion) -> None:
    for test in criterion.tests:
        file, _, name = test.partition("::")
        assert re.search(rf"^def {re.escape(name)}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


@pytest.mark.parametrize("criterion", EVERY, ids=lambda c: c.number)
def test_what_no_test_shows_has_a_reason(criterion: Criterion) -> None:
    assert criterion.state in statement.STATES
    assert criterion.tests or criterion.reason
    assert criterion.state == "met" or criterion.reason


def test_every_command_names_files_that_exist() -> None:
    for one in statement.statement().tested:
        for part in one["how"].split():
            assert not part.startswith("tests/") or (ROOT / part).is_file(), part


def test_what_it_says_is_easy_to_read() -> None:
    said = [*statement.statement().tested, *statement.statement().gaps, *(c.reason for c in EVERY if c.reason)]
    assert [why for both in said if (why := too_hard(both["zh"], "zh-CN") or too_hard(both["en"], "en"))] == []


def test_no_media_is_without_words() -> None:
    """Every player in a template has captions, or its words stand beside it."""
    lacking = []
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        where = path.relative_to(ROOT / "web" / "templates").as_posix()
        for player in re.findall(r"<(?:audio|video)\b.*?</(?:audio|video)>", path.read_text("utf-8"), re.DOTALL):
            if "<track" not in player:
                lacking.append(where)
    assert set(lacking) <= WITHOUT_CAPTIONS.keys()


def test_the_page_counts_and_says_what_is_not_good(client_request: ClientRequest) -> None:
    page = client_request.get("/accessibility")
    met = statement.counts()["AA"]["met"]
    assert f"AA 级一共 24 条：做到 {met} 条" in page.text
    assert all(gap["zh"] in page.text for gap in statement.statement().gaps)
    assert page.link("哪里用不了").startswith("/accessibility/feedback")


def test_staff_see_each_criterion(app: Flask) -> None:
    town = Town(app)
    page = town.browser(town.staff("officer", town.institution("liuyin"), Role.CENTRE_STAFF)).get("/accessibility")
    rows = town.browser(town.staff("second-one", town.institution("other"), Role.TUTOR)).get(page.link("一条一条看"))
    assert len(rows.tree.findall(".//tbody/tr")) == len(EVERY)
    folds = rows.tree.findall(".//main//details")
    assert sum(len(fold.findall(".//tbody/tr")) for fold in folds) == len(EVERY), "each stands in the fold of its state"
    for fold in folds:  # open is what staff have to see to
        words = text_of(fold.find("summary"))  # type: ignore[arg-type]
        assert ("open" in fold.attrib) is ("做到一部分" in words or "没做到" in words), words
        assert f"：{len(fold.findall('.//tbody/tr'))} 条" in words
    town.browser(town.learner().person_id).get("/accessibility/criteria", status=403)


# What the reader tells of themselves, by page, and the purpose that each field says (WCAG 2.2, 1.3.5).
OWN_FIELDS = {
    "/sign-in": {"name": "username", "secret": "current-password"},
    "/open-account": {"name": "name", "new_secret": "new-password", "again": "new-password"},
    "/account/lost-pin": {
        "number": "username",
        "code": "one-time-code",
        "new_secret": "new-password",
        "again": "new-password",
    },
    "/account/secret": {"present": "current-password", "new_secret": "new-password", "again": "new-password"},
    "/accessibility/feedback": {"phone": "tel"},
    "/help/ask": {"phone": "tel"},
    "/apply": {"name": "organization", "district": "address-level3", "website": "url", "contact_name": "name"},
}
# Fields of the same pages for which there is no purpose in the list of WCAG.
WITHOUT_PURPOSE = {"document_number", "social_credit_code", "handle", "contact", "name_en"}


def test_every_field_about_the_reader_says_its_purpose(app: Flask, client_request: ClientRequest) -> None:
    town = Town(app)
    signed_in = town.browser(town.learner().person_id)
    for path, expected in OWN_FIELDS.items():
        browser = signed_in if path in ("/account/secret", "/help/ask") else client_request
        main = next(browser.get(path, both_languages=False).tree.iter("main"))
        lines = [e for e in main.iter("input") if e.attrib.get("type", "text") in ("text", "password", "tel", "email")]
        told = {e.attrib["name"]: e.attrib.get("autocomplete", "off") for e in lines}
        assert {n: purpose for n, purpose in told.items() if n not in WITHOUT_PURPOSE} == expected, path

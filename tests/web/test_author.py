"""The author's view: what misleads comes first, in plain words, and nobody is named."""

import random
from datetime import UTC, datetime, timedelta
from math import exp
from uuid import UUID

import pytest
from flask import Flask

from adaptive.answering import Given, Learning, take
from adaptive.content.grading import right_response
from adaptive.mastery.terms import default_weights
from adaptive.store import fairness
from credit_bank.store.types import new_id
from tests.adaptive.lessons import small_library, wrong_response
from tests.apps import settings_for
from tests.web.learners import LIBRARY
from tests.web.people import Town
from web.accounts.roles import Role
from web.settings import Settings

NOW = datetime.now(UTC)
TURNED = "kitchen-safety/gas#first"


@pytest.fixture
def app_settings(sqlite_url: str) -> Settings:
    """Settings with the small library."""
    return settings_for(sqlite_url, content_dir=LIBRARY)


def answered(town: Town, people: int) -> None:
    """People of differing ability answer every question; one question those do better on who are worse at the rest."""
    draw = random.Random(2)
    learning = Learning(small_library(), default_weights(), lambda: NOW, new_id)
    with town.writing() as session:
        for n in range(people):
            learner_id, ability = UUID(int=n + 1), draw.gauss(0, 1.6)
            fairness.tell(session, learner_id, new_id(), "sex", "female" if n % 2 else "male", NOW)
            for number, (key, question) in enumerate(sorted(small_library().questions.items())):
                chance = 1 / (1 + exp(-ability))
                right = draw.random() < (1 - chance if key == TURNED else chance)
                response = right_response(question) if right else wrong_response(key)
                presented = NOW - timedelta(seconds=12)
                given = Given(key, response, f"{n}-{number}", presented, NOW, form="easy" if n % 3 else "standard")
                take(session, learning, learner_id, given)


def test_what_misleads_comes_first_with_what_to_do(app: Flask) -> None:
    town = Town(app)
    answered(town, 60)
    place = town.institution("school", name="示例学院")
    browser = town.browser(town.staff("reviewer", place, Role.REVIEWER))
    page = browser.get("/author/school/")
    assert "道" in page.texts(".//tbody/tr")[0]
    page = browser.get(page.link(small_library().courses["kitchen-safety"].title.zh))
    first = page.texts(".//main//section")[0]
    assert small_library().questions[TURNED].prompt in first
    assert "会的人反而答错得多" in first and "先核对标准答案" in first and "作答人数" in first
    assert "用时的中位数" in page.text and "12 秒" in page.text


def test_of_few_people_nothing_is_said(app: Flask) -> None:
    town = Town(app)
    answered(town, 6)
    place = town.institution("school")
    page = town.browser(town.staff("registrar", place, Role.REGISTRAR)).get("/author/school/courses/kitchen-safety")
    assert "作答的人还不够多" in page.text and "不满 30 人" in page.text and "区分度" not in page.text


def test_a_course_that_is_not_there(app: Flask) -> None:
    town = Town(app)
    place = town.institution("school")
    browser = town.browser(town.staff("registrar", place, Role.REGISTRAR))
    browser.get("/author/school/courses/nowhere", status=404)
    assert "没有" in browser.get("/author/school/").text


@pytest.mark.parametrize("role", [Role.TUTOR, Role.CENTRE_STAFF])
def test_other_roles_are_no_authors(app: Flask, role: Role) -> None:
    town = Town(app)
    place = town.institution("school")
    town.browser(town.staff("somebody", place, role)).get("/author/school/", status=404)

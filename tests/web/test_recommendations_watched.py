"""The bank's page on how recommending does: a conclusion first, what to do about it, and no figure from too little."""

import pytest
from flask import Flask

from adaptive.watching_recommendations import FEWEST_LISTS
from tests.web.client import ClientRequest
from tests.web.people import Town
from tests.web.recommended_lists import shown_lists
from web import learning
from web.accounts.roles import Role

PAGE = "/admin/learning/recommendations"


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def administrator(town: Town) -> ClientRequest:
    centre = town.institution("centre", name="示例市学分银行中心", tier="centre")
    return town.browser(town.staff("bank-admin", centre, Role.ADMINISTRATOR))


def courses(town: Town) -> list[str]:
    return list(learning.shelves_of(town.app).current().library.courses)


def test_without_a_list_it_says_when_there_will_be_one(town: Town) -> None:
    page = administrator(town).get(PAGE)
    assert "还没有可看的推荐单" in page.text and "14 天" in page.text
    assert not list(page.tree.iter("table"))


def test_of_few_lists_no_figure_is_shown(town: Town) -> None:
    with town.writing() as session:
        shown_lists(session, courses(town)[:2], FEWEST_LISTS - 1, popular=True)
    page = administrator(town).get(PAGE)
    assert f"至少要有 {FEWEST_LISTS} 张" in page.text
    assert not list(page.tree.iter("table"))


def test_what_is_popular_and_little_of_the_library_is_said_with_what_to_do(town: Town) -> None:
    every = courses(town)
    with town.writing() as session:
        shown_lists(session, every[:4], FEWEST_LISTS, popular=True)
    page = administrator(town).get(PAGE)
    assert "推荐偏向热门的课" in page.text and "一多半的课从来没人看到" in page.text
    assert f"{len(every) - 4} 门课在这段时间里一次也没有推荐过" in page.text
    assert "没有看出问题" not in page.text
    tables = list(page.tree.iter("table"))
    assert len(tables) == 3 and all(table.find("caption") is not None for table in tables)


def test_when_all_is_well_it_says_so(town: Town) -> None:
    with town.writing() as session:
        shown_lists(session, courses(town), FEWEST_LISTS, popular=False)
    page = administrator(town).get(PAGE)
    assert "没有看出问题" in page.text and "推荐偏向热门的课" not in page.text
    assert "−" in page.text  # the less it had been used, the more it was shown


def test_the_way_to_it_and_who_may_go_there(town: Town) -> None:
    bank = administrator(town)
    assert bank.get("/admin/learning").link("推荐得怎么样") == PAGE
    other = town.institution("liuyin")
    for role in Role:
        town.browser(town.staff(role.value, other, role)).get(PAGE, status=404)
    town.browser(town.learner().person_id).get(PAGE, status=404)
    town.browser().get(PAGE, status=303, both_languages=False)

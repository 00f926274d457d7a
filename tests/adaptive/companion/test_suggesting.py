"""What else can be asked: near what was found, never that itself, and each answered by the companion."""

from adaptive import asking
from adaptive.companion.suggesting import MOST, suggested
from adaptive.content.loading import load_library
from tests.adaptive.companion.indexes import make_index
from tests.architecture.repository import ROOT
from web.database import Database

LIBRARY = load_library(ROOT / "content")[0]


def test_where_nothing_was_found_the_easiest_courses_begin() -> None:
    first = suggested(LIBRARY)
    assert len({item.course_id for item in first}) == len(first) == MOST
    levels = [LIBRARY.courses[item.course_id].level for item in first]
    assert levels == sorted(levels) and max(levels) <= min(c.level for c in LIBRARY.courses.values()) + 1
    assert all(item.id == LIBRARY.courses[item.course_id].items[0] for item in first)


def test_after_an_answer_come_what_its_skill_leads_to_and_its_course() -> None:
    for item in LIBRARY.items.values():
        after = suggested(LIBRARY, [item.id])
        assert len(after) == MOST and item not in after
        leads = {skill.id for skill in LIBRARY.skills.values() if set(item.skills) & set(skill.requires)}
        related = leads | set(item.skills)
        assert related & set(after[0].skills) or after[0].course_id == item.course_id


def test_a_lesson_that_is_gone_is_no_hindrance() -> None:
    assert suggested(LIBRARY, ["gone/gone"]) == suggested(LIBRARY)


def test_what_is_suggested_first_is_answered_by_its_own_lesson(db: Database) -> None:
    make_index(db, LIBRARY)
    with db.reading() as session:
        for item in suggested(LIBRARY):
            for title in (item.title.zh, item.title.en or ""):
                found = asking.ask(session, title, library=LIBRARY).found
                assert item.id in {one.passage.item_id for one in found}, title

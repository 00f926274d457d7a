"""What the kept lists say of recommending."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from adaptive.store.tables import Decision, ItemVisit
from adaptive.watching_recommendations import FEWEST_LISTS, _rank_correlation, look
from tests.adaptive.libraries import small_library
from web.database import Database

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def shown(session: Session, learner: UUID, course: str, *, explored: bool, taken: bool, days: int = 30) -> None:
    at = NOW - timedelta(days=days)
    entry = {"activity_id": course, "propensity": 0.05 if explored else 0.95, "explored": explored, "reasons": []}
    session.add(
        Decision(
            learner_id=learner, id=uuid4(), chosen_at=at, place="recommendation", policy="adaptive", reasons=[],
            facts={"shown": [entry, {**entry, "activity_id": "offered:elsewhere/course"}]},
            weights_version="w", library_digest="d",
        )
    )  # fmt: skip
    if taken:
        session.add(
            ItemVisit(
                learner_id=learner, id=uuid4(), item_id=f"{course}/x", form="easy", opened_at=at + timedelta(days=2)
            )
        )
    session.flush()


def test_without_a_list_nothing_is_said(db: Database) -> None:
    with db.reading() as session:
        found = look(session, small_library(), NOW)
    assert (found.lists, found.without_chance, found.trap, found.enough) == (0, None, None, False)


def test_lists_are_counted_and_what_was_drawn_by_chance_is_taken_out(db: Database) -> None:
    with db.writing() as session:
        for number in range(FEWEST_LISTS):
            explored = number % 3 == 0
            shown(session, uuid4(), "phone", explored=explored, taken=not explored and number % 2 == 0)
        shown(session, uuid4(), "pay", explored=False, taken=True, days=3)  # too young to be judged
        found = look(session, small_library(), NOW)
    assert (found.lists, found.places, found.learners, found.enough) == (FEWEST_LISTS, FEWEST_LISTS, FEWEST_LISTS, True)
    assert found.coverage == 0.5 and found.spread == pytest.approx(1.0) and found.areas_a_list == 1
    assert found.without_chance is not None
    assert found.without_chance.logged.value == pytest.approx(10 / 30)
    assert found.without_chance.snips.value == pytest.approx(10 / 20)
    assert found.without_chance.effective == pytest.approx(20) and not found.without_chance.usable
    assert found.as_json()["taken_up"]["usable"] is False


def test_rank_correlation() -> None:
    assert _rank_correlation([1, 2, 3], [10, 20, 40]) == pytest.approx(1)
    assert _rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert _rank_correlation([1, 1, 2], [5, 5, 9]) == pytest.approx(1)
    assert _rank_correlation([1, 1], [1, 2]) is None

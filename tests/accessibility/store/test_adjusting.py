"""The assistant on both databases: what is kept, proposed, answered, undone, forgotten."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from accessibility import adjusting
from accessibility.adjust.signal import MOST_A_DAY, Noticed
from accessibility.errors import InvalidInput
from accessibility.preference.model import Preference
from accessibility.store import adjustments
from credit_bank.store.types import new_id
from web.database import Database

TODAY = date(2026, 9, 1)
NOW = Preference()


@pytest.fixture
def person() -> UUID:
    """Somebody."""
    return new_id()


def misses(session: Session, person: UUID, day: date = TODAY, times: int = 3) -> None:
    adjusting.note(session, person, [Noticed(day, "missed", page, times) for page in ("/library", "/plan")])


def test_nothing_is_kept_of_somebody_who_did_not_ask_for_it(db: Database, person: UUID) -> None:
    with db.writing() as session:
        assert adjusting.note(session, person, [Noticed(TODAY, "missed", "/library")]) == 0
        assert adjustments.noticed(session, person, TODAY) == []
        assert adjusting.offered(session, person, NOW, TODAY, new_id) is None


def test_sums_are_kept_and_a_script_is_not_believed(db: Database, person: UUID) -> None:
    with db.writing() as session:
        adjusting.set_mode(session, person, "ask", TODAY)
        for _ in range(3):
            adjusting.note(session, person, [Noticed(TODAY, "lingered", "/plan", 1, 12.5)])
        adjusting.note(session, person, [Noticed(TODAY, "zoomed", "/plan", MOST_A_DAY * 5)])
        assert adjustments.noticed(session, person, TODAY) == [
            Noticed(TODAY, "lingered", "/plan", 3, 37.5),
            Noticed(TODAY, "zoomed", "/plan", MOST_A_DAY),
        ]
        for bad in (Noticed(TODAY, "typed", "/"), Noticed(TODAY, "missed", ""), Noticed(TODAY, "missed", "/" * 201)):
            with pytest.raises(InvalidInput, match=r"noticed\.wrong"):
                adjusting.note(session, person, [bad])


def test_a_proposal_stands_until_it_is_answered_and_is_made_once(db: Database, person: UUID) -> None:
    with db.writing() as session:
        adjusting.set_mode(session, person, "ask", TODAY)
        misses(session, person)
        first = adjusting.offered(session, person, NOW, TODAY, new_id)
        again = adjusting.offered(session, person, NOW, TODAY, new_id)
        assert first is not None and again is not None and first.change.id == again.change.id and not first.done
        assert (first.change.preference, first.change.before, first.change.after) == ("target_size", "44", "52")
        for _ in range(2):
            assert adjusting.answer(session, person, first.change.id, accept=True, today=TODAY) == {"target_size": "52"}
        assert adjusting.offered(session, person, Preference(target_size="52"), TODAY, new_id) is None
        assert adjusting.undo(session, person, first.change.id, TODAY) == {"target_size": "44"}


def test_a_no_is_kept_and_nobody_answers_for_somebody_else(db: Database, person: UUID) -> None:
    with db.writing() as session:
        adjusting.set_mode(session, person, "ask", TODAY)
        misses(session, person)
        found = adjusting.offered(session, person, NOW, TODAY, new_id)
        assert found is not None
        with pytest.raises(InvalidInput, match=r"adjustment\.unknown"):
            adjusting.answer(session, new_id(), found.change.id, accept=True, today=TODAY)
        assert adjusting.answer(session, person, found.change.id, accept=False, today=TODAY) == {}
        assert adjusting.answer(session, person, found.change.id, accept=True, today=TODAY) == {}
        with pytest.raises(InvalidInput, match=r"adjustment\.unknown"):
            adjusting.undo(session, person, found.change.id, TODAY)
        misses(session, person, TODAY + timedelta(days=5))
        assert adjusting.offered(session, person, NOW, TODAY + timedelta(days=5), new_id) is None


def test_done_for_them_is_announced_once_and_not_again_after_it_was_undone(db: Database, person: UUID) -> None:
    later = TODAY + timedelta(days=90)
    with db.writing() as session:
        adjusting.set_mode(session, person, "do", TODAY)
        misses(session, person)
        found = adjusting.offered(session, person, NOW, TODAY, new_id)
        assert found is not None and found.done and adjusting.changes_of(found.change) == {"target_size": "52"}
        told = adjusting.standing(session, person)
        assert told is not None and told.done and told.change.id == found.change.id
        assert adjusting.answer(session, person, found.change.id, accept=True, today=TODAY) == {"target_size": "52"}
        assert adjusting.standing(session, person) is None
        assert adjusting.undo(session, person, found.change.id, TODAY) == {"target_size": "44"}
        misses(session, person, later)
        asked = adjusting.offered(session, person, NOW, later, new_id)
        assert asked is not None and not asked.done


def test_who_changes_it_by_hand_is_not_asked_any_more(db: Database, person: UUID) -> None:
    with db.writing() as session:
        adjusting.set_mode(session, person, "ask", TODAY)
        misses(session, person)
        assert adjusting.offered(session, person, NOW, TODAY, new_id) is not None
        assert adjusting.offered(session, person, Preference(target_size="60"), TODAY, new_id) is None
        assert [row.outcome for row in adjustments.changes(session, person)] == ["accepted"]


def test_off_forgets_what_was_noticed_and_erasing_everything(db: Database, person: UUID) -> None:
    with db.writing() as session:
        adjusting.set_mode(session, person, "ask", TODAY)
        misses(session, person)
        adjusting.offered(session, person, NOW, TODAY, new_id)
        kept = adjustments.exported(session, person)
        assert [len(kept[name]) for name in ("noticed", "changes_proposed", "assistant")] == [2, 1, 1]
        adjusting.set_mode(session, person, "off", TODAY)
        assert not any(adjustments.exported(session, person).values())
        adjusting.set_mode(session, person, "do", TODAY)
        misses(session, person)
        adjusting.offered(session, person, NOW, TODAY, new_id)
        assert adjustments.erase(session, person) == 4
        assert not any(adjustments.exported(session, person).values())
        with pytest.raises(InvalidInput, match=r"adjusting\.mode_unknown"):
            adjusting.set_mode(session, person, "always", TODAY)


def test_what_is_old_is_forgotten_and_accounts_that_become_one_keep_their_answers(db: Database, person: UUID) -> None:
    other = new_id()
    with db.writing() as session:
        for one in (person, other):
            adjusting.set_mode(session, one, "ask", TODAY)
            misses(session, one, TODAY - adjusting.KEPT - timedelta(days=1))
            misses(session, one)
        assert adjusting.tidy(session, TODAY) == 4
        found = adjusting.offered(session, other, NOW, TODAY, new_id)
        assert found is not None
        adjusting.answer(session, other, found.change.id, accept=False, today=TODAY)
        adjustments.move(session, other, person)
        assert [row.outcome for row in adjustments.changes(session, person)] == ["declined"]
        assert not any(adjustments.exported(session, other).values())

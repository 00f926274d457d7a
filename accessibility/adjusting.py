"""The assistant of presentation (适老化学习助手): keep what is noticed, propose a change, carry the answer.

It never changes a preference itself: what is to be changed is given back to the caller, who knows where it is kept.
One transaction of the caller's; the day and ids are arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from accessibility.adjust.proposing import Answer, may_be_done, proposal, upwards
from accessibility.adjust.signal import WINDOW, Noticed, add
from accessibility.errors import InvalidInput
from accessibility.preference.model import Preference
from accessibility.store import adjustments
from accessibility.store.tables import Adjustment, AssistantMode, NoticedRow

Mode = Literal["off", "ask", "do"]
MODES: tuple[Mode, ...] = ("off", "ask", "do")
KEPT = timedelta(days=120)
"""How long what was noticed is kept: the two weeks that count, and the person's own usual pace before them."""
MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Offered:
    """A change that stands before the person: ``done`` where it was made for them and only needs to be undone."""

    change: Adjustment
    done: bool


def note(session: Session, person_id: UUID, found: Sequence[Noticed]) -> int:
    """Add what was noticed to its day, kind and page, if the person wished that; how many were kept.

    Raises InvalidInput ``noticed.wrong`` for something that is not kept, and keeps none then.
    """
    if adjustments.mode(session, person_id) == "off":
        return 0
    if len(found) > MOST_AT_ONCE:
        raise InvalidInput("noticed.wrong")
    for one in found:
        if not 0 < len(one.page) <= 200:
            raise InvalidInput("noticed.wrong")
        row = adjustments.noticed_on(session, person_id, one.day, one.kind, one.page)
        there = None if row is None else Noticed(row.day, row.kind, row.page, row.count, row.amount)
        try:
            total = add(there, one)
        except ValueError:
            raise InvalidInput("noticed.wrong") from None
        row = row or NoticedRow(person_id=person_id, **asdict(one))
        row.count, row.amount = total.count, total.amount
        session.add(row)
        session.flush()
    return len(found)


def offered(
    session: Session, person_id: UUID, preference: Preference, today: date, new_id: Callable[[], UUID]
) -> Offered | None:
    """What to put before the person now, or None: a proposal that stands open, or a new one.

    Where they wished it done for them, the change is marked as done and the caller makes it (``changes_of``).
    """
    how = adjustments.mode(session, person_id)
    if how == "off":
        return None
    made = adjustments.changes(session, person_id)
    waiting = next((row for row in made if row.outcome == "proposed"), None)
    if waiting is not None:
        if upwards(waiting.preference, getattr(preference, waiting.preference), waiting.after):
            return Offered(waiting, done=False)
        _close(session, waiting, "accepted", today)  # they changed it themselves meanwhile
    answers = answers_of(made)
    found = proposal(adjustments.noticed(session, person_id, today - KEPT), preference, answers, today)
    if found is None:
        return None
    done = how == "do" and may_be_done(found.rule, answers)
    row = Adjustment(
        person_id=person_id,
        id=new_id(),
        rule=found.rule,
        preference=found.preference,
        before=found.before,
        after=found.after,
        evidence=asdict(found.evidence),
        proposed_on=today,
        outcome="done" if done else "proposed",
        answered_on=today if done else None,
    )
    session.add(row)
    session.flush()
    return Offered(row, done)


def standing(session: Session, person_id: UUID) -> Offered | None:
    """What stands before the person: a proposal, or what was done and not yet seen. Writes nothing."""
    for row in adjustments.changes(session, person_id):
        if row.outcome in ("proposed", "done"):
            return Offered(row, row.outcome == "done")
    return None


def answers_of(made: Sequence[Adjustment]) -> list[Answer]:
    """What was said to the changes so far, as the rules take it."""
    return [
        Answer(row.rule, row.outcome, row.answered_on)  # type: ignore[arg-type] # as they were stored
        for row in made
        if row.answered_on is not None
    ]


def answer(session: Session, person_id: UUID, change_id: UUID, *, accept: bool, today: date) -> Mapping[str, str]:
    """Accept or decline a proposal; the preferences to change, empty for a no. Saying it twice changes nothing more.

    To accept what was done for them says that they have seen it. Raises InvalidInput ``adjustment.unknown``.
    """
    row = _own(session, person_id, change_id)
    if row.outcome == "proposed" or (row.outcome == "done" and accept):
        _close(session, row, "accepted" if accept else "declined", today)
    return changes_of(row) if row.outcome == "accepted" else {}


def undo(session: Session, person_id: UUID, change_id: UUID, today: date) -> Mapping[str, str]:
    """Take a change back; the preferences as they were before. Raises InvalidInput ``adjustment.unknown``."""
    row = _own(session, person_id, change_id)
    if row.outcome not in ("accepted", "done", "undone"):
        raise InvalidInput("adjustment.unknown")
    if row.outcome != "undone":
        _close(session, row, "undone", today)
    return {row.preference: row.before}


def changes_of(row: Adjustment) -> Mapping[str, str]:
    """The preference that a change sets."""
    return {row.preference: row.after}


def set_mode(session: Session, person_id: UUID, how: str, today: date) -> None:
    """Off, ask or do. Off forgets what was noticed. Raises InvalidInput ``adjusting.mode_unknown``."""
    if how not in MODES:
        raise InvalidInput("adjusting.mode_unknown")
    row = session.get(AssistantMode, person_id)
    if how == "off":
        if row is not None:
            session.delete(row)
        forget(session, person_id)
        return
    session.add(AssistantMode(person_id=person_id, mode=how, since=today) if row is None else _with(row, how, today))
    session.flush()


def forget(session: Session, person_id: UUID) -> None:
    """Forget what was noticed, and what stands open; what the person said to changes stays until they erase it."""
    for row in adjustments.changes(session, person_id):
        if row.outcome == "proposed":
            session.delete(row)
    session.flush()
    own = adjustments.TABLES["noticed"]
    session.connection().execute(own.delete().where(own.c.person_id == person_id))
    session.expire_all()


def tidy(session: Session, today: date) -> int:
    """Forget what is older than ``KEPT``, of everybody; how many rows."""
    return adjustments.forget_before(session, today - KEPT)


def counted_from(today: date) -> date:
    """The first day of what counts towards a proposal today."""
    return today - WINDOW


def _with(row: AssistantMode, how: str, today: date) -> AssistantMode:
    row.mode, row.since = how, today
    return row


def _close(session: Session, row: Adjustment, outcome: str, today: date) -> None:
    row.outcome, row.answered_on = outcome, today
    session.add(row)
    session.flush()


def _own(session: Session, person_id: UUID, change_id: UUID) -> Adjustment:
    row = adjustments.change(session, person_id, change_id)
    if row is None:
        raise InvalidInput("adjustment.unknown")
    return row

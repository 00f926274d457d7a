"""How help between neighbours ends: somebody steps out, time passes, an account closes or goes into another."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from web.operations.neighbour_tables import NeighbourRequest, NeighbourWord

WAITING, TAKEN, DONE, WITHDRAWN = "waiting", "taken", "done", "withdrawn"
OPEN = (WAITING, TAKEN)
# What was said goes first; that somebody helped goes later.
WORDS_KEPT, KEPT = timedelta(days=30), timedelta(days=180)


def conclude(session: Session, row: NeighbourRequest, state: str, now: datetime) -> None:
    """End a request as done or withdrawn."""
    row.state, row.ended_at = state, now
    session.add(row)
    session.flush()


def put_back(session: Session, row: NeighbourRequest) -> None:
    """Let a request wait again; what the two said goes."""
    session.execute(delete(NeighbourWord).where(col(NeighbourWord.request_id) == row.id))
    row.state, row.helper_id, row.taken_at, row.helper_news = WAITING, None, None, False
    row.asker_news = True
    session.add(row)
    session.flush()


def step_out(session: Session, now: datetime, *, learner_id: UUID | None = None, group_id: UUID | None = None) -> None:
    """End what a learner asked, and put back what they help with: in one group, or (``group_id`` None) everywhere.

    Without a learner, everybody of that group: it is closed.
    """
    statement = select(NeighbourRequest).where(col(NeighbourRequest.state).in_(OPEN))
    if group_id is not None:
        statement = statement.where(NeighbourRequest.group_id == group_id)
    if learner_id is not None:
        either = or_(col(NeighbourRequest.learner_id) == learner_id, col(NeighbourRequest.helper_id) == learner_id)
        statement = statement.where(either)
    for row in session.exec(statement.with_for_update()).all():
        if learner_id is not None and row.helper_id == learner_id:
            put_back(session, row)
        else:
            row.helper_news = row.helper_id is not None
            conclude(session, row, WITHDRAWN, now)


def forget_old(session: Session, now: datetime) -> int:
    """Forget what was said 30 days after the end, and the request after 180; how many requests went."""
    said = select(NeighbourRequest.id).where(col(NeighbourRequest.ended_at) < now - WORDS_KEPT)
    session.execute(delete(NeighbourWord).where(col(NeighbourWord.request_id).in_(said)))
    old = col(NeighbourRequest.ended_at) < now - WORDS_KEPT
    session.execute(update(NeighbourRequest).where(old, col(NeighbourRequest.words) != "").values(words=""))
    gone = delete(NeighbourRequest).where(col(NeighbourRequest.ended_at) < now - KEPT)
    return session.connection().execute(gone).rowcount


def erase(session: Session, learner_id: UUID) -> None:
    """Erase what a learner asked and said (the account is closed); what others asked stays without a helper's name."""
    mine = select(NeighbourRequest.id).where(NeighbourRequest.learner_id == learner_id)
    session.execute(delete(NeighbourWord).where(col(NeighbourWord.request_id).in_(mine)))
    session.execute(delete(NeighbourRequest).where(col(NeighbourRequest.learner_id) == learner_id))
    session.execute(delete(NeighbourWord).where(col(NeighbourWord.learner_id) == learner_id))
    helped = update(NeighbourRequest).where(col(NeighbourRequest.helper_id) == learner_id)
    session.execute(helped.values(helper_id=None, helper_news=False))


def move(session: Session, *, absorbed: UUID, kept: UUID) -> None:
    """Put one learner's to another's, whose account took theirs over; nobody is left helping themselves."""
    rows = NeighbourRequest
    session.execute(update(rows).where(col(rows.learner_id) == absorbed).values(learner_id=kept))
    session.execute(update(rows).where(col(rows.helper_id) == absorbed).values(helper_id=kept))
    words = update(NeighbourWord).where(col(NeighbourWord.learner_id) == absorbed)
    session.execute(words.values(learner_id=kept))
    own = update(rows).where(col(rows.learner_id) == kept, col(rows.helper_id) == kept)
    session.execute(own.where(col(rows.state) == TAKEN).values(state=WAITING, taken_at=None))
    session.execute(own.values(helper_id=None, helper_news=False))


def helped(session: Session, learner_id: UUID) -> list[dict[str, Any]]:
    """What a learner helped others with, as JSON values without the others' names and words."""
    rows = session.exec(select(NeighbourRequest).where(NeighbourRequest.helper_id == learner_id)).all()
    moments = ("taken_at", "ended_at")
    return [
        {"matter": row.matter, "state": row.state}
        | {name: value.isoformat() if (value := getattr(row, name)) else None for name in moments}
        for row in rows
    ]

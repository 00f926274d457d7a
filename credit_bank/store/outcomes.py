"""Outcomes as rows: a learner's portfolio, an institution's record of what it awarded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from credit_bank.errors import Missing
from credit_bank.store.tables import Institution, Outcome, RegionInstitution


@dataclass(frozen=True, slots=True)
class PortfolioFilter:
    """What a learner wants to see: each field narrows, None or empty does not."""

    category: str | None = None
    institution_id: UUID | None = None
    level: str | None = None
    state: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one category: how many outcomes count, and their credits in the framework's smallest step."""

    framework: str
    category: str
    outcomes: int
    credits: int


def get(session: Session, learner_id: UUID, outcome_id: UUID) -> Outcome:
    """A learner's outcome. Raises Missing ``outcome.unknown``."""
    found = session.get(Outcome, (learner_id, outcome_id))
    if found is None:
        raise Missing("outcome.unknown", outcome=str(outcome_id))
    return found


def by_id(session: Session, institution_id: UUID, outcome_ids: Iterable[UUID]) -> Sequence[Outcome]:
    """Those outcomes that an institution awarded; ids of others' outcomes are absent."""
    wanted = list(set(outcome_ids))
    found: list[Outcome] = []
    for start in range(0, len(wanted), 500):
        found += session.exec(
            select(Outcome)
            .where(col(Outcome.id).in_(wanted[start : start + 500]), Outcome.institution_id == institution_id)
            .execution_options(populate_existing=True)
        )
    return found


def _conditions(wanted: PortfolioFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.category:
        conditions.append(col(Outcome.category) == wanted.category)
    if wanted.institution_id:
        conditions.append(col(Outcome.institution_id) == wanted.institution_id)
    if wanted.level:
        conditions.append(col(Outcome.level) == wanted.level)
    if wanted.state:
        conditions.append(col(Outcome.state) == wanted.state)
    if wanted.words:
        conditions.append(
            or_(
                col(Outcome.title).icontains(wanted.words, autoescape=True),
                col(Outcome.code).icontains(wanted.words, autoescape=True),
            )
        )
    return conditions


def portfolio(
    session: Session, learner_id: UUID, wanted: PortfolioFilter, *, offset: int = 0, limit: int | None = None
) -> Sequence[tuple[Outcome, str]]:
    """A learner's outcomes with the names of who awarded them, the newest award first."""
    query = select(Outcome).where(Outcome.learner_id == learner_id, *_conditions(wanted))
    query = query.order_by(col(Outcome.awarded_on).desc(), col(Outcome.id).desc()).offset(offset)
    if limit is not None:
        query = query.limit(limit)
    rows = session.exec(query).all()
    names = institution_names(session, {o.institution_id for o in rows})
    return [(o, names[o.institution_id]) for o in rows]


def portfolio_size(session: Session, learner_id: UUID, wanted: PortfolioFilter) -> int:
    """How many outcomes ``portfolio`` has without offset and limit."""
    query = select(func.count()).select_from(Outcome).where(Outcome.learner_id == learner_id, *_conditions(wanted))
    return session.exec(query).one()


def _lasts(outcome: type[Outcome], today: date) -> ColumnElement[bool]:
    return or_(col(outcome.valid_until).is_(None), col(outcome.valid_until) >= today)


def totals(session: Session, learner_id: UUID, today: date) -> list[Total]:
    """The sums of issued outcomes by framework and category; suspended, revoked and expired ones do not count.

    ``today`` is the city's; an outcome counts on its last day too. Of an outcome and its duplicates one counts, as long
    as any of them is issued and has not expired. What carries a decision stands for credit counted already.
    """
    other = aliased(Outcome)
    counts_already = exists().where(
        col(other.learner_id) == col(Outcome.learner_id),
        col(other.state) == "issued",
        _lasts(other, today),
        or_(
            col(other.id) == col(Outcome.duplicate_of),
            and_(col(other.duplicate_of) == col(Outcome.duplicate_of), col(other.id) < col(Outcome.id)),
        ),
    )
    rows = session.execute(
        select(Outcome.framework, Outcome.category, func.count(), func.coalesce(func.sum(Outcome.credits), 0))
        .where(
            col(Outcome.learner_id) == learner_id,
            col(Outcome.state) == "issued",
            col(Outcome.source) != "decision",
            _lasts(Outcome, today),
            or_(col(Outcome.duplicate_of).is_(None), ~counts_already),
        )
        .group_by(col(Outcome.framework), col(Outcome.category))
        .order_by(col(Outcome.framework), col(Outcome.category))
    )
    return [Total(framework, category, int(n), int(credits)) for framework, category, n, credits in rows]


def expired_count(session: Session, learner_id: UUID, today: date) -> int:
    """How many issued outcomes of a learner have passed their last day."""
    conditions = (
        col(Outcome.learner_id) == learner_id,
        col(Outcome.state) == "issued",
        ~_lasts(Outcome, today),
    )
    return session.exec(select(func.count()).select_from(Outcome).where(*conditions)).one()


def choices(session: Session, learner_id: UUID) -> tuple[dict[UUID, str], list[str]]:
    """Who awarded a learner anything (names by id), and at which levels: what a filter of the portfolio can ask for."""
    rows = session.execute(
        select(Outcome.institution_id, Outcome.level).where(Outcome.learner_id == learner_id).distinct()
    ).all()
    return institution_names(session, {i for i, _ in rows}), sorted({level for _, level in rows if level})


def institution_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of institutions by id, of this bank's and of recognised regions'."""
    wanted = list(ids)
    if not wanted:
        return {}
    found: dict[UUID, str] = {}
    for table in (Institution, RegionInstitution):
        missing = [one for one in wanted if one not in found]
        if missing:
            rows = session.execute(select(col(table.id), col(table.name)).where(col(table.id).in_(missing)))
            found.update((row[0], row[1]) for row in rows)
    return found


def titles(session: Session, learner_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What a learner's outcomes are called, by id."""
    query = select(Outcome.id, Outcome.title).where(Outcome.learner_id == learner_id, col(Outcome.id).in_(list(ids)))
    return {row[0]: row[1] for row in session.execute(query)}


def fingerprints(session: Session, learner_ids: Iterable[UUID]) -> set[tuple[UUID, bytes]]:
    """Which outcomes those learners hold already, by fingerprint."""
    wanted = list(set(learner_ids))
    found: set[tuple[UUID, bytes]] = set()
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(Outcome.learner_id, Outcome.fingerprint).where(
                col(Outcome.learner_id).in_(wanted[start : start + 500])
            )
        )
        found.update((learner, print_) for learner, print_ in rows)
    return found


def awarded_by(
    session: Session,
    institution_id: UUID,
    *,
    wanted: PortfolioFilter = PortfolioFilter(),
    batch_id: UUID | None = None,
    learner_id: UUID | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Sequence[Outcome]:
    """What an institution recorded, the newest first, or of one learner; of one file in the order of its rows."""
    conditions = _awarded(institution_id, wanted, batch_id, learner_id)
    order = col(Outcome.recorded_at), col(Outcome.id)
    query = select(Outcome).where(*conditions)
    query = query.order_by(*(order if batch_id is not None else (column.desc() for column in order)))
    return session.exec(query.offset(offset).limit(limit)).all()


def awarded_count(
    session: Session,
    institution_id: UUID,
    *,
    wanted: PortfolioFilter = PortfolioFilter(),
    batch_id: UUID | None = None,
    learner_id: UUID | None = None,
) -> int:
    """How many outcomes ``awarded_by`` has without offset and limit."""
    conditions = _awarded(institution_id, wanted, batch_id, learner_id)
    return session.exec(select(func.count()).select_from(Outcome).where(*conditions)).one()


def _awarded(
    institution_id: UUID, wanted: PortfolioFilter, batch_id: UUID | None, learner_id: UUID | None
) -> list[ColumnElement[bool]]:
    conditions = [col(Outcome.institution_id) == institution_id, *_conditions(wanted)]
    if batch_id is not None:
        conditions.append(col(Outcome.batch_id) == batch_id)
    if learner_id is not None:
        conditions.append(col(Outcome.learner_id) == learner_id)
    return conditions


def recorded_after(
    session: Session,
    institution_id: UUID,
    after: tuple[datetime, UUID] | None,
    *,
    state: str | None = None,
    limit: int = 50,
) -> Sequence[Outcome]:
    """What an institution recorded, the oldest first, from the row after that moment and id on."""
    conditions = _conditions(PortfolioFilter(state=state))
    if after is not None:
        moment, row_id = after
        conditions.append(
            or_(
                col(Outcome.recorded_at) > moment,
                and_(col(Outcome.recorded_at) == moment, col(Outcome.id) > row_id),
            )
        )
    query = select(Outcome).where(Outcome.institution_id == institution_id, *conditions)
    return session.exec(query.order_by(col(Outcome.recorded_at), col(Outcome.id)).limit(limit)).all()


def states(session: Session, institution_id: UUID) -> dict[str, int]:
    """How many outcomes of an institution are in each state."""
    rows = session.execute(
        select(Outcome.state, func.count())
        .where(col(Outcome.institution_id) == institution_id)
        .group_by(col(Outcome.state))
    )
    return {state: int(n) for state, n in rows}


def mark_issued(session: Session, issued: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Note of each (learner, outcome, credential) that the outcome has its credential now."""
    session.connection().execute(
        update(Outcome)
        .where(col(Outcome.learner_id) == bindparam("learner"), col(Outcome.id) == bindparam("outcome"))
        .values(state="issued", credential_id=bindparam("credential")),
        [{"learner": learner, "outcome": outcome, "credential": credential} for learner, outcome, credential in issued],
    )


def mark_state(session: Session, named: Sequence[tuple[UUID, UUID]], state: str) -> None:
    """Note of each (learner, outcome) how its credential stands now.

    A revoked outcome gives its fingerprint up, so that the same one can be recorded anew, put right (rule R28).
    """
    here = col(Outcome.learner_id) == bindparam("learner"), col(Outcome.id) == bindparam("outcome")
    values: dict[str, object] = {"state": state}
    rows: list[dict[str, object]] = [{"learner": learner, "outcome": outcome} for learner, outcome in named]
    if state == "revoked":
        values["fingerprint"] = bindparam("given_up")
        rows = [{**row, "given_up": b"revoked|" + outcome.bytes} for row, (_, outcome) in zip(rows, named, strict=True)]
    session.connection().execute(update(Outcome).where(*here).values(values), rows)

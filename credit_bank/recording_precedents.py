"""Recording what was decided about courses: a file of published equivalences, a reviewer's decision, an answered lead.

A decision counts as a precedent from the moment its transaction ends. Saying the same again changes nothing; saying it
with other conditions or dates withdraws the earlier row and says it anew, so that what stood when stays known.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.exchange.equivalences import EquivalenceRow
from credit_bank.recognition.comparison.course import Equivalence
from credit_bank.report import ImportRefused, RowProblem
from credit_bank.store import batches, institutions, precedents
from credit_bank.store.precedent_rows import as_json, fingerprint, source_text
from credit_bank.store.tables import ImportBatch, Institution, Precedent

Origin = Literal["import", "review", "comparison"]
MOST_COURSES = 20
REPLACED = "replaced"
"""The reason of a withdrawal for which the decision was said anew."""


@dataclass(frozen=True, slots=True)
class EquivalenceImport:
    """What came of importing equivalences: how many are new, changed (said anew) or as they were."""

    batch_id: UUID
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rows of one act share."""

    origin: Origin
    now: datetime
    by: UUID | None
    batch_id: UUID | None = None
    case_id: UUID | None = None


def record_precedent(
    session: Session,
    institution_id: UUID,
    decision: Equivalence,
    *,
    now: datetime,
    decided_by: UUID | None,
    origin: Origin = "review",
    published_on: date | None = None,
    valid_until: date | None = None,
    case_id: UUID | None = None,
) -> Precedent:
    """Record one decision of an institution, in the caller's transaction; it counts at once.

    ``decision.denied`` says that the courses were not taken (as the targets; without targets, as anything). Without
    ``published_on`` comparisons use it, and the public does not see it. Raises InvalidInput ``precedent.no_course`` or
    ``precedent.too_many_courses``; Missing ``institution.unknown``; Conflict ``institution.closed``.
    """
    institution = institutions.get(session, institution_id)
    if institution.closed_at is not None:
        raise Conflict("institution.closed", institution=institution.name)
    if not decision.sources or not (decision.targets or decision.denied):
        raise InvalidInput("precedent.no_course")
    if max(len(decision.sources), len(decision.targets)) > MOST_COURSES:
        raise InvalidInput("precedent.too_many_courses", most=MOST_COURSES)
    row = EquivalenceRow(decision, published_on, valid_until)
    _say(session, institution, [row], _Context(origin, now, decided_by, case_id=case_id))
    return precedents.standing(session, institution_id, [fingerprint(decision)])[fingerprint(decision)]


def import_equivalences(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    rows: Sequence[EquivalenceRow],
    source: SourceFile,
    *,
    today: date,
    imported_by: UUID | None = None,
) -> EquivalenceImport:
    """Take a file of an institution's own published equivalences whole. Rows without a day are published ``today``.

    Raises ImportRefused as ``preview_equivalences`` finds; Conflict ``institution.closed``.
    """
    institution = institutions.get(session, institution_id)
    if institution.closed_at is not None:
        raise Conflict("institution.closed", institution=institution.name)
    problems = preview_equivalences(session, institution_id, rows, source.headers)
    if problems:
        raise ImportRefused(problems)
    now = bank.clock()
    batch = ImportBatch(
        institution_id=institution_id,
        kind="equivalences",
        file_name=source.name[:200],
        file_sha256=source.sha256,
        rows=len(rows),
        imported_at=now,
        imported_by=imported_by,
    )
    batches.add(session, batch)
    context = _Context("import", now, imported_by, batch_id=batch.id)
    counts = _say(session, institution, rows, context, today)
    return EquivalenceImport(batch.id, *counts)


def preview_equivalences(
    session: Session, institution_id: UUID, rows: Sequence[EquivalenceRow], headers: Mapping[str, str]
) -> list[RowProblem]:
    """What ``import_equivalences`` would refuse: rows about another institution, rows that contradict each other."""
    institution = institutions.get(session, institution_id)
    own = _names(institution)
    found: list[RowProblem] = []
    said: dict[bytes, EquivalenceRow] = {}
    for row in rows:
        decision = row.decision
        if row.target_said and plain_name(row.target_said) not in own:
            column = headers.get("target_institution")
            said_of = row.target_said[:100]
            found.append(RowProblem(decision.row, column, "equivalence_of_another", {"name": said_of}))
        if plain_name(decision.source_institution) in own:
            found.append(RowProblem(decision.row, headers.get("source_institution"), "equivalence_of_itself"))
        before = said.setdefault(fingerprint(decision), row)
        if before is not row and _facts(before) != _facts(row):
            found.append(RowProblem(decision.row, None, "equivalence_twice", {"other": before.decision.row}))
        against = said.get(fingerprint(_opposite(decision)))
        if against is not None:
            found.append(RowProblem(decision.row, None, "equivalence_contradicts", {"other": against.decision.row}))
    return found


def withdraw(
    session: Session, institution_id: UUID, precedent_id: UUID, *, reason: str, now: datetime, by: UUID | None
) -> Precedent:
    """Withdraw a decision: it is a precedent no more; the row stays. Withdrawing twice changes nothing."""
    row = precedents.get(session, institution_id, precedent_id)
    if row.withdrawn_at is None:
        state = precedents.hold(session, institution_id)
        state.version += 1
        state.whole = state.version
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by, reason
        session.add(row)
        session.flush()
    return row


def publish(session: Session, institution_id: UUID, precedent_id: UUID, *, day: date) -> Precedent:
    """Let anybody read a decision from that day on. Raises Conflict ``precedent.withdrawn``."""
    row = precedents.get(session, institution_id, precedent_id)
    if row.withdrawn_at is not None:
        raise Conflict("precedent.withdrawn")
    row.published_on = row.published_on or day
    session.add(row)
    session.flush()
    return row


def set_precision(session: Session, institution_id: UUID, thousandths: int) -> None:
    """Say how sure a suggestion has to be. Raises InvalidInput ``comparison.precision`` outside 500–999."""
    if not 500 <= thousandths <= 999:
        raise InvalidInput("comparison.precision")
    precedents.hold(session, institution_id).precision = thousandths
    session.flush()


def _say(
    session: Session,
    institution: Institution,
    rows: Sequence[EquivalenceRow],
    context: _Context,
    today: date | None = None,
) -> tuple[int, int, int]:
    """Write decisions; how many are new, changed, as they were. ``today`` is the day of rows that name none.

    The opposite of a decision (it was denied, and now is taken) is replaced by it.
    """
    by_print = {fingerprint(row.decision): row for row in rows}
    opposites = {key: fingerprint(_opposite(row.decision)) for key, row in by_print.items()}
    state = precedents.hold(session, institution.id)
    standing = precedents.standing(session, institution.id, [*by_print, *opposites.values()])
    members = {name: member.id for member in institutions.every(session) for name in _names(member)}
    fresh: list[Precedent] = []
    replaced: list[Precedent] = []
    changed = unchanged = 0
    for key, row in by_print.items():
        before, opposite = standing.get(key), standing.get(opposites[key])
        if before is not None and opposite is None and _same(before, row, today):
            unchanged += 1
            continue
        replaced += [one for one in (before, opposite) if one is not None]
        changed += before is not None or opposite is not None
        fresh.append(_row(institution.id, key, row, context, today, members))
    if fresh:
        state.version += 1
        if replaced:
            state.whole = state.version
        for one in fresh:
            one.serial = state.version
        session.flush()
        facts = {"withdrawn_at": context.now, "withdrawn_by": context.by, "withdrawn_reason": REPLACED}
        precedents.withdraw(session, replaced, **facts)
        precedents.add(session, fresh)
    return len(fresh) - changed, changed, unchanged


def _opposite(decision: Equivalence) -> Equivalence:
    return replace(decision, denied=not decision.denied)


def _same(before: Precedent, row: EquivalenceRow, today: date | None) -> bool:
    """Whether a row says nothing new; one that names no day leaves the day on which it was published."""
    published = row.published_on is None and (before.published_on is not None or today is None)
    facts = before.conditions, before.valid_until
    return (published or before.published_on == row.published_on) and facts == _facts(row)


def _facts(row: EquivalenceRow) -> tuple[str, date | None]:
    return row.decision.conditions, row.valid_until


def _row(
    institution_id: UUID,
    key: bytes,
    row: EquivalenceRow,
    context: _Context,
    today: date | None,
    members: Mapping[str, UUID],
) -> Precedent:
    decision = row.decision
    return Precedent(
        institution_id=institution_id,
        serial=0,
        fingerprint=key,
        decision="denied" if decision.denied else "equivalent",
        origin=context.origin,
        source_institution_id=members.get(plain_name(decision.source_institution)),
        source_name=decision.source_institution,
        family=decision.family,
        sources=[as_json(course) for course in decision.sources],
        targets=[as_json(course) for course in decision.targets],
        source_text=source_text(decision),
        conditions=decision.conditions,
        published_on=row.published_on or today,
        valid_until=row.valid_until,
        case_id=context.case_id,
        batch_id=context.batch_id,
        recorded_at=context.now,
        recorded_by=context.by,
    )


def plain_name(name: str) -> str:
    """A name of an institution as names are compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _names(institution: Institution) -> set[str]:
    return {plain_name(name) for name in (institution.name, institution.name_en, institution.handle) if name}

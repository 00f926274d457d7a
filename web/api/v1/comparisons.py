"""Comparing courses with the institution's own, and the equivalences that institutions published."""

from flask import Response

from credit_bank.comparing_courses import Comparable
from credit_bank.recognition.comparison.comparing import Candidate
from credit_bank.store import precedents
from credit_bank.store.precedents import PrecedentFilter
from credit_bank.store.tables import Institution, Precedent
from web.accounts.api_tokens import Scope
from web.accounts.permissions import PUBLIC, permit
from web.api import paging
from web.api.answers import answer
from web.api.interface import blueprint
from web.api.models.comparisons import (
    AskedCourse,
    CandidateItem,
    ComparedItem,
    ComparisonAnswer,
    ComparisonRequest,
    EquivalenceItem,
    EquivalencesAnswer,
    EquivalencesQuery,
    EquivalentCourse,
    PrecedentItem,
)
from web.api.operation import BY_TOKEN, operation
from web.api.reading import read_body, read_query
from web.api.v1.credentials import today
from web.api.v1.institutions import UNKNOWN, institution_of
from web.comparing import comparisons, evidence
from web.database import tx
from web.security import limiter

PRECEDENTS_TOLD = 20


@blueprint.post("/institutions/<handle:handle>/comparisons")
@limiter.limit("60 per minute")
@permit(*BY_TOKEN)
@operation("comparisons", scope=Scope.READ, body=ComparisonRequest, answers={200: ComparisonAnswer}, limited=True)
def compare_courses(institution: Institution) -> Response:
    """Compare up to 300 courses with the institution's own.

    Each answer ranks the institution's courses by its own precedents and by content. Nothing is stored. What comes out
    are a machine's proposals: they decide nothing.
    """
    wanted = read_body(ComparisonRequest)
    precision = precedents.state(tx(), institution.id).precision / 1000
    index = comparisons().of(tx(), institution.id, today())
    items = [_compared(course, index, precision, wanted.limit) for course in wanted.courses]
    return answer(ComparisonAnswer(generated_by="machine", precision=precision, items=items))


def _compared(asked: AskedCourse, index: Comparable, precision: float, limit: int) -> ComparedItem:
    course = asked.described()
    found = index.compare([course], limit)
    suggested = found.suggested(precision)
    return ComparedItem(
        ref=asked.ref,
        suggested=suggested.course.code if suggested else None,
        confidence=round(found.confidence, 4),
        candidates=[_candidate(one, evidence([course], one)) for one in found.candidates],
    )


def _candidate(one: Candidate, said: list[str]) -> CandidateItem:
    def told(decided: tuple[tuple[str, str], ...]) -> list[PrecedentItem]:
        return [PrecedentItem(institution=school, title=title) for school, title in decided[:PRECEDENTS_TOLD]]

    return CandidateItem(
        code=one.course.code,
        title=one.course.title,
        confidence=round(one.confidence, 4),
        precedents_for=told(one.vote.decided_by) if one.vote else [],
        precedents_against=told(one.vote.denied_by) if one.vote else [],
        evidence=said,
    )


@blueprint.get("/institutions/<handle:handle>/equivalences")
@permit(PUBLIC)
@operation("comparisons", query=EquivalencesQuery, answers={200: EquivalencesAnswer}, problems=UNKNOWN)
def equivalence_list(handle: str) -> Response:
    """What an institution published about other institutions' courses, page by page."""
    wanted = read_query(EquivalencesQuery)
    offset = paging.read_offset(wanted.cursor)
    row = institution_of(tx(), handle)
    those = PrecedentFilter(words=wanted.words.strip(), source_name=wanted.source.strip(), public_on=today())
    found = precedents.page(tx(), row.id, those, offset=offset, limit=wanted.limit + 1)
    return answer(
        EquivalencesAnswer(
            items=[item for one in found[: wanted.limit] if (item := _item(one)) is not None],
            total=precedents.count(tx(), row.id, those),
            next=paging.write(offset + wanted.limit) if len(found) > wanted.limit else None,
        )
    )


def _item(row: Precedent) -> EquivalenceItem | None:
    if row.published_on is None:
        return None
    return EquivalenceItem(
        id=row.id,
        source_institution=row.source_name,
        sources=[EquivalentCourse(**course) for course in row.sources],
        targets=[EquivalentCourse(**course) for course in row.targets],
        denied=row.decision == "denied",
        conditions=row.conditions,
        published_on=row.published_on,
        valid_until=row.valid_until,
    )

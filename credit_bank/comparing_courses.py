"""Comparing a course with an institution's own, by its catalogue and all its precedents: indexes kept in this process.

An index is made at the first question about an institution and held against its ``comparison_state`` at each: decisions
that came since are added, a changed catalogue or a withdrawal makes it anew. Those asked least lately are given up
where all together hold more than ``most`` courses and ways of calling courses; ``python -m bench comparing`` prints
what these take.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from credit_bank.recognition.comparison.comparing import Compared, compare
from credit_bank.recognition.comparison.course import Described, Equivalence, known
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import shipped_models
from credit_bank.recognition.comparison.precedent import Precedents
from credit_bank.store import courses, institutions, precedents
from credit_bank.store.precedent_rows import decision_of, of_catalogue
from credit_bank.store.tables import ComparisonState, Institution, Precedent

MOST_HELD = 250_000
MOST_PIECES = 20
"""So many times decisions are added to an index before it is made anew as one piece."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """An institution's courses and precedents as they stood at a version; good until ``until`` (exclusive)."""

    index: CourseIndex
    precedents: Precedents
    version: int
    courses: int
    until: date | None

    @property
    def size(self) -> int:
        """How many courses and ways of calling courses it holds."""
        return len(self.index.courses) + len(self.precedents)

    def compare(self, sources: Sequence[Described], limit: int = 10) -> Compared:
        """Rank the institution's courses for one course, or for several that go together."""
        return compare(sources, self.index, self.precedents, shipped_models(), limit)


@dataclass
class Comparisons:
    """The indexes of this process; safe to ask from several threads."""

    most: int = MOST_HELD
    _held: OrderedDict[UUID, Comparable] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _making: dict[UUID, threading.Lock] = field(default_factory=dict)

    def of(self, session: Session, institution_id: UUID, today: date) -> Comparable:
        """An institution's index as of now. Raises Missing ``institution.unknown``."""
        state = precedents.state(session, institution_id)
        found = self._standing(institution_id, state, today)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault(institution_id, threading.Lock())
        with making:  # others who ask for the same institution wait, and find it made
            found = self._standing(institution_id, state, today)
            if found is None:
                found = self._made(session, institutions.get(session, institution_id), state, today)
                self._keep(institution_id, found)
        return found

    def _standing(self, institution_id: UUID, state: ComparisonState, today: date) -> Comparable | None:
        with self._lock:
            found = self._held.get(institution_id)
            if found is None or found.version < state.version or found.courses < state.courses:
                return None
            if found.until is not None and today >= found.until:
                return None
            self._held.move_to_end(institution_id)
            return found

    def _made(self, session: Session, institution: Institution, state: ComparisonState, today: date) -> Comparable:
        before = self._held.get(institution.id)
        if before is not None and before.until is not None and today >= before.until:
            before = None
        if before is not None and before.courses == state.courses and before.version >= state.whole:
            rows = precedents.between(session, institution.id, before.version, state.version)
            added = [decision_of(row, institution.name) for row in _good(rows, today)]
            if before.precedents.pieces < MOST_PIECES and all(_known(before.index, one) for one in added):
                return Comparable(
                    before.index,
                    before.precedents.with_more(added),
                    state.version,
                    state.courses,
                    _earliest(before.until, _changes(rows, today)),
                )
        rows = precedents.between(session, institution.id, -1, state.version)
        decisions = [decision_of(row, institution.name) for row in _good(rows, today)]
        catalogue = [of_catalogue(row, institution.name) for row in courses.current(session, institution.id).values()]
        return Comparable(
            CourseIndex(known([one for one in decisions if not one.denied], catalogue)),
            Precedents(decisions),
            state.version,
            state.courses,
            _changes(rows, today),
        )

    def _keep(self, institution_id: UUID, made: Comparable) -> None:
        with self._lock:
            self._held[institution_id] = made
            self._held.move_to_end(institution_id)
            while len(self._held) > 1 and sum(one.size for one in self._held.values()) > self.most:
                self._held.popitem(last=False)


def _known(index: CourseIndex, decision: Equivalence) -> bool:
    """Whether the courses that a decision gives are all in the index."""
    return decision.denied or all(course.code in index.places for course in decision.targets)


def _good(rows: Sequence[Precedent], today: date) -> list[Precedent]:
    return [row for row in rows if row.valid_until is None or row.valid_until >= today]


def _changes(rows: Sequence[Precedent], today: date) -> date | None:
    """The first day on which a decision that is good today is good no more."""
    ends = [row.valid_until for row in rows if row.valid_until is not None and row.valid_until >= today]
    return min(ends) + timedelta(days=1) if ends else None


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(day for day in (one, other) if day is not None) if one or other else None

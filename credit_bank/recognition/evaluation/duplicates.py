"""The same subject twice gives no second credit (rule R16): the same unit, or titles that say the same."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from credit_bank.recognition.comparison.title import read_title
from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.recognition.evaluation.finding import failed, passed
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState
from credit_bank.recognition.programme import Programme, TargetCourse

# A space between Chinese characters says nothing ("高等 数学"), but words would be cut there.
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")

GONE = frozenset({OutcomeState.REVOKED, OutcomeState.EXPIRED})


def title_key(title: str) -> str:
    """Equal for titles that differ in spaces, particles, punctuation, abbreviations or the way of numbering."""
    return read_title(_BETWEEN.sub("", title)).key


class Earned:
    """What a learner has in a programme already: earned or being taken there, or converted into it."""

    def __init__(self, outcomes: Sequence[HeldOutcome], programme: Programme) -> None:
        self._courses: dict[str, str] = {}
        self._own: dict[str, list[HeldOutcome]] = defaultdict(list)
        self._used: dict[str, list[HeldOutcome]] = defaultdict(list)
        for outcome in outcomes:
            for use in outcome.uses:
                if use.programme == programme.id:
                    self._courses.setdefault(use.course, outcome.id)
                    for mark in marks(outcome):
                        self._used[mark].append(outcome)
            if outcome.institution == programme.institution and outcome.state not in GONE:
                self._own["code:" + outcome.code].append(outcome)
                for mark in marks(outcome):
                    self._own[mark].append(outcome)

    def check(self, sources: Sequence[HeldOutcome], courses: Sequence[TargetCourse]) -> list[Reason]:
        """What speaks against giving credit for these sources and courses as a second one for a subject."""
        mine = {one.id for one in sources}
        found: list[Reason] = []
        for course in courses:
            by = self._courses.get(course.code)
            if by is not None:
                found.append(failed("R16", "duplicate.converted", by, course=course.code))
            known = ["code:" + course.code, *marks(course)]
            other = next((one for mark in known for one in self._own.get(mark, ()) if one.id not in mine), None)
            if other is not None:
                taken = other.state is OutcomeState.PLANNED
                code = "duplicate.taken" if taken else "duplicate.earned"
                found.append(failed("R16", code, other.id, course=course.code, title=other.title))
        for source in sources:
            known = list(marks(source))
            used = next((one for mark in known for one in self._used.get(mark, ()) if one.id not in mine), None)
            if used is not None:
                found.append(failed("R16", "duplicate.subject", source.id, title=source.title, other=used.title))
        return found or [passed("R16", "duplicate.none")]


def marks(thing: HeldOutcome | TargetCourse) -> Iterable[str]:
    """What makes two things the same subject: the title, and each unit that is covered whole."""
    key = title_key(thing.title)
    if key:
        yield "title:" + key
    for unit in sorted(thing.units):
        if thing.unit_shares.get(unit, 1) == 1:
            yield "unit:" + unit.partition("@")[0]

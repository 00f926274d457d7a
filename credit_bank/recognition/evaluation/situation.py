"""What an evaluation is about besides the outcomes: the programme, the day, who the learner is known to be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from credit_bank.recognition.evaluation.duplicates import Earned, title_key
from credit_bank.recognition.framework import Framework
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Component, Programme, TargetCourse

NEAR_MATCH = "near-match"
"""An identity that is nearly the one on the credential: a person looks at it (rule R30)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The programme with its courses and components at hand, the day of application and the identity level."""

    programme: Programme
    on: date
    identity: str
    frameworks: Mapping[str, Framework]
    framework: Framework
    courses: Mapping[str, TargetCourse]
    components: Mapping[str, Component]
    by_title: Mapping[str, Sequence[TargetCourse]]
    by_unit: Mapping[str, Sequence[TargetCourse]]
    earned: Earned

    def level_rank(self, courses: Sequence[TargetCourse]) -> tuple[str, int] | None:
        """The highest level among the courses, the programme's standing for one that names none; None where none is."""
        ranks = {level.code: level.rank for level in self.framework.levels}
        codes = [course.level or self.programme.level for course in courses] or [self.programme.level]
        known = [(ranks[code], code) for code in codes if code in ranks]
        return (max(known)[1], max(known)[0]) if known else None


def situation(
    outcomes: Sequence[HeldOutcome],
    programme: Programme,
    frameworks: Mapping[str, Framework],
    on: date,
    identity: str,
) -> Situation:
    """Set an evaluation up. Raises KeyError where the programme's framework is not among ``frameworks``."""
    by_title, by_unit = defaultdict(list), defaultdict(list)
    for course in programme.courses:
        by_title[title_key(course.title)].append(course)
        for unit in course.units:
            by_unit[unit].append(course)
    return Situation(
        programme=programme,
        on=on,
        identity=identity,
        frameworks=frameworks,
        framework=frameworks[programme.framework],
        courses={course.code: course for course in programme.courses},
        components={component.id: component for component in programme.components},
        by_title=by_title,
        by_unit=by_unit,
        earned=Earned(outcomes, programme),
    )

"""The courses that are compared, and the decisions that were published about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Described:
    """A course as far as a comparison looks at it; what is not known is empty or None.

    ``credits`` are those of its own institution, of whatever kind, ``hours`` what a learner spends; ``level`` and
    ``units`` (认证单元, outcomes) are codes.
    """

    institution: str
    code: str
    title: str
    description: str = ""
    credits: Fraction | None = None
    level: str = ""
    units: frozenset[str] = frozenset()
    hours: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A published decision: these courses of one institution were taken as those of another.

    Several ``sources`` were needed together, several ``targets`` were given together. ``family`` groups source
    institutions (a system, a district); ``row`` is where it stands in its file. ``denied`` says that they were not
    taken so; without targets, that they were taken as nothing. ``conditions`` are those of the decision, in words.
    Direction matters (rule R20).
    """

    sources: tuple[Described, ...]
    targets: tuple[Described, ...]
    family: str = ""
    row: int = 0
    denied: bool = False
    conditions: str = ""

    @property
    def source_institution(self) -> str:
        """Whose courses were taken."""
        return self.sources[0].institution

    @property
    def target_institution(self) -> str:
        """Who took them."""
        return self.targets[0].institution


def known(decisions: Sequence[Equivalence], catalogue: Sequence[Described]) -> list[Described]:
    """The target's courses, each code once; a catalogue says more of them than a decision."""
    found = {course.code: course for one in decisions for course in one.targets}
    found.update({course.code: course for course in catalogue})
    return list(found.values())

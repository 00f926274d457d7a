"""One rule: which outcomes together become which courses, how much credit and which grade that gives."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import SourceType

LevelDemand = Literal["any", "same", "not-lower", "within"]


class Result(StrEnum):
    """What a rule says of its sources (rule R8). Denial is data, not absence."""

    EQUIVALENT = "equivalent"
    ELECTIVE = "elective"
    BLOCK = "block"  # rule R22
    DENIED = "denied"
    NONE = "none"
    PENDING = "pending"


class CreditSource(StrEnum):
    """Whose credits count (rule R6)."""

    TARGET = "target"  # 国开: the replaced course's
    SOURCE = "source"
    FIXED = "fixed"
    LESSER = "lesser"
    CONSERVE = "conserve"  # the target's; what is left over becomes elective credit


class GradeStrategy(StrEnum):
    """What becomes of the grade (rule R5)."""

    KEEP = "keep"
    TABLE = "table"
    PERCENTILE = "percentile"
    PASS = "pass"  # noqa: S105 - a strategy's name
    EXEMPT = "exempt"  # 免考


@dataclass(frozen=True, slots=True)
class Item:
    """One outcome that a rule asks for: by course, by unit, or by what it is; what is not demanded is empty or None.

    ``institution`` "*" is any. ``unit`` is ``id@version``, or "*": one that the target is aligned with too;
    ``min_coverage`` is the share of it that both must cover (rule R21). ``same_title``: its normalised title must equal
    the target's. Grades are compared on
    ``scale`` (rule R4, both ends included); ``level`` is held against the target's, ``within`` ranks (rule R2);
    ``shelf_life`` in years before the day of application (rule R14). Credits in steps of the rule set's framework.
    """

    institution: str = "*"
    course: str = ""
    unit: str = ""
    same_title: bool = False
    category: Category | None = None
    source: SourceType | None = None
    min_grade: str = ""
    max_grade: str = ""
    scale: str = ""
    min_attendance: Fraction | None = None
    min_credits: int | None = None
    max_credits: int | None = None
    level: LevelDemand = "not-lower"
    within: int = 0
    shelf_life: int | None = None
    min_coverage: Fraction | None = None


Group = tuple[Item, ...]
"""Outcomes that are needed together."""

Clause = tuple[Group, ...]
"""Groups of which one is enough."""


@dataclass(frozen=True, slots=True)
class Award:
    """What is given: credit for a course, or elective credit in a component; ``credits`` where the rule fixes them.

    ``course`` "*" is every course of the programme that has the title, or the unit, of the rule's one source.
    """

    course: str = ""
    component: str = ""
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class Bridge:
    """What a learner still has to do before the rest counts (rule R9); ``share`` counts at once."""

    task: str
    task_en: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a rule set. Every clause must be met, each by one of its groups (rule R7).

    The lower ``priority`` goes before (rule R17). ``one_institution``: all sources from one institution (a series).
    ``credit_limit`` caps the credits awarded (max-n of rule R6); ``not_less``: the sources must bring at least the
    credits of the targets. ``splits``: the rule may take part of an outcome and leave the rest (rule R15). ``use``
    names the kind of use, "conversion" unless the policy declares another. ``remaining`` of a block award lists what is
    still to be done (rule R22).
    """

    id: str
    title: str
    title_en: str
    clauses: tuple[Clause, ...]
    awards: tuple[Award, ...]
    result: Result = Result.EQUIVALENT
    reason: str = ""
    priority: int = 100
    one_institution: bool = False
    credit_source: CreditSource = CreditSource.TARGET
    credit_limit: int | None = None
    residue_component: str = ""
    splits: bool = False
    grade: GradeStrategy = GradeStrategy.EXEMPT
    grade_table: str = ""
    counts_in_gpa: bool = False
    bridge: Bridge | None = None
    use: str = "conversion"
    remaining: tuple[str, ...] = ()
    not_less: bool = False

"""A rule set: the rules that an institution, an agreement or an alliance publishes together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.limit import Limit
from credit_bank.recognition.rules.rule import Rule


class Basis(IntEnum):
    """What a rule set rests on; the lower number goes before (rule R17)."""

    PERSON = 1  # a decision about this learner
    PROGRAMME = 2
    AGREEMENT = 3
    ALLIANCE = 4
    UNIT = 5  # 认证单元
    ELECTIVE = 6


IDENTITY_LEVELS = ("self-declared", "document-seen")
"""How surely it is known who somebody is, least first (rule R30)."""


@dataclass(frozen=True, slots=True)
class GradeTable:
    """A published table from the grades of ``scale`` to those of ``target_scale`` (rule R5).

    Either ``grades`` maps one to the other, or, for conversion by percentile, ``counts`` and ``target_counts`` say how
    many learners got each passing grade in recent years.
    """

    id: str
    scale: str
    target_scale: str
    grades: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    target_counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradeScale:
    """A grading scale: its grades, worst first, or numbers from ``lowest`` to ``highest`` when ``grades`` is empty."""

    id: str
    passing: str
    grades: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 100


@dataclass(frozen=True, slots=True)
class LevelMap:
    """A published map from one framework's levels to another's, with its version (rule R2). Direction matters."""

    source: str
    target: str
    version: str
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the receiving institution applies its rules.

    ``uses`` are the kinds of use an outcome may have once each (rule R15). ``chain`` is how many conversions may follow
    one another (rule R20; 0: none). ``identity`` is the identity level that a conversion takes (rule R30).
    ``max_age`` in years (rule R14), beside the awarding institution's own date. ``notice_days`` are the working days
    for which a decision stands on public notice (公示) before it counts; 0: none.
    """

    uses: tuple[str, ...] = ("conversion",)
    chain: int = 0
    identity: str = "document-seen"
    max_age: int | None = None
    notice_days: int = 0


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One published version of a rule set. ``sha256`` is of its file's canonical form and is what a decision names.

    It holds on ``valid_from`` and until ``valid_until``, both days included (rule R19). ``programme`` empty: it serves
    every programme of ``receiver``; ``receiver`` "*" is every institution among ``parties``. Where parties are named,
    only what comes from them is converted (rule R21), and never the other way round (rule R20).
    """

    id: str
    version: str
    title: str
    title_en: str
    receiver: str
    basis: Basis
    framework: str
    valid_from: date
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...] = ()
    programme: str = ""
    parties: tuple[str, ...] = ()
    valid_until: date | None = None
    policy: Policy = field(default_factory=Policy)
    scales: tuple[GradeScale, ...] = ()
    grade_tables: tuple[GradeTable, ...] = ()
    level_maps: tuple[LevelMap, ...] = ()
    sha256: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the set is in force that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def serves(self, programme: Programme) -> bool:
        """Whether it speaks of that programme: of the very one, or of all of its institution."""
        if self.programme not in ("", programme.id):
            return False
        everyone = self.receiver == "*" and programme.institution in self.parties
        return everyone or self.receiver == programme.institution

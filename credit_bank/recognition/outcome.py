"""A learner's outcome as rules look at it: what was achieved, where, how well, and what it has been used for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from credit_bank.recognition.framework import Category, HourKind


class OutcomeState(StrEnum):
    """How far an outcome counts. Only what is recognised may be converted; what is planned serves "what if" alone."""

    RECORDED = "recorded"
    RECOGNISED = "recognised"
    PLANNED = "planned"
    SUSPENDED = "suspended"
    IMPAIRED = "impaired"
    EXPIRED = "expired"
    REVOKED = "revoked"


class SourceType(StrEnum):
    """Where an outcome comes from, as caps by source tell them apart (rule R11)."""

    OWN = "own"  # 本校课程
    PARTNER = "partner"  # 合作院校
    OTHER_INSTITUTION = "other-institution"  # 其他院校
    SELF_TAUGHT_EXAM = "self-taught-exam"  # 自学考试
    CERTIFICATE = "certificate"  # 职业证书
    TRAINING = "training"  # 培训
    ONLINE = "online"  # 在线学习
    COMMUNITY = "community"  # 社区、老年教育
    EXPERIENCE = "experience"  # 职业经历、无定式学习


@dataclass(frozen=True, slots=True)
class Use:
    """What an outcome, or ``amount`` of its steps, was spent on (rule R15); ``purpose`` names the kind of use."""

    purpose: str
    programme: str
    course: str
    amount: int


@dataclass(frozen=True, slots=True)
class HeldOutcome:
    """One outcome of one learner.

    ``credits`` in the smallest step of ``framework``; ``hours`` in hours of ``hour_kind``; ``level`` a level code of
    the framework; ``grade`` as its institution wrote it on ``scale``; ``attendance`` a share from 0 to 1; ``units``
    are 认证单元 as ``id@version``, ``unit_shares`` says how much of a unit it covers where that is not the whole.
    ``conversions`` counts the conversions that it came from (rule R20), and ``earned`` is the credit before the first
    of them, in the same step. What is not known is empty or None, and a rule that needs it says so.
    """

    id: str
    institution: str
    code: str
    title: str
    category: Category
    framework: str
    credits: int
    awarded_on: date
    level: str = ""
    hours: Fraction | None = None
    hour_kind: HourKind | None = None
    grade: str = ""
    scale: str = ""
    attendance: Fraction | None = None
    valid_until: date | None = None
    units: frozenset[str] = frozenset()
    source: SourceType = SourceType.OTHER_INSTITUTION
    term: str = ""
    state: OutcomeState = OutcomeState.RECOGNISED
    uses: tuple[Use, ...] = ()
    unit_shares: Mapping[str, Fraction] = field(default_factory=dict)
    conversions: int = 0
    earned: int | None = None

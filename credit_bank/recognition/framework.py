"""A credit framework: its levels, its hours, its smallest step of credit, and the three categories of outcome.

The recognised outcome of a Chinese credit bank is a triple of credit value, level and category (rule R3). Amounts are
exact integers in the framework's smallest step (rule R1); a float never holds a credit.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from credit_bank.errors import InvalidInput

HourKind = Literal["contact", "notional"]
Rounding = Literal["down", "half-up", "up"]


class Category(StrEnum):
    """What kind of learning an outcome comes from (rule R3)."""

    ACADEMIC = "academic"  # 学历教育
    VOCATIONAL = "vocational"  # 职业证书
    OTHER = "other"  # 其他非学历


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a framework; ``rank`` orders levels, tenths allowed (level 4.5 has rank 45)."""

    code: str
    rank: int
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A published framework of credit values and levels.

    ``steps_per_credit`` is the number of smallest steps in one credit (20: credits are multiples of 0.05);
    ``hours_per_credit`` is in hours of ``hour_kind`` and, as rule R1 says, never applies to the other kind; where a
    framework names a range (ECTS: 25 to 30) it is the lower end and ``hours_per_credit_most`` the upper. Credit that
    comes out of hours is rounded to a multiple of ``rounding_step`` smallest steps, in the direction of ``rounding``.
    """

    id: str
    name_zh: str
    name_en: str
    steps_per_credit: int
    hours_per_credit: int | Fraction
    hour_kind: HourKind
    levels: tuple[Level, ...]
    hours_per_credit_most: int | Fraction | None = None
    rounding_step: int = 1
    rounding: Rounding = "down"

    def level(self, code: str) -> Level:
        """The level of that code. Raises InvalidInput ``framework.level_unknown``."""
        for level in self.levels:
            if level.code == code:
                return level
        raise InvalidInput("framework.level_unknown", level=code, known=", ".join(v.code for v in self.levels))

    def amount(self, credits: str | int | Decimal) -> int:
        """Credits as an exact number of smallest steps.

        Raises InvalidInput ``framework.credit_malformed`` (not a plain non-negative decimal), ``framework.credit_step``
        (not a multiple of the step) or ``framework.credit_too_large`` (above 1,000 credits).
        """
        try:
            value = Decimal(credits)
        except InvalidOperation:
            raise InvalidInput("framework.credit_malformed", value=str(credits)[:40]) from None
        if not value.is_finite() or value < 0:
            raise InvalidInput("framework.credit_malformed", value=str(credits)[:40])
        if value > 1000:
            raise InvalidInput("framework.credit_too_large", value=str(credits)[:40])
        steps = value * self.steps_per_credit
        if steps != steps.to_integral_value():
            raise InvalidInput("framework.credit_step", value=str(credits), step=self.credits(1))
        return int(steps)

    def credits(self, amount: int) -> str:
        """An amount in smallest steps as the shortest decimal number of credits ("2.5")."""
        return format((Decimal(amount) / self.steps_per_credit).normalize(), "f")


EVERGREEN = Framework(
    id="evergreen-1",
    name_zh="常青学分框架（第一版）",
    name_en="Evergreen credit framework, version 1",
    steps_per_credit=20,
    hours_per_credit=18,
    hour_kind="contact",
    levels=tuple(Level(str(n), n * 10, f"{n} 级", f"Level {n}") for n in range(1, 11)),
)

FRAMEWORKS: dict[str, Framework] = {EVERGREEN.id: EVERGREEN}

"""Credit of one framework as credit of another, by hours of one kind, exactly (rule R1).

Where a framework names a range of hours for a credit, the range is used so that nobody gets more than is certain: the
source's lowest hours, divided by the target's highest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.recognition.evaluation.finding import failed, passed, unchecked
from credit_bank.recognition.framework import Framework, Rounding
from credit_bank.recognition.outcome import HeldOutcome


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in the target framework's smallest step, or None, and the reason; none where nothing was converted."""

    amount: int | None
    reason: Reason | None = None


def convert(outcome: HeldOutcome, amount: int, frameworks: Mapping[str, Framework], target: Framework) -> Converted:
    """``amount`` steps of an outcome in the target's steps.

    Within one framework the amount stays. Hours that the outcome states itself, in the target's kind, go before those
    that its framework gives; hours of the other kind are never used.
    """
    if outcome.framework == target.id:
        return Converted(amount)
    source = frameworks.get(outcome.framework)
    if outcome.hours is not None and outcome.hour_kind == target.hour_kind and outcome.credits > 0:
        hours = outcome.hours * amount / outcome.credits
    elif source is None:
        return Converted(None, unchecked("R1", "hours.framework_unknown", outcome.id, framework=outcome.framework))
    elif source.hour_kind != target.hour_kind:
        return Converted(
            None,
            failed("R1", "hours.kind_differs", outcome.id, hour_kind=source.hour_kind, wanted_kind=target.hour_kind),
        )
    else:
        hours = Fraction(amount, source.steps_per_credit) * source.hours_per_credit
    per_credit = Fraction(target.hours_per_credit_most or target.hours_per_credit)
    found = rounded(hours / per_credit * target.steps_per_credit, target.rounding_step, target.rounding)
    reason = passed(
        "R1", "hours.converted", outcome.id,
        hours=decimal_text(hours), per_credit=decimal_text(per_credit), credits=target.credits(found),
    )  # fmt: skip
    return Converted(found, reason)


def convert_amount(amount: int, source: Framework, target: Framework) -> int | None:
    """A rule's own amount in another framework's steps, as carefully; None where the kinds of hours differ."""
    if source.id == target.id:
        return amount
    if source.hour_kind != target.hour_kind:
        return None
    hours = Fraction(amount, source.steps_per_credit) * source.hours_per_credit
    per_credit = Fraction(target.hours_per_credit_most or target.hours_per_credit)
    return rounded(hours / per_credit * target.steps_per_credit, target.rounding_step, target.rounding)


def rounded(steps: Fraction, step: int, rounding: Rounding) -> int:
    """An exact number of steps as a multiple of ``step``, in the declared direction."""
    number = steps / step
    if rounding == "down":
        whole = number.numerator // number.denominator
    elif rounding == "up":
        whole = -(-number.numerator // number.denominator)
    else:
        whole = (2 * number.numerator + number.denominator) // (2 * number.denominator)
    return whole * step


def decimal_text(value: Fraction) -> str:
    """A number for people: whole, with at most two decimals where those are exact, or as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    hundredths = value * 100
    if hundredths.denominator == 1:
        return f"{hundredths.numerator // 100}.{hundredths.numerator % 100:02}".rstrip("0")
    return f"{value.numerator}/{value.denominator}"

"""A credit as the bank counts it: an exact number of smallest steps, of one framework, level and category (R1, R3)."""

from dataclasses import dataclass

from credit_bank.errors import InvalidInput
from credit_bank.recognition.framework import FRAMEWORKS, Category


@dataclass(frozen=True, slots=True, order=True)
class Denomination:
    """What a credit is a credit of: framework, level (empty: none stated) and category, all as codes."""

    framework: str
    level: str
    category: str


@dataclass(frozen=True, slots=True)
class Credit:
    """An amount in the smallest step of its framework, never a fraction and never below zero."""

    amount: int
    of: Denomination


def checked(credit: Credit) -> Credit:
    """The credit, if it can be posted.

    Raises InvalidInput ``account.amount_malformed`` (not a positive whole number of steps),
    ``account.category_unknown``, ``account.framework_missing``, or ``framework.level_unknown`` where the framework is
    one that the bank knows.
    """
    if type(credit.amount) is not int or credit.amount <= 0:
        raise InvalidInput("account.amount_malformed", amount=str(credit.amount)[:40])
    if credit.of.category not in set(Category):
        raise InvalidInput("account.category_unknown", category=credit.of.category[:40])
    if not credit.of.framework.strip():
        raise InvalidInput("account.framework_missing")
    known = FRAMEWORKS.get(credit.of.framework)
    if known is not None and credit.of.level:
        known.level(credit.of.level)
    return credit

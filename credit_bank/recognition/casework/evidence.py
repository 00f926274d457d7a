"""Evidence of learning that no certificate shows: what each item shows, and how assessors judge it (rule R23)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from credit_bank.errors import InvalidInput


class Criterion(StrEnum):
    """What is judged of each item."""

    AUTHENTICITY = "authenticity"  # 真实
    SUFFICIENCY = "sufficiency"  # 充分
    CURRENCY = "currency"  # 不过时
    VALIDITY = "validity"  # 对得上要求


class Judgement(StrEnum):
    """What an assessor finds."""

    MET = "met"
    NOT_MET = "not-met"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of evidence and the unit outcomes that it is to show."""

    id: str
    shows: frozenset[str]


def check_judged(given: Mapping[str, str]) -> dict[Criterion, Judgement]:
    """An assessor's judgement of one item, every criterion judged.

    Raises InvalidInput ``evidence.judgement_missing`` with the criterion.
    """
    found: dict[Criterion, Judgement] = {}
    for criterion in Criterion:
        value = given.get(criterion.value, "")
        if value not in set(Judgement):
            raise InvalidInput("evidence.judgement_missing", criterion=criterion.value)
        found[criterion] = Judgement(value)
    return found


def accepted(judged: Sequence[Mapping[Criterion, Judgement]]) -> bool:
    """Whether an item counts: it was judged, and by most assessors found to meet every criterion."""
    good = sum(all(value is Judgement.MET for value in one.values()) for one in judged)
    return good * 2 > len(judged)


def coverage(
    wanted: Iterable[str], items: Sequence[Item], judged: Mapping[str, Sequence[Mapping[Criterion, Judgement]]]
) -> dict[str, bool]:
    """Of each unit outcome that is wanted, whether an accepted item shows it."""
    shown = {unit for item in items if accepted(judged.get(item.id, ())) for unit in item.shows}
    return {unit: unit in shown for unit in wanted}

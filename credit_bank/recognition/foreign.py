"""Reading an amount and a level of another framework in one's own, by hours and by a published map (rules R1, R2)."""

from dataclasses import dataclass
from typing import Literal

from credit_bank.errors import InvalidInput
from credit_bank.recognition.evaluation.hours import convert_amount
from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.ruleset import LevelMap


@dataclass(frozen=True, slots=True)
class ReadHere:
    """What became of it: ``credits`` in the own framework's smallest step, ``level`` a code of it or empty.

    ``basis`` is ``same`` (one framework), ``hours`` (of one kind), or ``undecided``: then credits are 0 and a person
    has to say. ``level_map`` is the version that the level was read by, empty where none was.
    """

    credits: int
    level: str
    level_map: str
    basis: Literal["same", "hours", "undecided"]


def read_here(credits: str, level: str, theirs: Framework, ours: Framework, mapping: LevelMap | None) -> ReadHere:
    """Credits (a decimal number as text) and a level of ``theirs`` as ``ours`` has them.

    Hours of one kind are never taken for those of the other. Of a range the least hours count, so that nothing is
    promised that the other side did not ask for.
    """
    if theirs.id == ours.id:
        known = level if level in {one.code for one in ours.levels} else ""
        try:
            return ReadHere(ours.amount(credits or "0"), known, "", "same")
        except InvalidInput:
            return ReadHere(0, known, "", "undecided")
    read, version = "", ""
    if mapping is not None and level:
        read, version = mapping.levels.get(level, ""), mapping.version
    if not credits:
        return ReadHere(0, read, version, "undecided")
    try:
        here = convert_amount(theirs.amount(credits), theirs, ours)
    except InvalidInput:
        here = None
    return ReadHere(here or 0, read, version, "undecided" if here is None else "hours")

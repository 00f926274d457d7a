"""A proposal: what the published rules make of a learner's outcomes. People decide (rule R31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from credit_bank.recognition.evaluation.candidate import Candidate, Reason


@dataclass(frozen=True, slots=True)
class Counter:
    """A limit made concrete for one programme: the sum of ``weights`` over what is chosen must keep to ``bound``.

    ``already`` counts what was decided before. Whole numbers: smallest steps, courses or outcomes.
    """

    limit: str
    ruleset: str
    sense: str
    bound: int
    already: int
    weights: Mapping[str, int]
    parameters: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which candidates are proposed and, for every outcome and every course, why or why not.

    ``chosen`` are ids of ``candidates``; ``reasons`` maps an outcome's id to all that was found about it; ``counters``
    are the limits with what the choice takes of them; ``credits`` count towards the programme's total, ``missing`` is
    what is then still to be earned, both in the programme's smallest step.
    """

    programme: str
    on: date
    candidates: tuple[Candidate, ...]
    chosen: tuple[str, ...]
    reasons: Mapping[str, tuple[Reason, ...]]
    counters: tuple[Counter, ...]
    credits: int
    missing: int
    rulesets: tuple[str, ...]

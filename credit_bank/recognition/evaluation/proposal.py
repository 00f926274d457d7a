"""A proposal: what the published rules make of a learner's outcomes. People decide (rule R31)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from credit_bank.recognition.evaluation.candidate import Candidate, Reason


@dataclass(frozen=True, slots=True)
class Counter:
    """A limit made concrete for one programme: the sum of ``weights`` over what is chosen must keep to ``bound``.

    ``already`` counts what was decided before. Whole numbers: smallest steps, courses or outcomes. A counter whose
    sense is "at-least" forbids no choice: what it lacks is still to be earned.
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

    ``chosen`` are ids of ``candidates``, in the order they were chosen; ``reasons`` maps an outcome's id, ``courses`` a
    course's code, to all that was found about it; ``counters`` are the limits, of which the choice takes its weights.
    ``credits`` count towards the programme's total, ``bridged`` will once every bridge is done, ``missing`` is what is
    then still to be earned beside ``credits``; all in the programme's smallest step.
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
    bridged: int = 0
    courses: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)

"""What stands against publishing rules (rule R18): each finding names its places, both where two rules clash.

An error stops publication; a warning is for a person to judge. Reads each rule a few times and compares only rules that
ask for the same courses, so that 100,000 rules are looked through in seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from credit_bank.recognition.framework import FRAMEWORKS, Framework
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.lint_cycle import cycles
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.lint_limit import limits
from credit_bank.recognition.rules.lint_overlap import overlaps
from credit_bank.recognition.rules.lint_rule import each_rule
from credit_bank.recognition.rules.lint_table import tables
from credit_bank.recognition.rules.ruleset import RuleSet

Course = tuple[str, str]
"""An institution and a course's code."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the rules: programmes, the courses of source institutions with their credits, frameworks.

    ``catalogue`` maps (institution, code) to credits in the smallest step, None where they are unknown; an institution
    of which it has no course is not held against it.
    """

    on: date
    programmes: Sequence[Programme] = ()
    catalogue: Mapping[Course, int | None] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=lambda: FRAMEWORKS)


def lint(rulesets: Sequence[RuleSet], known: Surroundings) -> tuple[Lint, ...]:
    """Everything that R18 names, errors first, then by place. Other sets in force may be given to be held against."""
    found = [
        *_dates(rulesets, known.on),
        *(one for ruleset in rulesets for one in tables(ruleset, known.frameworks)),
        *each_rule(rulesets, known.programmes, known.catalogue),
        *(one for ruleset in rulesets for one in limits(ruleset, known.programmes)),
        *overlaps(rulesets, known.programmes),
        *cycles(rulesets, known.programmes, known.catalogue),
    ]
    return tuple(sorted(found, key=lambda one: (one.severity, one.code, one.places)))


def publishable(found: Sequence[Lint]) -> bool:
    """Whether nothing among the findings stops publication."""
    return all(one.severity != "error" for one in found)


def _dates(rulesets: Sequence[RuleSet], on: date) -> Iterator[Lint]:
    for ruleset in rulesets:
        place = (Place(ruleset.id),)
        if ruleset.valid_until is not None and ruleset.valid_until < on:
            yield Lint("dates.expired", "error", place, {"until": ruleset.valid_until.isoformat()})
        elif ruleset.valid_from > on:
            yield Lint("dates.not_yet", "warning", place, {"since": ruleset.valid_from.isoformat()})

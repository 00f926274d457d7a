"""Rule sets compiled for evaluation: which rules may speak of an outcome is found by looking up a few keys.

A rule is filed under the most telling thing that each of its items asks for: institution and course, a unit, an
institution, a category, a source. So the time of an evaluation grows with the rules that may apply, not with all.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from credit_bank.recognition.framework import FRAMEWORKS, Framework
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.rule import Item, Rule
from credit_bank.recognition.rules.ruleset import RuleSet

Key = Hashable
_TITLE: Key = "title"
_ANY: Key = "any"
_ANY_UNIT: Key = "unit"


@dataclass(frozen=True, slots=True)
class Filed:
    """A rule with the set it stands in."""

    ruleset: RuleSet
    rule: Rule


class RuleBook:
    """Published rule sets, all versions, with ``frameworks`` by id.

    Making one reads every rule once; it is not changed afterwards and may be shared by threads.
    """

    def __init__(self, rulesets: Sequence[RuleSet], frameworks: Mapping[str, Framework] = FRAMEWORKS) -> None:
        self.rulesets = tuple(rulesets)
        self.frameworks = dict(frameworks)
        self._rules: list[tuple[int, Rule]] = []
        index: dict[Key, list[int]] = defaultdict(list)
        for number, ruleset in enumerate(self.rulesets):
            for rule in ruleset.rules:
                place = len(self._rules)
                self._rules.append((number, rule))
                for clause in rule.clauses:
                    for group in clause:
                        for item in group:
                            filed = index[item_key(item)]
                            if not filed or filed[-1] != place:
                                filed.append(place)
        self._index = dict(index)

    def __len__(self) -> int:
        return len(self._rules)

    def in_force(self, programme: Programme, on: date) -> tuple[RuleSet, ...]:
        """The sets that speak of a programme on a day: of each id the version that came into force last (rule R19)."""
        return tuple(self.rulesets[number] for number in sorted(self._in_force(programme, on)))

    def may_apply(
        self, outcomes: Sequence[HeldOutcome], programme: Programme, on: date
    ) -> Iterator[tuple[Filed, Sequence[HeldOutcome]]]:
        """Each rule in force that asks for something that some outcomes are, with those outcomes."""
        serving = self._in_force(programme, on)
        touched: dict[int, list[HeldOutcome]] = defaultdict(list)
        for outcome in outcomes:
            seen: set[int] = set()
            for key in outcome_keys(outcome):
                seen.update(self._index.get(key, ()))
            for place in seen:
                if self._rules[place][0] in serving:
                    touched[place].append(outcome)
        for place in sorted(touched):
            number, rule = self._rules[place]
            yield Filed(self.rulesets[number], rule), touched[place]

    def _in_force(self, programme: Programme, on: date) -> set[int]:
        latest: dict[str, int] = {}
        for number, ruleset in enumerate(self.rulesets):
            if ruleset.holds_on(on) and ruleset.serves(programme):
                other = latest.get(ruleset.id)
                if other is None or self.rulesets[other].valid_from <= ruleset.valid_from:
                    latest[ruleset.id] = number
        return set(latest.values())


def course_key(institution: str, course: str) -> Key:
    """The same for codes that differ in capitals or spaces at most ("MATH 101", "Math  101")."""
    return (institution, " ".join(course.split()).casefold())


def item_key(item: Item) -> Key:
    """The key that a rule is filed under for one of its items."""
    if item.course:
        return course_key(item.institution, item.course)
    if item.unit:
        return _ANY_UNIT if item.unit == "*" else ("unit", item.unit)
    if item.same_title:
        return _TITLE
    if item.institution != "*":
        return ("institution", item.institution)
    if item.category is not None:
        return item.category
    return _ANY if item.source is None else item.source


def outcome_keys(outcome: HeldOutcome) -> Iterator[Key]:
    """Every key under which rules may ask for an outcome."""
    yield course_key(outcome.institution, outcome.code)
    yield course_key("*", outcome.code)
    for unit in outcome.units:
        yield ("unit", unit)
        yield ("unit", unit.partition("@")[0])
    if outcome.units:
        yield _ANY_UNIT
    yield _TITLE
    yield ("institution", outcome.institution)
    yield outcome.category
    yield outcome.source
    yield _ANY


def selects(item: Item, outcome: HeldOutcome, ruleset: RuleSet) -> bool:
    """Whether an item speaks of an outcome at all; what it then asks of it is checked with reasons.

    Where an item names no course and no unit, its category and source are what it speaks of. Where the set names its
    parties, outcomes of others are not spoken of (rule R21), nor are the receiver's own in an agreement (rule R20).
    """
    if item.institution not in ("*", outcome.institution):
        return False
    outside = outcome.institution not in ruleset.parties or outcome.institution == ruleset.receiver
    if ruleset.parties and item.institution == "*" and outside:
        return False
    if item.course and course_key("", item.course) != course_key("", outcome.code):
        return False
    if item.unit not in ("", "*") and item.unit not in {
        one for unit in outcome.units for one in (unit, unit.partition("@")[0])
    }:
        return False
    if item.unit == "*" and not outcome.units:
        return False
    if item.course or item.unit:
        return True
    return item.category in (None, outcome.category) and item.source in (None, outcome.source)


def units_asked(item: Item, outcome: HeldOutcome) -> list[str]:
    """The units of an outcome that an item asks for: of any version where it names none, all where it names "*"."""
    return [unit for unit in sorted(outcome.units) if item.unit in ("*", unit, unit.partition("@")[0])]

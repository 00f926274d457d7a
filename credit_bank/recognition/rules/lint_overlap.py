"""Rules that may speak of the same outcomes at the same rank: the ambiguities that CUNY found in published rules.

Classes: ``duplicate`` (the same result twice), ``blanket`` (equivalent credit for no course), ``blanket_real`` (credit
for none beside credit for a course; the order decides), and those that stop publication because nothing decides:
``real`` (several courses, or several amounts), ``denied`` (a no or an open question beside a yes).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice, permutations, product

from credit_bank.recognition.evaluation.book import course_key
from credit_bank.recognition.evaluation.grading import place_on, scale_of, table_of
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.rule import Item, Result, Rule
from credit_bank.recognition.rules.ruleset import Basis, RuleSet

MAX_SELECTIONS = 16
MAX_ITEMS = 5
"""Sources beyond which orders of items are compared only by their courses."""
MOST = 1000
"""Findings of a run; a set with more is beyond reading."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One choice of a rule's groups, with the rule and its set."""

    ruleset: RuleSet
    rule: Rule
    items: tuple[Item, ...]


def overlaps(rulesets: Sequence[RuleSet], programmes: Sequence[Programme]) -> Iterator[Lint]:
    """Pairs of rules of one rank that may meet, each once, and rules that a higher one always goes before."""
    return islice(_pairs(rulesets, programmes), MOST)


def _pairs(rulesets: Sequence[RuleSet], programmes: Sequence[Programme]) -> Iterator[Lint]:
    named: dict[object, list[_Asked]] = defaultdict(list)
    general: dict[int, list[_Asked]] = defaultdict(list)
    sized: dict[int, list[_Asked]] = defaultdict(list)
    for ruleset in rulesets:
        for rule in ruleset.rules:
            for groups in islice(product(*rule.clauses), MAX_SELECTIONS):
                asked = _Asked(ruleset, rule, tuple(item for group in groups for item in group))
                if all(item.course for item in asked.items):
                    named[tuple(sorted(str(course_key("", item.course)) for item in asked.items))].append(asked)
                    sized[len(asked.items)].append(asked)
                else:
                    general[len(asked.items)].append(asked)
    seen: set[tuple[int, int]] = set()
    rivals = chain(
        (pair for bucket in named.values() if len(bucket) > 1 for pair in combinations(bucket, 2)),
        (pair for wide in general.values() for pair in combinations(wide, 2)),
        (pair for size, wide in general.items() for pair in product(wide, sized[size])),
    )
    for one, other in rivals:
        key = (id(one.rule), id(other.rule))
        if one.rule is other.rule or key in seen or not _may_meet(one, other):
            continue
        seen.add(key)
        yield from _told(one, other, programmes)


def _may_meet(one: _Asked, other: _Asked) -> bool:
    """Whether the sets hold together somewhere and the same outcomes may be what both ask for."""
    return _sets_meet(one.ruleset, other.ruleset) and _items_meet(one, other)


def _sets_meet(one: RuleSet, other: RuleSet) -> bool:
    if one is other:
        return True
    if one.id == other.id:
        return False  # of two versions, one holds
    if one.programme and other.programme and one.programme != other.programme:
        return False
    if (one.valid_until is not None and one.valid_until < other.valid_from) or (
        other.valid_until is not None and other.valid_until < one.valid_from
    ):
        return False
    mine = set(one.parties) if one.receiver == "*" else {one.receiver}
    theirs = set(other.parties) if other.receiver == "*" else {other.receiver}
    return bool(mine & theirs)


def _items_meet(one: _Asked, other: _Asked) -> bool:
    if len(one.items) > MAX_ITEMS:
        return True
    return any(
        all(_meet(mine, one.ruleset, theirs, other.ruleset) for mine, theirs in zip(one.items, order, strict=True))
        for order in permutations(other.items)
    )


def _meet(one: Item, mine: RuleSet, other: Item, theirs: RuleSet) -> bool:
    """Whether some outcome may be what both items ask for."""
    if "*" not in (one.institution, other.institution) and one.institution != other.institution:
        return False
    if one.course and other.course and course_key("", one.course) != course_key("", other.course):
        return False
    if one.category and other.category and one.category is not other.category:
        return False
    if one.source and other.source and one.source is not other.source:
        return False
    return not _apart(_grades(one, mine), _grades(other, theirs), one, other) and not _credits_apart(one, other)


def _grades(item: Item, ruleset: RuleSet):  # type: ignore[no-untyped-def] # a pair of places or None
    scale = scale_of(ruleset, item.scale)
    if scale is None:
        return None, None
    return place_on(scale, item.min_grade), place_on(scale, item.max_grade)


def _apart(mine, theirs, one: Item, other: Item) -> bool:  # type: ignore[no-untyped-def] # pairs of _grades
    """Whether two grade ranges of one scale do not touch."""
    if one.scale != other.scale:
        return False
    (low, high), (least, most) = mine, theirs
    return (high is not None and least is not None and high < least) or (
        most is not None and low is not None and most < low
    )


def _credits_apart(one: Item, other: Item) -> bool:
    return (one.max_credits is not None and other.min_credits is not None and one.max_credits < other.min_credits) or (
        other.max_credits is not None and one.min_credits is not None and other.max_credits < one.min_credits
    )


def _told(one: _Asked, other: _Asked, programmes: Sequence[Programme]) -> Iterator[Lint]:
    if Result.NONE in (one.rule.result, other.rule.result) or one.rule.use != other.rule.use:
        return
    places = (Place(one.ruleset.id, "rule", one.rule.id), Place(other.ruleset.id, "rule", other.rule.id))
    if (one.ruleset.basis, one.rule.priority) != (other.ruleset.basis, other.rule.priority):
        yield from _hidden(one, other)
        return
    mine, theirs = _targets(one.rule), _targets(other.rule)
    stops = [_stops(one.rule), _stops(other.rule)]
    if any(stops):
        if mine and theirs and not mine & theirs and "*" not in mine | theirs:
            return
        same = all(stops) and (one.rule.result, mine) == (other.rule.result, theirs)
        yield Lint("overlap.duplicate" if same else "overlap.denied", "warning" if same else "error", places)
        return
    blanket = [not any(award.course for award in asked.rule.awards) for asked in (one, other)]
    if _alike(one, other):
        yield Lint("overlap.blanket" if all(blanket) else "overlap.duplicate", "warning", places)
    elif any(blanket) and not all(blanket):
        yield Lint("overlap.blanket_real", "warning", places)
    elif not _elsewhere(mine, theirs, one.ruleset, other.ruleset, programmes):
        yield Lint("overlap.real", "error", places)


def _targets(rule: Rule) -> frozenset[str]:
    return frozenset(award.course or award.component for award in rule.awards)


def _stops(rule: Rule) -> bool:
    return rule.result in (Result.DENIED, Result.PENDING)


def _alike(one: _Asked, other: _Asked) -> bool:
    """Whether two rules give the same, whatever they are called."""
    if one.ruleset.framework != other.ruleset.framework:
        return False
    if table_of(one.ruleset, one.rule.grade_table) != table_of(other.ruleset, other.rule.grade_table):
        return False
    blank = {"id": "", "title": "", "title_en": "", "clauses": (), "reason": "", "remaining": ()}
    return replace(one.rule, **blank) == replace(other.rule, **blank)  # type: ignore[arg-type]


def _elsewhere(
    mine: frozenset[str], theirs: frozenset[str], one: RuleSet, other: RuleSet, programmes: Sequence[Programme]
) -> bool:
    """Whether rules for different courses never meet: no known programme has both, or they rest on units."""
    if mine == theirs or "*" in mine | theirs:
        return False
    if one.basis is Basis.UNIT and not mine & theirs:
        return True  # an outcome of two units may become either course: a choice, no ambiguity
    served = [programme for programme in programmes if one.serves(programme) and other.serves(programme)]
    known = [{course.code for course in programme.courses} for programme in served]
    parts = [{component.id for component in programme.components} for programme in served]
    return bool(served) and not any(
        (mine | theirs) <= (courses | components) for courses, components in zip(known, parts, strict=True)
    )


def _hidden(one: _Asked, other: _Asked) -> Iterator[Lint]:
    """A rule that can never be used, because one that asks for no more goes before it with the same target."""
    first, second = sorted((one, other), key=lambda asked: (asked.ruleset.basis, asked.rule.priority))
    if len(first.items) != 1 or len(second.items) != 1 or first.ruleset is not second.ruleset:
        return
    stops = _stops(first.rule) and (not first.rule.awards or _targets(second.rule) <= _targets(first.rule))
    if not stops and (_targets(first.rule) != _targets(second.rule) or _stops(first.rule)):
        return
    above, below = first.items[0], second.items[0]
    wide = replace(above, scale="") if not (above.min_grade or above.max_grade) else above
    asks = replace(below, scale="") if not (below.min_grade or below.max_grade) else below
    if wide != asks and wide != Item(above.institution, above.course, level=above.level, within=above.within):
        return
    if wide != asks and (above.course != below.course or above.level not in ("any", below.level)):
        return
    places = (Place(first.ruleset.id, "rule", first.rule.id), Place(second.ruleset.id, "rule", second.rule.id))
    yield Lint("never.hidden", "warning", places)

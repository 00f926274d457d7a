"""What is wrong with one rule by itself: it can never apply, gives what is not there, or more than was earned."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from credit_bank.recognition.evaluation.grading import place_on, scale_of, table_of
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.rule import CreditSource, GradeStrategy, Item, Result, Rule
from credit_bank.recognition.rules.ruleset import RuleSet

GIVING = (Result.EQUIVALENT, Result.ELECTIVE, Result.BLOCK)
MAX_SELECTIONS = 16


def each_rule(
    rulesets: Sequence[RuleSet], programmes: Sequence[Programme], catalogue: Mapping[tuple[str, str], int | None]
) -> Iterator[Lint]:
    """Findings about each rule."""
    institutions = {institution for institution, _code in catalogue}
    for ruleset in rulesets:
        served = _Served([one for one in programmes if ruleset.serves(one)])
        if ruleset.programme and programmes and not served.programmes:
            yield Lint("programme_missing", "warning", (Place(ruleset.id),), {"programme": ruleset.programme})
        for rule in ruleset.rules:
            place = (Place(ruleset.id, "rule", rule.id),)
            yield from _never(rule, ruleset, place)
            yield from _tables(rule, ruleset, place)
            if served.programmes:
                yield from _targets(rule, served, place)
            for item in items_of(rule):
                if (
                    item.course
                    and item.institution in institutions
                    and (item.institution, item.course) not in catalogue
                ):
                    named = {"institution": item.institution, "course": item.course}
                    yield Lint("course.source_missing", "warning", place, named)
            yield from _inflation(rule, served, catalogue, place)


def items_of(rule: Rule) -> Iterator[Item]:
    """Every item of a rule."""
    return (item for clause in rule.clauses for group in clause for item in group)


class _Served:
    """The courses and components of the programmes that a set serves."""

    def __init__(self, programmes: Sequence[Programme]) -> None:
        self.programmes = programmes
        self.courses: dict[str, TargetCourse] = {}
        self.components: dict[str, Component] = {}
        for programme in programmes:
            self.courses |= {one.code: one for one in programme.courses}
            self.components |= {one.id: one for one in programme.components}


def _never(rule: Rule, ruleset: RuleSet, place: tuple[Place, ...]) -> Iterator[Lint]:
    """Why a rule could never apply."""
    if rule.use not in ruleset.policy.uses:
        yield Lint("never.use", "error", place, {"use": rule.use})
    if any(award.course == "*" for award in rule.awards):
        items = list(items_of(rule))
        if len(items) != 1 or len(rule.awards) != 1 or not (items[0].same_title or items[0].unit):
            yield Lint("never.target_open", "error", place)
    elif any(item.same_title for item in items_of(rule)) and not any(award.course for award in rule.awards):
        yield Lint("never.no_title", "error", place)
    for item in items_of(rule):
        if ruleset.parties and item.institution not in ("*", *ruleset.parties):
            yield Lint("never.outside", "error", place, {"institution": item.institution})
        if ruleset.parties and item.institution == ruleset.receiver:
            yield Lint("never.direction", "error", place, {"institution": item.institution})
        least, most = item.min_credits, item.max_credits
        if least is not None and most is not None and least > most:
            yield Lint("never.credits", "error", place)
        scale = scale_of(ruleset, item.scale) if item.scale else None
        low = place_on(scale, item.min_grade) if scale else None
        high = place_on(scale, item.max_grade) if scale else None
        if low is not None and high is not None and low > high:
            yield Lint("never.grades", "error", place, {"lower": item.min_grade, "higher": item.max_grade})


def _tables(rule: Rule, ruleset: RuleSet, place: tuple[Place, ...]) -> Iterator[Lint]:
    """Scales and tables that a rule names and the set does not have."""
    for item in items_of(rule):
        if not (item.min_grade or item.max_grade):
            continue
        scale = scale_of(ruleset, item.scale)
        if scale is None:
            yield Lint("grades.scale_missing", "error", place, {"scale": item.scale or None})
            continue
        strange = [one for one in (item.min_grade, item.max_grade) if one and place_on(scale, one) is None]
        if strange:
            yield Lint("grades.unknown", "error", place, {"grades": ", ".join(strange), "scale": scale.id})
    if rule.grade in (GradeStrategy.TABLE, GradeStrategy.PERCENTILE) and rule.result in GIVING:
        table = table_of(ruleset, rule.grade_table)
        if table is None:
            yield Lint("grades.table_missing", "error", place, {"table": rule.grade_table or None})
        elif not (table.grades if rule.grade is GradeStrategy.TABLE else table.counts):
            yield Lint("grades.table_kind", "error", place, {"table": table.id})


def _targets(rule: Rule, served: _Served, place: tuple[Place, ...]) -> Iterator[Lint]:
    """What a rule gives that the programmes do not have or do not take."""
    for award in rule.awards:
        if award.course and award.course != "*":
            course = served.courses.get(award.course)
            component = served.components.get(course.component) if course else None
            if course is None:
                yield Lint("course.target_missing", "error", place, {"course": award.course})
            elif rule.result in GIVING and not (course.convertible and (component is None or component.convertible)):
                yield Lint("course.not_convertible", "error", place, {"course": award.course})
        elif award.component and rule.result in GIVING:
            yield from _component(award.component, served, place)
    if rule.residue_component:
        yield from _component(rule.residue_component, served, place)


def _component(id: str, served: _Served, place: tuple[Place, ...]) -> Iterator[Lint]:
    component = served.components.get(id)
    if component is None:
        yield Lint("component.missing", "error", place, {"component": id})
    elif not (component.elective and component.convertible):
        yield Lint("component.closed", "error", place, {"component": id})


def _inflation(
    rule: Rule, served: _Served, catalogue: Mapping[tuple[str, str], int | None], place: tuple[Place, ...]
) -> Iterator[Lint]:
    """A rule that gives more than its sources bring, where both are known.

    An amount that the rule itself fixes above it is an error; a target course that is larger is the receiver's
    choice, unless the rule asks for sources that are not smaller.
    """
    if rule.result not in GIVING or rule.credit_source not in (CreditSource.FIXED, CreditSource.TARGET):
        return
    given = 0
    for award in rule.awards:
        course = served.courses.get(award.course)
        amount = award.credits if award.credits is not None else course.credits if course else None
        if amount is None:
            return
        given += amount
    given = given if rule.credit_limit is None else min(given, rule.credit_limit)
    for groups in islice(product(*rule.clauses), MAX_SELECTIONS):
        items = [item for group in groups for item in group]
        known = [catalogue.get((item.institution, item.course), item.min_credits) for item in items]
        brought = [one for one in known if one is not None]
        if len(brought) < len(items) or given <= sum(brought):
            continue
        if rule.credit_source is CreditSource.FIXED:
            yield Lint("credit.inflated", "error", place)
        elif not rule.not_less:
            yield Lint("credit.larger_target", "warning", place)
        return

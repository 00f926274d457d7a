"""One outcome against what one item of a rule asks of it: every finding, for and against."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from credit_bank.recognition.evaluation.book import units_asked
from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.recognition.evaluation.finding import failed, passed, unchecked
from credit_bank.recognition.evaluation.grading import check_grade
from credit_bank.recognition.evaluation.hours import convert, decimal_text
from credit_bank.recognition.evaluation.situation import Situation
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState
from credit_bank.recognition.programme import TargetCourse
from credit_bank.recognition.rules.rule import Item, Rule
from credit_bank.recognition.rules.ruleset import RuleSet

_STATES = {
    OutcomeState.RECORDED: "R24",
    OutcomeState.SUSPENDED: "R28",
    OutcomeState.IMPAIRED: "R27",
    OutcomeState.EXPIRED: "R14",
    OutcomeState.REVOKED: "R27",
}


def check_applies(item: Item, outcome: HeldOutcome, ruleset: RuleSet, at: Situation) -> Iterator[Reason]:
    """Whether the outcome is of the kind that the item speaks of: category, source, grade, attendance, credit."""
    if item.category is not None:
        yield _equal("R3", "category", outcome, outcome.category.value, item.category.value)
    if item.source is not None:
        yield _equal("R11", "source", outcome, outcome.source.value, item.source.value)
    grade = check_grade(item, outcome, ruleset)
    if grade is not None:
        yield grade
    if item.min_attendance is not None:
        yield _attendance(item.min_attendance, outcome)
    if item.min_credits is not None or item.max_credits is not None:
        yield from _credits(item, outcome, ruleset, at)


def check_gives(
    item: Item, outcome: HeldOutcome, rule: Rule, ruleset: RuleSet, courses: Sequence[TargetCourse], at: Situation
) -> Iterator[Reason]:
    """Whether the outcome may give credit: its state, age, level, earlier uses and conversions, its unit."""
    yield _state(outcome)
    yield _shelf_life(item, outcome, ruleset, at.on)
    if item.level != "any":
        yield _level(item, outcome, ruleset, courses, at)
    yield _use(rule, outcome, ruleset)
    yield _chain(outcome, ruleset)
    if item.unit:
        yield _unit(item, outcome, courses)


def available(rule: Rule, outcome: HeldOutcome) -> int:
    """The steps of an outcome that earlier uses of the same kind have left."""
    return max(0, outcome.credits - sum(use.amount for use in outcome.uses if use.purpose == rule.use))


def last_day(outcome: HeldOutcome, item: Item, max_age: int | None) -> tuple[date | None, str]:
    """The last day on which an outcome counts, and whose bound it is: the awarder's, the receiver's or the rule's."""
    bounds = []
    if outcome.valid_until is not None:
        bounds.append((outcome.valid_until, "awarder"))
    if max_age is not None:
        bounds.append((years_later(outcome.awarded_on, max_age), "receiver"))
    if item.shelf_life is not None:
        bounds.append((years_later(outcome.awarded_on, item.shelf_life), "rule"))
    return min(bounds) if bounds else (None, "")


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th where there is none."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _equal(rule: str, what: str, outcome: HeldOutcome, found: str, wanted: str) -> Reason:
    if found == wanted:
        return passed(rule, f"{what}.fits", outcome.id, **{what: found})
    return failed(rule, f"{what}.differs", outcome.id, **{what: found, "wanted": wanted})


def _attendance(least: Fraction, outcome: HeldOutcome) -> Reason:
    wanted = decimal_text(least * 100)
    if outcome.attendance is None:
        return unchecked("R4", "attendance.missing", outcome.id, minimum=wanted)
    found = decimal_text(outcome.attendance * 100)
    if outcome.attendance < least:
        return failed("R4", "attendance.too_low", outcome.id, attendance=found, minimum=wanted)
    return passed("R4", "attendance.enough", outcome.id, attendance=found, minimum=wanted)


def _credits(item: Item, outcome: HeldOutcome, ruleset: RuleSet, at: Situation) -> Iterator[Reason]:
    framework = at.frameworks.get(ruleset.framework, at.framework)
    converted = convert(outcome, outcome.credits, at.frameworks, framework)
    if converted.reason is not None:
        yield converted.reason
    if converted.amount is None:
        return
    found, least, most = framework.credits(converted.amount), item.min_credits, item.max_credits
    if least is not None and converted.amount < least:
        yield failed("R6", "credits.too_few", outcome.id, credits=found, minimum=framework.credits(least))
    elif most is not None and converted.amount > most:
        yield failed("R6", "credits.too_many", outcome.id, credits=found, maximum=framework.credits(most))
    else:
        yield passed("R6", "credits.in_range", outcome.id, credits=found)


def _state(outcome: HeldOutcome) -> Reason:
    if outcome.state is OutcomeState.RECOGNISED:
        return passed("R24", "state.recognised", outcome.id)
    if outcome.state is OutcomeState.PLANNED:
        return passed("R25", "state.planned", outcome.id)
    return failed(_STATES[outcome.state], f"state.{outcome.state.value}", outcome.id)


def _shelf_life(item: Item, outcome: HeldOutcome, ruleset: RuleSet, on: date) -> Reason:
    if outcome.awarded_on > on and outcome.state is not OutcomeState.PLANNED:
        return failed("R14", "shelf.future", outcome.id, awarded=outcome.awarded_on.isoformat(), on=on.isoformat())
    until, side = last_day(outcome, item, ruleset.policy.max_age)
    if until is None:
        return passed("R14", "shelf.unlimited", outcome.id)
    if until < on:
        return failed("R14", "shelf.expired", outcome.id, until=until.isoformat(), side=side, on=on.isoformat())
    return passed("R14", "shelf.valid", outcome.id, until=until.isoformat(), side=side)


def _level(
    item: Item, outcome: HeldOutcome, ruleset: RuleSet, courses: Sequence[TargetCourse], at: Situation
) -> Reason:
    target = at.level_rank(courses)
    if target is None:
        return unchecked("R2", "level.target_missing", outcome.id)
    wanted, rank = target
    if not outcome.level:
        return unchecked("R2", "level.missing", outcome.id, wanted=wanted)
    code, version = outcome.level, ""
    if outcome.framework != at.framework.id:
        maps = [m for m in ruleset.level_maps if (m.source, m.target) == (outcome.framework, at.framework.id)]
        if not maps:
            return unchecked("R2", "level.no_map", outcome.id, framework=outcome.framework, level=code)
        version, code = maps[-1].version, maps[-1].levels.get(code, "")
    ranks = {level.code: level.rank for level in at.framework.levels}
    if code not in ranks:
        return unchecked("R2", "level.unknown", outcome.id, level=outcome.level)
    difference = ranks[code] - rank
    parameters = {"level": code, "wanted": wanted, "map_version": version or None}
    if item.level == "same" and difference != 0:
        return failed("R2", "level.differs", outcome.id, **parameters)
    if item.level == "not-lower" and difference < 0:
        return failed("R2", "level.too_low", outcome.id, **parameters)
    if item.level == "within" and abs(difference) > item.within:
        return failed("R2", "level.too_far", outcome.id, **parameters)
    return passed("R2", "level.mapped" if version else "level.fits", outcome.id, **parameters)


def _use(rule: Rule, outcome: HeldOutcome, ruleset: RuleSet) -> Reason:
    if rule.use not in ruleset.policy.uses:
        return failed("R15", "use.not_declared", outcome.id, use=rule.use)
    same = [use for use in outcome.uses if use.purpose == rule.use]
    if not same:
        other = next((use for use in outcome.uses), None)
        if other is not None:
            return passed("R15", "use.another_kind", outcome.id, use=rule.use, other_use=other.purpose)
        return passed("R15", "use.free", outcome.id)
    spent = {"programme": same[0].programme, "course": same[0].course}
    if rule.splits and available(rule, outcome) > 0:
        return passed("R15", "use.part_left", outcome.id, **spent)
    return failed("R15", "use.spent", outcome.id, **spent)


def _chain(outcome: HeldOutcome, ruleset: RuleSet) -> Reason:
    most = ruleset.policy.chain
    if outcome.conversions == 0:
        return passed("R20", "chain.direct", outcome.id)
    if outcome.conversions > most:
        return failed("R20", "chain.too_long", outcome.id, conversions=outcome.conversions, most=most)
    return passed("R20", "chain.allowed", outcome.id, conversions=outcome.conversions, most=most)


def _unit(item: Item, outcome: HeldOutcome, courses: Sequence[TargetCourse]) -> Reason:
    """Whether both sides are aligned with one version of a unit, and cover enough of it (rule R21)."""
    mine = units_asked(item, outcome)
    aligned = [unit for unit in mine if all(unit in course.units for course in courses)]
    if not aligned:
        ids = {unit.partition("@")[0] for course in courses for unit in course.units}
        older = next((unit for unit in mine if unit.partition("@")[0] in ids), None)
        if older is not None:
            return failed("R21", "unit.other_version", outcome.id, unit=older)
        # The rule itself may say that the unit leads to the course, whatever the course says of itself.
        if item.unit != "*" and not any(course.units for course in courses) and mine:
            aligned = mine
        else:
            return failed("R21", "unit.not_aligned", outcome.id, unit=item.unit)
    shares = [outcome.unit_shares.get(aligned[0], Fraction(1))]
    shares += [course.unit_shares.get(aligned[0], Fraction(1)) for course in courses]
    found, wanted = decimal_text(min(shares) * 100), item.min_coverage or Fraction(0)
    if min(shares) < wanted:
        return failed(
            "R21", "unit.covers_less", outcome.id, unit=aligned[0], coverage=found, minimum=decimal_text(wanted * 100)
        )
    return passed("R21", "unit.aligned", outcome.id, unit=aligned[0], coverage=found)

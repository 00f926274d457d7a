"""Grades: where one stands on its scale (rule R4), and what becomes of it (rule R5)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.recognition.evaluation.finding import failed, passed, unchecked
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.rules.rule import GradeStrategy, Item, Rule
from credit_bank.recognition.rules.ruleset import GradeScale, GradeTable, RuleSet

EXEMPT_GRADE = "免考"
PASS_GRADE = "通过"  # noqa: S105 - a grade


@lru_cache(maxsize=20_000)
def place_on(scale: GradeScale, grade: str) -> Fraction | None:
    """Where a grade stands on a scale, higher being better; None where it does not stand on it."""
    if scale.grades:
        return Fraction(scale.grades.index(grade)) if grade in scale.grades else None
    try:
        number = Fraction(Decimal(grade))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return number if scale.lowest <= number <= scale.highest else None


def scale_of(ruleset: RuleSet, id: str) -> GradeScale | None:
    """The set's scale of that id."""
    return next((one for one in ruleset.scales if one.id == id), None)


def table_of(ruleset: RuleSet, id: str) -> GradeTable | None:
    """The set's grade table of that id."""
    return next((one for one in ruleset.grade_tables if one.id == id), None)


def check_grade(item: Item, outcome: HeldOutcome, ruleset: RuleSet) -> Reason | None:
    """The finding about an outcome's grade; None where nothing is asked and nothing speaks against it."""
    asked = bool(item.min_grade or item.max_grade)
    if not outcome.grade:
        return unchecked("R4", "grade.missing", outcome.id) if asked else None
    grade, scale = _on_scale(item, outcome, ruleset)
    if scale is None:
        if not asked:
            return None
        wanted = item.scale or outcome.scale
        code = "grade.scale_differs" if outcome.scale and scale_of(ruleset, wanted) else "grade.scale_unknown"
        return unchecked("R4", code, outcome.id, grade=outcome.grade, scale=outcome.scale, wanted=wanted)
    place = place_on(scale, grade)
    if place is None:
        return unchecked("R4", "grade.unknown", outcome.id, grade=grade, scale=scale.id) if asked else None
    if not asked:
        passing = place_on(scale, scale.passing)
        low = passing is not None and place < passing
        return failed("R4", "grade.not_passing", outcome.id, grade=grade, minimum=scale.passing) if low else None
    least, most = place_on(scale, item.min_grade), place_on(scale, item.max_grade)
    if (item.min_grade and least is None) or (item.max_grade and most is None):
        return unchecked("R4", "grade.unknown", outcome.id, grade=item.min_grade or item.max_grade, scale=scale.id)
    if least is not None and place < least:
        return failed("R4", "grade.too_low", outcome.id, grade=grade, minimum=item.min_grade)
    if most is not None and place > most:
        return failed("R4", "grade.too_high", outcome.id, grade=grade, maximum=item.max_grade)
    return passed("R4", "grade.in_range", outcome.id, grade=grade, minimum=item.min_grade or item.max_grade)


def _on_scale(item: Item, outcome: HeldOutcome, ruleset: RuleSet) -> tuple[str, GradeScale | None]:
    """The grade on the scale that it is compared on: its own, the rule's, or one that a table leads to.

    A grade whose scale nobody recorded is taken to stand on the rule's scale where the rule names its course.
    """
    wanted = item.scale or outcome.scale
    scale = scale_of(ruleset, wanted)
    if scale is None or outcome.scale == wanted or (not outcome.scale and item.course and item.institution != "*"):
        return outcome.grade, scale
    for table in ruleset.grade_tables:
        if outcome.scale and (table.scale, table.target_scale) == (outcome.scale, wanted):
            return table.grades.get(outcome.grade, outcome.grade), scale
    return outcome.grade, None


def suggest_grade(rule: Rule, ruleset: RuleSet, sources: Sequence[HeldOutcome]) -> tuple[str, Reason]:
    """The grade to suggest for what is awarded, and why; empty where none can be. Of several sources, the lowest."""
    if rule.grade is GradeStrategy.EXEMPT:
        return EXEMPT_GRADE, passed("R5", "suggestion.exempt", grade=EXEMPT_GRADE)
    if rule.grade is GradeStrategy.PASS:
        return PASS_GRADE, passed("R5", "suggestion.pass", grade=PASS_GRADE)
    worst, wrong = _lowest(ruleset, sources, kept=rule.grade is GradeStrategy.KEEP)
    if worst is None or not worst.grade:
        return "", wrong or unchecked("R5", "grade.missing", sources[0].id)
    if rule.grade is GradeStrategy.KEEP:
        return worst.grade, passed("R5", "suggestion.kept", worst.id, grade=worst.grade)
    table = table_of(ruleset, rule.grade_table)
    if table is None:
        return "", unchecked("R5", "suggestion.no_table", worst.id, table=rule.grade_table)
    if worst.scale and worst.scale != table.scale:
        return "", unchecked(
            "R5", "grade.scale_differs", worst.id, grade=worst.grade, scale=worst.scale, wanted=table.scale
        )
    if rule.grade is GradeStrategy.TABLE:
        found = table.grades.get(worst.grade, "")
    else:
        found = by_percentile(worst.grade, table, ruleset)
    if not found:
        return "", unchecked("R5", "suggestion.not_in_table", worst.id, grade=worst.grade, table=table.id)
    code = "suggestion.table" if rule.grade is GradeStrategy.TABLE else "suggestion.percentile"
    return found, passed("R5", code, worst.id, grade=worst.grade, suggested=found, table=table.id)


def _lowest(
    ruleset: RuleSet, sources: Sequence[HeldOutcome], *, kept: bool
) -> tuple[HeldOutcome | None, Reason | None]:
    if len(sources) == 1:
        return sources[0], None
    if len({one.scale for one in sources}) > 1:
        return None, unchecked("R5", "suggestion.scales_differ")
    if kept and len({one.grade for one in sources}) == 1:
        return sources[0], None
    scale = scale_of(ruleset, sources[0].scale)
    placed = [(place_on(scale, one.grade), one) for one in sources] if scale else []
    if not placed or any(place is None for place, _one in placed):
        return None, unchecked("R5", "suggestion.not_comparable")
    return min(placed, key=lambda pair: (pair[0], pair[1].id))[1], None


def by_percentile(grade: str, table: GradeTable, ruleset: RuleSet) -> str:
    """The target's grade at the middle of the share of learners who got ``grade``, counted from the best.

    EGRACONS compares cumulative shares of passing grades so; empty where the table or a scale does not know a grade.
    """
    source, target = scale_of(ruleset, table.scale), scale_of(ruleset, table.target_scale)
    if source is None or target is None or grade not in table.counts:
        return ""
    interval = _shares(table.counts, source).get(grade)
    if interval is None:
        return ""
    middle = sum(interval, Fraction(0)) / 2
    for name, (above, below) in _shares(table.target_counts, target).items():
        if above <= middle < below:
            return name
    return ""


def _shares(counts: Mapping[str, int], scale: GradeScale) -> dict[str, tuple[Fraction, Fraction]]:
    """Each grade's interval of the cumulative share, best first; empty where a grade is not on the scale."""
    places = {name: place_on(scale, name) for name in counts}
    total = sum(counts.values())
    if total == 0 or any(place is None for place in places.values()):
        return {}
    found, above = {}, 0
    for name in sorted(counts, key=lambda name: places[name] or 0, reverse=True):
        if counts[name]:
            found[name] = (Fraction(above, total), Fraction(above + counts[name], total))
        above += counts[name]
    return found

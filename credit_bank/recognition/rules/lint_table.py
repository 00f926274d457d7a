"""Scales, grade tables and level maps that have holes, lead nowhere or turn the order round."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from credit_bank.recognition.evaluation.grading import place_on, scale_of
from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.ruleset import GradeScale, GradeTable, LevelMap, RuleSet


def tables(ruleset: RuleSet, frameworks: Mapping[str, Framework]) -> Iterator[Lint]:
    """Findings about the tables of a set."""
    for table in ruleset.grade_tables:
        place = (Place(ruleset.id, "grade_table", table.id),)
        source, target = scale_of(ruleset, table.scale), scale_of(ruleset, table.target_scale)
        for id, scale in ((table.scale, source), (table.target_scale, target)):
            if scale is None:
                yield Lint("grades.scale_missing", "error", place, {"scale": id})
        if source is not None and target is not None:
            yield from _grades(table, source, target, place)
    for one in ruleset.level_maps:
        place = (Place(ruleset.id, "level_map", f"{one.source} > {one.target}"),)
        yield from _levels(one, frameworks, place)


def _grades(table: GradeTable, source: GradeScale, target: GradeScale, place: tuple[Place, ...]) -> Iterator[Lint]:
    if not table.grades and not (table.counts and table.target_counts):
        yield Lint("grades.empty", "error", place)
        return
    for mapping, scale in ((table.grades, source), (table.counts, source), (table.target_counts, target)):
        if mapping and (holes := _holes(mapping, scale)):
            yield Lint("grades.hole", "error", place, {"grades": ", ".join(holes)})
        strange = [grade for grade in mapping if place_on(scale, grade) is None]
        if strange:
            yield Lint("grades.unknown", "error", place, {"grades": ", ".join(strange), "scale": scale.id})
    beyond = [grade for grade in table.grades.values() if place_on(target, grade) is None]
    if beyond:
        yield Lint("grades.unknown", "error", place, {"grades": ", ".join(beyond), "scale": target.id})
    ordered = sorted((at, grade) for grade in table.grades if (at := place_on(source, grade)) is not None)
    for (_lower, low), (_higher, high) in pairwise(ordered):
        first, second = place_on(target, table.grades[low]), place_on(target, table.grades[high])
        if first is not None and second is not None and first > second:
            yield Lint("grades.order", "error", place, {"lower": low, "higher": high})


def _holes(mapping: Mapping[str, object], scale: GradeScale) -> list[str]:
    """The passing grades that a table leaves out; of a scale of numbers, the whole numbers."""
    grades = scale.grades or tuple(str(number) for number in range(scale.lowest, scale.highest + 1))
    passing = place_on(scale, scale.passing)
    missing = [
        grade
        for grade in grades
        if grade not in mapping and passing is not None and (place_on(scale, grade) or 0) >= passing
    ]
    return missing if len(missing) <= 5 else [*missing[:4], "…", missing[-1]]


def _levels(one: LevelMap, frameworks: Mapping[str, Framework], place: tuple[Place, ...]) -> Iterator[Lint]:
    source, target = frameworks.get(one.source), frameworks.get(one.target)
    for id, framework in ((one.source, source), (one.target, target)):
        if framework is None:
            yield Lint("levels.framework_unknown", "warning", place, {"framework": id})
    if target is not None:
        ranks = {level.code: level.rank for level in target.levels}
        strange = [code for code in one.levels.values() if code not in ranks]
        if strange:
            yield Lint("levels.unknown", "error", place, {"levels": ", ".join(strange), "framework": target.id})
        if source is not None:
            yield from _order(one, source, ranks, place)


def _order(one: LevelMap, source: Framework, ranks: Mapping[str, int], place: tuple[Place, ...]) -> Iterator[Lint]:
    codes = [level.code for level in sorted(source.levels, key=lambda level: level.rank)]
    strange = [code for code in one.levels if code not in codes]
    if strange:
        yield Lint("levels.unknown", "error", place, {"levels": ", ".join(strange), "framework": source.id})
    holes = [code for code in codes if code not in one.levels]
    if holes:
        yield Lint("levels.hole", "warning", place, {"levels": ", ".join(holes)})
    mapped = [code for code in codes if one.levels.get(code) in ranks]
    for low, high in pairwise(mapped):
        if ranks[one.levels[low]] > ranks[one.levels[high]]:
            yield Lint("levels.order", "error", place, {"lower": low, "higher": high})

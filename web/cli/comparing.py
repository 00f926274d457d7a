"""``compare find`` and ``compare evaluate``: which course it may be, and how well that finds what was published."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import click

from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.equivalences import EquivalenceTable, read_equivalences
from credit_bank.exchange.loose_header import equivalence_header
from credit_bank.exchange.table import Limits, Table, read_table
from credit_bank.recognition.comparison.comparing import Candidate, Compared, compare
from credit_bank.recognition.comparison.course import Described, Equivalence, known
from credit_bank.recognition.comparison.evaluating import Evaluation, Figures, Interval, evaluate
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import shipped_models
from credit_bank.recognition.comparison.precedent import Precedents
from credit_bank.recognition.framework import EVERGREEN
from web.cli.command import Command, Group, WrongUsage, json_option, option
from web.cli.importing import pairs, read_bytes, tell_problems
from web.cli.terminal import terminal

SHOWN = 5
LEAST_WORTH = 0.3
"""What a reason must add to the logit to be told."""
HEADS = ("hit_1", "hit_5", "hit_10", "mrr", "coverage", "precision", "best_coverage")


@click.group("compare", cls=Group, help="compare_group")
def compare_group() -> None:
    """Comparing courses between institutions."""


@compare_group.command("evaluate", cls=Command, help="compare_evaluate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…")
@option("--map", "overrides", multiple=True, metavar="FIELD=HEADER", callback=pairs, help="map")
@option("--source", default="", metavar="NAME", help="compare_source")
@option("--target", default="", metavar="NAME", help="compare_target")
@option("--catalogue", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="compare_catalogue")
@option("--precision", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="compare_precision")
@option("--save", type=click.Path(dir_okay=False, writable=True), metavar="FILE.json", help="compare_save")
@json_option
def evaluate_command(
    files: tuple[str, ...],
    overrides: Mapping[str, str],
    source: str,
    target: str,
    catalogue: str | None,
    precision: float,
    save: str | None,
    as_json: bool,
) -> None:
    """Ask about every published decision without what is asked about, and print what was found."""
    read = [_read(name, overrides, source or Path(name).stem, target or f"{Path(name).stem} →") for name in files]
    decisions = [decision for one in read for decision in one.decisions]
    if not decisions:
        counts = {"elective": sum(one.elective for one in read), "without": sum(one.without_source for one in read)}
        raise WrongUsage("comparison.nothing_to_find", **counts)
    found = evaluate(decisions, shipped_models(), catalogues=_catalogues(catalogue, decisions), precision=precision)
    if save is not None:
        Path(save).write_text(json.dumps(found.models.as_json(), indent=1) + "\n", "utf-8")
    out = terminal()
    if as_json:
        out.json(_as_json(found, read, precision))
    else:
        _tell(found, read, precision)


@compare_group.command("find", cls=Command, help="compare_find")
@click.argument("title", metavar="TITLE")
@option("--code", default="", metavar="CODE", help="compare_code")
@option("--description", default="", metavar="TEXT", help="compare_description")
@option("--source", default="", metavar="NAME", help="compare_source")
@option("--target", default="", metavar="NAME", help="compare_target")
@option(
    "--precedents", multiple=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="compare_from"
)
@option("--catalogue", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="compare_catalogue")
@option("--map", "overrides", multiple=True, metavar="FIELD=HEADER", callback=pairs, help="map")
@option("--precision", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="compare_precision")
@json_option
def find_command(
    title: str,
    code: str,
    description: str,
    source: str,
    target: str,
    precedents: tuple[str, ...],
    catalogue: str | None,
    overrides: Mapping[str, str],
    precision: float,
    as_json: bool,
) -> None:
    """Rank another institution's courses for one course. Exit code 1: no suggestion that is sure enough."""
    decisions = [one for name in precedents for one in _read(name, overrides, Path(name).stem, target).decisions]
    if target:
        decisions = [one for one in decisions if one.target_institution == target]
    courses = _to_search(decisions, _catalogues(catalogue, decisions, target))
    asked = Described(source, code, title, description)
    found = compare([asked], CourseIndex(courses), Precedents(decisions), shipped_models())
    suggested = found.suggested(precision)
    out = terminal()
    if as_json:
        out.json(_found_as_json(found, suggested is not None))
    else:
        _tell_found(found, suggested, precision)
    click.get_current_context().exit(0 if suggested is not None else 1)


def _to_search(decisions: list[Equivalence], catalogues: Mapping[str, list[Described]]) -> list[Described]:
    targets = sorted({one.target_institution for one in decisions} | catalogues.keys())
    if len(targets) > 1:
        raise WrongUsage("comparison.several_targets", targets=", ".join(targets)[:200])
    courses = known(decisions, [course for listed in catalogues.values() for course in listed])
    if not courses:
        raise WrongUsage("comparison.nothing_to_search")
    return courses


def _tell_found(found: Compared, suggested: Candidate | None, precision: float) -> None:
    out = terminal()
    for number, one in enumerate(found.candidates[:SHOWN], start=1):
        out.line(f"{number}. {one.course.code}  {one.course.title}  ({one.probability:.0%})")
        if one.vote is not None:
            institutions = sorted({institution for institution, _title in one.vote.decided_by})
            called = sorted({title for _institution, title in one.vote.decided_by})
            out.line("   " + out.text(
                "compare.decided", count=len(institutions), titles=" / ".join(called[:4]), code=one.course.code,
                institutions=", ".join(institutions[:5]) + (" …" if len(institutions) > 5 else ""),
            ))  # fmt: skip
        spoken = ", ".join(
            out.text(f"compare.feature.{name}") for name, worth in one.reasons[:4] if worth >= LEAST_WORTH
        )
        if spoken:
            out.line("   " + out.text("compare.reasons", reasons=spoken))
    confidence = f"{found.confidence:.0%}"
    if suggested is None:
        out.say("compare.no_suggestion", confidence=confidence, percent=_percent(precision))
    else:
        out.say("compare.suggestion", code=suggested.course.code, title=suggested.course.title, confidence=confidence)
    out.say("compare.a_person_decides")


def _found_as_json(found: Compared, suggested: bool) -> dict[str, object]:
    return {
        "suggested": suggested,
        "confidence": round(found.confidence, 4),
        "candidates": [
            {
                "code": one.course.code,
                "title": one.course.title,
                "probability": round(one.probability, 4),
                "precedents": [
                    {"institution": institution, "title": title} for institution, title in one.vote.decided_by
                ]
                if one.vote
                else [],
                "reasons": {name: round(worth, 3) for name, worth in one.reasons},
            }
            for one in found.candidates
        ],
    }


def _read(name: str, overrides: Mapping[str, str], source: str, target: str) -> EquivalenceTable:
    found = read_equivalences(_table(name), overrides=overrides, source=source, target=target)
    if found.reading.problems:
        tell_problems(terminal(), found.reading.problems)
        click.get_current_context().exit(1)
    return found


def _table(name: str) -> Table:
    """A table of equivalences as it comes, to be measured or asked, not taken."""
    return read_table(read_bytes(name), name, limits=Limits(header=equivalence_header))


def _catalogues(name: str | None, decisions: list[Equivalence], target: str = "") -> dict[str, list[Described]]:
    """The courses of a catalogue, as those of the one target institution that the decisions name."""
    if name is None:
        return {}
    targets = sorted({decision.target_institution for decision in decisions}) or [target]
    if len(targets) != 1:
        raise WrongUsage("comparison.several_targets", targets=", ".join(targets)[:200])
    courses = read_catalogue(read_table(read_bytes(name), name)).require()
    return {
        targets[0]: [
            Described(targets[0], row.code, row.title, row.description, _credits(row.credits_min), row.level or "")
            for row in courses
        ]
    }


def _credits(amount: int | None) -> Fraction | None:
    return None if amount is None else Fraction(amount, EVERGREEN.steps_per_credit)


def _tell(found: Evaluation, read: list[EquivalenceTable], precision: float) -> None:
    out = terminal()
    for one in read:
        columns = ", ".join(f"{field} = {header}" for field, header in one.reading.mapping.as_dict().items())
        out.say("compare.columns", columns=columns)
    out.say(
        "compare.read",
        questions=found.all["text"].questions,
        elective=sum(one.elective for one in read),
        without=sum(one.without_source for one in read),
        candidates=", ".join(f"{name} {count:,}" for name, count in list(found.targets.items())[:20]),
    )
    out.say(f"compare.held_out.{found.held_out}")
    rows = [
        [
            "",
            out.text("compare.questions"),
            *(out.text(f"compare.{head}", percent=_percent(precision)) for head in HEADS),
        ]
    ]
    rows += [_row(out.text(f"compare.{way}"), figures) for way, figures in found.all.items()]
    for family, ways in found.families.items():
        rows += [_row(f"{family}: {out.text(f'compare.{way}')}", figures) for way, figures in ways.items()]
    out.table(rows)


def _percent(value: float) -> str:
    return f"{100 * value:g} %"


def _row(name: str, figures: Figures) -> list[str]:
    return [name, f"{figures.questions:,}", *(_interval(getattr(figures, head)) for head in HEADS)]


def _interval(found: Interval) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _as_json(found: Evaluation, read: list[EquivalenceTable], precision: float) -> dict[str, object]:
    def figures(of: Figures) -> dict[str, object]:
        told = {head: dict(zip(("value", "low", "high"), getattr(of, head), strict=True)) for head in HEADS}
        return {"questions": of.questions, **told}

    return {
        "columns": [one.reading.mapping.as_dict() for one in read],
        "elective": sum(one.elective for one in read),
        "without_source": sum(one.without_source for one in read),
        "held_out": found.held_out,
        "precision": precision,
        "candidates": dict(found.targets),
        "all": {way: figures(of) for way, of in found.all.items()},
        "families": {name: {way: figures(of) for way, of in ways.items()} for name, ways in found.families.items()},
    }

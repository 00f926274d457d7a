"""``compare evaluate``: how well comparisons find what a table of published equivalences says."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import click

from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.equivalences import EquivalenceTable, read_equivalences
from credit_bank.exchange.table import read_table
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.evaluating import Evaluation, Figures, Interval, evaluate
from credit_bank.recognition.comparison.model import shipped_models
from credit_bank.recognition.framework import EVERGREEN
from web.cli.command import Command, Group, WrongUsage, json_option, option
from web.cli.importing import pairs, read_bytes, tell_problems
from web.cli.terminal import terminal

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
    decisions = [decision for one in read for decision in one.reading.rows]
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


def _read(name: str, overrides: Mapping[str, str], source: str, target: str) -> EquivalenceTable:
    found = read_equivalences(read_table(read_bytes(name), name), overrides=overrides, source=source, target=target)
    if found.reading.problems:
        tell_problems(terminal(), found.reading.problems)
        click.get_current_context().exit(1)
    return found


def _catalogues(name: str | None, decisions: list[Equivalence]) -> dict[str, list[Described]]:
    """The courses of a catalogue, as those of the one target institution that the decisions name."""
    if name is None:
        return {}
    targets = sorted({decision.target_institution for decision in decisions})
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

"""``rules lint`` and ``rules try``: what stands against publishing rules, and what they make of outcomes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import click

from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.table import read_table
from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.matching import candidates
from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Framework
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.file import RULES_FORMAT, read_ruleset
from credit_bank.recognition.rules.lint import Surroundings, lint, publishable
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.outcome_file import outcomes_of_rows, read_outcomes
from credit_bank.recognition.rules.programme_file import (
    FRAMEWORK_FORMAT,
    PROGRAMME_FORMAT,
    read_framework,
    read_programme,
)
from credit_bank.recognition.rules.reading import FileRefused
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.sentences import CITY
from web.cli.command import Command, Group, WrongUsage, json_option, option
from web.cli.importing import pairs, read_bytes, tell_problems
from web.cli.terminal import terminal

_FORMAT = re.compile(r"""^\s*format\s*=\s*["']([^"'\n]*)["']""", re.MULTILINE)
_ORDER = (FRAMEWORK_FORMAT, PROGRAMME_FORMAT, RULES_FORMAT)
SIGNS = {"pass": "✓", "fail": "✗", "could-not-be-checked": "?", "not-applicable": "·"}


@dataclass
class RuleFiles:
    """What the files hold, and how many of them were refused."""

    rulesets: list[RuleSet] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    frameworks: dict[str, Framework] = field(default_factory=lambda: dict(FRAMEWORKS))
    refused: list[dict[str, object]] = field(default_factory=list)


@click.group("rules", cls=Group, help="rules_group")
def rules_group() -> None:
    """Rules of conversion in files."""


@rules_group.command("lint", cls=Command, help="rules_lint")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…")
@option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="rules_on")
@option("--catalogue", "catalogues", multiple=True, metavar="INSTITUTION=FILE", callback=pairs, help="rules_catalogue")
@json_option
def lint_command(files: tuple[str, ...], on: datetime | None, catalogues: Mapping[str, str], as_json: bool) -> None:
    """Look through rules before publication. Exit code 1: something stands against it."""
    read = read_files(files)
    courses = {key: amount for name, file in catalogues.items() for key, amount in _catalogue(name, file).items()}
    known = Surroundings(day_of(on), tuple(read.programmes), courses, read.frameworks)
    found = lint(read.rulesets, known)
    good = publishable(found) and not read.refused
    out = terminal()
    if as_json:
        hashes = {f"{one.id} {one.version}": one.sha256 for one in read.rulesets}
        findings = [one.as_dict() for one in found]
        out.json({"publishable": good, "rulesets": hashes, "files": read.refused, "findings": findings})
    else:
        tell_refused(read)
        _tell_lint(found)
        for one in read.rulesets:
            out.say("rules.read", id=one.id, version=one.version, count=len(one.rules), sha256=one.sha256)
        errors = sum(one.severity == "error" for one in found)
        out.say("rules.linted", errors=errors + len(read.refused), warnings=len(found) - errors)
    click.get_current_context().exit(0 if good else 1)


@rules_group.command("try", cls=Command, help="rules_try")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…")
@option("--programme", "wanted", required=True, metavar="FILE|ID", help="rules_programme")
@option(
    "--outcomes", "outcomes_file", required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="rules_outcomes",
)  # fmt: skip
@option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="rules_on")
@option("--identity", default="document-seen", show_default=True, metavar="LEVEL", help="rules_identity")
@json_option
def try_command(
    files: tuple[str, ...], wanted: str, outcomes_file: str, on: datetime | None, identity: str, as_json: bool
) -> None:
    """Print what the rules make of outcomes. Exit code 1: nothing can be converted."""
    listed = (*files, wanted) if Path(wanted).is_file() and wanted not in files else files
    read = read_files(listed)
    outcomes = outcomes_of(outcomes_file, read)
    if read.refused or outcomes is None:
        tell_refused(read, as_json=as_json)
        click.get_current_context().exit(1)
    programme = programme_of(read, wanted)
    if programme.framework not in read.frameworks:
        raise WrongUsage("rules.framework_unknown", framework=programme.framework)
    found = candidates(outcomes, programme, RuleBook(read.rulesets, read.frameworks), day_of(on), identity)
    if as_json:
        terminal().json({"programme": programme.id, "candidates": [_as_json(one) for one in found]})
    else:
        _tell_candidates(found, outcomes, programme, read)
    click.get_current_context().exit(0 if any(one.eligible for one in found) else 1)


def day_of(on: datetime | None) -> date:
    """The day given, or today in the city."""
    return on.date() if on else datetime.now(CITY).date()


def read_files(files: Sequence[str]) -> RuleFiles:
    """Every file by the format that it names, frameworks first, for the others speak of them."""
    texts = []
    for name in files:
        text = _text(name)
        format = _FORMAT.search(text)
        if format is None or format[1] not in _ORDER:
            raise WrongUsage("rules.format", file=name, known=", ".join(_ORDER))
        texts.append((_ORDER.index(format[1]), name, text))
    read = RuleFiles()
    for kind, name, text in sorted(texts, key=lambda one: one[0]):
        try:
            if kind == 0:
                framework = read_framework(text)
                read.frameworks[framework.id] = framework
            elif kind == 1:
                read.programmes.append(read_programme(text, read.frameworks))
            else:
                read.rulesets.append(read_ruleset(text, read.frameworks))
        except FileRefused as refused:
            read.refused.append({"file": name, "problems": [one.as_dict() for one in refused.problems]})
    return read


def _text(name: str) -> str:
    try:
        return read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage("rules.encoding", file=name) from None


def programme_of(read: RuleFiles, wanted: str) -> Programme:
    """The programme of a file, or of an id among those read. Raises WrongUsage."""
    if Path(wanted).is_file():
        wanted = read_programme(_text(wanted), read.frameworks).id
    for programme in read.programmes:
        if programme.id == wanted:
            return programme
    raise WrongUsage("rules.programme_unknown", programme=wanted, known=", ".join(one.id for one in read.programmes))


def outcomes_of(name: str, read: RuleFiles) -> tuple[HeldOutcome, ...] | None:
    """The outcomes of a file; None where it is refused, which is kept with the others."""
    try:
        if name.endswith(".toml"):
            return read_outcomes(_text(name), read.frameworks)
        table = read_table(read_bytes(name), name)
        rows = [(row.number, dict(zip(table.columns, row.cells, strict=False))) for row in table.rows()]
        return outcomes_of_rows(rows, read.frameworks)
    except FileRefused as refused:
        read.refused.append({"file": name, "problems": [one.as_dict() for one in refused.problems]})
        return None


def _catalogue(institution: str, name: str) -> dict[tuple[str, str], int | None]:
    reading = read_catalogue(read_table(read_bytes(name), name), defaults={"category": "academic"})
    if reading.problems:
        tell_problems(terminal(), reading.problems)
        click.get_current_context().exit(1)
    return {(institution, row.code): row.credits_min for row in reading.rows}


def tell_refused(read: RuleFiles, *, as_json: bool = False) -> None:
    """Every problem of the files that were refused."""
    out = terminal()
    if as_json:
        out.json({"files": read.refused})
        return
    for one in read.refused:
        out.line(str(one["file"]))
        problems = one["problems"]
        assert isinstance(problems, list)
        for problem in problems:
            said = out.library(f"rulefile.{problem['code']}", problem["parameters"])
            out.line(f"  {problem['place'] or '—'}  {said}")


def _tell_lint(found: Sequence[Lint]) -> None:
    out = terminal()
    for one in found:
        out.line(f"{out.text(f'rules.{one.severity}')}  {out.library(f'lint.{one.code}', one.parameters)}")
        for place in one.places:
            out.line(f"    {_place(place)}")


def _place(place: Place) -> str:
    out = terminal()
    named = f"  {out.text(f'rules.kind.{place.kind}')} {place.id}" if place.kind else ""
    return out.text("rules.place", ruleset=place.ruleset) + named


def _tell_candidates(
    found: Sequence[Candidate], outcomes: Sequence[HeldOutcome], programme: Programme, read: RuleFiles
) -> None:
    out = terminal()
    framework = read.frameworks.get(programme.framework, EVERGREEN)
    titles = {one.id: one.title for one in outcomes}
    out.say(
        "rules.found", programme=programme.title, outcomes=len(outcomes), eligible=sum(one.eligible for one in found)
    )
    for one in found:
        sources = " + ".join(f"{id} {titles[id]}" for id in one.spends)
        given = " + ".join(f"{part.course or part.component} ({framework.credits(part.credits)})" for part in one.given)
        state = "rules.can" if one.eligible else "rules.cannot"
        out.line()
        out.line(f"{out.text(state)}  {sources} → {given or '—'}   [{one.rule.ruleset}: {one.rule.rule}]")
        for reason in one.reasons:
            about = f"{reason.outcome}: " if reason.outcome else ""
            said = out.library(f"finding.{reason.code}", reason.parameters)
            out.line(f"  {SIGNS[reason.finding.value]} {reason.rule:<4}{about}{said}")
    out.line()
    out.say("rules.a_person_decides")


def _as_json(one: Candidate) -> dict[str, object]:
    return {
        "id": one.id,
        "eligible": one.eligible,
        "rule": {"ruleset": one.rule.ruleset, "sha256": one.rule.sha256, "rule": one.rule.rule},
        "result": one.result.value,
        "use": one.use,
        "spends": dict(one.spends),
        "given": [
            {
                "course": part.course,
                "component": part.component,
                "credits": part.credits,
                "bridged": part.bridged,
                "grade": part.grade,
                "counts_in_gpa": part.counts_in_gpa,
            }
            for part in one.given
        ],
        "reasons": [reason.as_dict() for reason in one.reasons],
    }

"""``learning``: fitting the learner model anew, reporting on it and on fairness, checking states against the log."""

import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from adaptive import refitting, watching_recommendations
from adaptive.content.loading import load_library
from adaptive.evaluation.logged_choices import Estimate
from adaptive.mastery.accepting import Judged
from adaptive.store import terms, versions
from adaptive.watching_fairness import Watched
from web.cli import deployment
from web.cli.command import Command, Group, json_option, option
from web.cli.terminal import Terminal, terminal
from web.messages import CITY
from web.operations import nightly


@click.group("learning", cls=Group, help="learning_group")
def learning_group() -> None:
    """The learner model."""


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    if workers <= 1:
        yield None
        return
    # A fresh process inherits no open database and no lock.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@learning_group.command("refit", cls=Command, help="learning_refit")
@option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="fit_workers")
@option("--dry-run", is_flag=True, help="fit_dry_run")
@json_option
def refit(workers: int, dry_run: bool, as_json: bool) -> None:
    """Fit the model anew; it takes over only if it is no worse on the newest week."""
    found = deployment.open_deployment()
    with _executor(workers) as executor:
        done = nightly.refit(found.db, executor, found.bank.clock(), dry_run=dry_run)
    facts: dict[str, Any] = {
        **done.candidate.as_json(),
        "verdict": done.verdict,
        "version": done.candidate.read.version,
        "seconds": round(done.seconds, 2),
        "dry_run": dry_run,
    }
    out = terminal()
    if as_json:
        out.json(facts)
        return
    out.say("learning.read", answers=facts["answers"], fitted=facts["fitted_on"], held_out=facts["held_out"])
    if done.candidate.acceptance is not None:
        _figures(out, done.candidate.acceptance.candidate, done.candidate.acceptance.current)
    out.say(f"learning.verdict.{done.verdict}", version=facts["version"], against=facts["against"])
    if dry_run:
        out.say("learning.dry_run")


def _figures(out: Terminal, candidate: Judged | None, current: Judged | None) -> None:
    heads = ["", out.text("learning.log_loss"), "ECE"]
    rows = [
        [out.text(f"learning.{name}"), f"{judged.log_loss:.4f}", f"{judged.ece:.4f}"]
        for name, judged in (("candidate", candidate), ("current", current))
        if judged is not None
    ]
    out.table([heads, *rows])


@learning_group.command("report", cls=Command, help="learning_report")
@option("--dry-run", is_flag=True, help="report_dry_run")
@json_option
def report(dry_run: bool, as_json: bool) -> None:
    """Versions, fairness, and the policy that follows. Exit code 1 while everybody has the neutral order."""
    found = deployment.open_deployment()
    watched = nightly.watch(found.db, found.bank.clock(), dry_run=dry_run)
    with found.db.reading() as session:
        in_force = terms.weights(session).version
        made = [
            {"version": row.version, "made_at": row.made_at, "accepted": row.accepted_at is not None, **row.report}
            for row in versions.newest(session, 5)
        ]
    out = terminal()
    if as_json:
        out.json(
            {
                "in_force": in_force,
                "versions": [{**row, "made_at": row["made_at"].isoformat()} for row in made],
                "since": watched.since.isoformat(),
                "fairness": [found_report.as_json() for found_report in watched.reports],
                "policy": "neutral" if watched.neutral else "normal",
                "tripped": watched.tripped,
            }
        )
    else:
        _tell_versions(out, in_force, made)
        _tell_fairness(out, watched)
    click.get_current_context().exit(1 if watched.neutral else 0)


def _day(moment: datetime) -> str:
    return moment.astimezone(CITY).strftime("%Y-%m-%d %H:%M")


def _tell_versions(out: Terminal, in_force: str, made: list[dict[str, Any]]) -> None:
    out.say("learning.in_force", version=in_force)
    for row in made:
        out.say("learning.version", when=_day(row["made_at"]), **{k: row[k] for k in ("version", "answers")})
        out.line("    " + out.text("learning.accepted" if row["accepted"] else "learning.refused"))


def _tell_fairness(out: Terminal, watched: Watched) -> None:
    if not watched.reports:
        out.say("learning.nobody_told")
    for found in watched.reports:
        name = out.text(f"learning.attribute.{found.attribute}")
        out.say(f"learning.fairness.{found.verdict}", attribute=name)
        for group in found.groups:
            for reason in group.reasons if group.verdict in ("passed", "watch") else ():
                out.line(f"    {group.name}: " + out.library(f"reason.{reason.code}", dict(reason.parameters)))
    out.say("learning.policy.neutral" if watched.neutral else "learning.policy.normal")
    if watched.tripped:
        out.say("learning.tripped")


@learning_group.command("evaluate-recommendations", cls=Command, help="learning_recommendations")
@json_option
def evaluate_recommendations(as_json: bool) -> None:
    """How the lists of the last 90 days were taken up, how varied they were, and what without chance. It only looks."""
    found = deployment.open_deployment()
    library, _faults = load_library(found.settings.content_dir)
    with found.db.reading() as session:
        seen = watching_recommendations.look(session, library, found.bank.clock())
    out = terminal()
    if as_json:
        out.json(seen.as_json())
        return
    out.say("learning.lists", lists=seen.lists, places=seen.places, learners=seen.learners)
    if seen.without_chance is None:
        out.say("learning.lists_none")
        return
    if not seen.enough:
        out.say("learning.lists_few", fewest=watching_recommendations.FEWEST_LISTS)
    taken, without = seen.without_chance.logged, seen.without_chance.snips
    out.say("learning.lists_taken", **_percents(taken))
    covered = round(100 * seen.coverage)
    out.say("learning.lists_varied", covered=covered, spread=f"{seen.spread:.1f}", areas=f"{seen.areas_a_list:.1f}")
    out.say("learning.lists_trap" if seen.trap is not None else "learning.lists_no_trap", trap=f"{seen.trap or 0:+.2f}")
    effective = f"{seen.without_chance.effective:.0f}"
    if seen.without_chance.usable:
        out.say("learning.lists_without", effective=effective, **_percents(without))
    else:
        out.say("learning.lists_unusable", effective=effective)


def _percents(estimate: Estimate) -> dict[str, int]:
    return {name: round(100 * value) for name, value in zip(("value", "low", "high"), estimate, strict=True)}


@learning_group.command("check", cls=Command, help="learning_check")
@option("--sample", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="sample")
@json_option
def check(sample: int, as_json: bool) -> None:
    """Compute states anew from the log. Exit code 1 where one differs."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        checked = refitting.check(session, sample, random.SystemRandom())
    out = terminal()
    wrong = [str(key) for key in (*checked.differing, *checked.unknown)]
    if as_json:
        out.json({"learners": checked.learners, "answers": checked.answers, "differing": wrong})
    else:
        out.say("learning.checked", learners=checked.learners, answers=checked.answers, wrong=len(wrong))
        for key in wrong:
            out.line(f"  {key}")
    click.get_current_context().exit(1 if wrong else 0)

"""What is done with the learner model at night: fitting it anew, and looking whether it is fair.

Each step has transactions of its own, so that nobody who answers meanwhile waits for a fit. Running it twice, or in two
places at once, is safe: a fit is named by what it was made of, and a policy that is neutral stays so.
"""

import time
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from adaptive import refitting, watching_fairness
from adaptive.refitting import Candidate, Verdict
from adaptive.watching_fairness import Watched
from credit_bank.store.types import new_id
from web.accounts import audit
from web.database import Database


@dataclass(frozen=True, slots=True)
class Refitted:
    """What became of a refit: ``verdict`` and the candidate behind it; ``seconds`` it took to fit and judge."""

    verdict: Verdict
    candidate: Candidate
    seconds: float


def refit(
    db: Database,
    executor: Executor | None,
    now: datetime,
    *,
    dry_run: bool = False,
    least: tuple[int, int] = refitting.LEAST,
) -> Refitted:
    """Fit the model anew; with ``dry_run`` only say what would become of it."""
    with db.reading() as session:
        read = refitting.read(session)
    began = time.monotonic()
    candidate = refitting.fit(read, executor, least=least)
    seconds = time.monotonic() - began
    if dry_run or candidate.shared is None:
        return Refitted(candidate.verdict, candidate, seconds)
    with db.writing() as session:
        verdict = refitting.put(session, candidate, now)
        if verdict != "nothing_new":
            audit.record(
                session, f"learning.{verdict}", now=now, person_id=None, version=read.version, answers=str(read.answers)
            )
    return Refitted(verdict, candidate, seconds)


def watch(db: Database, now: datetime, *, dry_run: bool = False) -> Watched:
    """Report on fairness, and let the neutral policy rule when a threshold is passed; with ``dry_run`` only report."""
    if dry_run:
        with db.reading() as session:
            since, found = watching_fairness.reports(session, now)
            in_force = watching_fairness.neutral_now(session)
        return Watched(since, found, in_force, tripped=False)
    with db.writing() as session:
        watched = watching_fairness.watch(session, new_id, now)
        if watched.tripped:
            passed = ", ".join(report.attribute for report in watched.reports if report.verdict == "passed")
            audit.record(session, "fairness.tripped", now=now, person_id=None, attributes=passed)
    return watched

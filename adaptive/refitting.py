"""Fitting the model anew on everybody's answers, in three steps: read, fit without a transaction, put in force.

A candidate is fitted on what was answered before the newest week and judged on that week. Only if log loss and
calibration are no worse does it take over; otherwise it is kept with its report and the old version stays. Answers that
arrive meanwhile are taken as ever: what the candidate has not met of them, its terms learn in the last step, while
nobody else adds to the terms. What a version was fitted on names it, so that doing it again changes nothing.
"""

import hashlib
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import NOT_COUNTED, event_of, recompute
from adaptive.errors import Missing
from adaptive.mastery.accepting import WEEK, Acceptance, accept
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import Event
from adaptive.mastery.preparing import prepare
from adaptive.mastery.refitting import refitted
from adaptive.mastery.terms import Shared, Weights
from adaptive.store import answers, states, terms, versions

Verdict = Literal["accepted", "refused", "too_few", "nothing_new"]
LEAST = (500, 100)
"""Answers before the newest week, and in it, below which nothing is fitted: the figures would be chance."""


@dataclass(frozen=True, slots=True)
class History:
    """A learner's answers as events, in order; ``numbers`` counts them as the log does."""

    learner_id: UUID
    events: tuple[Event, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The log as it was read: histories, the weights in force, the name that a fit on it has, where its last week
    begins (unix s). ``known`` when that fit was made before.
    """

    histories: tuple[History, ...]
    current: Weights
    version: str
    since: float
    known: bool

    @property
    def answers(self) -> int:
        """How many answers were read."""
        return sum(len(history.events) for history in self.histories)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a fit gave; without ``shared`` there was too little to fit on, or it was done before."""

    read: Read
    shared: Shared | None
    fitted_on: int
    acceptance: Acceptance | None
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The report that is kept with the version."""
        figures = self.acceptance
        return {
            "verdict": self.verdict,
            "answers": self.read.answers,
            "fitted_on": self.fitted_on,
            "held_out": figures.answers if figures else 0,
            "since": self.read.since,
            "against": self.read.current.version,
            "candidate": figures.candidate._asdict() if figures and figures.candidate else None,
            "current": figures.current._asdict() if figures and figures.current else None,
        }


def read(session: Session) -> Read:
    """Read the log. It is only read, so that nobody waits."""
    histories = tuple(_histories(answers.by_learner(session)))
    newest = max((e.asked.presented_at or e.answered_at or 0.0 for h in histories for e in h.events), default=0.0)
    digest = hashlib.sha256()
    for history in histories:
        digest.update(history.learner_id.bytes + history.numbers[-1].to_bytes(8, "big"))
    version = f"fit-{digest.hexdigest()[:16]}"
    known = versions.known(session, version)
    return Read(histories, terms.weights(session), version, newest - WEEK, known)


def _histories(rows: Iterable[Any]) -> list[History]:
    found: dict[UUID, tuple[list[Event], list[int]]] = {}
    for row in rows:
        if row.outcome in NOT_COUNTED:
            continue
        events, numbers = found.setdefault(row.learner_id, ([], []))
        events.append(event_of(row))
        numbers.append(row.number)
    return [History(key, tuple(events), tuple(numbers)) for key, (events, numbers) in found.items()]


def fit(given: Read, executor: Executor | None, *, least: tuple[int, int] = LEAST) -> Candidate:
    """Fit on what lies before the newest week, and judge on that week. Works on any ``Executor``, without a database.

    ``least`` is how many answers there must be before the week, and in it.
    """
    if given.known:
        return Candidate(given, None, 0, None, "nothing_new")
    places = [_place(history.events, given.since) for history in given.histories]
    before = sum(places)
    if before < max(1, least[0]) or given.answers - before < max(1, least[1]):
        return Candidate(given, None, before, None, "too_few")
    prepared = prepare(history.events[:place] for history, place in zip(given.histories, places, strict=True) if place)
    origin = f"{before} answers of {sum(map(bool, places))} learners"
    # Drawn towards the version in force, which knows more than a few answers do.
    shared = refitted(prepared, executor, given.version, origin, earlier=given.current)
    judged = accept(shared, given.current, [history.events for history in given.histories], given.since)
    return Candidate(given, shared, before, judged, "accepted" if judged.accepted else "refused")


def _place(events: Sequence[Event], since: float) -> int:
    """Where the held-out week begins, as ``accept`` has it."""
    for place, event in enumerate(events):
        if event.asked.presented_at is not None and event.asked.presented_at >= since:
            return place
    return len(events)


def put(session: Session, candidate: Candidate, now: datetime) -> Verdict:
    """Keep a candidate, and if it was accepted put it in force with the terms that the answers since have taught it.

    The transaction is a writing one; others' answers wait for its end. ``nothing_new`` when another run was faster:
    the same fit is kept already, or the weights that it was judged against are no longer in force.
    """
    if candidate.shared is None:
        return candidate.verdict
    versions.hold_terms(session)
    if versions.known(session, candidate.read.version):
        return "nothing_new"
    if terms.weights(session).version != candidate.read.current.version:
        return "nothing_new"
    accepted = candidate.verdict == "accepted"
    weights = candidate.shared.weights
    terms.keep_weights(
        session, weights, now, accepted=accepted, answers=candidate.fitted_on, report=candidate.as_json()
    )
    if accepted:
        learned = _learned_since(session, candidate.shared, candidate.read)
        terms.replace(session, learned.items, learned.skills)
    return candidate.verdict


def _learned_since(session: Session, shared: Shared, given: Read) -> Shared:
    """The terms after the answers that the fit has not met: those of the held-out week, and those that came since."""
    learned = apart(shared)
    read_before = {history.learner_id: history.numbers[-1] for history in given.histories}
    changed = {key for key, count in answers.counts(session).items() if count > read_before.get(key, 0)}
    fresh = {history.learner_id: history for history in _histories(answers.by_learner(session, changed))}
    for history in given.histories:
        newer = fresh.pop(history.learner_id, history)
        _follow(learned, newer.events, _place(history.events, given.since))
    for history in fresh.values():
        _follow(learned, history.events, 0)
    return learned


def _follow(learned: Shared, events: Sequence[Event], met: int) -> None:
    learner = Learner(learned)
    learner.follow(events[:met], adapting=False)
    learner.follow(events[met:], adapting=True)


@dataclass(frozen=True, slots=True)
class Checked:
    """Of ``learners`` looked at: whose state is not what the log says, and whose cannot be computed any more."""

    learners: int
    answers: int
    differing: tuple[UUID, ...]
    unknown: tuple[UUID, ...]


def check(session: Session, sample: int, draw: random.Random) -> Checked:
    """Compute the state of some learners from the log alone, and compare it with the one that is kept."""
    everyone = sorted(answers.counts(session), key=lambda key: key.bytes)
    chosen = draw.sample(everyone, min(sample, len(everyone)))
    differing, unknown, seen = [], [], 0
    for learner_id in chosen:
        try:
            count, state = recompute(session, learner_id)
        except Missing:
            unknown.append(learner_id)
            continue
        seen += count
        if states.answered(session, learner_id) != count or states.whole(session, learner_id) != state:
            differing.append(learner_id)
    return Checked(len(chosen), seen, tuple(differing), tuple(unknown))

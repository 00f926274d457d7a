"""Recognition and conversion in the demo city: what is published there, and cases in every state.

``recognition.toml`` says what. All of it goes through the use cases that people use, by the people of
``institutions.toml``.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import (
    agreeing,
    applying,
    contesting,
    deciding,
    evaluating,
    recording_precedents,
    redeeming,
    regions,
    registering,
    reviewing,
    revoking,
)
from credit_bank.applying import Promise
from credit_bank.bank import Bank
from credit_bank.deciding import Ruling
from credit_bank.exchange.equivalences import read_equivalences
from credit_bank.exchange.table import read_table
from credit_bank.recognition.casework.independence import Interest, Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.reviewing import Say
from credit_bank.store import documents, institutions, outcomes
from credit_bank.store.tables import Institution, Learner, Outcome, PublishedDocument, RecognitionCase
from web.accounts import audit, memberships, people, releases
from web.accounts.roles import Role
from web.demo import city
from web.demo.city import CITY_FILES, Progress


@dataclass(frozen=True, slots=True)
class Opened:
    """How many documents are published, and how many cases there are."""

    documents: int
    cases: int


@cache
def plan() -> dict[str, Any]:
    """``recognition.toml``."""
    return tomllib.loads((CITY_FILES / "recognition.toml").read_text("utf-8"))


def load(session: Session, bank: Bank, progress: Progress) -> Opened:
    """Load it in the caller's transaction, after the city."""
    told = plan()
    published = [_publish(session, bank, entry) for entry in told["document"]]
    _publish_level_map(session, bank, told["level_map"])
    _import_equivalences(session, bank, told["equivalences"])
    usual = [(entry["learner"], code) for entry in told["recognised"] for code in entry["outcomes"]]
    steps = len(usual) + len(told["case"])
    for n, (name, code) in enumerate(usual):
        _recognise(session, bank, name, code)
        progress("cases", n + 1, steps)
    for n, entry in enumerate(told["case"]):
        _carry(session, bank, entry)
        progress("cases", len(usual) + n + 1, steps)
    for entry in told["revoked"]:
        _revoke(session, bank, entry)
    return Opened(len(published), steps)


def _publish(session: Session, bank: Bank, entry: Mapping[str, Any]) -> PublishedDocument:
    """A document proposed, published by somebody else, and accepted by its other parties."""
    text = (CITY_FILES / entry["file"]).read_text("utf-8")
    owner = institutions.find(session, entry["institution"])
    if ".programme." in entry["file"]:
        draft, parties = registering.programme_draft(text, bank.today()), []
    else:
        draft, parties = registering.ruleset_draft(text), registering.parties(session, text)
    row = agreeing.propose(
        session, bank, owner.id, draft, parties=[p.id for p in parties],
        proposed_by=_person(session, entry["proposed_by"]),
    )  # fmt: skip
    agreeing.publish(session, bank, row.id, published_by=_person(session, entry["published_by"]))
    for party in entry.get("accepted", ()):
        institution = institutions.find(session, party["institution"])
        agreeing.answer(
            session, bank, row.id, institution.id, accept=True, answered_by=_person(session, party["by"])
        )  # fmt: skip
    return row


def _publish_level_map(session: Session, bank: Bank, entry: Mapping[str, Any]) -> None:
    mapping = LevelMap(entry["source"], EVERGREEN.id, entry["version"], entry["levels"])
    regions.publish_level_map(session, bank, mapping, _person(session, entry["by"]))


def _import_equivalences(session: Session, bank: Bank, entry: Mapping[str, str]) -> None:
    owner = institutions.find(session, entry["institution"])
    reading = read_equivalences(
        read_table((CITY_FILES / entry["file"]).read_bytes(), entry["file"]), strict=True
    ).reading
    source = city.source_of(entry["file"], reading.mapping.as_dict())
    recording_precedents.import_equivalences(session, bank, owner.id, reading.require(), source, today=bank.today())


def _recognise(session: Session, bank: Bank, name: str, code: str) -> None:
    """Recognised by the usual reviewers of whoever awarded it and of the centre."""
    usual = plan()["usual"]
    learner, outcome = _held(session, name, code)
    awarder = institutions.get(session, outcome.institution_id)
    case = applying.recognition(session, bank, learner.id, outcome.id, by=_own(session, learner))
    first = {"by": usual["first"][awarder.handle], "says": "agree", "interest": "institution"}
    for step in (first, {"by": usual["second"], "says": "approve"}):
        _take(session, bank, learner, case.id, step)


def _carry(session: Session, bank: Bank, entry: Mapping[str, Any]) -> None:
    """Open a case and take its steps."""
    if "outcome" in entry:
        learner, outcome = _held(session, entry["learner"], entry["outcome"])
        case = applying.recognition(
            session, bank, learner.id, outcome.id, statement=entry.get("statement", ""), by=_own(session, learner)
        )
    else:
        learner = _learner(session, entry["learner"])
        case = (_ask_beforehand if "course" in entry else _convert)(session, bank, learner, entry)
    steps: Sequence[Mapping[str, str]] = entry.get("steps", ())
    for step in steps:
        _take(session, bank, learner, case.id, step)


def _convert(session: Session, bank: Bank, learner: Learner, entry: Mapping[str, Any]) -> RecognitionCase:
    """An application for everything that the published rules propose, with the consent to hand it over."""
    programme = _programme(session, bank, entry["programme"])
    found = evaluating.evaluate(session, bank, learner.id, programme, on=bank.today())
    own, receiver = _own(session, learner), institutions.get(session, programme.institution_id)
    case = applying.conversion(
        session, bank, learner.id, programme.id, found.proposal, identity=found.identity,
        notice_days=found.notice_days, statement=entry.get("statement", ""), by=own,
    )  # fmt: skip
    _release(session, bank, case, receiver, own, "application")
    return case


def _ask_beforehand(session: Session, bank: Bank, learner: Learner, entry: Mapping[str, Any]) -> RecognitionCase:
    """A promise that a course to be taken elsewhere will count, with the consent that the receiver sees it."""
    programme = _programme(session, bank, entry["programme"])
    own, receiver = _own(session, learner), institutions.get(session, programme.institution_id)
    asked = Promise(
        institutions.find(session, entry["source"]).id, entry["code"], entry["title"], entry["course"],
        bank.today() + timedelta(days=entry["days"]), entry.get("statement", ""),
    )  # fmt: skip
    case = applying.promise(session, bank, learner.id, programme.id, asked, by=own)
    _release(session, bank, case, receiver, own, "promise")
    return case


def _programme(session: Session, bank: Bank, key: str) -> PublishedDocument:
    in_force = documents.in_force(session, bank.today())
    return next(d for d in in_force if d.kind == "programme" and d.key == key)


def _release(
    session: Session, bank: Bank, case: RecognitionCase, receiver: Institution, own: UUID, what: releases.What
) -> None:
    """The learner agrees that the receiver sees the case, as the form asks."""
    releases.give(
        session, learner_id=case.learner_id, person_id=own, what=what, recipient_id=receiver.id,
        recipient_name=receiver.name, language="zh-CN", now=bank.clock(), subject_id=case.id,
    )  # fmt: skip
    audit.record(
        session, "case.released", now=bank.clock(), person_id=own, institution_id=receiver.id, subject_id=case.id
    )


def _take(session: Session, bank: Bank, learner: Learner, case_id: UUID, step: Mapping[str, str]) -> None:
    """One step of a case: a vote, a decision, the redemption, the learner's appeal, or that the decision was wrong."""
    said, reason = step["says"], step.get("reason", "")
    if said == "appeal":
        contesting.appeal(session, bank, learner.id, case_id, grounds=reason, by=_own(session, learner))
        return
    who = _reviewer(session, bank, step["by"])
    if said == "consume":
        redeeming.consume(session, bank, case_id, who, note=reason)
    elif said == "correct":
        contesting.ask_correction(session, bank, case_id, who, reason)
    elif said in ("approve", "refuse"):
        deciding.decide(session, bank, case_id, who, Ruling(said == "approve", reason=reason))
    else:
        interest: Interest = "institution" if step.get("interest") == "institution" else "none"
        reviewing.vote(session, bank, case_id, who, Say(Vote(said), reason, interest))


def _revoke(session: Session, bank: Bank, entry: Mapping[str, str]) -> None:
    """What rests on it is impaired by that."""
    _, outcome = _held(session, entry["learner"], entry["outcome"])
    assert outcome.credential_id is not None
    revoking.change_status(
        session, bank, outcome.institution_id, outcome.credential_id, "revoke", reason=entry["reason"],
        changed_by=_person(session, entry["by"]),
    )  # fmt: skip


def _person(session: Session, sign_in_name: str) -> UUID:
    found = people.find(session, sign_in_name)
    assert found is not None
    return found.id


def _reviewer(session: Session, bank: Bank, sign_in_name: str) -> Reviewer:
    person = _person(session, sign_in_name)
    roles = memberships.active_of(session, person, bank.clock())
    works_at = {m.institution_id for m in roles if m.role in (Role.REVIEWER, Role.REGISTRAR)}
    return Reviewer(person, None, frozenset(works_at))


def _own(session: Session, learner: Learner) -> UUID:
    person = people.of_learner(session, learner.id)
    assert person is not None
    return person.id


def _learner(session: Session, name: str) -> Learner:
    return session.exec(select(Learner).where(col(Learner.name) == name)).one()


def _held(session: Session, name: str, code: str) -> tuple[Learner, Outcome]:
    """A resident and the outcome of that code that the resident holds."""
    learner = _learner(session, name)
    rows = outcomes.portfolio(session, learner.id, outcomes.PortfolioFilter())
    return learner, next(o for o, _ in rows if o.code == code and o.source != "decision")

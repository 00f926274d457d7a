"""The blueprint of a learner's applications, and how a case is put into words on every page that shows one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, abort
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from credit_bank import redeeming, registering
from credit_bank.casekeeping import Item
from credit_bank.recognition.casework import snapshot, working_days
from credit_bank.recognition.casework.kind import OPEN, CaseKind, CaseState
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.programme import Programme
from credit_bank.sentences import has_sentence, sentence
from credit_bank.store import account, cases, documents, institutions, outcomes
from credit_bank.store.tables import CaseDecision, Institution, Outcome, RecognitionCase
from web.accounts import audit, releases
from web.accounts.permissions import actor, now
from web.accounts.releases import What
from web.banking import bank
from web.database import tx
from web.forms.cases import RedeemForm
from web.messages import civil_date, locale, t

blueprint = Blueprint("cases", __name__)
_GOOD = {"approved", "consumed", "kept", "upheld", "varied", "substituted"}
_BAD = {"refused", "reversed", "annulled"}
_WAITING = {"returned": "warn", "impaired": "warn"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what a list of cases says of it; ``left`` are working days until it is due, negative when overdue."""

    case: RecognitionCase
    state: tuple[str, str]
    body: str
    left: int | None
    open: bool


def shown(case: RecognitionCase) -> Shown:
    """The case with its state, whose turn it is, and how long there is."""
    kind = "good" if case.state in _GOOD else "bad" if case.state in _BAD else _WAITING.get(case.state, "")
    left = working_days.between(bank().today(), case.due_on) if case.due_on else None
    body = institutions.get(tx(), case.institution_id).name
    waits = case.state in OPEN or case.state == CaseState.IMPAIRED
    return Shown(case, (t(f"cases.state.{case.state}"), kind), body, left, waits)


def history(case: RecognitionCase) -> list[tuple[object, str]]:
    """What happened, in order: when, what, by which body and why. People are not named, bodies are."""
    rows: list[tuple[object, str]] = []
    for event in cases.events(tx(), case):
        body = institutions.get(tx(), event.institution_id).name if event.institution_id else ""
        words = t(f"cases.event.{event.action}")
        by = t("cases.by", body=body) if body else ""
        told = _not_posted(case) if event.action == "not-posted" else event.reason
        why = t("cases.why", reason=told) if told else ""
        rows.append((event.at, f"{words}{by}{why}"))
    return rows


def _not_posted(case: RecognitionCase) -> str:
    """Why what was decided could not be posted when its notice had ended."""
    found = case.terms.get("not_posted")
    if not isinstance(found, dict):
        return ""
    return sentence(f"error.{found['code']}", locale(), **found["parameters"])


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate as a person reads it: what it uses, what it gives, under which rule, and every reason."""

    id: str
    uses: tuple[str, ...]
    gives: tuple[str, ...]
    rule: str
    ruleset: str
    sha256: str
    reasons: tuple[tuple[str, str], ...]
    eligible: bool


def _gives(given: snapshot.Json, target: Programme | None) -> str:
    """One award in words: the course by its title where the programme is known, and its credits."""
    name = given["course"] or given["component"]
    if target is not None:
        titles = {c.code: c.title for c in target.courses} | {c.id: c.title for c in target.components}
        name = titles.get(name, name)
    return t("cases.award", name=name, credits=EVERGREEN.credits(given["credits"]))


def may_be_recognised(outcome: Outcome) -> bool:
    """Whether its learner can ask for an outcome to be recognised: it has a credential, and nobody recognised it."""
    if outcome.state != "issued" or outcome.source == "decision":
        return False
    return account.lots(tx(), [outcome.learner_id], [outcome.id])[outcome.id].recognition is None


def target_of(case: RecognitionCase) -> Programme | None:
    """The programme that a case is about, in the version that it was opened for."""
    return registering.programme(documents.get(tx(), case.programme_id)) if case.programme_id else None


def choices(
    case: RecognitionCase | None,
    proposal: snapshot.Json | None,
    learner_id: UUID,
    target: Programme | None = None,
) -> list[Choice]:
    """The candidates of a proposal in words; of a case, those that were asked for come first."""
    raw = {one["id"]: one["reasons"] for one in (proposal or {}).get("candidates", ())}
    asked = case.terms.get("wanted", []) if case is not None else (proposal or {}).get("chosen", [])
    first = list(asked) if isinstance(asked, list) else []
    target = target or (target_of(case) if case is not None else None)
    found = [
        Choice(
            offer.id,
            tuple(outcomes.get(tx(), learner_id, UUID(key)).title for key in offer.spends),
            tuple(_gives(g, target) for g in offer.given),
            offer.rule,
            offer.ruleset,
            offer.sha256,
            tuple((r["finding"], reason(r)) for r in raw[offer.id]),
            offer.eligible and offer.gives,
        )
        for offer in snapshot.offers(proposal).values()
    ]
    return sorted(found, key=lambda one: (one.id not in first, not one.eligible, one.rule))


def reason(found: snapshot.Json) -> str:
    """One reason as a sentence with the number of its rule."""
    key = f"finding.{found['code']}"
    words = sentence(key, locale(), **found["parameters"]) if has_sentence(key) else found["code"]
    return t("cases.reason", rule=found["rule"], words=words)


def granted(decision: CaseDecision | None, learner_id: UUID, target: Programme | None = None) -> list[str]:
    """What a decision gives, a line each."""
    lines = []
    for one in decision.granted if decision else ():
        given, spends = one.get("given"), one.get("spends")
        if isinstance(given, list) and isinstance(spends, dict):
            uses = "、".join(outcomes.get(tx(), learner_id, UUID(key)).title for key in spends)
            gives = "、".join(_gives(g, target) for g in given)
            lines.append(t("cases.gives", uses=uses, gives=gives))
        elif one.get("latest") and (course := str(one.get("course", ""))):
            lines.append(t("cases.promised", gives=_gives({**one, "course": course}, target)))
        elif isinstance(credits := one.get("credits"), int):
            lines.append(t("cases.recognised", credits=EVERGREEN.credits(credits), level=str(one.get("level") or "—")))
    return lines


def items(files: Sequence[FileStorage], title: str, shows: tuple[str, ...] = ()) -> list[Item]:
    """The files of a form as evidence, named by the title or by their own names."""
    return [
        Item(title.strip() or f.filename or "", f.mimetype or "", f.stream.read(), shows) for f in files if f.filename
    ]


def learner() -> UUID:
    """The learner who is acting."""
    found = actor().learner_id
    if found is None:
        abort(403)
    return found


def own(case_id: UUID) -> RecognitionCase:
    """A case of the learner who is acting; 404 for another's. Raises Missing ``case.unknown``."""
    case = cases.get(tx(), case_id)
    if case.learner_id != learner():
        abort(404)
    return case


def programme_names(case: RecognitionCase) -> str:
    """The title of a case with its kind, in the reader's language."""
    return t("cases.named", kind=t(f"cases.kind.{case.kind}"), title=case.title)


def promised(case: RecognitionCase) -> list[tuple[str, str]]:
    """What a promise is about, as pairs of a name and a value; nothing of other kinds."""
    if case.kind != CaseKind.EX_ANTE:
        return []
    source = institutions.get(tx(), UUID(str(case.terms["source"]))).name
    target, code = target_of(case), str(case.terms["code"])
    course = target.course(case.course) if target else None
    return [
        (t("cases.promise.source"), source),
        (t("cases.promise.what"), f"{case.title} {code}".strip()),
        (
            t("cases.promise.course"),
            _gives({"course": case.course, "credits": course.credits}, target) if course else "",
        ),
        (t("cases.promise.latest"), civil_date(date.fromisoformat(str(case.terms["latest"])))),
    ]


def release(session: Session, case: RecognitionCase, receiver: Institution, what: What) -> None:
    """Keep the consent to give this to the institution as a record of its own (PIPL Art. 23)."""
    by = actor().person_id
    releases.give(
        session, learner_id=case.learner_id, person_id=by, what=what, recipient_id=receiver.id,
        recipient_name=receiver.name, language=locale(), now=now(), subject_id=case.id,
    )  # fmt: skip
    audit.record(session, "case.released", now=now(), person_id=by, institution_id=receiver.id, subject_id=case.id)


def redeem_form(case: RecognitionCase, form: RedeemForm) -> RedeemForm:
    """The form with the outcomes that redeem a promise as its choices."""
    found = redeeming.redeemable(tx(), case) if case.kind == CaseKind.EX_ANTE and case.state == "approved" else []
    form.outcome.choices = [(str(o.id), o.title) for o, is_recognised in found if is_recognised]
    return form


def is_open(case: RecognitionCase) -> bool:
    """Whether the learner may still withdraw it."""
    theirs = case.kind not in (CaseKind.IMPAIRMENT, CaseKind.CORRECTION)
    waiting = theirs and case.state != CaseState.NOTICE
    return waiting and case.state in ("first-review", "second-review", "panel", "returned")

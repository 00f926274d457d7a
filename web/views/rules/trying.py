"""Trying a draft on one made-up outcome: what each rule says of it, with every reason, and what is proposed."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import g

from credit_bank import evaluating
from credit_bank.errors import CreditBankError, InvalidInput
from credit_bank.evaluating import Evaluated
from credit_bank.exchange.cell import CellError, parse_credits, parse_hours
from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.proposal import Counter
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.report import Outcome as Finding
from credit_bank.sentences import sentence
from credit_bank.store import documents
from web.banking import bank
from web.database import tx
from web.forms.base import refuse
from web.forms.rules import OutcomeForm
from web.messages import error_sentence, locale, t
from web.views.cases.blueprint import Choice, reason
from web.views.rules.naming import Names

SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: what is proposed, what each other rule says, and why the outcome itself is not used."""

    used: tuple[Choice, ...]
    others: tuple[Choice, ...]
    against: tuple[str, ...]
    credits: str


def tried(form: OutcomeForm, draft: RuleSet, names: Names) -> Tried | None:
    """What the draft makes of the outcome of a form; None where the form is refused, which it then says."""
    outcome = _outcome(form, names) if form.validate() else None
    if outcome is None:
        return None
    today = bank().today()
    rows = documents.in_force(tx(), today, kind="programme", institution_id=g.institution.id)
    chosen = next((row for row in rows if row.key == form.try_programme.data), None)
    if chosen is None:
        refuse(form.try_programme, t("form.choose", label=str(form.try_programme.label.text)))
        return None
    try:
        found = evaluating.try_out(
            tx(), bank(), [outcome], chosen, identity="document-seen", seconds=SECONDS, draft=draft
        )
    except CreditBankError as error:
        refuse(form.try_title, error_sentence(error))
        return None
    return _shown(found, names)


def _outcome(form: OutcomeForm, names: Names) -> HeldOutcome | None:
    """The outcome that a form describes; what is no number is refused beside its field."""
    credits = _number(form.try_credits, lambda text: parse_credits(text, EVERGREEN)[0])
    hours = _number(form.try_hours, parse_hours) if form.try_hours.data else None
    day = form.try_awarded_on.data
    if form.errors or credits is None or day is None:
        return None
    return HeldOutcome(
        id="try",
        institution=names.handle(form.try_institution.data or ""),
        code=(form.try_course.data or "").strip(),
        title=(form.try_title.data or "").strip(),
        category=Category(form.try_category.data) if form.try_category.data in list(Category) else Category.ACADEMIC,
        framework=EVERGREEN.id,
        credits=credits,
        awarded_on=day,
        level=form.try_level.data or "",
        hours=None if hours is None else Fraction(hours, 10),
        hour_kind=None if hours is None else "contact",
        grade=(form.try_grade.data or "").strip(),
        scale=(form.try_scale.data or "").strip(),
    )


def _number(field: Any, read: Any) -> int | None:
    try:
        found: int = read((field.data or "").strip())
    except CellError as error:
        refuse(field, sentence(f"row.{error.code}", locale(), **error.parameters))
    except InvalidInput as error:
        refuse(field, error_sentence(error))
    else:
        return found
    return None


def _shown(found: Evaluated, names: Names) -> Tried:
    proposal = found.proposal
    chosen = [found.case.by_id[id] for id in proposal.chosen]
    others = [one for one in proposal.candidates if one.id not in proposal.chosen]
    grave = [one for one in proposal.reasons["try"] if one.finding in (Finding.FAIL, Finding.UNCHECKED)]
    limits = [_limit(found, one) for one in proposal.counters if one.sense == "at-most" and chosen]
    return Tried(
        used=tuple(_choice(found, one, names) for one in chosen),
        others=tuple(_choice(found, one, names) for one in others),
        against=(*(reason(one.as_dict()) for one in (grave if not chosen else ())), *limits),
        credits=found.case.framework.credits(sum(one.credits for one in chosen)),
    )


def _limit(found: Evaluated, counter: Counter) -> str:
    """How much of a limit is used."""
    used = counter.already + sum(counter.weights.get(id, 0) for id in found.proposal.chosen)
    shown = counter.parameters
    credits = shown["unit"] == "credits"
    title = str((shown["title_en"] if locale() == "en" else "") or shown["title"] or counter.limit)
    amount, bound = (found.case.framework.credits(n) if credits else str(n) for n in (used, counter.bound))
    return t("rules.try.limit", title=title, used=amount, bound=bound)


def _choice(found: Evaluated, one: Candidate, names: Names) -> Choice:
    framework = found.case.framework
    return Choice(
        id=one.id,
        uses=tuple(found.case.outcomes[id].title for id in one.spends),
        gives=tuple(
            t(
                "cases.award",
                name=names.target(given.course) if given.course else names.component(given.component),
                credits=framework.credits(given.credits),
            )
            for given in one.given
        ),
        rule=one.rule.rule,
        ruleset=one.rule.ruleset,
        sha256="",
        reasons=tuple((r.finding.value, reason(r.as_dict())) for r in one.reasons),
        eligible=one.eligible,
    )

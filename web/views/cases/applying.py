"""Applying: for an outcome to be recognised, for credit in a programme after seeing what its rules say, for more."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import applying, evaluating
from credit_bank.applying import PriorLearning
from credit_bank.errors import CreditBankError
from credit_bank.evaluating import Evaluated
from credit_bank.recognition.casework import snapshot
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.store import account, documents, institutions, outcomes
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Institution, PublishedDocument, RecognitionCase
from web.accounts import releases
from web.accounts.permissions import LEARNER, actor, permit
from web.banking import bank
from web.database import command, tx
from web.forms.cases import ConvertForm, PriorForm, PromiseForm, RecogniseForm
from web.messages import error_sentence, locale, t
from web.views.cases.blueprint import Choice, blueprint, choices, items, learner, release


def _unrecognised() -> list[tuple[str, str]]:
    """The outcomes with a credential that nobody has recognised: id, and how it is called here."""
    rows = outcomes.portfolio(tx(), learner(), PortfolioFilter(state="issued"))
    lots = account.lots(tx(), [learner()], [o.id for o, _ in rows])
    return [
        (str(o.id), t("cases.outcome", title=o.title, institution=name, credits=EVERGREEN.credits(o.credits)))
        for o, name in rows
        if o.source != "decision" and lots[o.id].recognition is None
    ]


@blueprint.route("/cases/recognise", methods=["GET", "POST"])
@permit(LEARNER)
def recognise() -> ResponseReturnValue:
    """Ask for an outcome to be recognised."""
    form, problem = RecogniseForm(), None
    form.outcome.choices = _unrecognised()
    if not form.is_submitted():
        form.outcome.data = request.args.get("outcome", "")
    if form.validate_on_submit():
        try:
            made = command(
                lambda session: applying.recognition(
                    session, bank(), learner(), UUID(form.outcome.data), statement=form.statement.data or "",
                    by=actor().person_id,
                )
            )  # fmt: skip
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.recognise.done"), "good")
            return redirect(url_for(".show", case_id=made.id), 303)
    return render_template("cases/recognise.html", form=form, problem=problem), 422 if problem or form.errors else 200


@blueprint.get("/cases/programmes")
@permit(LEARNER)
def programmes() -> str:
    """The programmes that take conversions."""
    rows = documents.in_force(tx(), bank().today(), kind="programme")
    return render_template(
        "cases/programmes.html", rows=[(row, institutions.get(tx(), row.institution_id)) for row in rows]
    )


@blueprint.route("/cases/convert/<uuid:programme_id>", methods=["GET", "POST"])
@permit(LEARNER)
def convert(programme_id: UUID) -> ResponseReturnValue:
    """What the rules make of my outcomes for a programme, and the application for it; or a promise beforehand."""
    target = Target.of(programme_id)
    form = target.form
    if form.validate_on_submit():
        wanted, words = list(form.wanted.data or []), form.statement.data or ""
        try:
            made = command(
                lambda session: _apply(session, target.document, target.receiver, target.found, wanted, words)
            )
        except CreditBankError as error:
            return target.page(problem=error_sentence(error)), 422
        flash(t("cases.convert.done"), "good")
        return redirect(url_for(".show", case_id=made.id), 303)
    return target.page(), 422 if form.errors else 200


@dataclass
class Target:
    """A programme with what the rules make of the learner's outcomes for it, and the forms of its page."""

    document: PublishedDocument
    receiver: Institution
    found: Evaluated
    rows: list[Choice]
    form: ConvertForm
    promise: PromiseForm

    @classmethod
    def of(cls, programme_id: UUID, *, promise: bool = False) -> "Target":
        """With the form that was sent read; ``promise`` says that it is the promise's."""
        document = documents.get(tx(), programme_id)
        found = evaluating.evaluate(tx(), bank(), learner(), document)
        rows = choices(None, snapshot.of_proposal(found.proposal), learner(), found.programme)
        form = ConvertForm(formdata=None) if promise else ConvertForm()
        form.wanted.choices = [(one.id, one.rule) for one in rows if one.eligible]
        if promise or not form.is_submitted():
            form.wanted.data = list(found.proposal.chosen)
        asked = PromiseForm(prefix="promise") if promise else PromiseForm(formdata=None, prefix="promise")
        asked.source.choices = [
            (i.handle, i.name)
            for i in institutions.every(tx())
            if i.closed_at is None and i.id != document.institution_id
        ]
        components = {c.id: c.convertible for c in found.programme.components}
        asked.course.choices = [
            (c.code, c.title) for c in found.programme.courses if c.convertible and components.get(c.component, True)
        ]
        return cls(document, institutions.get(tx(), document.institution_id), found, rows, form, asked)

    def page(self, problem: str | None = None) -> str:
        """The page, with the faults of the form that was sent."""
        name = self.receiver.name
        return render_template(
            "cases/convert.html", form=self.form, problem=problem, document=self.document, receiver=self.receiver,
            found=self.found, rows=self.rows, consent=releases.text("application", name, locale()),
            promise=self.promise, promise_consent=releases.text("promise", name, locale()),
        )  # fmt: skip


def _apply(
    session: Session,
    document: PublishedDocument,
    receiver: Institution,
    found: Evaluated,
    wanted: list[str],
    statement: str,
) -> RecognitionCase:
    """Apply, and keep the consent to give these outcomes to this institution as a record of its own (PIPL Art. 23)."""
    who = actor()
    case = applying.conversion(
        session, bank(), learner(), document.id, found.proposal, wanted=wanted, identity=found.identity,
        notice_days=found.notice_days, statement=statement, by=who.person_id,
    )  # fmt: skip
    release(session, case, receiver, "application")
    return case


@blueprint.route("/cases/prior", methods=["GET", "POST"])
@permit(LEARNER)
def prior() -> ResponseReturnValue:
    """Ask for learning without a certificate to be recognised."""
    form, problem = PriorForm(), None
    form.institution.choices = [
        (i.handle, i.name) for i in institutions.every(tx()) if i.closed_at is None and i.tier != "centre"
    ]
    if form.validate_on_submit():
        try:
            made = command(lambda session: _claim(session, form))
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.prior.done"), "good")
            return redirect(url_for(".show", case_id=made.id), 303)
    return render_template("cases/prior.html", form=form, problem=problem), 422 if problem or form.errors else 200


def _claim(session: Session, form: PriorForm) -> RecognitionCase:
    units = tuple(line.strip() for line in (form.units.data or "").splitlines() if line.strip())
    claim = PriorLearning(
        institution_id=institutions.find(session, form.institution.data).id,
        title=form.title.data or "",
        category=Category.OTHER,
        credits=EVERGREEN.amount(form.credits.data or ""),
        level=form.level.data,
        units=units,
        statement=form.statement.data or "",
        items=tuple(items(form.files.data or [], "", units)),
    )
    return applying.prior_learning(session, bank(), learner(), claim, by=actor().person_id)

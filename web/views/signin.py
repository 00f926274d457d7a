"""Signing in and out, a lost PIN, opening an account."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlmodel import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms import Field

from accessibility.preference import card as display_card
from accessibility.preference import model
from credit_bank.errors import Conflict, CreditBankError, InvalidInput
from credit_bank.identity.document import DocumentType
from web import presentation, qr
from web.account_card import card_address
from web.accounts import (
    attempts,
    audit,
    browser,
    consents,
    display_preferences,
    people,
    secret_rules,
    sessions,
    temporary_codes,
)
from web.accounts.attempts import TooManyTries
from web.accounts.permissions import LEARNER, PUBLIC, Actor, actor, actor_for, actor_or_none, now, permit, safe_next
from web.accounts.roles import Role
from web.accounts.signing_in import gate, try_secret
from web.accounts.tables import Person
from web.banking import bank, settings
from web.database import command, database, tx
from web.forms.base import refuse
from web.forms.signin import LostPinForm, OpenAccountForm, SignInForm
from web.messages import error_sentence, locale, t
from web.workflows import account_opening
from web.workflows.account_opening import GuardianNeeded

blueprint = Blueprint("signin", __name__)

# Where a role begins its work.
DESKS = {
    Role.REGISTRAR: "/desk/{}/",
    Role.REVIEWER: "/desk/{}/",
    Role.CENTRE_STAFF: "/centre/{}/",
    Role.ADMINISTRATOR: "/institution/{}/",
    Role.TUTOR: "/tutor/{}/",
}


def is_page(path: str) -> bool:
    """Whether the application has a page at that path."""
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(path.partition("?")[0], method="GET")
        return adapter is not None
    except RequestRedirect:
        return True
    except HTTPException:
        return False


def first_page(who: Actor) -> str:
    """Where someone who has just signed in begins: at the one desk, at the portfolio, or at the account."""
    desks = list(dict.fromkeys(DESKS[m.role].format(m.handle) for m in who.memberships))
    wishes = desks if len(desks) == 1 else []
    if who.learner_id is not None and not wishes:
        wishes = ["/portfolio"]
    return next((path for path in wishes if is_page(path)), url_for("account.overview"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@permit(PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The one page on which everyone signs in."""
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            person = try_secret(form.name.data, form.secret.data)
        except TooManyTries as error:
            page = _sign_in_page(form, error_sentence(error))
            return page, 429, {"Retry-After": str(60 * error.minutes)}
        except CreditBankError as error:
            return _sign_in_page(form, error_sentence(error)), 503
        if person is not None:
            if form.keep_display.data:
                _keep_display(person)
            return browser.sign_in(person, after_sign_in(person, form.next.data), shared_device=form.shared.data)
        return _sign_in_page(form, t("signin.wrong")), 422
    return _sign_in_page(form), 422 if form.errors else 200


def _sign_in_page(form: SignInForm, problem: str | None = None) -> str:
    """With the offer to keep how the page is shown, for whoever chose that."""
    chosen = model.choices_of(presentation.preference())
    return render_template("signin/sign_in.html", form=form, problem=problem, chosen=chosen)


def _keep_display(person: Person) -> None:
    chosen = model.choices_of(presentation.preference())
    if chosen:
        display_preferences.keep(tx(), person.id, chosen, now=now())


def after_sign_in(person: Person, wish: str | None) -> str:
    """Where a person goes on who has just signed in: where they wished to go, if there is such a page here."""
    if person.must_change_secret:
        return url_for("account.secret")
    target = safe_next(wish)
    if target and is_page(target):
        return target
    return first_page(actor_for(tx(), person, None))


@blueprint.get("/sign-out")
@permit(PUBLIC)
def sign_out_page() -> ResponseReturnValue:
    """For whoever came by address: the button that signs out."""
    if actor_or_none() is None:
        return redirect(url_for("signin.sign_in"), 303)
    return render_template("signin/sign_out.html")


@blueprint.post("/sign-out")
@permit(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    response = browser.sign_out(url_for("signin.sign_in"))
    flash(t("signin.signed_out"), "good")
    return response


@blueprint.route("/account/lost-pin", methods=["GET", "POST"])
@permit(PUBLIC)
def lost_pin() -> ResponseReturnValue:
    """How to get a code, and the form that uses it."""
    form = LostPinForm()
    problem, status = None, 200
    if form.validate_on_submit():
        try:
            secret_rules.check(form.new_secret.data, staff=False, known=(form.number.data,))
            person = _redeem(form)
            if person is not None:
                response = browser.sign_in(person, after_sign_in(person, None), shared_device=True)
                flash(t("signin.lost.done"), "good")
                return response
            problem, status = t("refusal.temporary_code.wrong"), 422
        except InvalidInput as error:
            refuse(form.new_secret, error_sentence(error))
        except TooManyTries as error:
            problem, status = error_sentence(error), 429
    if form.errors:
        status = 422
    return render_template("signin/lost_pin.html", form=form, problem=problem), status


def _redeem(form: LostPinForm) -> Person | None:
    """Set the new PIN when the code is right; the try is counted first, in a transaction of its own."""
    counter = gate().counter
    with database().writing() as session:
        found = people.find(session, form.number.data)
        name = str(found.id) if found else people.written(form.number.data)
        subjects = [counter.code(name), counter.address(request.remote_addr)]
        attempts.reserve(session, subjects, now())
    new_hash = gate().hasher.hash(form.new_secret.data)
    if found is None or found.disabled_at is not None:
        return None

    def use(session: Session) -> Person | None:
        person = session.get(Person, found.id, with_for_update=True)
        if person is None or not temporary_codes.redeem(
            session, counter, person_id=person.id, code=form.code.data, now=now()
        ):
            return None
        attempts.succeeded(session, [*subjects, counter.account(str(person.id))], now())
        people.set_secret(session, person, new_hash, now())
        sessions.end_all(session, person.id, now())
        audit.record(session, "secret.replaced_by_code", now=now(), person_id=person.id, subject_id=person.learner_id)
        return person

    return command(use)


@blueprint.route("/open-account", methods=["GET", "POST"])
@permit(PUBLIC)
def open_account() -> ResponseReturnValue:
    """Open an account online: who you are, what you agree to, your PIN."""
    form = OpenAccountForm()
    context = {
        "form": form,
        "texts": {code: consents.text(code, locale()) for code in consents.PURPOSES},
        "required_purposes": consents.REQUIRED,
    }
    status = 200
    if form.validate_on_submit():
        try:
            consents.check_required(form.agreed.data)
            return _open(form)
        except GuardianNeeded as error:
            return render_template("signin/guardian.html", sentence=error_sentence(error)), 409
        except Conflict as error:
            if error.code == "account.document_known":
                return render_template("signin/account_exists.html"), 409
            raise
        except TooManyTries as error:
            page = render_template("signin/open_account.html", **context, problem=error_sentence(error))
            return page, 429
        except InvalidInput as error:
            refuse(_field_of(form, error), error_sentence(error))
    if form.errors:
        status = 422
    return render_template("signin/open_account.html", **context, problem=None), status


def _field_of(form: OpenAccountForm, error: InvalidInput) -> Field:
    match error.code.partition(".")[0]:
        case "consent":
            return form.agreed
        case "learner":
            return form.name
        case "identity":
            return form.document_number
        case _:
            return form.new_secret


def _open(form: OpenAccountForm) -> ResponseReturnValue:
    """Open the account and sign in. Whether a document is known may not be tried out at will, so tries are counted."""
    kind = DocumentType(form.document_type.data)
    account_opening.check_age(kind, form.document_number.data, now())
    secret_rules.check(form.new_secret.data, staff=False, known=(form.name.data, form.document_number.data))
    subjects = [gate().counter.address(request.remote_addr)]
    with database().writing() as session:
        attempts.reserve(session, subjects, now())
    new_hash = gate().hasher.hash(form.new_secret.data)
    _, person = command(
        lambda session: account_opening.open_account(
            session,
            bank(),
            name=form.name.data,
            document_type=kind,
            document_number=form.document_number.data,
            secret_hash=new_hash,
            agreed=form.agreed.data,
            language=locale(),
            now=now(),
        )
    )
    attempts.succeeded(tx(), subjects, now())
    return browser.sign_in(person, url_for("signin.card", new=1), shared_device=True)


@blueprint.get("/account/card")
@permit(LEARNER)
def card() -> ResponseReturnValue:
    """The account number, large, with a card to print and keep."""
    person = tx().get(Person, actor().person_id)
    learner = people.learner_of(tx(), person) if person else None
    code = display_card.code(model.choices_of(presentation.preference()))
    return render_template(
        "signin/card.html",
        learner=learner,
        is_new=request.args.get("new") == "1",
        display_code=code,
        qr_code=Markup(qr.svg(card_address(learner.account_number, code), title=t("card.qr_title")))  # noqa: S704
        if learner
        else None,
        sign_in_address=settings().site + url_for("signin.sign_in"),
    )

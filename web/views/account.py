"""One's own account: what is known of me, where I am signed in, what I agreed to, my PIN, my language."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from accessibility import adjusting
from accessibility.store import adjustments
from adaptive.store import fairness, personal_data
from credit_bank.errors import InvalidInput, Unavailable
from credit_bank.identity import account_number
from credit_bank.store import learners
from web.accounts import audit, browser, consents, display_preferences, people, secret_rules, sessions
from web.accounts.attempts import TooManyTries
from web.accounts.permissions import PUBLIC, SIGNED_IN, actor, now, permit, safe_next
from web.accounts.signing_in import gate
from web.accounts.tables import Person
from web.connections import personal_data as connected_data
from web.connections import received
from web.database import command, database, tx
from web.forms.account import ChangeSecretForm, ConfirmForm, LanguageForm
from web.forms.base import refuse
from web.messages import CITY, error_sentence, locale, t
from web.operations import groups, help_requests, joining, neighbour_endings, neighbours, rule_drafts, voice_commands
from web.views.signin import DESKS, is_page
from web.workflows import mastery_credit

blueprint = Blueprint("account", __name__)


def _me() -> Person:
    person = tx().get(Person, actor().person_id)
    if person is None:
        abort(401)
    return person


@blueprint.get("/account")
@permit(SIGNED_IN)
def overview() -> ResponseReturnValue:
    """Everything about one's own account, on one page."""
    me = _me()
    learner = people.learner_of(tx(), me)
    agreed = {row.purpose: row for row in consents.current(tx(), me.id)}
    return render_template(
        "account/overview.html",
        person=me,
        learner=learner,
        documents=[d for d in learners.documents(tx(), learner.id) if d.replaced_at is None] if learner else [],
        sessions=sessions.live_of(tx(), me.id, now()),
        this_session=actor().session_id,
        purposes=consents.PURPOSES.values(),
        texts={code: consents.text(code, locale()) for code in consents.PURPOSES},
        agreed=agreed,
        work=[(m, DESKS[m.role].format(m.handle)) for m in actor().memberships],
        is_page=is_page,
        grouped=account_number.grouped,
        display_kept=actor().display is not None,
        language_form=LanguageForm(formdata=None, language=locale()),
    )


@blueprint.route("/account/secret", methods=["GET", "POST"])
@permit(SIGNED_IN)
def secret() -> ResponseReturnValue:
    """Change the PIN or password; every other session ends."""
    form = ChangeSecretForm()
    who, problem, status = actor(), None, 200
    if form.validate_on_submit():
        try:
            return _change_secret(form)
        except InvalidInput as error:
            refuse(form.present if error.code == "secret.present_wrong" else form.new_secret, error_sentence(error))
        except (TooManyTries, Unavailable) as error:
            problem, status = error_sentence(error), 429 if isinstance(error, TooManyTries) else 503
    if form.errors:
        status = 422
    return render_template("account/secret.html", form=form, must=who.must_change_secret, problem=problem), status


def _change_secret(form: ChangeSecretForm) -> ResponseReturnValue:
    who = actor()
    with database().reading() as session:
        person = session.get_one(Person, who.person_id)
        learner = people.learner_of(session, person)
        name = person.sign_in_name or (learner.account_number if learner else "")
        known = people.known_words(session, person)
    if form.new_secret.data == form.present.data:
        raise InvalidInput("secret.same")
    secret_rules.check(form.new_secret.data, staff=who.is_staff, known=known)
    if (
        gate().check(database(), typed=name, secret=form.present.data, address=request.remote_addr, now=now())
        != who.person_id
    ):
        raise InvalidInput("secret.present_wrong")
    new_hash = gate().hasher.hash(form.new_secret.data)

    def change(session: Session) -> None:
        people.set_secret(session, session.get_one(Person, who.person_id), new_hash, now())
        sessions.end_all(session, who.person_id, now(), but=who.session_id)
        audit.record(session, "secret.changed", now=now(), person_id=who.person_id, subject_id=who.learner_id)

    command(change)
    flash(t("account.secret_changed"), "good")
    return redirect(url_for("account.overview"), 303)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@permit(SIGNED_IN)
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sessions; another's is answered 404."""
    if session_id == actor().session_id:
        return browser.sign_out(url_for("signin.sign_in"))
    if not command(lambda session: sessions.end(session, actor().person_id, session_id, now())):
        abort(404)
    flash(t("account.session_ended"), "good")
    return redirect(url_for("account.overview") + "#sessions", 303)


@blueprint.post("/account/stay")
@permit(SIGNED_IN)
def stay() -> ResponseReturnValue:
    """Stay signed in: nothing but a request, which sets the clock of rest anew (``permissions``)."""
    return "", 204


@blueprint.post("/account/sign-out-everywhere")
@permit(SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End all one's sessions, this one too."""
    who = actor()
    command(lambda session: sessions.end_all(session, who.person_id, now()))
    audit.record(tx(), "session.all_ended", now=now(), person_id=who.person_id)
    response = browser.sign_out(url_for("signin.sign_in"))
    flash(t("account.signed_out_everywhere"), "good")
    return response


@blueprint.post("/account/language")
@permit(SIGNED_IN)
def language() -> ResponseReturnValue:
    """Keep one's language with the account and on this device."""
    form = LanguageForm()
    if not form.validate_on_submit():
        abort(400)
    me = _me()
    me.language = form.language.data
    tx().add(me)
    response = redirect(url_for("account.overview"), 303)
    browser.set_language(response, me.language)
    return response


@blueprint.route("/account/consents/<purpose>/give", methods=["GET", "POST"])
@permit(SIGNED_IN)
def give_consent(purpose: str) -> ResponseReturnValue:
    """Agree to one purpose, its text in sight."""
    return _consent(purpose, giving=True)


@blueprint.route("/account/consents/<purpose>/withdraw", methods=["GET", "POST"])
@permit(SIGNED_IN)
def withdraw_consent(purpose: str) -> ResponseReturnValue:
    """Withdraw one consent; of a required one the page says first that the account closes with it."""
    return _consent(purpose, giving=False)


def _consent(purpose: str, *, giving: bool) -> ResponseReturnValue:
    if purpose not in consents.PURPOSES or actor().learner_id is None:
        abort(404)
    form = ConfirmForm()
    asked_from = safe_next(request.args.get("next")) if giving else None  # a lesson or a practice asks in its midst
    if not form.validate_on_submit():
        page = render_template(
            "account/consent.html",
            form=form,
            asked_from=asked_from,
            giving=giving,
            purpose=consents.PURPOSES[purpose],
            text=consents.text(purpose, locale()),
        )
        return page, 422 if form.errors else 200
    who = actor()
    if giving:
        command(
            lambda session: consents.give(
                session,
                person_id=who.person_id,
                learner_id=who.learner_id,
                purpose=purpose,
                language=locale(),
                now=now(),
            )
        )
        flash(t("account.consent_given"), "good")
        return redirect(asked_from or url_for("account.overview") + "#consents", 303)
    closes = consents.PURPOSES[purpose].required
    command(lambda session: _withdraw(session, who.person_id, who.learner_id, purpose, closes=closes))
    if closes:
        return browser.sign_out(url_for("account.closed"))
    flash(t("account.consent_withdrawn"), "good")
    return redirect(url_for("account.overview") + "#consents", 303)


def _withdraw(session: Session, person_id: UUID, learner_id: UUID | None, purpose: str, *, closes: bool) -> None:
    consents.withdraw(session, person_id=person_id, purpose=purpose, now=now())
    for row in consents.current(session, person_id) if closes else ():  # nothing goes on for a closed account
        consents.withdraw(session, person_id=person_id, purpose=row.purpose, now=now())
    if learner_id is not None and (closes or purpose == received.CONSENT):
        personal_data.erase_learner(session, learner_id)
        connected_data.erase_learner(session, learner_id)
    if closes or purpose == voice_commands.CONSENT:
        voice_commands.erase(session, person_id)
    if closes or purpose == "assistant":
        adjusting.set_mode(session, person_id, "off", now().astimezone(CITY).date())
    if purpose == "fairness" and learner_id is not None:
        fairness.forget(session, learner_id)
    if learner_id is not None and (closes or purpose == groups.CONSENT):
        groups.leave_all(session, person_id=person_id, learner_id=learner_id, now=now())
    if learner_id is not None and purpose == neighbours.CONSENT:
        neighbour_endings.step_out(session, now(), learner_id=learner_id)
    audit.record(session, "consent.withdrawn", now=now(), person_id=person_id, subject_id=learner_id, purpose=purpose)
    if closes:
        help_requests.erase_person(session, person_id)
        rule_drafts.erase_person(session, person_id)
        if learner_id is not None:
            mastery_credit.forget(session, learner_id, by=person_id, now=now())
            joining.erase(session, learner_id)
            neighbour_endings.erase(session, learner_id)
        people.disable(session, person_id, now())
        display_preferences.forget(session, person_id)
        adjustments.erase(session, person_id)
        sessions.end_all(session, person_id, now())
        audit.record(session, "account.closed_by_holder", now=now(), person_id=person_id, subject_id=learner_id)


@blueprint.get("/account/closed")
@permit(PUBLIC)
def closed() -> ResponseReturnValue:
    """What happens after an account was closed, and how to come back."""
    return render_template("account/closed.html")

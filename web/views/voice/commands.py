"""A person's own spoken commands: what is kept and why, which are recorded, deleting all of it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from accessibility.intent.model import intents
from accessibility.voice.enrolment import MOST_TAKES, Enrolment, TooSimilar, too_similar
from web.accounts import audit, consents
from web.accounts.permissions import SIGNED_IN, actor, now, permit
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.voice import AgreeForm
from web.messages import locale, t
from web.operations import voice_commands
from web.operations.voice_commands import CONSENT, FIRST, MORE, NUMBERS
from web.views.voice.blueprint import blueprint, own_commands
from web.voice.phrases import in_words

SETS = {"first": FIRST, "more": MORE, "numbers": NUMBERS}


@dataclass(frozen=True, slots=True)
class Row:
    """A command in the list: its id, its words, how often it was recorded."""

    id: str
    words: str
    takes: int


def words_of(name: str) -> str:
    """The words of a command, as they are shown and spoken."""
    kind, _, digit = name.partition(".")
    return in_words(int(digit), locale()) if kind == "number" else intents()[name].offered(locale())


def agreed() -> bool:
    """Whether whoever is signed in agrees to keeping templates."""
    return any(row.purpose == CONSENT for row in consents.current(tx(), actor().person_id))


def next_after(name: str, enrolled: Enrolment) -> str | None:
    """The next command of the same set that has no recording; then of the sets after it."""
    order = voice_commands.COMMANDS
    start = order.index(name) + 1 if name else 0
    return next((one for one in (*order[start:], *order[:start]) if one not in enrolled.takes), None)


def alike_in_words(found: list[TooSimilar]) -> list[tuple[str, str, str]]:
    """Pairs that sound alike: the words of both, and the second's id."""
    return [(words_of(pair.first), words_of(pair.second), pair.second) for pair in found]


@blueprint.get("/voice/commands")
@permit(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """Which commands are recorded, what to record next, and what is kept."""
    return _page(AgreeForm(formdata=None))


def _page(form: AgreeForm, status: int = 200) -> ResponseReturnValue:
    enrolled = own_commands() or Enrolment()
    rows = {
        name: [Row(one, words_of(one), len(enrolled.takes.get(one, ()))) for one in names]
        for name, names in SETS.items()
    }
    first_open = next((one for one in FIRST if one not in enrolled.takes), None)
    page = render_template(
        "voice/commands.html",
        form=form,
        agreed=agreed(),
        text=consents.text(CONSENT, locale()),
        sets=rows,
        most=MOST_TAKES,
        done={name: sum(1 for row in of_set if row.takes) for name, of_set in rows.items()},
        next=first_open or next_after("", enrolled),
        any=bool(enrolled.takes),
        alike=alike_in_words(too_similar(enrolled)),
    )
    return page, status


@blueprint.post("/voice/commands/agree")
@permit(SIGNED_IN)
def agree() -> ResponseReturnValue:
    """Agree that templates are kept; then the first command."""
    form = AgreeForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    who = actor()
    command(
        lambda session: consents.give(
            session,
            person_id=who.person_id,
            learner_id=who.learner_id,
            purpose=CONSENT,
            language=locale(),
            now=now(),
        )
    )
    return redirect(url_for(".record", name=FIRST[0]), 303)


@blueprint.route("/voice/commands/delete", methods=["GET", "POST"])
@permit(SIGNED_IN)
def delete() -> ResponseReturnValue:
    """Delete every template, and take the consent back with them; after asking."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("voice/delete.html", form=form), 422 if form.errors else 200
    command(_delete)
    flash(t("voice.own.deleted"), "good")
    return redirect(url_for(".mine"), 303)


def _delete(session: Session) -> None:
    who = actor()
    voice_commands.erase(session, who.person_id)
    if any(row.purpose == CONSENT for row in consents.current(session, who.person_id)):
        consents.withdraw(session, person_id=who.person_id, purpose=CONSENT, now=now())
    audit.record(
        session, "consent.withdrawn", now=now(), person_id=who.person_id, subject_id=who.learner_id, purpose=CONSENT
    )

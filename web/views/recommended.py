"""What may suit: courses and activities with their reasons, "not for me", and taking that back."""

from dataclasses import dataclass
from random import SystemRandom

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import recommending
from adaptive.recommend.activity import Activity
from adaptive.recommending import Entry, Suggestions
from web import learning
from web.accounts.permissions import LEARNER, PUBLIC, now, permit, safe_next
from web.database import command, request_writes, tx
from web.languages import named
from web.messages import locale, t
from web.reasons import reason_sentence
from web.workflows.activities import OFFERED, activities

blueprint = Blueprint("recommended", __name__)

ON_SHELF = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it."""

    activity: Activity
    href: str
    what: str
    reasons: list[str]


def shown(entry: Entry) -> Shown:
    """An entry with its address and its reasons in words."""
    activity = entry.activity
    if activity.id.startswith(OFFERED):
        handle, _, course = activity.id.removeprefix(OFFERED).partition("/")
        href = url_for("institutions.course", handle=handle, course_id=course)
        what = t("recommended.offered_by", source=activity.source)
    else:
        course_ = learning.library().courses[activity.id]
        href = url_for("library.course", course=activity.id)
        what = named(course_.summary)
    return Shown(activity, href, what, [reason_sentence(reason.as_json()) for reason in entry.reasons])


def suggestions() -> Suggestions | None:
    """The list of the day of whoever reads; None where nothing is kept. It writes."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return None
    request_writes()
    found = activities(tx(), learning.library(), locale())
    return command(
        lambda session: recommending.suggest(session, learning.learning(), learner_id, found, SystemRandom())
    )


@blueprint.get("/recommended")
@permit(PUBLIC)
def index() -> str:
    """The list of the day; for whoever's learning is not kept, everything in an order that follows nobody."""
    found = suggestions()
    if found is None:
        every = activities(tx(), learning.library(), locale())
        plain = recommending.neutral(every, now())
        return render_template(
            "recommended/index.html",
            entries=[shown(entry) for entry in plain.entries],
            found=plain,
            may_ask=learning.may_ask_to_keep(),
        )
    learner_id = learning.stored_learner()
    assert learner_id is not None
    titles = {a.id: a.title for a in activities(tx(), learning.library(), locale())}
    rows = recommending.refused(tx(), learner_id, now())
    return render_template(
        "recommended/index.html",
        entries=[shown(entry) for entry in found.entries],
        found=found,
        refused=[(row.subject, titles[row.subject]) for row in rows if row.subject in titles],
        kept=True,
    )


@blueprint.post("/recommended/not-for-me")
@permit(LEARNER)
def not_for_me() -> ResponseReturnValue:
    """Remember that something is not for this person."""
    return _said(refuse=True)


@blueprint.post("/recommended/take-back")
@permit(LEARNER)
def take_back() -> ResponseReturnValue:
    """Let something be shown again."""
    return _said(refuse=False)


def _said(*, refuse: bool) -> ResponseReturnValue:
    learner_id = learning.stored_learner()
    titles = {a.id: a.title for a in activities(tx(), learning.library(), locale())}
    subject = request.form.get("activity", "")
    if learner_id is not None and subject in titles:
        if refuse:
            command(
                lambda session: recommending.not_for_me(session, learning.learning(), learner_id, subject),
            )
        else:
            command(lambda session: recommending.take_back(session, learning.learning(), learner_id, subject))
        flash(t("recommended.refused" if refuse else "recommended.taken_back", title=titles[subject]), "good")
    return redirect(safe_next(request.form.get("next")) or url_for(".index"), 303)

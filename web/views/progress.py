"""How one's learning goes: what one can do, what is due, the weeks, the model's view; taking it along, erasing it."""

import json
from uuid import UUID, uuid5

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive.content.model import FORM_KINDS
from adaptive.exchange.xapi import statement_of
from adaptive.mastery.model import Mastery
from adaptive.standing import Standings, ability, certainty, events, standings, weeks
from adaptive.store import personal_data, preferences
from web import learning
from web.accounts import audit
from web.accounts.permissions import LEARNER, actor, now, permit
from web.banking import bank
from web.banking import settings as site_settings
from web.charts import columns
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.plan import MINUTES, PER_WEEK, nearest
from web.forms.progress import SettingsForm
from web.languages import named
from web.messages import CITY, t
from web.workflows import learning_export

blueprint = Blueprint("progress", __name__)

DUE_SHOWN = 6
"""Skills due for review that are named at once; a long list would weigh."""


def unkept(title: str, door: str) -> str:
    """The page of somebody who has not agreed to keeping their learning."""
    return render_template("learning/unkept.html", title=title, door=door)


@blueprint.get("/progress")
@permit(LEARNER)
def index() -> str:
    """What one can do now, what is due, what is under way, and the last weeks."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept(t("progress.title"), "progress")
    library, where = learning.library(), standings(tx(), learning.learning(), learner_id)
    due = [d.skill_id for d in where.due]
    can = [library.skills[key] for key in library.skills if key in where.reached]
    begun = [
        (library.skills[key], m)
        for key, m in where.skills.items()
        if key not in where.reached and m.attempts and not m.mastered
    ]
    lived = weeks(tx(), learning.learning(), learner_id, CITY)
    return render_template(
        "progress/progress.html",
        can=can,
        due=[library.skills[key] for key in due],
        due_shown=DUE_SHOWN,
        begun=[(skill, ability(m.p), m) for skill, m in sorted(begun, key=lambda pair: -pair[1].p)],
        weeks=lived,
        chart=columns([week.answers for week in lived], [week.right for week in lived]),
        answers=where.overall.answers,
    )


@blueprint.get("/progress/record")
@permit(LEARNER)
def record() -> str:
    """The model's view of the learner, in words, with how sure it is."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept(t("progress.record.title"), "progress")
    where = standings(tx(), learning.learning(), learner_id)
    return render_template(
        "progress/record.html",
        overall=where.overall,
        overall_words=_overall(where),
        rows=_rows(where),
        placed=[learning.library().skills[key] for key in sorted(where.by_placement())],
    )


def _overall(where: Standings) -> str:
    """How it goes in general, in words; too few answers say nothing."""
    if where.overall.answers < 10:
        return "few"
    return ability(where.overall.slow)


def _rows(where: Standings) -> list[tuple[str, str, Mastery, str, str]]:
    """Skill, its area, the estimate, and in words how well it goes and how sure that is."""
    library = learning.library()
    found = []
    for key, estimate in where.skills.items():
        skill = library.skills[key]
        area = named(library.areas[skill.area])
        found.append((named(skill.name), area, estimate, ability(estimate.p), certainty(estimate)))
    return sorted(found, key=lambda row: (row[1], -row[2].p))


@blueprint.get("/progress/export.json")
@permit(LEARNER)
def export() -> Response:
    """Everything that is kept of one's learning, as it stands, in one JSON file."""
    learner_id = _kept()
    body = learning_export.as_file(tx(), learner_id, learning.library().digest, now(), bank().kek)
    return _download(body, "learning.json")


@blueprint.get("/progress/xapi.json")
@permit(LEARNER)
def xapi() -> Response:
    """One's answers and mastered skills as xAPI statements, under a pseudonym."""
    learner_id = _kept()
    origin = site_settings().public_origin
    pseudonym = str(uuid5(learner_id, "xapi"))
    told = events(tx(), learning.learning(), learner_id, pseudonym)
    return _download([statement_of(event, origin) for event in told], "learning-xapi.json")


def _kept() -> UUID:
    learner_id = learning.stored_learner()
    if learner_id is None:
        abort(404)
    return learner_id


def _download(body: object, name: str) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@blueprint.route("/progress/erase", methods=["GET", "POST"])
@permit(LEARNER)
def erase() -> ResponseReturnValue:
    """Erase everything that is kept of one's learning, after asking; credentials stay."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept(t("progress.erase.title"), "progress")
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("progress/erase.html", form=form), 422 if form.errors else 200
    command(lambda session: _erase(session, learner_id))
    flash(t("progress.erase.done"), "good")
    return redirect(url_for(".index"), 303)


def _erase(session: Session, learner_id: UUID) -> None:
    personal_data.erase_learner(session, learner_id)
    audit.record(session, "learning.erased", now=now(), person_id=actor().person_id, subject_id=learner_id)


@blueprint.route("/progress/settings", methods=["GET", "POST"])
@permit(LEARNER)
def settings() -> ResponseReturnValue:
    """How one wants to learn: chosen for or in order, how hard, how often, in which form."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept(t("progress.settings.title"), "settings")
    present = preferences.get(tx(), learner_id, now())
    form = SettingsForm(
        data={
            "personalised": "yes" if present.personalised else "no",
            "band": present.band,
            "form": present.form or "any",
            "per_week": nearest(present.sessions_per_week, PER_WEEK),
            "minutes": nearest(present.minutes_per_session, MINUTES),
        }
    )
    if not form.validate_on_submit():
        return render_template("progress/settings.html", form=form), 422 if form.errors else 200
    wanted = form.form.data if form.form.data in FORM_KINDS else None
    command(
        lambda session: preferences.change(
            session,
            learner_id,
            now(),
            personalised=form.personalised.data == "yes",
            band=form.band.data,
            form=wanted,
            sessions_per_week=form.per_week.data,
            minutes_per_session=form.minutes.data,
        )
    )
    flash(t("progress.settings.changed"), "good")
    return redirect(url_for(".settings"), 303)

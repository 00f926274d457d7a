"""The first visit: four plain questions, each with examples to look at, each of which can be left out."""

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from accessibility.preference.model import Preference
from web import presentation
from web.accounts.permissions import PUBLIC, permit
from web.forms.base import Form, Required
from web.forms.display import GROUPS
from web.messages import t
from web.security import limiter
from web.views.display.blueprint import blueprint
from web.views.display.settings import differing
from web.views.speech import sound

# Each answer is choices; the first that fits what holds now is the one that is shown as chosen.
QUESTIONS: dict[str, dict[str, dict[str, str]]] = {
    "see": {size: {"text_size": size} for size in ("18", "22", "30", "40")},
    "hear": {
        "quiet": {"read_aloud": "off"},
        "aloud": {"read_aloud": "on", "speech_rate": "150", "captions": "on"},
        "slow": {"read_aloud": "on", "speech_rate": "95", "captions": "on"},
        "captions": {"read_aloud": "off", "captions": "on"},
    },
    "press": {size: {"target_size": size} for size in ("44", "60", "72")},
    "pace": {
        "all": {"one_thing": "off", "easy_read": "off"},
        "plain": {"one_thing": "off", "easy_read": "first"},
        "one": {"one_thing": "on", "easy_read": "first", "layout": "single-column"},
    },
}


def _form(step: str) -> Form:
    class Question(Form):
        """One question."""

        answer = RadioField(
            t(f"display.first.{step}.question"),
            choices=[SelectChoice(v, t(f"display.first.{step}.{v}")) for v in QUESTIONS[step]],
            validators=[Required("form.choose")],
        )

    return Question(formdata=request.form or None, data={"answer": _now(step, presentation.preference())})


def _now(step: str, chosen: Preference) -> str | None:
    fits = [v for v, choices in QUESTIONS[step].items() if all(getattr(chosen, n) == c for n, c in choices.items())]
    return fits[-1] if fits else None


def _after(step: str) -> str:
    steps = list(QUESTIONS)
    at = steps.index(step) + 1
    return url_for(".question", step=steps[at]) if at < len(steps) else url_for(".begun")


@blueprint.get("/settings/display/first")
@permit(PUBLIC)
def first() -> ResponseReturnValue:
    """Begin with the first question."""
    return redirect(url_for(".question", step=next(iter(QUESTIONS))), 303)


@blueprint.route("/settings/display/first/<step>", methods=["GET", "POST"])
@permit(PUBLIC)
def question(step: str) -> ResponseReturnValue:
    """One question; its answer holds from the next page on."""
    if step not in QUESTIONS:
        abort(404)
    form = _form(step)
    if form.validate_on_submit():
        chosen = replace(presentation.preference(), **QUESTIONS[step][form["answer"].data])
        return presentation.keep(redirect(_after(step), 303), chosen, presentation.place())
    page = render_template(
        "display/question.html",
        form=form,
        step=step,
        number=list(QUESTIONS).index(step) + 1,
        total=len(QUESTIONS),
        after=_after(step),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/settings/display/sample.mp3")
@permit(PUBLIC)
@limiter.limit("60 per minute")
def sample() -> ResponseReturnValue:
    """A sentence to hear how fast is right, at the pace that the address asks for."""
    return sound(t("display.first.hear.sample"), "en" if request.args.get("lang") == "en" else "zh-CN")


@blueprint.get("/settings/display/begun")
@permit(PUBLIC)
def begun() -> str:
    """What came of the answers, each to be changed."""
    return render_template("display/begun.html", differs=differing(presentation.preference()), groups=GROUPS)


@blueprint.get("/settings/display/first/done")
@permit(PUBLIC)
def done() -> ResponseReturnValue:
    """Put the questions aside, answered or not; nobody offers them again on this device.

    A link, not a form: a form's protection would give a cookie to everybody who opens the front page.
    """
    return presentation.note_met(redirect("/", 303))

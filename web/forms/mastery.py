"""From mastery to credit: recognising a course, agreeing and asking, deciding."""

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from web.forms.base import Form, Required, label
from web.messages import t
from web.workflows.course_adoption import RANGES
from web.workflows.mastery_credit import REASON_LENGTH


def _deciders() -> list[tuple[str, str]]:
    return [(value, t(f"mastery.adopt.who.{value}")) for value in ("rule", "person")]


def _number(name: str) -> IntegerField:
    least, most = RANGES[name]
    return IntegerField(label(f"mastery.adopt.{name}"), validators=[InputRequired(), NumberRange(min=least, max=most)])


class AdoptForm(Form):
    """Which of the institution's courses a library course counts as, and by which rule."""

    course = SelectField(
        label("mastery.adopt.course"), choices=[], validators=[Required("mastery.adopt.course_choose")]
    )
    decides = RadioField(label("mastery.adopt.decides"), choices=_deciders, validators=[Required("form.choose")])
    right_answers = _number("right_answers")
    days = _number("days")
    percent = _number("percent")
    sure = BooleanField(label("mastery.adopt.sure"))


class AskForm(Form):
    """The learner agrees that the evidence shown goes to the institution; ``evidence`` names what was shown."""

    evidence = HiddenField()
    agree = BooleanField(label("mastery.ask.submit"), validators=[Required("mastery.ask.agree_needed")])


class DecideForm(Form):
    """A reviewer grants a request on the evidence shown; ``evidence`` names it."""

    evidence = HiddenField()


class DeclineForm(Form):
    """Why a request is declined; the learner reads it."""

    reason = TextAreaField(label("mastery.decline.reason"), validators=[Required(), Length(max=REASON_LENGTH)])

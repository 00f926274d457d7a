"""What was learned elsewhere: as which course an activity counts, and why an event does not."""

from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from web.forms.base import Form, Required, label
from web.messages import t
from web.workflows.received_outcomes import REASON_LENGTH


def _deciders() -> list[tuple[str, str]]:
    return [(value, t(f"received.rule.who.{value}")) for value in ("person", "rule")]


class RuleForm(Form):
    """Which of the institution's courses an activity counts as, from which score, and who decides."""

    course = SelectField(
        label("received.rule.course"), choices=[], validators=[Required("received.rule.course_choose")]
    )
    least_percent = IntegerField(
        label("received.rule.least_percent"), validators=[Optional(), NumberRange(min=0, max=100)]
    )
    decides = RadioField(label("received.rule.decides"), choices=_deciders, validators=[Required("form.choose")])


class DeclineForm(Form):
    """Why an event becomes no outcome; the learner reads it."""

    reason = TextAreaField(label("received.decline.reason"), validators=[Required(), Length(max=REASON_LENGTH)])

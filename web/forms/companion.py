"""The companion: a question; and, for the bank's administrator, the language model that phrases answers."""

from wtforms import BooleanField, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from adaptive.companion.phrasing import LONGEST_QUESTION
from web.forms.base import Form, Required, label


class InWordsForm(Form):
    """A question that was answered with passages, to be answered in a few sentences."""

    q = StringField(label("companion.question"), validators=[Required(), Length(max=LONGEST_QUESTION)])


class ModelForm(Form):
    """Which language model may be asked."""

    base_url = StringField(label("companion.model.base_url"), validators=[Required(), Length(max=300)])
    model = StringField(label("companion.model.name"), validators=[Required(), Length(max=100)])
    filing_number = StringField(label("companion.model.filing_number"), validators=[Required(), Length(max=100)])
    key = PasswordField(label("companion.model.key"), validators=[Length(max=300)])
    daily_limit = IntegerField(
        label("companion.model.daily_limit"), validators=[Required(), NumberRange(min=1, max=200)], default=20
    )
    may_leave = BooleanField(label("companion.model.may_leave"))
    enabled = BooleanField(label("companion.model.enabled"))


class StopForm(Form):
    """Why the model is stopped everywhere."""

    reason = TextAreaField(label("companion.stop.reason"), validators=[Required(), Length(max=1000)])


class CloseIncidentForm(Form):
    """What was found, and what was done about it."""

    finding = TextAreaField(label("companion.incident.finding"), validators=[Required(), Length(max=1000)])

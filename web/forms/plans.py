"""Trying outcomes on a programme without an account."""

from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class TryForm(Form):
    """Which programme, and a table of outcomes as a file or as text."""

    programme = SelectField(label("plans.try.programme"), validators=[Required("form.choose")])
    file = FileField(label("plans.try.file"))
    text = TextAreaField(label("plans.try.text"), validators=[Length(max=20_000)])

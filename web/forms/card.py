"""Signing in with the card: the number that stands on it."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class NumberForm(Form):
    """The account number, typed, or what the card's code says."""

    number = StringField(label("card.number.label"), validators=[Required(), Length(max=300)])
    shared = BooleanField(label("signin.shared.label"))
    next = HiddenField()

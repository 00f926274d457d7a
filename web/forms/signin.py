"""Signing in, a lost PIN, and opening an account."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from credit_bank.identity.document import DocumentType
from web.accounts import consents
from web.accounts.secrets import MAX_LENGTH
from web.forms.base import Form, Required, label
from web.messages import locale, t


class SignInForm(Form):
    """One page for everyone: an account number or a sign-in name, and the PIN or password."""

    name = StringField(label("signin.name.label"), validators=[Required(), Length(max=100)])
    secret = PasswordField(label("signin.secret.label"), validators=[Required()])
    shared = BooleanField(label("signin.shared.label"))
    keep_display = BooleanField(label("signin.keep_display.label"))
    next = HiddenField()


def new_secret_field(key: str) -> PasswordField:
    """A new PIN or password; its label is the sentence of that key."""
    return PasswordField(label(key), validators=[Required(), Length(max=4 * MAX_LENGTH)])


def again_field() -> PasswordField:
    """The new secret once more."""
    return PasswordField(label("signin.again.label"), validators=[Required("signin.again.missing")])


class TypedTwice:
    """For a form with the fields ``new_secret`` and ``again``."""

    new_secret: PasswordField

    def validate_again(self, field: Any) -> None:
        """The same twice."""
        if field.data != self.new_secret.data:
            raise ValidationError(t("signin.again.differs"))


class LostPinForm(TypedTwice, Form):
    """The account number, the code from the centre, and a new PIN."""

    number = StringField(label("signin.number.label"), validators=[Required(), Length(max=40)])
    code = StringField(label("signin.code.label"), validators=[Required(), Length(max=40)])
    new_secret = new_secret_field("signin.new_pin.label")
    again = again_field()


def _documents() -> list[SelectChoice]:
    return [SelectChoice(kind.value, t(f"signin.document.{kind.value}")) for kind in DocumentType]


def _purposes() -> list[SelectChoice]:
    return [SelectChoice(code, consents.text(code, locale())["title"]) for code in consents.AT_OPENING]


class OpenAccountForm(TypedTwice, Form):
    """Name and document, what is agreed to (each apart, nothing ticked beforehand), and a PIN."""

    name = StringField(label("signin.full_name.label"), validators=[Required(), Length(max=80)])
    document_type = RadioField(
        label("signin.document_type.label"), choices=_documents, default=DocumentType.RESIDENT_ID.value
    )
    document_number = StringField(label("signin.document_number.label"), validators=[Required(), Length(max=40)])
    agreed = SelectMultipleField(
        label("signin.agreed.label"),
        choices=_purposes,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    new_secret = new_secret_field("signin.new_pin.label")
    again = again_field()

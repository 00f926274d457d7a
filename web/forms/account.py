"""One's own account: a new PIN, the language."""

from wtforms import PasswordField, RadioField, SelectChoice
from wtforms.validators import Length

from web.accounts.secrets import MAX_LENGTH
from web.forms.base import Form, Required, label
from web.forms.signin import TypedTwice, again_field, new_secret_field
from web.messages import LOCALES


class ChangeSecretForm(TypedTwice, Form):
    """The present secret, and a new one."""

    present = PasswordField(label("account.present_secret.label"), validators=[Required(), Length(max=4 * MAX_LENGTH)])
    new_secret = new_secret_field("account.new_secret.label")
    again = again_field()


class ConfirmForm(Form):
    """Nothing to fill in: the page asks, the button answers."""


class LanguageForm(Form):
    """The language of pages."""

    language = RadioField(
        label("account.language.label"),
        choices=[SelectChoice(code, {"zh-CN": "中文", "en": "English"}[code]) for code in LOCALES],
    )

"""A lost password of a member of staff."""

from web.forms.base import Form
from web.forms.signin import TypedTwice, again_field, new_secret_field


class NewPasswordForm(TypedTwice, Form):
    """A new password, typed twice."""

    new_secret = new_secret_field("reset.new_password")
    again = again_field()

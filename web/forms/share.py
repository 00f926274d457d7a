"""Making a share link."""

from datetime import timedelta

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length

from web.forms.base import Form, label
from web.messages import t

LIFETIMES: dict[str, timedelta | None] = {
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
    "open": None,
}


class ShareForm(Form):
    """How long a link lasts, whether it shows the learner's name, and what the learner calls it."""

    lifetime = RadioField(
        label("share.form.lifetime"),
        choices=lambda: [(name, t(f"share.lifetime.{name}")) for name in LIFETIMES],
        default="month",
    )
    show_name = BooleanField(label("share.form.show_name"), default=True)
    label = StringField(label("share.form.label"), validators=[Length(max=60)])

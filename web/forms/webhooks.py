"""An address that is told of decisions."""

from wtforms import StringField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class WebhookForm(Form):
    """Where the institution's program listens."""

    address = StringField(label("webhooks.address"), validators=[Required("webhooks.address_missing"), Length(max=500)])

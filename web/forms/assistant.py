"""How the assistant of presentation may act."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from accessibility.adjusting import MODES
from web.forms.base import Form, label
from web.messages import t


class ModeForm(Form):
    """Off, ask or do."""

    mode = RadioField(
        label("assistant.mode.label"),
        choices=lambda: [SelectChoice(how, t(f"assistant.mode.{how}")) for how in MODES],
    )

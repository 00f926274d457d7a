"""The display settings: every preference as a choice of which each shows itself."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from accessibility.preference.model import VALUES, Preference
from web.forms.base import Form, label
from web.messages import t


def _choices(name: str) -> Any:
    return lambda: [SelectChoice(value, t(f"display.{name}.{value}")) for value in VALUES[name]]


class DisplayForm(Form):
    """One radio group for each preference."""

    text_size = RadioField(label("display.text_size.label"), choices=_choices("text_size"))
    theme = RadioField(label("display.theme.label"), choices=_choices("theme"))
    target_size = RadioField(label("display.target_size.label"), choices=_choices("target_size"))
    text_spacing = RadioField(label("display.text_spacing.label"), choices=_choices("text_spacing"))
    line_length = RadioField(label("display.line_length.label"), choices=_choices("line_length"))
    layout = RadioField(label("display.layout.label"), choices=_choices("layout"))
    motion = RadioField(label("display.motion.label"), choices=_choices("motion"))

    def chosen(self, profile: str) -> Preference:
        """The preference that the form asks for, on top of a profile."""
        return Preference(profile=profile, **{name: self[name].data for name in VALUES})

"""How somebody wants to learn."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from adaptive.content.model import FORM_KINDS
from web.forms.base import Form, label
from web.forms.plan import minutes_field, per_week_field
from web.messages import t


class SettingsForm(Form):
    """Every wish as a choice in sight."""

    personalised = RadioField(
        label("progress.settings.personalised.label"),
        choices=lambda: [SelectChoice(v, t(f"progress.settings.personalised.{v}")) for v in ("yes", "no")],
    )
    band = RadioField(
        label("progress.settings.band.label"),
        choices=lambda: [SelectChoice(v, t(f"progress.settings.band.{v}")) for v in ("easier", "standard", "harder")],
    )
    form = RadioField(
        label("progress.settings.form.label"),
        choices=lambda: [
            SelectChoice("any", t("progress.settings.form.any")),
            *(SelectChoice(kind, t(f"library.form.{kind}")) for kind in FORM_KINDS),
        ],
    )
    per_week = per_week_field()
    minutes = minutes_field()

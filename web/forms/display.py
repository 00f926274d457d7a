"""The display settings in four groups, every preference a choice of which each shows itself; and what carries them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import ColorInput

from accessibility.preference.colour import LEAST, contrast
from accessibility.preference.model import HOURS, PROFILES, VALUES, Preference, is_choice
from web.accounts.permissions import actor_or_none
from web.forms.base import Form, Required, label
from web.messages import t

PAIRS = ("3b2a14-f4e4c8", "1a1a1a-ffe680", "ffe04d-000000", "ffffff-00307a")
"""Pairs to start from, ink and ground; people who see little often know which of them helps."""
_FALLING = frozenset({"speech_rate"})


def in_order(name: str) -> tuple[str, ...]:
    """The values of a preference in the order in which they are shown: from small to large, from quick to slow."""
    values = VALUES[name]
    if all(value.isdigit() for value in values):
        return tuple(sorted(values, key=int, reverse=name in _FALLING))
    return values


def _choices(name: str) -> Any:
    return lambda: [SelectChoice(value, t(f"display.{name}.{value}")) for value in in_order(name)]


def _one_of(name: str) -> RadioField:
    return RadioField(label(f"display.{name}.label"), choices=_choices(name))


def _places() -> list[SelectChoice]:
    return [SelectChoice(where, t(f"display.where.{where}")) for where in ("account", "here")]


class PlacedForm(Form):
    """Whoever is signed in says where the choice is kept."""

    where = RadioField(label("display.where.label"), choices=_places)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor_or_none() is None:
            del self.where


class GroupForm(PlacedForm):
    """Some preferences, each a group of radio buttons."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, chosen: Preference, where: str) -> "GroupForm":
        """The form as it stands before anything is changed."""
        return cls(formdata=None, data={**{n: getattr(chosen, n) for n in cls.names}, "where": where})

    def chosen(self, before: Preference) -> Preference:
        """What the form asks for; everything else stays as it was."""
        return replace(before, **{name: self[name].data for name in self.names})


class SeeingForm(GroupForm):
    """Seeing. The person's own colours are a pair to start from, or ink and ground picked alone."""

    names = ("text_size", "typeface", "theme", "text_spacing", "line_length", "layout", "symbols")
    text_size = _one_of("text_size")
    typeface = _one_of("typeface")
    theme = _one_of("theme")
    pair = RadioField(
        label("display.pair.label"),
        choices=lambda: [SelectChoice(p, t(f"display.pair.{p}")) for p in (*PAIRS, "own")],
    )
    ink = StringField(label("display.ink.label"), widget=ColorInput())
    ground = StringField(label("display.ground.label"), widget=ColorInput())
    text_spacing = _one_of("text_spacing")
    line_length = _one_of("line_length")
    layout = _one_of("layout")
    symbols = _one_of("symbols")

    @classmethod
    def of(cls, chosen: Preference, where: str) -> "SeeingForm":
        """The form as it stands, the pair that holds among its colours."""
        pair = chosen.colours if chosen.colours != "none" else PAIRS[0]
        ink, _, ground = pair.partition("-")
        colours = {"pair": pair if pair in PAIRS else "own", "ink": f"#{ink}", "ground": f"#{ground}"}
        return cls(formdata=None, data={**{n: getattr(chosen, n) for n in cls.names}, **colours, "where": where})

    def colours(self) -> str:
        """The pair that the form asks for, as it is written down."""
        if self.pair.data in PAIRS:
            return str(self.pair.data)
        return "-".join(str(f.data or "").lower().removeprefix("#") for f in (self.ink, self.ground))

    def validate_pair(self, _field: Any) -> None:
        """The colours can be told apart well enough, where they are to hold."""
        if self.theme.data == "custom" and not is_choice("colours", self.colours()):
            raise ValidationError(_why_not(self.colours()))

    def chosen(self, before: Preference) -> Preference:
        """What the form asks for; a pair is kept only where it holds."""
        wanted = super().chosen(before)
        return replace(wanted, colours=self.colours()) if self.theme.data == "custom" else wanted


def _why_not(pair: str) -> str:
    try:
        ratio = contrast(*(f"#{int(part, 16):06x}"[:7] for part in pair.split("-")))
    except (ValueError, TypeError):
        return t("display.pair.malformed")
    return t("display.pair.low", ratio=f"{ratio:.1f}", least=LEAST)


class ListeningForm(GroupForm):
    """Hearing and speaking."""

    names = ("read_aloud", "speech_rate", "speech_pitch", "captions", "sign_language", "voice_input")
    read_aloud = _one_of("read_aloud")
    speech_rate = _one_of("speech_rate")
    speech_pitch = _one_of("speech_pitch")
    captions = _one_of("captions")
    sign_language = _one_of("sign_language")
    voice_input = _one_of("voice_input")


class OperatingForm(GroupForm):
    """Operating, by finger, mouse or switch."""

    names = ("target_size", "pointer", "crosshair", "hand", "help_button", "scanning", "scan_pace")
    target_size = _one_of("target_size")
    pointer = _one_of("pointer")
    crosshair = _one_of("crosshair")
    hand = _one_of("hand")
    help_button = _one_of("help_button")
    scanning = _one_of("scanning")
    scan_pace = _one_of("scan_pace")


def _hours() -> list[SelectChoice]:
    return [SelectChoice(f"{hour:02}", t("display.hour", hour=hour)) for hour in range(24)]


class CalmForm(GroupForm):
    """Calm: how much at once, and when nothing may speak up."""

    names = ("easy_read", "one_thing", "motion", "time_limits")
    easy_read = _one_of("easy_read")
    one_thing = _one_of("one_thing")
    motion = _one_of("motion")
    time_limits = _one_of("time_limits")
    quiet = RadioField(
        label("display.quiet_hours.label"),
        choices=lambda: [SelectChoice(v, t(f"display.quiet_hours.{v}")) for v in ("off", "on")],
    )
    quiet_from = SelectField(label("display.quiet_from.label"), choices=_hours)
    quiet_to = SelectField(label("display.quiet_to.label"), choices=_hours)

    @classmethod
    def of(cls, chosen: Preference, where: str) -> "CalmForm":
        """The form as it stands, the hours in their two fields."""
        hours = HOURS.fullmatch(chosen.quiet_hours)
        begin, end = (hours[1], hours[2]) if hours else ("21", "08")
        quiet = {"quiet": "on" if hours else "off", "quiet_from": begin, "quiet_to": end}
        return cls(formdata=None, data={**{n: getattr(chosen, n) for n in cls.names}, **quiet, "where": where})

    def validate_quiet_to(self, field: Any) -> None:
        """The hours end at another time than they begin."""
        if self.quiet.data == "on" and field.data == self.quiet_from.data:
            raise ValidationError(t("display.quiet_hours.same"))

    def chosen(self, before: Preference) -> Preference:
        """What the form asks for, with the hours."""
        hours = f"{self.quiet_from.data}-{self.quiet_to.data}" if self.quiet.data == "on" else "off"
        return replace(super().chosen(before), quiet_hours=hours)


GROUPS: Mapping[str, type[GroupForm]] = MappingProxyType(
    {"seeing": SeeingForm, "listening": ListeningForm, "operating": OperatingForm, "calm": CalmForm}
)


class ProfileForm(PlacedForm):
    """A profile to start from."""

    profile = RadioField(
        label("display.profile.label"),
        choices=lambda: [SelectChoice(name, t(f"display.profile.{name}.name")) for name in PROFILES],
    )


class CodeForm(Form):
    """The code on a printed card."""

    code = StringField(label("display.code.label"), validators=[Required(), Length(max=200)])


class FileForm(PlacedForm):
    """A file of preferences from another system."""

    file = FileField(label("display.file.label"), validators=[Required("display.file.missing")])


class AgreeForm(Form):
    """Whether the account keeps the preferences."""

    agreed = BooleanField(label("display.account.agree"), validators=[Required("display.account.tick")])

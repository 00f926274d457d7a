"""What a word changes of how things look and sound: the settings' own forms filled in, and what undoes it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from accessibility.preference.model import Preference
from web import presentation
from web.forms.display import GROUPS, in_order
from web.messages import t
from web.views.display.settings import in_words, where_kept


@dataclass(frozen=True, slots=True)
class Send:
    """A form of the display settings as it is sent: its address and its fields."""

    action: str
    fields: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        return {"action": self.action, "fields": self.fields}


@dataclass(frozen=True, slots=True)
class Change:
    """A change: the form that makes it, those that undo it, and the words for both."""

    send: Send
    undo: tuple[Send, ...]
    said: str


# The preference that a word changes, its group, and how far along its values.
_STEPS = {
    "bigger": ("seeing", "text_size", 1),
    "smaller": ("seeing", "text_size", -1),
    "slower": ("listening", "speech_rate", 1),
    "faster": ("listening", "speech_rate", -1),
}


def change_of(what: str) -> Change | None:
    """The change that a word asks for; None where there is no further step, or it holds already."""
    before = presentation.preference()
    if what in ("elder", "standard"):
        return _profile(what, before)
    group, name, value = _wanted(what, before)
    if value is None:
        return None
    after = replace(before, **{name: value})
    said = t("voice.changed", what=t(f"display.{name}.label"), value=in_words(name, value))
    return Change(_group(group, after), (_group(group, before),), said)


def _wanted(what: str, before: Preference) -> tuple[str, str, str | None]:
    if what == "contrast":
        dark = before.theme in ("dark", "high-dark")
        value = "high-dark" if dark else "high-light"
        return "seeing", "theme", None if before.theme in ("high-dark", "high-light") else value
    group, name, step = _STEPS[what]
    values = in_order(name)
    at = values.index(getattr(before, name)) + step
    return group, name, values[at] if 0 <= at < len(values) else None


def _profile(what: str, before: Preference) -> Change | None:
    if before.profile == what:
        return None
    undo = (_start(before.profile), *(_group(group, before) for group in GROUPS))
    return Change(_start(what), undo, t("voice.changed", what=t("display.profile.label"), value=_name(what)))


def _name(profile: str) -> str:
    return t(f"display.profile.{profile}.name")


def _start(profile: str) -> Send:
    return Send(url_for("display.save"), _placed((("profile", profile),)))


def _group(group: str, wanted: Preference) -> Send:
    form = GROUPS[group].of(wanted, where_kept())
    fields = ((field.name, str(field.data)) for field in form if field.name != "csrf_token" and field.data is not None)
    return Send(url_for("display.group", group=group), tuple(fields))


def _placed(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return (*fields, ("where", where_kept()))

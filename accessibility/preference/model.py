"""The preferences a person can have, one value for each, and how they are resolved in layers and written down.

Sizes follow WCAG 2.2 (1.4.8, 1.4.12, 2.5.5) and 工信部《移动互联网应用适老化通用设计规范》, a dp read as a CSS pixel.
What each is called in 1EdTech's AccessForAll PNP 3.0 stands in ``pnp``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from accessibility.preference.colour import LEAST, contrast

# Every value that a preference may take; the first is what holds when nobody chose. A value is never taken away or
# given another meaning: cookies, accounts and printed cards hold them.
VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text_size": ("18", "22", "26", "30", "40", "48"),  # CSS pixels of body text where the browser's own is 16
        "typeface": ("standard", "sans", "serif", "kai", "easy"),
        "theme": ("auto", "light", "dark", "high-light", "high-dark", "custom"),
        "text_spacing": ("standard", "wide"),  # wide: the figures of WCAG 2.2, 1.4.12, and more between lines
        "line_length": ("standard", "32", "24"),  # characters of body text
        "motion": ("auto", "reduced"),
        "layout": ("standard", "single-column"),
        "one_thing": ("off", "on"),  # what belongs together stands alone on the screen
        "symbols": ("off", "on"),  # a drawing beside the words
        "easy_read": ("off", "first"),
        "captions": ("off", "on"),
        "sign_language": ("off", "on"),
        "read_aloud": ("off", "on"),  # begins by itself, except in quiet hours
        "speech_rate": ("150", "200", "120", "95"),  # characters a minute
        "speech_pitch": ("standard", "low", "high"),
        "voice_input": ("off", "first"),
        "target_size": ("44", "52", "60", "72"),  # CSS pixels
        "pointer": ("standard", "large", "huge"),
        "crosshair": ("off", "on"),
        "hand": ("either", "left", "right"),
        "help_button": ("standard", "large"),
        "scanning": ("off", "one-switch", "two-switches"),
        "scan_pace": ("2", "1", "3", "5"),  # seconds on each thing
        "time_limits": ("standard", "none"),
    }
)
# Preferences whose values are written by a rule; the first value that holds is given with it.
COLOURS = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")  # ink and ground
HOURS = re.compile(r"([01]\d|2[0-3])-([01]\d|2[0-3])")  # from and to, in whole hours of the day
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {**{name: values[0] for name, values in VALUES.items()}, "colours": "none", "quiet_hours": "off"}
)

# A profile is a starting point; each preference can still be changed alone.
PROFILES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        name: MappingProxyType(choices)
        for name, choices in {
            "standard": {},
            "elder": {
                "text_size": "22",
                "target_size": "60",
                "motion": "reduced",
                "layout": "single-column",
                "easy_read": "first",
            },
            "large": {"text_size": "30", "target_size": "60", "pointer": "large", "line_length": "24"},
            "listen": {"read_aloud": "on", "captions": "on", "text_size": "22", "target_size": "60"},
            "voice": {"voice_input": "first", "text_size": "22", "target_size": "72", "help_button": "large"},
            "simple": {
                "easy_read": "first",
                "one_thing": "on",
                "layout": "single-column",
                "motion": "reduced",
                "symbols": "on",
            },
        }.items()
    }
)

Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preference:
    """One value for every preference, and the profile they started from."""

    profile: str = "standard"
    text_size: str = "18"
    theme: str = "auto"
    text_spacing: str = "standard"
    line_length: str = "standard"
    target_size: str = "44"
    motion: str = "auto"
    layout: str = "standard"
    typeface: str = "standard"
    colours: str = "none"
    one_thing: str = "off"
    symbols: str = "off"
    easy_read: str = "off"
    captions: str = "off"
    sign_language: str = "off"
    read_aloud: str = "off"
    speech_rate: str = "150"
    speech_pitch: str = "standard"
    voice_input: str = "off"
    pointer: str = "standard"
    crosshair: str = "off"
    hand: str = "either"
    help_button: str = "standard"
    scanning: str = "off"
    scan_pace: str = "2"
    time_limits: str = "standard"
    quiet_hours: str = "off"


NAMES = tuple(f.name for f in fields(Preference))


def read(written: str) -> dict[str, str]:
    """The choices in a written form (``profile=elder&text_size=26``); what is unknown or malformed is left out."""
    found = dict(parse_qsl(written[:1024], max_num_fields=None))
    return {name: value for name, value in found.items() if is_choice(name, value)}


def write(choices: Choices) -> str:
    """The choices in their written form, in the order of the model, so that equal choices are written alike."""
    return urlencode([(name, choices[name]) for name in NAMES if name in choices])


def is_choice(name: str, value: str) -> bool:
    """Whether that preference, or ``profile``, can take that value. Colours are no choice below 4.5:1."""
    if name == "profile":
        return value in PROFILES
    if name == "colours":
        pair = COLOURS.fullmatch(value)
        return value == "none" or (pair is not None and contrast(f"#{pair[1]}", f"#{pair[2]}") >= LEAST)
    if name == "quiet_hours":
        hours = HOURS.fullmatch(value)
        return value == "off" or (hours is not None and hours[1] != hours[2])
    return value in VALUES.get(name, ())


def resolve(*layers: Choices) -> Preference:
    """What holds, from layers of choices, the nearest to the person's moment last: person, device, moment.

    The defaults come first, then the profile that the last layer to name one names, then each layer's own choices.
    Raises ValueError for a choice that does not exist.
    """
    for layer in layers:
        for name, value in layer.items():
            if not is_choice(name, value):
                raise ValueError(f"no preference {name}={value}")
    profile = next((layer["profile"] for layer in reversed(layers) if "profile" in layer), "standard")
    preference = replace(Preference(profile=profile), **PROFILES[profile])
    for layer in layers:
        preference = replace(preference, **{name: value for name, value in layer.items() if name != "profile"})
    return preference


def choices_of(preference: Preference) -> dict[str, str]:
    """The fewest choices that resolve to that preference again."""
    return difference((), preference)


def difference(layers: tuple[Choices, ...], wanted: Preference) -> dict[str, str]:
    """The fewest choices that, as a nearer layer above those, resolve to what is wanted."""
    choices = {} if resolve(*layers).profile == wanted.profile else {"profile": wanted.profile}
    base = resolve(*layers, choices)
    names = (n for n in NAMES if n != "profile")
    return choices | {n: getattr(wanted, n) for n in names if getattr(wanted, n) != getattr(base, n)}


# What no profile sets is how this person sees, hears or operates, whichever starting point they try.
OWN = tuple(n for n in NAMES if n != "profile" and not any(n in choices for choices in PROFILES.values()))
SIZES = ("text_size", "target_size")


def started_from(profile: str, before: Preference) -> Preference:
    """That profile as a starting point for somebody who sees ``before``.

    What no profile sets stays, and with any profile but the standard one nothing becomes smaller. Raises ValueError for
    a profile that does not exist.
    """
    begun = resolve({"profile": profile})
    stays = {name: getattr(before, name) for name in OWN}
    if profile != "standard":
        stays |= {name: max(getattr(begun, name), getattr(before, name), key=int) for name in SIZES}
    return replace(begun, **stays)


def is_quiet(preference: Preference, hour: int) -> bool:
    """Whether that hour of the day (0 to 23) lies in the quiet hours; they may go past midnight."""
    hours = HOURS.fullmatch(preference.quiet_hours)
    if hours is None:
        return False
    begin, end = int(hours[1]), int(hours[2])
    return begin <= hour < end if begin < end else hour >= begin or hour < end

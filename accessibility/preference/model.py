"""The preferences a person can have, one value for each, and how they are written down.

Where 1EdTech's AccessForAll Personal Needs and Preferences (AfA PNP 3.0) has a term for a preference, ``features``
gives it; the rest extends it. Sizes follow WCAG 2.2 (1.4.8, 1.4.12, 2.5.5) and 工信部
《移动互联网应用适老化通用设计规范》, one dp read as one CSS pixel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

# Every value that a preference may take; the first is what holds when nobody chose.
VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text_size": ("18", "22", "26", "30"),  # CSS pixels of body text at the browser's own default of 16
        "theme": ("auto", "light", "dark", "high-light", "high-dark"),
        "text_spacing": ("standard", "wide"),  # wide: the figures of WCAG 2.2, 1.4.12, and more between lines
        "line_length": ("standard", "32", "24"),  # characters of body text
        "target_size": ("44", "60"),  # CSS pixels
        "motion": ("auto", "reduced"),
        "layout": ("standard", "single-column"),
    }
)

# A profile is a starting point; each preference can still be changed alone.
PROFILES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "standard": MappingProxyType({}),
        "elder": MappingProxyType(
            {"text_size": "22", "target_size": "60", "motion": "reduced", "layout": "single-column"}
        ),
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


def read(written: str) -> dict[str, str]:
    """The choices in a written form (``profile=elder&text_size=26``); what is unknown or malformed is left out."""
    found = dict(parse_qsl(written[:512], max_num_fields=None))
    return {name: value for name, value in found.items() if is_choice(name, value)}


def write(choices: Choices) -> str:
    """The choices in their written form, in the order of the model, so that equal choices are written alike."""
    order = [f.name for f in fields(Preference)]
    return urlencode([(name, choices[name]) for name in order if name in choices])


def is_choice(name: str, value: str) -> bool:
    """Whether that preference, or ``profile``, can take that value."""
    return value in PROFILES if name == "profile" else value in VALUES.get(name, ())


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
    base = resolve({"profile": preference.profile})
    names = [f.name for f in fields(Preference) if f.name != "profile"]
    choices = {} if preference.profile == "standard" else {"profile": preference.profile}
    choices.update({n: getattr(preference, n) for n in names if getattr(preference, n) != getattr(base, n)})
    return choices


def features(preference: Preference) -> frozenset[str]:
    """The AccessForAll terms that the preference asks to be active, to carry it to another system."""
    asked = {
        "text-appearance": preference.text_size != "18" or preference.text_spacing == "wide",
        "magnification": preference.text_size == "30",
        "high-contrast": preference.theme.startswith("high"),
        "invert-display-polarity": preference.theme.endswith("dark"),
        "layout-single-column": preference.layout == "single-column",
    }
    return frozenset(term for term, active in asked.items() if active)

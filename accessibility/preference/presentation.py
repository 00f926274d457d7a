"""From a preference to what a page needs: a stylesheet of variables, and switches in the markup."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from accessibility.preference.model import VALUES, Preference

# The preferences that become variables, in the order in which their values stand in a stylesheet's name.
IN_STYLESHEET = ("text_size", "text_spacing", "line_length", "target_size")


@dataclass(frozen=True, slots=True)
class Palette:
    """A palette of colours and the media query under which it holds (None: always)."""

    name: str
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a page needs: CSS variables by name, ``data-`` switches for its root, palettes in order, colour schemes."""

    variables: Mapping[str, str]
    switches: Mapping[str, str]
    palettes: tuple[Palette, ...]
    color_scheme: str


# Nobody chose: the device decides (WCAG's user preferences, CSS Media Queries 5).
DEVICE_PALETTES = (
    Palette("light"),
    Palette("dark", "(prefers-color-scheme: dark)"),
    Palette("high-light", "(prefers-contrast: more)"),
    Palette("high-dark", "(prefers-contrast: more) and (prefers-color-scheme: dark)"),
)


def _rem(pixels: str) -> str:
    return f"{int(pixels) / 16:g}rem"


def variables(preference: Preference) -> dict[str, str]:
    """The CSS variables that differ from the house's own, which stand in ``web/static/css/tokens.css``."""
    found: dict[str, str] = {}
    if preference.text_size != "18":
        found["--text"] = _rem(preference.text_size)
    if preference.text_spacing == "wide":
        found |= {
            "--leading": "2.1",
            "--letter": "0.12em",
            "--word": "0.16em",
            "--paragraph": "2em",
            "--unit": "0.625rem",
        }
    if preference.line_length != "standard":
        found["--measure"] = f"{preference.line_length}em"
    if preference.target_size != "44":
        found["--target"] = _rem(preference.target_size)
    return found


def presentation(preference: Preference) -> Presentation:
    """What a page needs to look as the preference says."""
    switches = {"profile": preference.profile, "theme": preference.theme}
    if preference.motion == "reduced":
        switches["motion"] = "reduced"
    if preference.layout == "single-column":
        switches["layout"] = "single-column"
    chosen = preference.theme != "auto"
    return Presentation(
        variables=variables(preference),
        switches=switches,
        palettes=(Palette(preference.theme),) if chosen else DEVICE_PALETTES,
        color_scheme=preference.theme.removeprefix("high-") if chosen else "light dark",
    )


def stylesheet(preference: Preference) -> str:
    """The variables as a stylesheet; ``:root:root`` outranks the house's own values for a language."""
    lines = "".join(f"  {name}: {value};\n" for name, value in variables(preference).items())
    return f":root:root {{\n{lines}}}\n"


def stylesheet_name(preference: Preference) -> str | None:
    """The name of its stylesheet, made of its values and a hash of its text; None when no variable differs.

    Two preferences with the same variables share a name, and a name never changes its text: it may be cached for ever.
    """
    if not variables(preference):
        return None
    values = "_".join(getattr(preference, name) for name in IN_STYLESHEET)
    digest = hashlib.sha256(stylesheet(preference).encode()).hexdigest()[:12]
    return f"{values}.{digest}"


def stylesheet_named(name: str) -> str | None:
    """The stylesheet of that name; None when there is none, because a value or the hash is not ours."""
    values = name.partition(".")[0].split("_")
    if len(values) != len(IN_STYLESHEET):
        return None
    choices = dict(zip(IN_STYLESHEET, values, strict=True))
    if any(value not in VALUES[field] for field, value in choices.items()):
        return None
    preference = Preference(**choices)
    return stylesheet(preference) if stylesheet_name(preference) == name else None

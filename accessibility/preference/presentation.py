"""From a preference to what a page needs: a stylesheet of variables, and switches in the markup."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from accessibility.preference.colour import is_dark, palette
from accessibility.preference.model import COLOURS, DEFAULTS, Preference, is_choice

# The preferences that become variables, in the order in which their values stand in a stylesheet's name.
IN_STYLESHEET = ("text_size", "text_spacing", "line_length", "target_size", "typeface", "theme", "colours")

# Switches: which preferences stand in the root's ``data-`` attributes, when they are not as when nobody chose.
SWITCHES = (
    *("motion", "layout", "one_thing", "symbols", "easy_read", "captions", "sign_language"),
    *("read_aloud", "speech_rate", "speech_pitch", "voice_input", "pointer", "crosshair", "hand", "help_button"),
    *("scanning", "scan_pace", "time_limits", "quiet_hours"),
)


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


def pair_of(preference: Preference) -> tuple[str, str] | None:
    """Ink and ground as ``#rrggbb`` where the person's own colours hold, else None."""
    pair = COLOURS.fullmatch(preference.colours)
    return (f"#{pair[1]}", f"#{pair[2]}") if pair and preference.theme == "custom" else None


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
    if preference.typeface != "standard":
        found |= dict.fromkeys(("--face-body", "--face-title"), f"var(--face-{preference.typeface})")
    if (pair := pair_of(preference)) is not None:
        found |= {f"--{name}": colour for name, colour in palette(*pair).items()} | {"--shade": "0 0 0"}
    return found


def presentation(preference: Preference) -> Presentation:
    """What a page needs to look as the preference says."""
    pair = pair_of(preference)
    theme = "auto" if preference.theme == "custom" and pair is None else preference.theme
    switches = {"profile": preference.profile, "theme": theme}
    for name in SWITCHES:
        if (value := getattr(preference, name)) != DEFAULTS[name]:
            switches[name.replace("_", "-")] = value
    palettes: tuple[Palette, ...]
    if theme == "auto":
        palettes, scheme = DEVICE_PALETTES, "light dark"
    elif pair is not None:
        palettes, scheme = (), "dark" if is_dark(pair[1]) else "light"
    else:
        palettes, scheme = (Palette(theme),), theme.removeprefix("high-")
    return Presentation(variables(preference), switches, palettes, scheme)


def stylesheet(preference: Preference) -> str:
    """The variables as a stylesheet; ``:root:root`` outranks the house's own values for a language."""
    lines = "".join(f"  {name}: {value};\n" for name, value in variables(preference).items())
    if (pair := pair_of(preference)) is not None:
        lines += f"  color-scheme: {'dark' if is_dark(pair[1]) else 'light'};\n"
    return f":root:root {{\n{lines}}}\n"


def stylesheet_name(preference: Preference) -> str | None:
    """The name of its stylesheet, made of its values and a hash of its text; None when no variable differs.

    Two preferences with the same variables share a name, and a name never changes its text: it may be cached for ever.
    """
    if not variables(preference):
        return None
    own = pair_of(preference) is not None
    values = [getattr(preference, name) for name in IN_STYLESHEET[:-2]]
    values += ["custom", preference.colours] if own else [DEFAULTS["theme"], DEFAULTS["colours"]]
    digest = hashlib.sha256(stylesheet(preference).encode()).hexdigest()[:12]
    return f"{'_'.join(values)}.{digest}"


def stylesheet_named(name: str) -> str | None:
    """The stylesheet of that name; None when there is none, because a value or the hash is not ours."""
    values = name.partition(".")[0].split("_")
    if len(values) != len(IN_STYLESHEET):
        return None
    choices = dict(zip(IN_STYLESHEET, values, strict=True))
    if not all(is_choice(field, value) for field, value in choices.items()):
        return None
    preference = Preference(**choices)
    return stylesheet(preference) if stylesheet_name(preference) == name else None

"""Preferences as a few characters for a printed card: short enough to type, and telling nothing about the person.

``P1-T3-C4`` is profile 1, type size 3, colours 4: a letter for the preference and a digit for its value. What a card
says holds for as long as the paper does, so both lists only ever grow at their ends.
"""

from collections.abc import Mapping
from types import MappingProxyType

from accessibility.preference.model import Choices, is_choice

_DIGITS = "0123456789"
PRINTED: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "P": ("profile", ("standard", "elder", "large", "listen", "voice", "simple")),
        "T": ("text_size", ("18", "22", "26", "30", "40", "48")),
        "F": ("typeface", ("standard", "sans", "serif", "kai", "easy")),
        "C": ("theme", ("auto", "light", "dark", "high-light", "high-dark", "custom")),
        "S": ("text_spacing", ("standard", "wide")),
        "L": ("line_length", ("standard", "32", "24")),
        "M": ("motion", ("auto", "reduced")),
        "Y": ("layout", ("standard", "single-column")),
        "O": ("one_thing", ("off", "on")),
        "I": ("symbols", ("off", "on")),
        "E": ("easy_read", ("off", "first")),
        "W": ("captions", ("off", "on")),
        "G": ("sign_language", ("off", "on")),
        "A": ("read_aloud", ("off", "on")),
        "R": ("speech_rate", ("200", "150", "120", "95")),
        "V": ("speech_pitch", ("standard", "low", "high")),
        "U": ("voice_input", ("off", "first")),
        "B": ("target_size", ("44", "52", "60", "72")),
        "X": ("pointer", ("standard", "large", "huge")),
        "Z": ("crosshair", ("off", "on")),
        "H": ("hand", ("either", "left", "right")),
        "J": ("help_button", ("standard", "large")),
        "N": ("scanning", ("off", "one-switch", "two-switches")),
        "D": ("scan_pace", ("1", "2", "3", "5")),
        "K": ("time_limits", ("standard", "none")),
    }
)
# Written out: ``Q`` and two hours (``Q2207``), ``CC`` and two colours (``CCffff00000000``).
_HOURS, _COLOURS = "Q", "CC"


def code(choices: Choices) -> str:
    """The code of some choices, empty for none."""
    parts = [
        letter + _DIGITS[values.index(choices[name])] for letter, (name, values) in PRINTED.items() if name in choices
    ]
    if "quiet_hours" in choices:
        parts.append(_HOURS + choices["quiet_hours"].replace("-", "").upper())
    if "colours" in choices:
        parts.append(_COLOURS + choices["colours"].replace("-", "").upper())
    return "-".join(parts)


def choices(typed: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The choices of a code as it was typed, and the parts of it that mean nothing here.

    Case, spaces and the kind of dash do not matter.
    """
    found: dict[str, str] = {}
    strange = []
    for dash in "—–－_ 　":
        typed = typed.replace(dash, "-")
    for part in typed[:400].upper().split("-"):
        read = _part(part)
        if read is not None and is_choice(*read):
            found[read[0]] = read[1]
        elif part:
            strange.append(part)
    return found, tuple(strange)


def _part(part: str) -> tuple[str, str] | None:
    if part.startswith(_COLOURS):
        rest = part.removeprefix(_COLOURS).lower()
        return ("colours", rest if rest == "none" else f"{rest[:6]}-{rest[6:]}")
    if part.startswith(_HOURS):
        rest = part.removeprefix(_HOURS).lower()
        return ("quiet_hours", rest if rest == "off" else f"{rest[:2]}-{rest[2:]}")
    name, values = PRINTED.get(part[:1], ("", ()))
    at = _DIGITS.find(part[1:]) if len(part) == 2 else -1
    return (name, values[at]) if 0 <= at < len(values) else None

"""What each term of AccessForAll's PNP 3.0 means among our preferences, in both directions.

The terms are those of the PNP 3.0 information model as QTI 3 binds it, in lower camel case.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from accessibility.preference.colour import LEAST, contrast
from accessibility.preference.model import DEFAULTS, VALUES, Preference
from accessibility.preference.presentation import pair_of

POINTS = 0.75  # of a CSS pixel
WORDS_TO_CHARACTERS = 1.5  # a Chinese word has about one and a half characters

# Terms that say one thing of ours: attribute in the file, name in the sets of features, what it means.
PLAIN: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "layoutSingleColumn": ("layout-single-column", "layout", "single-column"),
        "simplifiedLanguagePortions": ("simplified-language-portions", "easy_read", "first"),
        "captions": ("captions", "captions", "on"),
        "signLanguage": ("sign-language", "sign_language", "on"),
        "spoken": ("spoken", "read_aloud", "on"),
        "additionalTestingTime": ("additional-testing-time", "time_limits", "none"),
    }
)
FEATURES: Mapping[str, str] = MappingProxyType(
    {attribute: feature for attribute, (feature, _, _) in PLAIN.items()}
    | {
        "textAppearance": "text-appearance",
        "magnification": "magnification",
        "highContrast": "high-contrast",
        "invertDisplayPolarity": "invert-display-polarity",
        "inputRequirements": "input-requirements",
        "languageOfInterface": "language-of-interface",
    }
)
FACES = {"sans": "sans serif", "easy": "sans serif", "serif": "serif", "kai": "cursive"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be used: a code, and the term or the words it is about."""

    code: str
    term: str = ""


def terms(preference: Preference) -> dict[str, Any]:
    """The terms of the standard that say what the preference asks for."""
    found: dict[str, Any] = {}
    if appearance := _appearance(preference):
        found["textAppearance"] = appearance
    if int(preference.text_size) >= 30:
        found["magnification"] = {"text": {"zoomAmount": round(int(preference.text_size) / 18, 2)}}
    if preference.theme.startswith("high"):
        found["highContrast"] = {}
    pair = pair_of(preference)
    if pair is not None:
        found["invertDisplayPolarity"] = {"foreground": pair[0], "background": pair[1]}
    elif preference.theme.endswith("dark"):
        found["invertDisplayPolarity"] = {}
    for attribute, (_, name, value) in PLAIN.items():
        if getattr(preference, name) == value:
            found[attribute] = {}
    if "signLanguage" in found:
        found["signLanguage"] = {"xmlLang": "csl"}  # Chinese Sign Language, ISO 639-3
    if "additionalTestingTime" in found:
        found["additionalTestingTime"] = {"unlimited": True}
    if "spoken" in found:
        rate = round(int(preference.speech_rate) / WORDS_TO_CHARACTERS)
        found["spoken"] = {"readingType": "computer-read-aloud", "speechRate": rate}
    if preference.scanning != "off":
        found["inputRequirements"] = "full-keyboard-control"
    if preference.motion == "reduced":
        found["hazardAvoidance"] = ["motion-simulation"]
    return found


def _appearance(preference: Preference) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if preference.text_size != DEFAULTS["text_size"]:
        found["fontSize"] = int(preference.text_size) * POINTS
    if preference.typeface in FACES:
        found["fontFace"] = {"genericFontFace": FACES[preference.typeface]}
    if preference.text_spacing == "wide":
        found |= {"lineHeight": 2.1, "letterSpacing": 0.12, "wordSpacing": 0.16}
    if (pair := pair_of(preference)) is not None:
        found |= {"fontColor": pair[0], "backgroundColor": pair[1]}
    return found


Said = Iterator[tuple[str, str]]


def plain(attribute: str) -> Callable[[Any, str, list[Problem]], Said]:
    """How a term that says one thing of ours is read."""

    def read(_value: Any, _term: str, _problems: list[Problem]) -> Said:
        if attribute in PLAIN:
            yield PLAIN[attribute][1:]

    return read


def _read_appearance(value: Any, term: str, problems: list[Problem]) -> Said:
    if not isinstance(value, dict):
        problems.append(Problem("malformed", term))
        return
    size = value.get("fontSize")
    if size is not None and _is_number(size):
        yield "text_size", _at_least("text_size", size / POINTS)
    elif size is not None:
        problems.append(Problem("malformed", f"{term}.fontSize"))
    face = value.get("fontFace")
    if isinstance(face, dict):
        generic = {"sans serif": "sans", "serif": "serif", "cursive": "kai"}.get(str(face.get("genericFontFace")))
        if generic is not None:
            yield "typeface", generic
        else:
            problems.append(Problem("no_such_value", f"{term}.fontFace"))
    if any(_is_number(value.get(n)) and value[n] > 0 for n in ("letterSpacing", "wordSpacing")) or (
        _is_number(value.get("lineHeight")) and value["lineHeight"] > 1.75
    ):
        yield "text_spacing", "wide"
    yield from _pair(value.get("fontColor"), value.get("backgroundColor"), term, problems)


def _read_polarity(value: Any, term: str, problems: list[Problem]) -> Said:
    if isinstance(value, dict) and ("foreground" in value or "background" in value):
        yield from _pair(value.get("foreground"), value.get("background"), term, problems)
    else:
        yield "theme", "dark"


def _pair(ink: Any, ground: Any, term: str, problems: list[Problem]) -> Said:
    if ink is None and ground is None:
        return
    colours = [str(c).lower().removeprefix("#") for c in (ink, ground)]
    if not all(len(c) == 6 and set(c) <= set("0123456789abcdef") for c in colours):
        problems.append(Problem("malformed", f"{term} {ink} {ground}"))
    elif (ratio := contrast(f"#{colours[0]}", f"#{colours[1]}")) < LEAST:
        problems.append(Problem("low_contrast", f"#{colours[0]} #{colours[1]} {ratio:.1f}:1"))
    else:
        yield "theme", "custom"
        yield "colours", "-".join(colours)


def _read_magnification(value: Any, term: str, problems: list[Problem]) -> Said:
    parts = [value.get(n) for n in ("text", "allContent")] if isinstance(value, dict) else []
    zooms = [p["zoomAmount"] for p in parts if isinstance(p, dict) and _is_number(p.get("zoomAmount"))]
    if zooms:
        yield "text_size", _at_least("text_size", max(zooms) * 18)
    else:
        yield "text_size", "30"
        if value:
            problems.append(Problem("malformed", term))


def _read_spoken(value: Any, term: str, problems: list[Problem]) -> Said:
    yield "read_aloud", "on"
    rate = value.get("speechRate") if isinstance(value, dict) else None
    if rate is not None and _is_number(rate):
        yield "speech_rate", min(VALUES["speech_rate"], key=lambda v: abs(int(v) - rate * WORDS_TO_CHARACTERS))
    elif rate is not None:
        problems.append(Problem("malformed", f"{term}.speechRate"))


def _read_contrast(_value: Any, _term: str, _problems: list[Problem]) -> Said:
    yield "theme", "high-light"


def _read_input(value: Any, term: str, problems: list[Problem]) -> Said:
    if value != "full-keyboard-control":  # every page is that already
        problems.append(Problem("no_such_value", f"{term} {value}"))
    yield from ()


def _read_language(_value: Any, _term: str, _problems: list[Problem]) -> Said:
    yield from ()


READERS: Mapping[str, Callable[[Any, str, list[Problem]], Said]] = MappingProxyType(
    {
        "textAppearance": _read_appearance,
        "magnification": _read_magnification,
        "highContrast": _read_contrast,
        "invertDisplayPolarity": _read_polarity,
        "inputRequirements": _read_input,
        "languageOfInterface": _read_language,
        "spoken": _read_spoken,
    }
)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _at_least(name: str, size: float) -> str:
    """The first step that is no smaller than asked, or the largest."""
    steps = sorted(VALUES[name], key=int)
    return next((step for step in steps if int(step) >= size - 0.5), steps[-1])

"""Preferences as a file of 1EdTech's AccessForAll Personal Needs and Preferences (AfA PNP 3.0), out and in.

The terms stand in ``pnp_terms``. What the standard has no term for, or says more coarsely than we do, stands in
``extensions`` under ``evergreen:``; so a file of ours reads back exactly, and another system still finds what it knows.
Terms that we do not know are kept as they came and named.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accessibility.preference.model import DEFAULTS, NAMES, Choices, Preference, choices_of, is_choice, resolve
from accessibility.preference.pnp_terms import FEATURES, PLAIN, READERS, Problem, plain, terms

ROOT, PREFIX = "accessForAllPnp", "evergreen:"
LARGEST, DEEPEST = 64 * 1024, 64
ACTIVE, OPTION, PROHIBITED = "activateAtInitializationSet", "activateAsOptionSet", "prohibitSet"
_KNOWN = {*FEATURES, "hazardAvoidance", ACTIVE, OPTION, PROHIBITED, "extensions"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file says: choices of ours, the language it asks for, what we do not know (kept), and every problem."""

    choices: Choices
    language: str | None
    foreign: Mapping[str, Any]
    problems: tuple[Problem, ...]


def features(preference: Preference) -> frozenset[str]:
    """The terms that the preference asks to be active."""
    return frozenset(FEATURES[name] for name in terms(preference) if name in FEATURES)


def write(preference: Preference, *, language: str, foreign: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The preference as the content of a file, with what another file had brought that we do not know."""
    body: dict[str, Any] = {"languageOfInterface": [{"xmlLang": language}], **terms(preference)}
    strange = dict(foreign or {})
    others = strange.pop("extensions", {})
    unknown = strange.pop(ACTIVE, {}).get("features", [])
    body[ACTIVE] = {"features": sorted([*unknown, *(FEATURES[name] for name in body if name in FEATURES)])}
    own = {PREFIX + _camel(name): value for name, value in choices_of(preference).items()}
    body["extensions"] = {**(others if isinstance(others, dict) else {}), **own}
    return {ROOT: {**strange, **body}}


def parse(data: bytes) -> Taken:
    """What a file says. It never raises: a file that is none at all has one problem."""
    if len(data) > LARGEST:
        return _nothing("too_large")
    try:
        whole = json.loads(data, parse_int=_whole_number, parse_constant=_no_number)
        json.dumps(whole, ensure_ascii=False).encode()  # half a surrogate pair can be neither kept nor shown
        if _depth(whole) > DEEPEST:
            return _nothing("not_json")
    except (ValueError, RecursionError):
        return _nothing("not_json")
    if not isinstance(whole, dict):
        return _nothing("not_object")
    body = whole.get(ROOT, whole)
    return _read(body) if isinstance(body, dict) else _nothing("not_object")


def _whole_number(digits: str) -> int | float:
    """Beyond 64 bits as a float, as other readers of JSON have it; no store of ours takes more."""
    number = float(digits)
    return int(digits) if abs(number) < 2**63 else number


def _no_number(word: str) -> None:
    raise ValueError(word)


def _depth(value: Any) -> int:
    deep, level = 0, [value]
    while level:
        deep += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return deep


def _nothing(code: str) -> Taken:
    return Taken({}, None, {}, (Problem(code),))


def _read(body: dict[str, Any]) -> Taken:
    problems: list[Problem] = []
    active, prohibited = _activation(body, problems)
    choices: dict[str, str] = {}
    for attribute in sorted(body.keys() & FEATURES.keys()):
        if attribute in active:
            for name, value in READERS.get(attribute, plain(attribute))(body[attribute], attribute, problems):
                choices[name] = value
    for attribute in sorted(prohibited & PLAIN.keys()):  # what must not be, is off
        choices[PLAIN[attribute][1]] = DEFAULTS[PLAIN[attribute][1]]
    avoid = body.get("hazardAvoidance", [])
    if not isinstance(avoid, list):
        problems.append(Problem("malformed", "hazardAvoidance"))
    elif any(word in avoid for word in ("motion-simulation", "motionSimulation", "flashing")):
        choices["motion"] = "reduced"
    own, others = _extensions(body.get("extensions", {}), problems)
    foreign = {name: value for name, value in body.items() if name not in _KNOWN}
    problems += [Problem("unknown", name) for name in sorted(foreign)]
    problems += [Problem("unknown", name) for name in sorted(others)]
    foreign |= {name: body[name] for name in (OPTION, PROHIBITED) if isinstance(body.get(name), dict)}
    if unknown := _unknown_features(body.get(ACTIVE)):
        foreign[ACTIVE] = {"features": unknown}
    if others:
        foreign["extensions"] = others
    # Our own words outweigh what a term of the standard says more coarsely.
    said = choices_of(resolve({**choices, **own}))
    return Taken(said, _language(body, problems), foreign, tuple(problems))


def _unknown_features(listed: Any) -> list[str]:
    names = listed.get("features") if isinstance(listed, dict) else None
    known = set(FEATURES.values())
    return [n for n in names if isinstance(n, str) and n not in known] if isinstance(names, list) else []


def _activation(body: dict[str, Any], problems: list[Problem]) -> tuple[set[str], set[str]]:
    """Which attributes are to be active and which must not be. One that no set names is active: it states a need."""
    attributes = {feature: attribute for attribute, feature in FEATURES.items()}
    sets: dict[str, set[str]] = {}
    for name in (ACTIVE, OPTION, PROHIBITED):
        listed = body.get(name, {})
        names = listed.get("features", []) if isinstance(listed, dict) else None
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            problems.append(Problem("malformed", name))
            names = []
        sets[name] = {attributes[n] for n in names if n in attributes}
        problems += [Problem("unknown", n) for n in names if n not in attributes]
    problems += [Problem("contradiction", FEATURES[a]) for a in sorted(sets[ACTIVE] & sets[PROHIBITED])]
    problems += [Problem("option", FEATURES[a]) for a in sorted(sets[OPTION] - sets[ACTIVE] - sets[PROHIBITED])]
    stated = {a for a in body if a in FEATURES} - sets[OPTION]
    return (sets[ACTIVE] | stated) - sets[PROHIBITED], sets[PROHIBITED]


def _extensions(value: Any, problems: list[Problem]) -> tuple[dict[str, str], dict[str, Any]]:
    """Our own choices, and everybody else's extensions."""
    if not isinstance(value, dict):
        problems.append(Problem("malformed", "extensions"))
        return {}, {}
    names = {PREFIX + _camel(name): name for name in NAMES}
    own: dict[str, str] = {}
    for key in value.keys() & names.keys():
        if isinstance(value[key], str) and is_choice(names[key], value[key]):
            own[names[key]] = value[key]
        else:
            problems.append(Problem("no_such_value", f"{key} {value[key]}"))
    return own, {key: kept for key, kept in value.items() if key not in names}


def _language(body: dict[str, Any], problems: list[Problem]) -> str | None:
    """The first language that is asked for: zh-CN or en."""
    asked = body.get("languageOfInterface", [])
    for entry in asked if isinstance(asked, list) else [asked]:
        tag = str(entry.get("xmlLang", "")) if isinstance(entry, dict) else str(entry)
        if tag[:2].lower() in ("zh", "en"):
            return "zh-CN" if tag[:2].lower() == "zh" else "en"
        problems.append(Problem("no_such_value", f"languageOfInterface {tag}"))
    return None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

"""The reference of preferences says what the code has."""

import re
from pathlib import Path

from accessibility.preference.model import DEFAULTS, PROFILES, VALUES
from accessibility.preference.pnp_terms import FEATURES

PAGE = (Path(__file__).parents[2] / "docs/reference/preferences.md").read_text("utf-8")
ROWS = {row[0]: row for row in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|", PAGE, re.MULTILINE)}


def test_every_preference_stands_with_its_values_and_its_default() -> None:
    for name, values in VALUES.items():
        said = ROWS[name][1].split()
        assert [value.strip("*") for value in said] == list(values)
        assert [value for value in said if value.startswith("**")] == [f"**{DEFAULTS[name]}**"]
    assert set(ROWS) == set(DEFAULTS)


def test_every_term_is_named_and_no_other() -> None:
    named = {term for row in ROWS.values() for term in re.findall(r"`([a-z-]+)`", row[3])}
    assert named - {"hazard-avoidance"} == set(FEATURES.values()) - {"language-of-interface"}


def test_every_profile_stands_with_what_it_sets() -> None:
    for name, choices in PROFILES.items():
        [said] = re.findall(rf"^\| `{name}` \| (.+) \|$", PAGE, re.MULTILINE)
        assert set(re.findall(r"`([^`]+)`", said)) == {f"{n}={v}" for n, v in choices.items()}

"""Preferences: written down and read again, resolved in layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference import model
from accessibility.preference.colour import LEAST, contrast
from accessibility.preference.model import (
    DEFAULTS,
    OWN,
    PROFILES,
    SIZES,
    VALUES,
    Preference,
    choices_of,
    difference,
    is_quiet,
    read,
    resolve,
    started_from,
    write,
)
from tests.accessibility.preference.choices import CHOICES


@given(CHOICES)
def test_what_is_written_is_read_again(choices: dict[str, str]) -> None:
    assert read(write(choices)) == choices


@given(st.text(max_size=2000))
def test_whatever_a_cookie_holds_only_choices_come_out(written: str) -> None:
    resolve(read(written))


def test_a_cookie_of_the_first_version_is_still_read() -> None:
    written = (
        "profile=elder&text_size=26&theme=high-dark&text_spacing=wide&line_length=24"
        "&target_size=60&motion=reduced&layout=single-column"
    )
    assert len(read(written)) == 8
    assert resolve(read(written)).text_size == "26"


@given(CHOICES)
def test_the_fewest_choices_resolve_to_the_same_preference(choices: dict[str, str]) -> None:
    preference = resolve(choices)
    assert resolve(choices_of(preference)) == preference


@given(CHOICES, CHOICES)
def test_the_last_layer_wins(person: dict[str, str], moment: dict[str, str]) -> None:
    preference = resolve(person, moment)
    for name, value in moment.items():
        assert getattr(preference, name) == value


@given(CHOICES, CHOICES, CHOICES)
def test_what_no_layer_names_comes_from_the_profile_and_else_from_the_defaults(
    person: dict[str, str], device: dict[str, str], moment: dict[str, str]
) -> None:
    found = resolve(person, device, moment)
    named = {**person, **device, **moment}
    for name in DEFAULTS:
        assert getattr(found, name) == named.get(name, PROFILES[found.profile].get(name, DEFAULTS[name]))


@given(CHOICES, CHOICES)
def test_an_empty_layer_changes_nothing(person: dict[str, str], device: dict[str, str]) -> None:
    assert resolve(person, device) == resolve({}, person, {}, device, {})


@given(CHOICES, CHOICES)
def test_the_difference_on_top_of_other_layers_is_what_was_wanted(
    person: dict[str, str], wanted: dict[str, str]
) -> None:
    preference = resolve(wanted)
    assert resolve(person, difference((person,), preference)) == preference
    assert difference((wanted,), preference) == {}


@given(CHOICES, st.sampled_from(sorted(PROFILES)))
def test_trying_a_profile_makes_nothing_smaller_and_takes_away_no_way_of_operating(
    choices: dict[str, str], profile: str
) -> None:
    before = resolve(choices)
    after = started_from(profile, before)
    assert after.profile == profile
    assert all(getattr(after, name) == getattr(before, name) for name in OWN)
    if profile != "standard":
        assert all(int(getattr(after, name)) >= int(getattr(before, name)) for name in SIZES)
    assert {"theme", "colours", "scanning", "hand", "quiet_hours", "typeface", "sign_language"} <= set(OWN)


def test_a_profile_gives_way_to_a_choice_of_any_layer() -> None:
    assert resolve({"text_size": "30"}, {"profile": "elder"}).text_size == "30"
    assert resolve({"profile": "elder"}).text_size == "22"


def test_defaults_are_the_first_values() -> None:
    assert {name: getattr(Preference(), name) for name in DEFAULTS} == dict(DEFAULTS)
    assert {name: DEFAULTS[name] for name in VALUES} == {name: v[0] for name, v in VALUES.items()}


def test_every_profile_is_made_of_choices() -> None:
    for profile in PROFILES.values():
        assert all(model.is_choice(name, value) for name, value in profile.items())


def test_the_elder_profile_meets_the_elder_specification() -> None:
    elder = resolve({"profile": "elder"})
    assert 18 <= int(elder.text_size) <= 30
    assert int(elder.target_size) >= 60
    # 30 dp for the main functions, and 30 pt, which is 40 CSS pixels
    assert {30, 40} <= {int(size) for size in VALUES["text_size"]}


def test_a_choice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="text_size=99"):
        resolve({"text_size": "99"})


@given(st.from_regex(r"[0-9a-f]{6}-[0-9a-f]{6}", fullmatch=True))
def test_a_pair_of_colours_is_a_choice_when_it_can_be_read(pair: str) -> None:
    ink, _, ground = pair.partition("-")
    assert model.is_choice("colours", pair) is (contrast(f"#{ink}", f"#{ground}") >= LEAST)


@pytest.mark.parametrize("value", ["", "000000", "000000-FFFFFF", "000000-fffff", "red-white", "000000-ffffff "])
def test_a_pair_that_is_written_otherwise_is_none(value: str) -> None:
    assert not model.is_choice("colours", value)


def test_quiet_hours_go_past_midnight() -> None:
    night, noon = resolve({"quiet_hours": "22-07"}), resolve({"quiet_hours": "12-14"})
    assert [h for h in range(24) if is_quiet(night, h)] == [0, 1, 2, 3, 4, 5, 6, 22, 23]
    assert [h for h in range(24) if is_quiet(noon, h)] == [12, 13]
    assert not any(is_quiet(Preference(), h) for h in range(24))
    assert not model.is_choice("quiet_hours", "07-07")
    assert not model.is_choice("quiet_hours", "22-24")

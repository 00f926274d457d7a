"""Preferences: written down and read again, resolved in layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference import model
from accessibility.preference.model import PROFILES, VALUES, Preference, choices_of, features, read, resolve, write

CHOICES = st.fixed_dictionaries(
    {}, optional={"profile": st.sampled_from(sorted(PROFILES)), **{n: st.sampled_from(v) for n, v in VALUES.items()}}
)


@given(CHOICES)
def test_what_is_written_is_read_again(choices: dict[str, str]) -> None:
    assert read(write(choices)) == choices


@given(st.text(max_size=2000))
def test_whatever_a_cookie_holds_only_choices_come_out(written: str) -> None:
    resolve(read(written))


@given(CHOICES)
def test_the_fewest_choices_resolve_to_the_same_preference(choices: dict[str, str]) -> None:
    preference = resolve(choices)
    assert resolve(choices_of(preference)) == preference


@given(CHOICES, CHOICES)
def test_the_last_layer_wins(person: dict[str, str], moment: dict[str, str]) -> None:
    preference = resolve(person, moment)
    for name, value in moment.items():
        assert getattr(preference, name) == value


def test_a_profile_gives_way_to_a_choice_of_any_layer() -> None:
    assert resolve({"text_size": "30"}, {"profile": "elder"}).text_size == "30"
    assert resolve({"profile": "elder"}).text_size == "22"


def test_defaults_are_the_first_values() -> None:
    assert {name: getattr(Preference(), name) for name in VALUES} == {name: v[0] for name, v in VALUES.items()}


def test_every_profile_is_made_of_choices() -> None:
    for profile in PROFILES.values():
        assert all(model.is_choice(name, value) for name, value in profile.items())


def test_the_elder_profile_meets_the_elder_specification() -> None:
    elder = resolve({"profile": "elder"})
    assert 18 <= int(elder.text_size) <= 30
    assert int(elder.target_size) >= 60
    assert max(int(size) for size in VALUES["text_size"]) >= 30


def test_a_choice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="text_size=99"):
        resolve({"text_size": "99"})


def test_access_for_all_terms() -> None:
    assert features(Preference()) == frozenset()
    assert features(resolve({"profile": "elder", "theme": "high-dark"})) == {
        "text-appearance",
        "high-contrast",
        "invert-display-polarity",
        "layout-single-column",
    }

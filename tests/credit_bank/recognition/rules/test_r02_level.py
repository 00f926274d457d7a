"""R2: levels are compared within a framework, or by a published map with its version; "not lower than" unless said."""

import pytest

from tests.credit_bank.recognition.rules.cases import HKQF, NCRF, course, found, held, only, programme, rules, why_not

PLAIN = 'rule = [{ from = "A: X", to = "M" }]'
MAPS = """
[[level_map]]
source = "hkqf"
target = "evergreen-1"
version = "2026.1"
levels = { 1 = "1", 2 = "2", 3 = "4", 4 = "5", 5 = "7", 6 = "9", 7 = "10" }
"""


def demanding(level: str) -> str:
    return f'rule = [{{ from = {{ institution = "A", course = "X", {level} }}, to = "M" }}]'


@pytest.mark.parametrize(("level", "why"), [("6", []), ("5", []), ("4", ["level.too_low"]), ("", ["level.missing"])])
def test_r02_not_lower_is_the_usual_demand(level: str, why: list[str]) -> None:
    assert why_not(only(found([held(level=level)], rules(PLAIN)))) == why


@pytest.mark.parametrize(("level", "why"), [("5", []), ("6", ["level.differs"]), ("4", ["level.differs"])])
def test_r02_the_same_level_only_as_uibe_has_it(level: str, why: list[str]) -> None:
    assert why_not(only(found([held(level=level)], rules(demanding('level = "same"'))))) == why


@pytest.mark.parametrize(("level", "why"), [("4", []), ("6", []), ("3", ["level.too_far"]), ("7", ["level.too_far"])])
def test_r02_within_one_level(level: str, why: list[str]) -> None:
    assert why_not(only(found([held(level=level)], rules(demanding('level = "within", within = "1"'))))) == why


def test_r02_a_map_leads_from_hong_kongs_levels_and_its_version_is_told() -> None:
    text = PLAIN.replace('"A: X"', '{ institution = "A", course = "X" }') + MAPS
    fits = only(found([held(framework="hkqf", level="4", credits="3")], rules(text)))
    reason = next(one for one in fits.reasons if one.code == "level.mapped")
    assert reason.parameters == {"level": "5", "wanted": "5", "map_version": "2026.1"}
    assert why_not(only(found([held(framework="hkqf", level="3")], rules(text)))) == ["level.too_low"]


def test_r02_without_a_map_nothing_is_guessed_and_no_map_is_read_backwards() -> None:
    assert why_not(only(found([held(framework=HKQF.id)], rules(PLAIN)))) == ["level.no_map"]
    backwards = PLAIN + MAPS.replace('source = "hkqf"', 'source = "evergreen-1"').replace(
        'target = "evergreen-1"', 'target = "hkqf"'
    )
    assert why_not(only(found([held(framework=HKQF.id)], rules(backwards)))) == ["level.no_map"]


def test_r02_indias_half_levels_stand_between_whole_ones() -> None:
    into = programme(course("M", level="5"), framework=NCRF.id)
    for level, why in (("4.5", ["level.too_low"]), ("5", []), ("5.5", [])):
        outcome = held(framework=NCRF.id, level=level)
        assert why_not(only(found([outcome], rules(PLAIN, framework='"ncrf"'), into=into))) == why


def test_r02_a_course_may_name_its_own_level() -> None:
    into = programme(course("M", level="7"))
    assert why_not(only(found([held(level="6")], rules(PLAIN), into=into))) == ["level.too_low"]

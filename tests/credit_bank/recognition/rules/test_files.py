"""Files of rules, programmes and frameworks: what is written reads back, and every problem is told with its place."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import read_ruleset, write_ruleset
from credit_bank.recognition.rules.programme_file import (
    read_framework,
    read_programme,
)
from credit_bank.recognition.rules.reading import FileRefused
from credit_bank.recognition.rules.rule import Item
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.sentences import sentence
from tests.credit_bank.recognition.rules.made_rules import rulesets

LAW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
HEAD = """
format = "evergreen-rules-1"
id = "bjou"
version = "2026"
title = "学分转换规则"
receiver = "bjou"
basis = "programme"
framework = "evergreen-1"
valid_from = 2026-09-01
"""


@LAW
@given(rulesets)
def test_a_written_rule_set_reads_back_the_same(ruleset: RuleSet) -> None:
    assert read_ruleset(write_ruleset(ruleset, EVERGREEN)) == ruleset


@LAW
@given(rulesets, st.sampled_from(["title", "receiver", "version"]))
def test_another_content_has_another_hash(ruleset: RuleSet, name: str) -> None:
    other = replace(ruleset, **{name: getattr(ruleset, name) + "!"})
    assert read_ruleset(write_ruleset(other, EVERGREEN)).sha256 != ruleset.sha256


def test_short_and_long_forms_and_comments_have_the_same_hash() -> None:
    short = HEAD + 'rule = [{ from = "3000: MATH 101", to = "MAT1" }]\n'
    long = HEAD.replace("title =", "# a word to the reader\ntitle =") + (
        '[[rule]]\nid = "3000: MATH 101 > MAT1"\npriority = 100\n'
        'from = [{ institution = "3000", course = "MATH 101", level = "not-lower" }]\nto = [{ course = "MAT1" }]\n'
    )
    assert read_ruleset(short) == read_ruleset(long)
    assert read_ruleset(short).rules[0].clauses == (((Item("3000", "MATH 101"),),),)


def test_defaults_stand_for_what_a_rule_leaves_out() -> None:
    text = HEAD + (
        'rule = [{ from = "MATH 101", to = "M1" }, { from = { course = "MATH 102", min_grade = "" }, to = "M2" }]\n'
        '[defaults]\npriority = 7\nfrom = { institution = "3000", min_grade = "C", scale = "letters" }\n'
    )
    first, second = read_ruleset(text).rules
    assert (first.clauses, first.priority) == ((((Item("3000", "MATH 101", min_grade="C", scale="letters"),),),), 7)
    assert second.clauses == (((Item("3000", "MATH 102", scale="letters"),),),)


def test_together_and_choices_are_read_as_clauses() -> None:
    text = HEAD + 'rule = [{ id = "x", from = ["A: 1", { any = ["A: 2", ["A: 3", "A: 4"]] }], to = "M" }]\n'
    a1, a2, a3, a4 = (Item("A", str(n)) for n in range(1, 5))
    assert read_ruleset(text).rules[0].clauses == (((a1,),), ((a2,), (a3, a4)))


def test_rules_that_are_short_are_a_line_each() -> None:
    written = write_ruleset(
        read_ruleset(HEAD + 'rule = [{ from = "A: 1", to = "M" }, { from = "A: 2", to = "N" }]'), EVERGREEN
    )
    assert '{ from = "A: 1", to = "M" },' in written.replace("  ", "")
    assert tomllib.loads(written)["valid_from"] == date(2026, 9, 1)


WRONG = (
    HEAD.replace('basis = "programme"', 'basis = "programm"\nvalid_untill = 2027-01-01')
    + """
rule = [
  { from = "MATH 101", to = "MAT1" },
  { from = { institution = "A", course = "X", min_grad = "C", min_attendance = 0.8, min_credits = "0.03" }, to = "M" },
  { id = "two", from = [], to = {}, credit_source = "traget" },
  { id = "two", from = "A: X", result = "denied" },
  { id = "four", from = { any = [[]] }, to = [], priority = "high", bridge = { task = "t", share = "3/2" } },
]
[policy]
identity = "seen"
[[limit]]
id = "cap"
title = "上限"
sense = "at-most"
unit = "credits"
bound = "50"
base = "total"
[[scale]]
id = "letters"
grades = ["C", "B", "A"]
passing = "D"
"""
)


def test_every_problem_is_told_at_once_and_with_its_place() -> None:
    with pytest.raises(FileRefused) as caught:
        read_ruleset(WRONG)
    found = {(one.place, one.code) for one in caught.value.problems}
    for one in caught.value.problems:
        assert sentence(f"rulefile.{one.code}", "zh-CN", **one.parameters)
        assert sentence(f"rulefile.{one.code}", "en", **one.parameters)
    assert found == {
        ("valid_untill", "key_unknown_near"),
        ("basis", "choice_near"),
        ("policy.identity", "choice"),
        ("limit[0].bound", "share_expected"),
        ("scale[0].passing", "choice"),
        ("rule[0].from", "institution_missing"),
        ("rule[1].from.min_grad", "key_unknown_near"),
        ("rule[1].from.min_attendance", "share_expected"),
        ("rule[1].from.min_credits", "credit_step"),
        ("rule[2].from", "key_missing"),
        ("rule[2].to", "award_empty"),
        ("rule[2].credit_source", "choice_near"),
        ("rule[3].id", "id_twice"),
        ("rule[4].from.any[0]", "key_missing"),
        ("rule[4].to", "key_missing"),
        ("rule[4].priority", "whole_expected"),
        ("rule[4].bridge.share", "share_expected"),
    }
    near = {one.place: one.parameters.get("near") for one in caught.value.problems}
    assert near["rule[1].from.min_grad"] == "min_grade"
    assert near["valid_untill"] == "valid_until"


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("this is = no = toml", "", "toml"),
        ('format = "evergreen-programme-1"', "format", "format"),
        (HEAD.replace("evergreen-1", "evergreen-9"), "framework", "framework_unknown"),
        (HEAD.replace("2026-09-01", '"2026-09-01"'), "valid_from", "day_expected"),
        (HEAD + "valid_until = 2026-08-31", "valid_until", "days_reversed"),
        (HEAD.replace('receiver = "bjou"', 'receiver = ""'), "receiver", "key_missing"),
        (HEAD + 'rule = [{ from = "A: X", to = { course = "M", credits = 2.5 } }]', "rule[0].to.credits",
         "credits_expected"),
        (HEAD + "rule = 3", "rule", "list_expected"),
        (HEAD + 'rule = [{ id = "x", from = "", to = "M" }]', "rule[0].from", "key_missing"),
        (HEAD + 'rule = [{ id = "x", from = "A: X", to = "" }]', "rule[0].to", "award_empty"),
        (HEAD + "[defaults]\nfrom = { min_grad = 1 }", "defaults.from.min_grad", "key_unknown_near"),
    ],
)  # fmt: skip
def test_a_problem_is_named(text: str, place: str, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_ruleset(text)
    assert [(one.place, one.code) for one in caught.value.problems] == [(place, code)]


@settings(deadline=None, max_examples=150)
@given(
    st.recursive(
        st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates(), st.none()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["rule", "limit", "policy", "defaults", "scale", "grade_table", "level_map", "parties", "basis"]),
    st.sampled_from([None, "from", "to", "bridge", "id", "counted", "uses", "grades", "levels", "bound", "result"]),
)
def test_nothing_that_stands_in_a_file_breaks_the_reader(value: object, key: str, inner: str | None) -> None:
    from credit_bank.recognition.rules import file

    table = {**tomllib.loads(HEAD), key: value if inner is None else [{inner: value}]}
    original = file.parse_toml
    file.parse_toml = lambda text, format: table  # type: ignore[assignment]
    try:
        file.read_ruleset("")
    except FileRefused as refused:
        assert all(one.place for one in refused.problems)
    finally:
        file.parse_toml = original


PROGRAMME = """
format = "evergreen-programme-1"
id = "p"
version = "1"
institution = "bjou"
title = "会计"
framework = "evergreen-1"
level = "11"
total = "76"
[[component]]
id = "core"
title = "必修"
[[component]]
id = "core"
title = "必修"
[[course]]
code = "M"
title = "数学"
component = "cor"
"""


def test_a_programmes_problems_are_told_with_their_places() -> None:
    with pytest.raises(FileRefused) as caught:
        read_programme(PROGRAMME)
    assert {(one.place, one.code) for one in caught.value.problems} == {
        ("level", "choice_near"),
        ("component[1].id", "id_twice"),
        ("course[0].component", "component_unknown"),
        ("course[0].credits", "key_missing"),
    }


def test_hours_per_credit_may_be_a_range_and_nothing_else() -> None:
    text = (
        'format = "evergreen-framework-1"\nid = "ects"\nname_zh = "欧洲"\nhour_kind = "notional"\n'
        'hours_per_credit = "{hours}"\n'
    )
    ects = read_framework(text.format(hours="25-30"))
    assert (ects.hours_per_credit, ects.hours_per_credit_most) == (25, 30)
    for hours in ("30-25", "0", "many", "25-"):
        with pytest.raises(FileRefused) as caught:
            read_framework(text.format(hours=hours))
        assert [one.code for one in caught.value.problems] == ["hours_expected"]

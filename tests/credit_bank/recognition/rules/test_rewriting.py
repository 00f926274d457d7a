"""A rule set's text changed in places: it says what is wanted, and what was not changed stays as somebody wrote it."""

import copy
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import read_ruleset, write_ruleset
from credit_bank.recognition.rules.rewriting import rewritten, without
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.recognition.rules.spans import line_end, members, statements
from tests.credit_bank.casework_city import RULES
from tests.credit_bank.recognition.rules.made_rules import rulesets
from tests.credit_bank.recognition.rules.odd_texts import odd_texts

LAW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
ROOT = Path(__file__).parents[4]
PUBLISHED = [path.read_text("utf-8") for path in sorted((ROOT / "web/demo/city").glob("*.rules.toml"))]
SECTIONS = """\
# What this is for.
format = "evergreen-rules-1"
id = "a"   # kept as it was
title = '''Rules [of] # "conversion"'''
valid_from = 2026-09-01

[policy]
# Two looked at it.
chain = 0  # none
notice_days = 7

# About the first.
[[rule]]
id = "one"
from = "x: 1"  # from the old school
to = "A"

# About the second.
[[rule]]
id = "two"
from = [
  "x: 2",  # both
  { any = ["x: 3", ["x: 4", "x: ]#"]] },
]
to = { course = "B", credits = "2.5" }
[rule.bridge]
task = "t"
share = "1/2"

# About the third.
[[rule]]
id = "three"
from = "x: 5"
to = "C"

[[limit]]
id = "half"
bound = "50%"
counted.own = true
"""
LINES = """\
format = "evergreen-rules-1"
policy = { chain = 0 }
rule = [
  # The first.
  { id = "one", from = "x: 1", to = "A" },  # one
  { id = "two", from = ["x: 2", "x: ,]"], to = "B" }, # two
  { id = "three", from = "x: 5", to = "C" } # three
]
[[scale]]
id = "words"
grades = ["no", "yes"]
"""
EVERY = [SECTIONS, LINES, RULES.format(policy=""), *PUBLISHED]


def comments(text: str) -> set[str]:
    """The comments that stand on lines of their own or behind a value here."""
    return {
        word for word in ("kept as", "# none", "# About the third", "# The first", "# three", "# both") if word in text
    }


@pytest.mark.parametrize("text", EVERY)
def test_the_same_table_leaves_the_text_as_it_is(text: str) -> None:
    assert rewritten(text, tomllib.loads(text)) == text
    assert rewritten(text.replace("\n", "\r\n"), tomllib.loads(text)) == text.replace("\n", "\r\n")


@LAW
@given(rulesets)
def test_any_rule_set_read_and_written_is_the_same(ruleset: RuleSet) -> None:
    text = write_ruleset(ruleset, EVERGREEN)
    assert read_ruleset(rewritten(text, tomllib.loads(text))) == ruleset


@LAW
@given(st.one_of(st.sampled_from(EVERY), rulesets.map(lambda one: write_ruleset(one, EVERGREEN))), st.data())
def test_whatever_is_changed_the_text_says_it(text: str, data: st.DataObject) -> None:
    table = copy.deepcopy(tomllib.loads(text))
    for _ in range(data.draw(st.integers(1, 3))):
        _change(table, data)
    found = rewritten(text, table)
    assert tomllib.loads(found) == table


def _change(table: dict[str, Any], data: st.DataObject) -> None:
    """Take away, put in or change a rule, a limit, a plain key or the policy."""
    key = data.draw(st.sampled_from(["rule", "limit", "scale"]))
    entries = table.setdefault(key, [])
    made = {"id": data.draw(st.text(max_size=4)), "from": [{"any": ["a: 1", ["b: 2"]]}], "n": 3}
    match data.draw(st.sampled_from(["add", "put", "drop", "change", "plain", "policy", "none"])):
        case "add":
            entries.append(made)
        case "put":
            entries.insert(0, made)
        case "drop" if entries:
            del entries[data.draw(st.integers(0, len(entries) - 1))]
        case "change" if entries:
            entry = entries[data.draw(st.integers(0, len(entries) - 1))]
            entry["priority"] = data.draw(st.integers(0, 9))
            entry.pop(data.draw(st.sampled_from(["to", "bound", "x"])), None)
        case "plain":
            table["title"] = data.draw(st.text(max_size=5))
        case "policy":
            table["policy"] = {**table.get("policy", {}), "notice_days": data.draw(st.integers(0, 9))}
        case "none":
            table.pop("policy", None)
    for name in ("rule", "limit", "scale"):
        if table.get(name) == []:
            del table[name]


def _rule(table: Mapping[str, Any], id: str) -> dict[str, Any]:
    return next(one for one in table["rule"] if one["id"] == id)


@pytest.mark.parametrize("text", [SECTIONS, LINES])
def test_a_changed_rule_leaves_every_other_line_as_it_is(text: str) -> None:
    table = tomllib.loads(text)
    _rule(table, "two")["to"] = "Z"
    table["policy"] = {**table["policy"], "chain": 2}
    found = rewritten(text, table)
    assert tomllib.loads(found) == table
    assert comments(found) >= comments(text) - {"# both"}
    kept = [line for line in found.splitlines() if line in text.splitlines()]
    assert len(kept) >= len(text.splitlines()) - 3


@pytest.mark.parametrize("text", [SECTIONS, LINES])
def test_a_rule_goes_with_what_is_said_about_it_and_no_more(text: str) -> None:
    table = tomllib.loads(text)
    table["rule"] = [one for one in table["rule"] if one["id"] != "two"]
    found = rewritten(text, table)
    assert tomllib.loads(found) == table
    assert "two" not in found and "About the second" not in found
    assert comments(found) == comments(text) - {"# both"}


@pytest.mark.parametrize("text", EVERY)
def test_a_new_rule_stands_behind_the_others(text: str) -> None:
    table = tomllib.loads(text)
    table["rule"].append({"id": "new", "from": "x: 9", "to": "D"})
    found = rewritten(text, table)
    assert tomllib.loads(found) == table
    assert comments(found) >= comments(text)
    assert len(found.splitlines()) <= len(text.splitlines()) + 5


def test_a_first_rule_and_a_first_policy_find_their_place() -> None:
    text = '# head\nformat = "evergreen-rules-1"\n'
    table = {**tomllib.loads(text), "policy": {"chain": 1}, "rule": [{"id": "a"}], "title": "一"}
    found = rewritten(text, table)
    assert found.startswith(text + 'title = "一"\n') and tomllib.loads(found) == table
    assert "[policy]\nchain = 1" in found and '[[rule]]\nid = "a"' in found


def test_what_is_written_otherwise_is_written_anew_and_says_the_same() -> None:
    text = 'format = "evergreen-rules-1"\npolicy.chain = 1\n[[limit]]\nid = "a"\n[limit.counted]\nown = true\n'
    table = tomllib.loads(text)
    table["policy"] = {"chain": 2}
    table["limit"][0]["counted"] = {"own": False}
    assert tomllib.loads(rewritten(text, table)) == table


def test_values_that_no_rule_has_are_kept_where_the_whole_is_written_anew() -> None:
    text = (
        'format = "evergreen-rules-1"\nx = 1.5\ny = [{ a = 1 }, 2]\nt = 07:30:00\npolicy.chain = 1\n'
        "at = 2026-01-01T07:30:00Z\n"
    )
    table = {**tomllib.loads(text), "policy": {"chain": 2}}
    assert tomllib.loads(rewritten(text, table)) == table


def parts(text: str) -> list[str]:
    """What stands in the text for each of its rules, found without the code that is tested."""
    every = statements(text)
    for one in every:
        if one.kind == "value" and one.path == ("rule",):
            return [text[start:end] for start, end in members(text, one.value)]
    found: list[str] = []
    begin = None
    for one in every:
        if one.kind != "value" and (one.path == ("rule",) or one.path[0] != "rule"):
            begin = len(found) if one.path == ("rule",) else None
            if begin is not None:
                found.append("")
                start = one.start
        if begin is not None:
            found[begin] = text[start : line_end(text, one.end)]
    return found


@settings(LAW, max_examples=300)
@given(odd_texts(), st.data())
def test_one_rule_is_changed_and_no_character_of_the_others(text: str, data: st.DataObject) -> None:
    before = tomllib.loads(text)
    n, key = data.draw(st.integers(0, len(before["rule"]) - 1)), data.draw(st.sampled_from(["title", "reason", "to"]))
    table = copy.deepcopy(before)
    value = data.draw(st.one_of(st.none(), st.text(max_size=6), st.just({"course": '"]]\n[[rule]]'})))
    if value is None:
        table["rule"][n].pop(key, None)
    else:
        table["rule"][n][key] = value
    found = rewritten(text, table)
    assert tomllib.loads(found) == table
    old, new = parts(text), parts(found)
    assert old[:n] == new[:n] and old[n + 1 :] == new[n + 1 :]
    assert ends(found) <= ends(text) or "\n" not in text
    assert tomllib.loads(rewritten(found, before)) == before
    if value is not None and key not in before["rule"][n]:
        assert rewritten(found, before) == text


@settings(LAW, max_examples=300)
@given(odd_texts(), st.booleans())
def test_a_rule_comes_and_goes_and_the_text_is_what_it_was(text: str, ended: bool) -> None:
    before = tomllib.loads(text)
    table = {**before, "rule": [*before["rule"], {"id": "new", "from": "x: 9"}]}
    found = rewritten(text, table)
    assert tomllib.loads(found) == table and parts(found)[:-1] == parts(text) and ends(found) <= ends(text)
    back = without(found, "rule", len(before["rule"]))
    assert words(back) == words(text)


def ends(text: str) -> set[str]:
    """How the lines of a text end."""
    return set(re.findall(r"\r?\n", text))


def words(text: str) -> str:
    """A text without its blank lines, and without commas that say nothing."""
    return re.sub(r"\s+", " ", re.sub(r",(\s*(#[^\n]*\s+)?\])", r"\1", text)).strip()


@settings(LAW, max_examples=300)
@given(odd_texts(), st.data())
def test_a_rule_goes_and_no_character_of_the_others(text: str, data: st.DataObject) -> None:
    table = tomllib.loads(text)
    n = data.draw(st.integers(0, len(table["rule"]) - 1))
    found = without(text, "rule", n)
    del table["rule"][n]
    assert tomllib.loads(found) == ({**table, "rule": table["rule"]} if table["rule"] else _no_rules(table))
    old = parts(text)
    assert parts(found) == old[:n] + old[n + 1 :]
    assert "# file" in found and ends(found) <= ends(text)


def _no_rules(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "rule"}


TWICE = """\
format = "evergreen-rules-1"
# About the first.
[[rule]]
from = "x: 1"
to = "A"

# About the second.
[[rule]]
from = "x: 1"
to = "A"
"""


def test_of_two_rules_that_say_the_same_the_one_goes_that_was_meant() -> None:
    assert "About the first" not in without(TWICE, "rule", 0) and "About the second" in without(TWICE, "rule", 0)
    assert "About the first" in without(TWICE, "rule", 1) and "About the second" not in without(TWICE, "rule", 1)


def test_a_last_line_of_a_long_text_is_no_comment() -> None:
    text = 'format = "x"\n# kept\n[[rule]]\nid = """\\\n# a"""\n[[rule]]\nid = "b"\n'
    assert without(text, "rule", 1) == 'format = "x"\n# kept\n[[rule]]\nid = """\\\n# a"""\n'


def test_names_with_points_are_gathered_and_no_comment_is_lost() -> None:
    text = '# head\nformat = "x"  # one\npolicy.chain = 1\npolicy.notice_days = 3\ntitle = "t"  # two\n'
    table = {**tomllib.loads(text), "policy": {"chain": 2}}
    assert rewritten(text, table) == '# head\nformat = "x"  # one\ntitle = "t"  # two\npolicy = { chain = 2 }\n'

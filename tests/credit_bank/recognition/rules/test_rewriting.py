"""A rule set's text changed in places: it says what is wanted, and what was not changed stays as somebody wrote it."""

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import read_ruleset, write_ruleset
from credit_bank.recognition.rules.rewriting import rewritten
from credit_bank.recognition.rules.ruleset import RuleSet
from tests.credit_bank.casework_city import RULES
from tests.credit_bank.recognition.rules.made_rules import rulesets

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

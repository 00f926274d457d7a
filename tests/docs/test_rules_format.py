"""The example of the reference of rules is read, passes the lint, and gives what the page says."""

import re
from datetime import date
from pathlib import Path

from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.matching import candidates
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.recognition.rules.file import read_ruleset
from credit_bank.recognition.rules.lint import Surroundings, lint, publishable
from credit_bank.recognition.rules.outcome_file import read_outcomes
from credit_bank.recognition.rules.programme_file import read_framework, read_programme
from credit_bank.recognition.rules.rule_table import AWARD_KEYS, ITEM_KEYS, RULE_KEYS

PAGE = (Path(__file__).parents[2] / "docs/reference/rules-format.md").read_text("utf-8")
RULES, PROGRAMME, FRAMEWORK, OUTCOMES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_read_linted_and_applied() -> None:
    framework = read_framework(FRAMEWORK)
    known = {**FRAMEWORKS, framework.id: framework}
    rules, programme, outcomes = read_ruleset(RULES, known), read_programme(PROGRAMME), read_outcomes(OUTCOMES)
    found = lint([rules], Surroundings(date(2026, 10, 1), (programme,), frameworks=known))
    assert publishable(found), found
    made = candidates(outcomes, programme, RuleBook([rules], known), date(2026, 10, 1), "document-seen")
    given = {one.rule.rule: one.given[0] for one in made if one.eligible}
    assert given["bjcc: KJ101 > ACC1"].grade == "80"
    assert (given["tax"].credits, given["tax"].bridged) == (30, 30)


def test_the_page_names_everything_that_a_rule_may_hold() -> None:
    for key in (*RULE_KEYS, *ITEM_KEYS, *AWARD_KEYS):
        assert f"`{key}`" in PAGE or f"{key}," in PAGE or f"{key} " in PAGE, key

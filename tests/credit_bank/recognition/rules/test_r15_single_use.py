"""R15 among candidates: an outcome converts once (Beijing 2026), except for kinds of use that the policy declares."""

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.outcome import Use
from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

PLAIN = 'rule = [{ from = "A: X", to = "M" }]\n'
SPENT = Use("conversion", "P0", "N", EVERGREEN.amount("3"))
PART = Use("conversion", "P0", "N", EVERGREEN.amount("1"))


def test_r15_once_used_is_used_and_the_place_is_named() -> None:
    candidate = only(found([held(uses=(SPENT,))], rules(PLAIN)))
    assert why_not(candidate) == ["use.spent"]
    reason = next(one for one in candidate.reasons if one.code == "use.spent")
    assert reason.parameters == {"programme": "P0", "course": "N"}


def test_r15_a_part_left_counts_only_where_the_rule_splits() -> None:
    assert why_not(only(found([held(uses=(PART,))], rules(PLAIN)))) == ["use.spent"]
    splitting = rules('rule = [{ from = "A: X", to = "M", splits = true, credit_source = "lesser" }]')
    candidate = only(found([held(uses=(PART,))], splitting))
    assert candidate.eligible and dict(candidate.spends) == {"o1": EVERGREEN.amount("2")}
    assert candidate.credits == EVERGREEN.amount("2")


def test_r15_admission_and_exemption_once_each() -> None:
    policy = '[policy]\nuses = ["conversion", "admission"]\n'
    admitted = Use("admission", "P", "", EVERGREEN.amount("3"))
    assert only(found([held(uses=(admitted,))], rules(PLAIN + policy))).eligible
    again = rules('rule = [{ from = "A: X", to = "M", use = "admission" }]\n' + policy)
    assert why_not(only(found([held(uses=(Use("admission", "P9", "", 60),))], again))) == ["use.spent"]


def test_r15_a_use_that_the_policy_does_not_declare() -> None:
    assert why_not(only(found([held()], rules('rule = [{ from = "A: X", to = "M", use = "admission" }]')))) == [
        "use.not_declared"
    ]

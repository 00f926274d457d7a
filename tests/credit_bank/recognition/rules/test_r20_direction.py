"""R20: A to B says nothing of B to A; what was converted before is converted again only where the policy allows."""

from credit_bank.recognition.framework import EVERGREEN
from tests.credit_bank.recognition.rules.cases import course, credits, found, held, only, programme, rules, why_not

RULE = 'rule = [{ from = "A: X", to = "M", credit_source = "source" }]\n'


def test_r20_a_rule_is_never_read_backwards() -> None:
    into = programme(course("X"), institution="A")
    assert found([held(institution="R", code="M")], rules(RULE), into=into) == ()


def test_r20_an_agreement_speaks_of_its_parties_only_and_not_of_the_receiver_itself() -> None:
    text = 'parties = ["A", "R"]\nrule = [{ id = "r", from = { category = "academic" }, to = { component = "free" } }]'
    agreement = rules(text, basis='"agreement"')
    assert only(found([held()], agreement)).eligible
    assert found([held(institution="B")], agreement) == ()
    assert found([held(institution="R")], agreement) == ()


def test_r20_no_chain_unless_the_policy_allows() -> None:
    assert why_not(only(found([held(conversions=1)], rules(RULE)))) == ["chain.too_long"]
    two = rules(RULE + "[policy]\nchain = 2\n")
    assert only(found([held(conversions=2)], two)).eligible
    assert why_not(only(found([held(conversions=3)], two))) == ["chain.too_long"]


def test_r20_credit_does_not_grow_on_the_way() -> None:
    two = rules(RULE + "[policy]\nchain = 2\n")
    grown = held(credits="5", conversions=1, earned=EVERGREEN.amount("3"))
    assert credits(only(found([grown], two))) == "3"
    assert credits(only(found([held(credits="2", conversions=1, earned=60)], two))) == "2"
    kept = RULE.replace('"source"', '"conserve"') + "[policy]\nchain = 2\n"
    assert credits(only(found([grown], rules(kept)))) == "3"

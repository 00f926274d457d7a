"""R3: an outcome is credit, level and category; rules and wildcards may ask for a category."""

from credit_bank.recognition.framework import Category
from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

VOCATIONAL = Category.VOCATIONAL


def test_r03_a_rule_for_vocational_certificates_does_not_speak_of_other_outcomes() -> None:
    text = rules('rule = [{ id = "r", from = { category = "vocational" }, to = { component = "free" } }]')
    assert found([held()], text) == ()
    assert only(found([held(category=VOCATIONAL)], text)).eligible


def test_r03_where_a_course_is_named_another_category_is_a_reason() -> None:
    text = rules('rule = [{ from = { institution = "A", course = "X", category = "vocational" }, to = "M" }]')
    assert why_not(only(found([held()], text))) == ["category.differs"]
    assert only(found([held(category=VOCATIONAL)], text)).eligible

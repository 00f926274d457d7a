"""R22: a block is recognised as a whole, with what is still to be done listed; Vietnam knows three grains."""

from credit_bank.recognition.rules.rule import Result
from tests.credit_bank.recognition.rules.cases import course, credits, found, held, only, programme, rules


def test_r22_a_whole_earlier_programme_becomes_a_block() -> None:
    into = programme(course("M1"), course("M2"), course("M3", title="毕业实习"))
    text = """
[[rule]]
id = "diploma"
title = "大专毕业"
result = "block"
from = "A: 大专毕业证"
to = [{ course = "M1" }, { course = "M2" }, { component = "free", credits = "10" }]
remaining = ["M3"]
"""
    candidate = only(found([held(code="大专毕业证", credits="80")], rules(text), into=into))
    assert candidate.eligible and candidate.result is Result.BLOCK and credits(candidate) == "16"
    remaining = next(one for one in candidate.reasons if one.rule == "R22")
    assert remaining.parameters == {"count": 1, "courses": "毕业实习"}


def test_r22_a_group_of_modules_is_one_candidate() -> None:
    into = programme(course("M1"), course("M2"))
    text = rules('rule = [{ id = "g", from = ["A: 1", "A: 2", "A: 3"], to = ["M1", "M2"] }]')
    parts = [held(f"o{n}", code=str(n), title=f"模块{n}号") for n in (1, 2, 3)]
    assert sorted(only(found(parts, text, into=into)).spends) == ["o1", "o2", "o3"]

"""R9: a part counts at once, the rest when a supplement is done; South Africa's §26 splits content so."""

from fractions import Fraction

from credit_bank.recognition.framework import EVERGREEN
from tests.credit_bank.recognition.rules.cases import course, found, held, only, programme, rules


def bridged(share: str, credits: str):  # type: ignore[no-untyped-def]
    text = f'rule = [{{ from = "A: X", to = "M", bridge = {{ task = "补修两章并考试", share = "{share}" }} }}]'
    return only(found([held()], rules(text), into=programme(course("M", credits))))


def test_r09_the_share_counts_at_once_and_the_rest_later() -> None:
    candidate = bridged("2/3", "3")
    given = candidate.given[0]
    assert (EVERGREEN.credits(given.credits), EVERGREEN.credits(given.bridged)) == ("2", "1")
    assert candidate.eligible and candidate.share == Fraction(2, 3)
    assert next(one for one in candidate.reasons if one.rule == "R9").parameters["task"] == "补修两章并考试"


def test_r09_shares_are_exact_and_rounded_down_once() -> None:
    given = bridged("1/3", "0.5").given[0]  # ten steps: three at once, seven later
    assert (given.credits, given.bridged) == (3, 7)


def test_r09_nothing_at_once_is_possible() -> None:
    given = bridged("0%", "3").given[0]
    assert (given.credits, given.bridged) == (0, 60)

"""Short ways to write down a reason, and the kinds of finding that decide about a candidate."""

from collections.abc import Iterable

from credit_bank.errors import Parameter
from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.report import Outcome as Finding


def passed(rule: str, code: str, outcome: str = "", /, **parameters: Parameter) -> Reason:
    """What was asked for is there."""
    return Reason(rule, Finding.PASS, code, outcome, parameters)


def failed(rule: str, code: str, outcome: str = "", /, **parameters: Parameter) -> Reason:
    """What was asked for is not there."""
    return Reason(rule, Finding.FAIL, code, outcome, parameters)


def unchecked(rule: str, code: str, outcome: str = "", /, **parameters: Parameter) -> Reason:
    """It could not be checked, so a person has to."""
    return Reason(rule, Finding.UNCHECKED, code, outcome, parameters)


def beside(rule: str, code: str, outcome: str = "", /, **parameters: Parameter) -> Reason:
    """It is worth telling and decides nothing."""
    return Reason(rule, Finding.NOT_APPLICABLE, code, outcome, parameters)


def stands(reasons: Iterable[Reason]) -> bool:
    """Whether no reason fails and none could not be checked."""
    return all(one.finding in (Finding.PASS, Finding.NOT_APPLICABLE) for one in reasons)


def against(reasons: Iterable[Reason]) -> int:
    """How many reasons fail or could not be checked."""
    return sum(one.finding in (Finding.FAIL, Finding.UNCHECKED) for one in reasons)

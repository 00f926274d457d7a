"""What is wrong with a file's rows, in the reader's language."""

from collections.abc import Mapping

from credit_bank.errors import Parameter
from credit_bank.report import RowProblem
from credit_bank.sentences import has_sentence, sentence
from web.messages import locale


def say(key: str, parameters: Mapping[str, Parameter]) -> str:
    """The sentence of a key; "" where there is none (a problem whose sentence says what to do has no ``next``)."""
    return sentence(key, locale(), **parameters) if has_sentence(key) else ""


def problem_sentence(problem: RowProblem) -> str:
    """What is wrong, and what to do."""
    found = [say(f"row.{problem.code}", problem.parameters), say(f"next.row.{problem.code}", problem.parameters)]
    return ("" if locale() == "zh-CN" else " ").join(text for text in found if text)

"""Grades an answer. Free text that is neither clearly right nor clearly wrong is ``unsure``, and not counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from adaptive.content.model import Question, QuestionKind
from adaptive.content.numerals import read_quantity
from adaptive.content.short_answer import judge
from adaptive.errors import InvalidInput

Outcome = Literal["right", "wrong", "unsure", "unknown"]
LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth.

    ``score`` 0 to 1; ``parts`` says of each option, position or pair whether it is right; ``feedback`` are codes whose
    sentences are ``word.feedback.<code>``. ``unknown`` ("I don't know") counts as not correct, ``unsure`` not at all.
    """

    outcome: Outcome
    score: float
    parts: tuple[bool, ...] = ()
    feedback: tuple[str, ...] = ()


def grade(question: Question, response: object) -> Grade:
    """Grade what a form sends.

    choice, listen: the option's index; several: a list of indices; order: the indices of ``sequence`` in the chosen
    order; match: for each left side the index into the right sides of the pairs followed by the distractors, or None;
    number, text: a text; None is "I don't know". Raises InvalidInput ``answer.malformed`` for anything else.
    """
    if response is None:
        return Grade("unknown", 0.0, (), ("unknown",))
    return _KINDS[question.kind](question, response)


def _malformed(question: Question) -> InvalidInput:
    return InvalidInput("answer.malformed", kind=question.kind)


def _index(question: Question, value: object, size: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < size:
        raise _malformed(question)
    return value


def _indices(question: Question, value: object, size: int) -> list[int]:
    if not isinstance(value, list | tuple):
        raise _malformed(question)
    found = [_index(question, entry, size) for entry in value]
    if len(set(found)) != len(found):
        raise _malformed(question)
    return found


def _text(question: Question, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_ANSWER:
        raise _malformed(question)
    return value


def _whole(right: bool, parts: tuple[bool, ...], score: float, code: str) -> Grade:
    return Grade("right", 1.0, parts, ("right",)) if right else Grade("wrong", score, parts, (code,))


def _choice(question: Question, response: object) -> Grade:
    chosen = _index(question, response, len(question.options))
    right = question.options[chosen].correct
    return _whole(right, (right,), 0.0, "choice_wrong")


def _several(question: Question, response: object) -> Grade:
    chosen = set(_indices(question, response, len(question.options)))
    wanted = {index for index, option in enumerate(question.options) if option.correct}
    if not chosen and wanted:
        return Grade("unknown", 0.0, (), ("several_none",))
    parts = tuple((index in chosen) == option.correct for index, option in enumerate(question.options))
    hits, extra = len(chosen & wanted), len(chosen - wanted)
    code = "several_both" if extra and hits < len(wanted) else "several_extra" if extra else "several_missing"
    return _whole(chosen == wanted, parts, max(0.0, (hits - extra) / max(1, len(wanted))), code)


def _order(question: Question, response: object) -> Grade:
    """Score: the steps' order compared pair by pair (Kendall's tau, at least 0)."""
    size = len(question.sequence)
    chosen = _indices(question, response, size)
    if len(chosen) != size:
        raise _malformed(question)
    said = [question.sequence[index] for index in chosen]
    parts = tuple(a == b for a, b in zip(said, question.sequence, strict=True))
    pairs = size * (size - 1) // 2
    wrong = sum(chosen[i] > chosen[j] for i in range(size) for j in range(i + 1, size))
    code = "order_nearly" if wrong == 1 else "order_wrong"
    return _whole(all(parts), parts, max(0.0, 1 - 2 * wrong / pairs) if pairs else 0.0, code)


def _match(question: Question, response: object) -> Grade:
    rights = [right for _, right in question.pairs] + list(question.distractors)
    if not isinstance(response, list | tuple) or len(response) != len(question.pairs):
        raise _malformed(question)
    chosen = [None if value is None else _index(question, value, len(rights)) for value in response]
    if all(value is None for value in chosen):
        return Grade("unknown", 0.0, (), ("unknown",))
    parts = tuple(
        value is not None and rights[value] == right for value, (_, right) in zip(chosen, question.pairs, strict=True)
    )  # fmt: skip
    return _whole(all(parts), parts, sum(parts) / len(parts), "match_partly" if any(parts) else "match_wrong")


def _number(question: Question, response: object) -> Grade:
    text = _text(question, response)
    if not text.strip():
        return Grade("unknown", 0.0, (), ("unknown",))
    wanted, tolerance = Decimal(question.answer or "0"), Decimal(question.tolerance)
    said = read_quantity(text, question.unit)
    if said is None:
        known = judge(question, text)[0] == "unknown"
        return Grade("unknown", 0.0, (), ("unknown",)) if known else Grade("unsure", 0.0, (), ("number_not_read",))
    if abs(said.value - wanted) <= tolerance:
        return Grade("unsure", 0.0, (), ("number_unit",)) if said.other_unit else _whole(True, (True,), 1.0, "")
    return _whole(False, (False,), 0.0, "number_wrong")


def _written(question: Question, response: object) -> Grade:
    outcome, code = judge(question, _text(question, response))
    parts = () if outcome in ("unsure", "unknown") else (outcome == "right",)
    return Grade(outcome, float(outcome == "right"), parts, (code,))


def right_response(question: Question) -> object:
    """A response that is right: for tests, simulations, and showing the answer."""
    if question.kind in ("choice", "listen"):
        return next(index for index, option in enumerate(question.options) if option.correct)
    if question.kind == "several":
        return [index for index, option in enumerate(question.options) if option.correct]
    if question.kind == "order":
        return list(range(len(question.sequence)))
    if question.kind == "match":
        return list(range(len(question.pairs)))
    if question.kind == "number":
        return question.answer
    return _first(question.accept) or " ".join(group[0] for group in question.keywords if group)


def _first(texts: Sequence[str]) -> str | None:
    return texts[0] if texts else None


_KINDS: dict[QuestionKind, Callable[[Question, object], Grade]] = {
    "choice": _choice,
    "listen": _choice,
    "several": _several,
    "order": _order,
    "match": _match,
    "number": _number,
    "text": _written,
}

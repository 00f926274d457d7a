"""Faults of a question: what its kind needs, and whether its own right answer is right."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from adaptive.content.fault import Faults
from adaptive.content.grading import grade, right_response
from adaptive.content.model import Question, QuestionKind
from adaptive.content.places import Loaded

_Say = Callable[..., None]


def check(question: Question, loaded: Loaded, faults: Faults) -> None:
    """Every fault of one question."""

    def wrong(key: str, code: str, /, **parameters: str | int | None) -> None:
        faults.error(*loaded.places.of("question", question.id, key), code, **parameters)

    if not question.hints:
        wrong("id", "content.hints_missing")
    if question.picture is not None:
        item = loaded.library.items[question.item_id]
        if not question.picture_text:
            wrong("picture", "content.picture_text_missing", name=question.picture)
        if question.picture not in item.pictures:
            wrong("picture", "content.picture_missing", name=question.picture)
    _KINDS[question.kind](question, wrong)


def _one_right(question: Question, wrong: _Say) -> None:
    _options(question, wrong)
    right = sum(option.correct for option in question.options)
    if right != 1:
        wrong("options", "content.options_right", count=right)


def _some_right(question: Question, wrong: _Say) -> None:
    _options(question, wrong)
    if not any(option.correct for option in question.options):
        wrong("options", "content.options_none_right")


def _options(question: Question, wrong: _Say) -> None:
    if len(question.options) < 2:
        wrong("options", "content.options_few")
    _twice("options", [option.text for option in question.options], wrong)
    for option in question.options:
        if not option.correct and not option.why:
            wrong("options", "content.option_why_missing", text=option.text)


def _twice(key: str, texts: Sequence[str], wrong: _Say) -> None:
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        wrong(key, "content.said_twice", text=text)


def _order(question: Question, wrong: _Say) -> None:
    if len(question.sequence) < 3:
        wrong("sequence", "content.sequence_short")
    _twice("sequence", question.sequence, wrong)


def _match(question: Question, wrong: _Say) -> None:
    if len(question.pairs) < 2:
        wrong("pairs", "content.pairs_few")
    _twice("pairs", [left for left, _ in question.pairs], wrong)
    _twice("pairs", [right for _, right in question.pairs] + list(question.distractors), wrong)


def _number(question: Question, wrong: _Say) -> None:
    for key, text in (("answer", question.answer or ""), ("tolerance", question.tolerance)):
        try:
            value = Decimal(text)
        except InvalidOperation:
            wrong(key, "content.not_a_number", text=text)
            continue
        if not value.is_finite() or (key == "tolerance" and value < 0):
            wrong(key, "content.not_a_number", text=text)


def _text(question: Question, wrong: _Say) -> None:
    if not question.accept and not question.keywords:
        wrong("id", "content.accept_missing")
    if not question.model_answer:
        wrong("id", "content.model_answer_missing")
    told = [*question.accept, right_response(question), question.model_answer]
    for text in dict.fromkeys(text for text in told if text):
        if grade(question, text).outcome != "right":
            wrong("accept" if question.accept else "keywords", "content.answer_not_right", text=str(text))


_KINDS: dict[QuestionKind, Callable[[Question, _Say], None]] = {
    "choice": _one_right,
    "several": _some_right,
    "listen": _one_right,
    "order": _order,
    "match": _match,
    "number": _number,
    "text": _text,
}

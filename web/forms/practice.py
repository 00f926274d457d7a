"""Answering a question: what a form shows for each kind, and the response that it sends."""

from dataclasses import dataclass, field
from typing import Any

from adaptive.content.model import Question
from web.messages import t
from web.sheets import Sheet, order_of_options

LONGEST = 200


@dataclass(slots=True)
class AnswerForm:
    """The controls of one question, mixed as its sheet says, with what was typed and what is missing.

    ``entries`` are (index, text) pairs in the order shown: options, steps or right-hand sides.
    """

    question: Question
    entries: list[tuple[int, str]]
    chosen: list[str] = field(default_factory=list)
    text: str = ""
    problem: str = ""
    problem_at: str = ""

    @property
    def places(self) -> range:
        """The places that a step may take."""
        return range(1, len(self.question.sequence) + 1)

    @property
    def first_control(self) -> str:
        """The id of the control that the error summary leads to."""
        return self.problem_at or ("answer" if self.question.kind in ("number", "text") else "answer-0")


def form_of(question: Question, sheet: Sheet) -> AnswerForm:
    """The empty form of a question."""
    if question.kind == "order":
        texts = question.sequence
        order = sheet.shuffled(len(texts))
    elif question.kind == "match":
        texts = tuple(right for _, right in question.pairs) + question.distractors
        order = sheet.shuffled(len(texts))
    else:
        texts = tuple(option.text for option in question.options)
        order = order_of_options(sheet, question)
    return AnswerForm(question, [(index, texts[index]) for index in order])


def filled_in(question: Question, sheet: Sheet, sent: Any) -> AnswerForm:
    """The form with what was sent (a MultiDict)."""
    form = form_of(question, sheet)
    form.chosen = [value[:8] for value in sent.getlist("answer")][:60]
    form.text = sent.get("answer", "")[:LONGEST] if question.kind in ("number", "text") else ""
    return form


def response_of(form: AnswerForm) -> Any:
    """The response as grading takes it; ``form.problem`` is set when something is missing."""
    kind = form.question.kind
    if kind in ("number", "text"):
        if not form.text.strip():
            form.problem = t("practice.error.type")
        return form.text
    numbers = [int(value) if value.isdecimal() else None for value in form.chosen]
    if kind in ("choice", "listen"):
        found = [n for n in numbers if n is not None and n < len(form.question.options)]
        if len(found) != 1:
            form.problem = t("practice.error.choose")
        return found[0] if found else None
    if kind == "several":
        if not numbers:
            form.problem = t("practice.error.several")
        return sorted({n for n in numbers if n is not None and n < len(form.question.options)})
    return _order(form, numbers) if kind == "order" else _match(form, numbers)


def _order(form: AnswerForm, places: list[int | None]) -> list[int]:
    """Each entry was given a place; two may not share one."""
    count = len(form.question.sequence)
    places = (places + [None] * count)[:count]
    missing = next((at for at, place in enumerate(places) if place not in form.places), None)
    if missing is not None:
        form.problem, form.problem_at = t("practice.error.place"), f"answer-{missing}"
        return []
    twice = next((at for at, place in enumerate(places) if place in places[:at]), None)
    if twice is not None:
        form.problem = t("practice.error.place_twice", place=places[twice])
        form.problem_at = f"answer-{twice}"
        return []
    by_place = sorted(range(count), key=lambda at: places[at] or 0)
    return [form.entries[at][0] for at in by_place]


def _match(form: AnswerForm, sides: list[int | None]) -> list[int | None]:
    """Each left side was given a right one, or none."""
    count = len(form.question.pairs)
    sides = (sides + [None] * count)[:count]
    found = [side if side is not None and side < len(form.entries) else None for side in sides]
    missing = next((at for at, side in enumerate(found) if side is None), None)
    if missing is not None:
        form.problem, form.problem_at = t("practice.error.match"), f"answer-{missing}"
    return found

"""How an answer was, as a page shows it: each part beside what would have been right, and why."""

from dataclasses import dataclass
from typing import Any

from adaptive.content.model import Question


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the judgement.

    ``kind``: good, bad or empty; ``mine`` whether the learner chose it; ``right`` whether it belongs to the right
    answer; ``why`` the author's words; ``beside`` what would have been right instead.
    """

    text: str
    kind: str = ""
    mine: bool = False
    right: bool = False
    why: str | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement: ``parts`` line by line; for open answers ``said`` and ``expected``."""

    parts: tuple[Part, ...] = ()
    said: str | None = None
    expected: str | None = None


def judged(question: Question, response: Any) -> Judged:
    """Put a graded response beside the right answer."""
    kind = question.kind
    if kind in ("choice", "listen", "several"):
        return Judged(tuple(_options(question, response)))
    if kind == "order":
        return Judged(tuple(_order(question, response)))
    if kind == "match":
        return Judged(tuple(_match(question, response)))
    unit = question.unit or ""
    if kind == "number":
        return Judged(said=response or None, expected=f"{question.answer} {unit}".strip())
    model = question.model_answer or (question.accept[0] if question.accept else None)
    return Judged(said=response or None, expected=model)


def _options(question: Question, response: Any) -> list[Part]:
    chosen = set(response) if isinstance(response, list) else {response} if response is not None else set()
    found = []
    for index, option in enumerate(question.options):
        mine = index in chosen
        kind = "good" if option.correct else "bad" if mine else ""
        why = option.why if mine or option.correct else None
        found.append(Part(option.text, kind, mine, option.correct, why))
    return found


def _order(question: Question, response: Any) -> list[Part]:
    given = response if isinstance(response, list) else [None] * len(question.sequence)
    found = []
    for place, text in enumerate(question.sequence):
        mine = given[place] if place < len(given) else None
        good = mine == place or (mine is not None and question.sequence[mine] == text)
        beside = question.sequence[mine] if mine is not None and not good else None
        found.append(Part(text, "good" if good else "bad" if mine is not None else "", good, True, beside=beside))
    return found


def _match(question: Question, response: Any) -> list[Part]:
    rights = [right for _, right in question.pairs] + list(question.distractors)
    given = response if isinstance(response, list) else [None] * len(question.pairs)
    found = []
    for (left, right), mine in zip(question.pairs, given, strict=True):
        good = mine is not None and rights[mine] == right
        beside = rights[mine] if mine is not None and not good else None
        kind = "good" if good else "bad" if mine is not None else ""
        found.append(Part(f"{left} — {right}", kind, good, True, beside=beside))
    return found

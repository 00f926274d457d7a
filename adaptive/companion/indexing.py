"""The index of a library: which lesson speaks of what, and how much. Pure.

A lesson is several fields, and a gram counts by where it stands (BM25F: Robertson, Zaragoza and Taylor, 2004): what
stands in a title says more of what a lesson is about than what stands once in its text, and a long field says each
thing more often without being more about it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from adaptive.companion.passages import Passage, of_item
from adaptive.companion.words import grams
from adaptive.content.model import Item, Library, Question, Text

WEIGHTS: Mapping[str, float] = {
    "title": 4.0, "asked": 4.0, "heading": 2.0, "body": 1.0, "question": 1.0, "skill": 1.5, "course": 1.0
}  # fmt: skip
"""What a gram counts in each field of a lesson."""
SCHEME = 4
"""Raised whenever grams, fields or weights change, so that a new version of the program makes its own index."""
EVEN = 0.5
"""How far a field's length is evened out: 0 not at all, 1 wholly (BM25's b)."""


@dataclass(frozen=True, slots=True)
class Index:
    """A library's passages, and of each gram the lessons that have it with what it counts there (saturated later)."""

    passages: tuple[Passage, ...]
    lessons: int
    counts: Mapping[str, Mapping[str, float]]


def name(library: Library) -> str:
    """The name of a library's index: its digest, and how indexes are made."""
    return f"{library.digest}.{SCHEME}"


def index(library: Library, beat: Callable[[], None] = lambda: None) -> Index:
    """The index of a library; ``beat`` is called after each lesson, since a large library takes its time."""
    found: list[Passage] = []
    fields: dict[str, dict[str, Counter[str]]] = {}
    for item in library.items.values():
        passages = tuple(of_item(item))
        found += passages
        fields[item.id] = {name: Counter(grams(text)) for name, text in _fields(library, item, passages)}
        beat()
    usual = {name: sum(of[name].total() for of in fields.values()) / max(1, len(fields)) for name in WEIGHTS}
    counts: dict[str, dict[str, float]] = {}
    for item_id, of in fields.items():
        for name, held in of.items():
            even = WEIGHTS[name] / (1 - EVEN + EVEN * held.total() / (usual[name] or 1))
            for gram, times in held.items():
                of_gram = counts.setdefault(gram, {})
                of_gram[item_id] = of_gram.get(item_id, 0.0) + times * even
    return Index(tuple(found), len(library.items), counts)


def _fields(library: Library, item: Item, passages: tuple[Passage, ...]) -> Iterator[tuple[str, str]]:
    course = library.courses.get(item.course_id)
    skills = [library.skills[name] for name in item.skills if name in library.skills]
    yield "title", _both(item.title)
    yield "asked", "\n".join(item.asked.every)
    yield "heading", "\n".join(dict.fromkeys(passage.heading for passage in passages))
    yield "body", "\n".join(passage.text for passage in passages)
    yield "question", "\n".join(map(_of_question, item.questions))
    yield "skill", "\n".join(_both(text) for skill in skills for text in (skill.name, skill.can))
    yield "course", "" if course is None else f"{_both(course.title)}\n{_both(course.summary)}"


def _of_question(question: Question) -> str:
    """What a question is about, without its wrong answers."""
    right = [option.text for option in question.options if option.correct]
    return "\n".join([question.prompt, *right, question.explanation])


def _both(text: Text) -> str:
    return f"{text.zh}\n{text.en or ''}"

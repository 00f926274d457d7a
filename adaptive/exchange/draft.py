"""The shared intermediate of every import: a course as it was found, before it is a content folder."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from adaptive.content.model import Option, Question, QuestionKind

DIFFICULTY = 2
"""The guess for a question whose author gave none."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LONGEST_NAME = 40


@dataclass
class ItemDraft:
    """An item: ``name`` is what it should be called in the folder, if it says; ``body`` is Markdown from ``##`` on.

    ``questions`` have their own short names as ids and no skills yet; ``pictures`` are file contents by name.
    """

    title: str
    name: str | None = None
    body: str = ""
    questions: list[Question] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.body or self.questions)

    def add(self, questions: Iterable[Question], pictures: Mapping[str, bytes]) -> None:
        """Take questions with their pictures, which get other names where these are taken by other pictures."""
        renamed = {name: self._free(name, content) for name, content in pictures.items()}
        self.pictures |= {renamed[name]: content for name, content in pictures.items()}
        self.questions += [replace(q, picture=renamed[q.picture]) if q.picture else q for q in questions]

    def _free(self, name: str, content: bytes) -> str:
        stem, dot, kind = name.rpartition(".")
        free, number = name, 1
        while self.pictures.get(free, content) != content:
            number += 1
            free = f"{stem}-{number}{dot}{kind}"
        return free


@dataclass
class CourseDraft:
    """A course. ``source`` is the package's own identifier, ``language`` its language tag or "".

    ``outline`` are (depth, title) of the folders and items of a package, in order.
    """

    title: str
    name: str | None = None
    summary: str = ""
    about: str = ""
    language: str = ""
    author: str = ""
    licence: str = ""
    source: str | None = None
    items: list[ItemDraft] = field(default_factory=list)
    outline: list[tuple[int, str]] = field(default_factory=list)


class Names:
    """Names that are words joined by hyphens, each given out once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: Iterable[str | None], fallback: str) -> str:
        """The first of the wanted that can be a name, or ``fallback``; numbered where it is taken."""
        base = next((name for text in wanted if (name := slug(text or ""))), fallback)
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name


def slug(text: str) -> str | None:
    """A text as words joined by hyphens; None for a text without Latin letters, such as a Chinese title."""
    if _SLUG.match(text) and len(text) <= _LONGEST_NAME:
        return text
    folded = unicodedata.normalize("NFKD", text).lower()
    if any(unicodedata.category(char) == "Lo" for char in folded):
        return None
    plain = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    return plain[:_LONGEST_NAME].strip("-") or None


def question(name: str, kind: QuestionKind, prompt: str, **fields: Any) -> Question:
    """A question of a draft, with what every question must have."""
    known: dict[str, Any] = {"difficulty": DIFFICULTY, "explanation": "", **fields}
    return Question(id=name, kind=kind, prompt=prompt, skills=(), **known)


def choice(name: str, prompt: str, options: Iterable[Option], *, several: bool = False, **fields: Any) -> Question:
    """A question with options; ``several`` where more than one may be right."""
    listed = tuple(options)
    many = several or sum(option.correct for option in listed) > 1
    return question(name, "several" if many else "choice", prompt, options=listed, **fields)


def number_of(text: str) -> Decimal | None:
    """A decimal number of a reasonable size, or None."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None


def named(questions: Iterable[Question]) -> list[Question]:
    """The questions under names that are names, each once."""
    names = Names()
    return [replace(q, id=names.give([q.id], "question")) for q in questions]

"""What the library holds, as plain values: skills, courses, items in several forms, questions.

The folder format that these values are read from is docs/reference/content-format.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

FormKind = Literal["standard", "easy", "audio", "steps"]
FORM_KINDS: tuple[FormKind, ...] = ("standard", "easy", "audio", "steps")
QuestionKind = Literal["choice", "several", "order", "match", "number", "text", "listen"]
QUESTION_KINDS: tuple[QuestionKind, ...] = ("choice", "several", "order", "match", "number", "text", "listen")
ReadingLevel = Literal["simple", "middle", "hard"]
Drafting = Literal["person", "ai-assisted", "ai"]


@dataclass(frozen=True, slots=True)
class Text:
    """A short text in Chinese and, where there is one, in English."""

    zh: str
    en: str | None = None

    def in_language(self, locale: str) -> str:
        """The text for a reader of ``zh-CN`` or ``en``; Chinese where there is no English."""
        return self.en if locale == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Skill:
    """A node of the knowledge graph: something a person can do.

    ``id`` is ``<area>.<slug>``; ``level`` 1 (first steps) to 5; ``requires`` are the skills that come before.
    """

    id: str
    area: str
    name: Text
    can: Text
    level: int
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from; ``url`` is shown, never fetched."""

    title: str
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One way of meeting an item: its Markdown body; ``minutes`` it takes."""

    kind: FormKind
    body: str
    minutes: int
    lang: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose, whether it is right, and why."""

    text: str
    correct: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an item. ``id`` is ``<course>/<item>#<name>`` and is the learner model's item.

    Which of the answer fields are set depends on ``kind``: ``options`` (choice, several, listen), ``sequence`` in its
    right order (order), ``pairs`` with ``distractors`` on the right side (match), ``answer`` with ``tolerance`` and
    ``unit`` (number, as decimal text), ``accept``, ``keywords`` (each group must be met by one of its words) and
    ``reject`` (text). ``script`` is what is spoken (listen), in ``lang``. ``difficulty`` is the author's guess, 1 to 5.
    """

    id: str
    kind: QuestionKind
    prompt: str
    skills: tuple[str, ...]
    difficulty: int
    explanation: str
    easy_prompt: str | None = None
    picture: str | None = None
    picture_text: str | None = None
    hints: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    sequence: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    distractors: tuple[str, ...] = ()
    answer: str | None = None
    tolerance: str = "0"
    unit: str | None = None
    accept: tuple[str, ...] = ()
    keywords: tuple[tuple[str, ...], ...] = ()
    reject: tuple[str, ...] = ()
    model_answer: str | None = None
    script: str | None = None
    lang: str = "zh-CN"

    @property
    def item_id(self) -> str:
        """The item that the question belongs to."""
        return self.id.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """How people ask for what an item teaches, in their own words, in Chinese and in English."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """Those in Chinese, then those in English."""
        return self.zh + self.en


@dataclass(frozen=True, slots=True)
class Accessibility:
    """schema.org's accessibility metadata of an item (W3C vocabulary of schema.org's accessibility terms)."""

    access_modes: tuple[str, ...]
    sufficient: tuple[tuple[str, ...], ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: Text


@dataclass(frozen=True, slots=True)
class Item:
    """A learning item: one small thing to learn, in several forms, with questions. ``id`` is ``<course>/<item>``.

    ``requires`` are skills needed beyond the graph's own prerequisites; ``recheck`` is the day by which its facts must
    be looked at again; ``pictures`` and ``sign_video`` (in sign language) are paths inside the item's folder. ``asked``
    is for finding the item and never shown as its text.
    """

    id: str
    title: Text
    skills: tuple[str, ...]
    level: int
    minutes: int
    reading_level: ReadingLevel
    forms: Mapping[FormKind, Form]
    questions: tuple[Question, ...]
    accessibility: Accessibility
    sources: tuple[Source, ...] = ()
    requires: tuple[str, ...] = ()
    recheck: date | None = None
    pictures: tuple[str, ...] = ()
    sign_video: str | None = None
    asked: Asked = Asked()

    @property
    def course_id(self) -> str:
        """The course that the item belongs to."""
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class MicroCredential:
    """What mastering a course is proposed to be worth: the skills to show, and the notional hours behind it."""

    name: Text
    skills: tuple[str, ...]
    hours: int
    level: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course: items in the neutral order that is always one press away."""

    id: str
    title: Text
    summary: Text
    about: str
    area: str
    level: int
    audience: tuple[str, ...]
    items: tuple[str, ...]
    author: str
    licence: str
    drafting: Drafting
    reviewed: date
    review_due: date
    credential: MicroCredential | None = None
    sources: tuple[Source, ...] = ()
    source: str | None = None
    """Where an imported course came from (the package's own identifier); None for one written here."""


@dataclass(frozen=True, slots=True)
class Library:
    """All content at one moment; ``digest`` names it (SHA-256 over its files)."""

    skills: Mapping[str, Skill]
    areas: Mapping[str, Text]
    courses: Mapping[str, Course]
    items: Mapping[str, Item]
    digest: str
    questions: Mapping[str, Question] = field(default_factory=dict)

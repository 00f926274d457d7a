"""The learning library at the edge: its content as read when the server started, and who is learning.

Everything that shows or uses the library goes through here: ``library()``, ``shelf()`` for the files beside it,
``learning()`` for the use cases, ``stored_learner()`` for whose learning may be kept.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import structlog
from flask import Flask, current_app, g, url_for

from adaptive.answering import Learning
from adaptive.content.fault import Fault
from adaptive.content.loading import read_folders
from adaptive.content.model import Course, Item, Library, Question
from adaptive.store import terms
from adaptive.suiting import Choices
from credit_bank.store.types import new_id
from web.accounts import consents
from web.accounts.permissions import actor_or_none, now
from web.banking import settings
from web.database import tx
from web.settings import INSTANCE, Settings

CONSENT = "learning"
IMPORTED = INSTANCE / "content"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library as it stands: its values, the folder of each item (for pictures), what was wrong while reading.

    ``left_out`` names the courses that a fault keeps out.
    """

    library: Library
    folders: MappingProxyType[str, Path]
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]
    choices: Choices


class Shelves:
    """The shelf of an application, read at its first use; whatever changes in the folders is seen after a restart."""

    def __init__(self, given: Settings) -> None:
        self._settings = given
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None

    def current(self) -> Shelf:
        """The shelf as it was first read."""
        if self._shelf is None:
            with self._lock:
                if self._shelf is None:
                    self._shelf = _read(folders(self._settings))
        return self._shelf


def folders(given: Settings) -> tuple[Path, ...]:
    """The library's own folder, then each imported one."""
    imported = sorted(p for p in IMPORTED.iterdir() if p.is_dir()) if IMPORTED.is_dir() else []
    return (given.content_dir, *imported)


def _read(wanted: tuple[Path, ...]) -> Shelf:
    found = _read_once(wanted, _signature(wanted))
    for fault in found.faults:
        if fault.severity == "error":
            _log.warning("content.fault", file=fault.file, line=fault.line, code=fault.code, **_plain(fault))
    return found


def _plain(fault: Fault) -> dict[str, object]:
    return {f"given_{name}": value for name, value in fault.parameters.items()}


def _signature(wanted: Sequence[Path]) -> int:
    """Changes whenever a file of those folders does."""
    found = []
    for folder in wanted:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            stat = path.lstat()  # a link that leads nowhere, such as an editor's lock, is no reason to stop
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return hash(tuple(found))


@lru_cache(maxsize=4)
def _read_once(wanted: tuple[Path, ...], _signature: int) -> Shelf:
    """Several applications of one process (in tests) on the same files share what was read."""
    loaded = read_folders(*wanted)
    library, left_out = _without_broken(loaded.library)
    return Shelf(library, MappingProxyType(dict(loaded.folders)), loaded.faults, left_out, Choices(library))


def _without_broken(found: Library) -> tuple[Library, tuple[str, ...]]:
    """The library without the courses that lack an item or a skill, and their names; nor questions that lack one."""
    whole = {
        course_id: course
        for course_id, course in found.courses.items()
        if course.items
        and all(
            item_id in found.items and all(skill in found.skills for skill in found.items[item_id].skills)
            for item_id in course.items
        )
    }
    items = {
        item_id: _without_broken_questions(found, found.items[item_id])
        for course in whole.values()
        for item_id in course.items
    }
    questions = {question.id: question for item in items.values() for question in item.questions}
    broken = {item_id.partition("/")[0] for item_id in found.items} | found.courses.keys()
    kept = Library(found.skills, found.areas, whole, items, found.digest, questions)
    return kept, tuple(sorted(broken - whole.keys()))


def _without_broken_questions(found: Library, item: Item) -> Item:
    whole = tuple(q for q in item.questions if all(skill in found.skills for skill in q.skills))
    return item if len(whole) == len(item.questions) else replace(item, questions=whole)


def install(app: Flask) -> None:
    """Give an application its library."""
    app.extensions["evergreen_library"] = Shelves(app.extensions["evergreen_settings"])


def shelves_of(app: Flask) -> Shelves:
    """An application's shelves, for what works beside its requests."""
    found: Shelves = app.extensions["evergreen_library"]
    return found


def shelves() -> Shelves:
    """The application's shelves."""
    return shelves_of(current_app)


def shelf() -> Shelf:
    """The library with its files and faults."""
    return shelves().current()


def library() -> Library:
    """The library, without what a fault keeps out."""
    return shelf().library


def course_of(item: Item) -> Course:
    """The course of an item."""
    return library().courses[item.course_id]


def learning() -> Learning:
    """What the use cases of the adaptive library work with in this request."""
    if "learning" not in g:
        g.learning = Learning(library(), terms.weights(tx()), now, new_id)
    found: Learning = g.learning
    return found


def choices() -> Choices:
    """What there is to choose from, made once for a library."""
    return shelf().choices


def stored_learner() -> UUID | None:
    """Whose learning is kept: the signed-in learner who agreed to it; None for everybody else."""
    if "stored_learner" not in g:
        who = actor_or_none()
        agreed = who is not None and who.learner_id is not None
        agreed = agreed and consents.learner_agrees(tx(), who.learner_id, CONSENT)  # type: ignore[arg-type, union-attr]
        g.stored_learner = who.learner_id if agreed and who is not None else None
    found: UUID | None = g.stored_learner
    return found


def still_kept(learner_id: UUID) -> bool:
    """Whether the learner agrees at this moment, not when the request began."""
    return consents.learner_agrees(tx(), learner_id, CONSENT)


def may_ask_to_keep() -> bool:
    """Whether the reader has an account and has not agreed to keeping their learning."""
    who = actor_or_none()
    return who is not None and who.learner_id is not None and stored_learner() is None


def speech_address(question: Question) -> str | None:
    """Where the spoken text of a listening question is, once speech is served here; None before that."""
    if "speech.question" not in current_app.view_functions:
        return None
    course, _, rest = question.id.partition("/")
    item, _, name = rest.partition("#")
    return url_for("speech.question", course=course, item=item, name=name)


def content_dir() -> Path:
    """The folder of the library's own content."""
    return settings().content_dir

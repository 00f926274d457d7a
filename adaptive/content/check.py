"""Checks content folders: everything that is wrong or ages, each with its file and line.

What keeps content out of a library is an error; what an author should look at is a notice.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from adaptive.content import check_asked, check_forms, check_graph, check_questions
from adaptive.content.fault import Fault, Faults
from adaptive.content.loading import read_folders
from adaptive.content.model import Course, Item, ReadingLevel
from adaptive.content.places import Loaded

# SPDX identifiers under which a library may pass content on.
LICENCES = (
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
)


class Reading(Protocol):
    """How hard a text is to read, as whoever checks content measures it (``accessibility.text.readability``)."""

    @property
    def score(self) -> float: ...
    @property
    def level(self) -> ReadingLevel: ...
    @property
    def sentences(self) -> Sequence[str]: ...
    @property
    def characters(self) -> Sequence[int]: ...
    @property
    def hard_words(self) -> Sequence[str]: ...
    @property
    def idioms(self) -> Sequence[str]: ...
    @property
    def double_negatives(self) -> Sequence[str]: ...


Measure = Callable[[str, str], Reading]


def check_folders(*folders: Path, measure: Measure, today: date) -> tuple[Fault, ...]:
    """Every fault of the folders, read together as one library."""
    return check(read_folders(*folders), measure=measure, today=today)


def check(loaded: Loaded, *, measure: Measure, today: date) -> tuple[Fault, ...]:
    """Every fault of what was read: those met while reading, and those of what it says."""
    faults = Faults()
    faults.found += loaded.faults
    check_graph.check(loaded, faults)
    for course in loaded.library.courses.values():
        _course(course, loaded, faults, today)
    for item in loaded.library.items.values():
        check_forms.check(item, loaded, faults, measure)
        _recheck(item, loaded, faults, today)
    for question in loaded.library.questions.values():
        check_questions.check(question, loaded, faults)
    check_asked.check(loaded, faults)
    _unlisted(loaded, faults)
    return faults.in_order()


def _course(course: Course, loaded: Loaded, faults: Faults, today: date) -> None:
    def at(key: str, entry: str | None = None) -> tuple[str, int]:
        return loaded.places.of("course", course.id, key, entry)

    seen: set[str] = set()
    for id in course.items:
        name = id.partition("/")[2]
        if id in seen:
            faults.error(*at("items", name), "content.item_listed_twice", name=name)
        elif id not in loaded.folders:
            faults.error(*at("items", name), "content.item_missing", name=name)
        seen.add(id)
    if course.licence not in LICENCES:
        faults.error(*at("licence"), "content.licence_unknown", licence=course.licence, allowed=", ".join(LICENCES))
    if course.reviewed > today:
        faults.error(*at("reviewed"), "content.reviewed_ahead", date=course.reviewed.isoformat())
    if course.review_due <= course.reviewed:
        faults.error(*at("review_due"), "content.review_due_before", date=course.review_due.isoformat())
    elif course.review_due < today:
        faults.notice(*at("review_due"), "content.review_due_passed", date=course.review_due.isoformat())
    if not course.about:
        faults.error(*at("title"), "content.about_missing")
    taught = {skill for item in loaded.library.items.values() if item.course_id == course.id for skill in item.skills}
    if course.credential and not set(course.credential.skills) <= taught and not _broken(loaded, course.id):
        for skill in sorted(set(course.credential.skills) & loaded.library.skills.keys() - taught):
            faults.error(*at("credential"), "content.credential_skill_not_taught", skill=skill)


def _broken(loaded: Loaded, course: str) -> bool:
    """Whether an item of the course could not be read whole."""
    return any(id.startswith(f"{course}/") and id not in loaded.library.items for id in loaded.folders)


def _recheck(item: Item, loaded: Loaded, faults: Faults, today: date) -> None:
    if item.recheck is not None and item.recheck < today:
        at = loaded.places.of("item", item.id, "recheck")
        faults.notice(*at, "content.recheck_passed", date=item.recheck.isoformat())


def _unlisted(loaded: Loaded, faults: Faults) -> None:
    listed = {id for course in loaded.library.courses.values() for id in course.items}
    for id, folder in loaded.folders.items():
        course, _, name = id.partition("/")
        if id not in listed and course in loaded.library.courses:
            faults.error((folder / "item.md").as_posix(), 1, "content.item_unlisted", name=name)

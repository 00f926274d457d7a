"""What there is to do where practice ends or does not get on: never an empty page, and never only "again"."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from adaptive.content.graph import SkillGraph
from adaptive.content.model import FormKind, Item, Library
from adaptive.struggle.ladder import FORM_ORDER, WEAK

WayKind = Literal["form", "before", "lesson", "course", "rest"]
READING = {"simple": 0, "middle": 1, "hard": 2}


@dataclass(frozen=True, slots=True)
class Way:
    """Something to do: a lesson in a form, the lesson that comes before, an easy lesson, another course, a rest.

    ``minutes`` are those of the rest after which questions can be met again; None where that is not known.
    """

    kind: WayKind
    item_id: str | None = None
    course_id: str | None = None
    form: FormKind | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Been:
    """What is known: the lessons whose questions were missed lately (the newest first), P(mastery) of skills, the forms
    in which each lesson was seen, and the minutes until something can be asked again."""

    missed: Sequence[str] = ()
    mastery: Mapping[str, float] | None = None
    seen: Mapping[str, Collection[str]] | None = None
    rest: int | None = None


def ways(library: Library, scope: str, been: Been) -> tuple[Way, ...]:
    """Up to five ways on, the nearest to what was done first; the last is a rest, so that there always is one.

    ``scope`` is a course, an item or empty. No lesson is named twice.
    """
    seen = been.seen or {}
    missed = [library.items[key] for key in been.missed if key in library.items]
    course_id = scope.partition("/")[0] or (missed[0].course_id if missed else "")
    found: list[Way] = []
    other = next((way for item in missed if (way := _other_form(item, seen.get(item.id, ())))), None)
    if other is not None:
        found.append(other)
    before = _before(library, missed, been.mastery or {})
    if before is not None:
        found.append(Way("before", before))
    taken = {item.id for item in missed} | {before or ""} | set(seen)
    course = library.courses.get(course_id)
    left = [key for key in course.items if key not in taken] if course is not None else []
    if left:
        found.append(Way("lesson", min(left, key=lambda key: _effort(library.items[key]))))
    elsewhere = _other_course(library, course_id, missed, seen)
    if elsewhere is not None:
        found.append(Way("course", course_id=elsewhere))
    return (*found, Way("rest", minutes=been.rest))


def _other_form(item: Item, seen: Collection[str]) -> Way | None:
    """The first form of a lesson that was not seen, the easiest to read first."""
    form = next((form for form in FORM_ORDER if form in item.forms and form not in seen), None)
    return None if form is None else Way("form", item.id, form=form)


def _before(library: Library, missed: Sequence[Item], mastery: Mapping[str, float]) -> str | None:
    """A lesson of the weakest skill that the missed ones build on."""
    graph = SkillGraph(library.skills)
    own = {item.id for item in missed}
    skills = [skill for item in missed for skill in item.skills if skill in library.skills]
    weak = sorted({(mastery.get(b, 0.0), b) for s in skills for b in graph.requires(s) if mastery.get(b, 0.0) < WEAK})
    lessons = (key for _p, skill in weak for key, item in library.items.items() if skill in item.skills)
    return next((key for key in lessons if key not in own), None)


def _effort(item: Item) -> tuple[int, int, int]:
    return item.level, READING[item.reading_level], item.minutes


def _other_course(
    library: Library, course_id: str, missed: Sequence[Item], seen: Mapping[str, Collection[str]]
) -> str | None:
    """The easiest course that was not begun, rather of another area than what does not get on."""
    begun = {key.partition("/")[0] for key in seen} | {item.course_id for item in missed} | {course_id}
    areas = {library.courses[key].area for key in {item.course_id for item in missed} if key in library.courses}
    fresh = [course for course in library.courses.values() if course.id not in begun and course.items]
    if not fresh:
        return None
    return min(fresh, key=lambda course: (course.area in areas, course.level)).id

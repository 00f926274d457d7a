"""What else can be asked, for those who do not type: titles of lessons, each of which the companion answers."""

from collections.abc import Iterator, Sequence

from adaptive.content.model import Item, Library

MOST = 4


def suggested(library: Library, found: Sequence[str] = (), most: int = MOST) -> tuple[Item, ...]:
    """Lessons to ask about, after those that were ``found`` (ids): what their skills lead to, what teaches the same,
    the rest of their courses. Where nothing was found, the first lesson of each course, the easiest courses first.
    """
    known = [library.items[item] for item in found if item in library.items]
    near = {item.id: item for item in (*_near(library, known), *_first(library))}
    return tuple(item for item in near.values() if item not in known)[:most]


def _near(library: Library, known: Sequence[Item]) -> Iterator[Item]:
    skills = {skill for item in known for skill in item.skills}
    next_skills = {skill.id for skill in library.skills.values() if skills & set(skill.requires)}
    for wanted in (next_skills, skills):
        for item in library.items.values():
            if wanted & set(item.skills):
                yield item
    for course in dict.fromkeys(item.course_id for item in known):
        yield from (library.items[item] for item in library.courses[course].items)


def _first(library: Library) -> Iterator[Item]:
    for course in sorted(library.courses.values(), key=lambda course: (course.level, course.id)):
        yield library.items[course.items[0]]

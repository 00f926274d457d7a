"""Faults of the knowledge graph: unknown, unused and unasked skills, and cycles."""

from collections.abc import Collection, Iterator

from adaptive.content.fault import Faults
from adaptive.content.graph import cycles
from adaptive.content.places import Loaded
from adaptive.content.record import nearest

# Who names a skill: the place's kind, its id, the key, and the skill.
_Use = tuple[str, str, str, str]


def check(loaded: Loaded, faults: Faults) -> None:
    """Every fault of the graph itself, and of each place that names a skill."""
    library, places = loaded.library, loaded.places
    _cycles(loaded, faults)
    for kind, id, key, skill in _uses(loaded):
        if skill not in library.skills:
            _unknown(places.of(kind, id, key, skill), skill, library.skills, faults)
    for course in library.courses.values():
        if course.area not in library.areas:
            at = places.of("course", course.id, "area")
            faults.error(*at, "content.area_unknown", area=course.area, allowed=", ".join(library.areas))
    if not any(fault.severity == "error" for fault in loaded.faults):
        _idle(loaded, faults)


def _uses(loaded: Loaded) -> Iterator[_Use]:
    library = loaded.library
    for skill in library.skills.values():
        yield from (("skill", skill.id, "requires", other) for other in skill.requires)
    for course in library.courses.values():
        if course.credential:
            yield from (("course", course.id, "credential", skill) for skill in course.credential.skills)
    for item in library.items.values():
        yield from (("item", item.id, "skills", skill) for skill in item.skills)
        yield from (("item", item.id, "requires", skill) for skill in item.requires)
        own = set(item.skills)
        for question in item.questions:
            yield from (("question", question.id, "skills", skill) for skill in question.skills if skill not in own)


def _unknown(at: tuple[str, int], skill: str, known: Collection[str], faults: Faults) -> None:
    near = nearest(skill, known)
    if near is None:
        faults.error(*at, "content.skill_unknown", skill=skill)
    else:
        faults.error(*at, "content.skill_unknown_near", skill=skill, near=near)


def _cycles(loaded: Loaded, faults: Faults) -> None:
    skills = loaded.library.skills
    known = {id: [r for r in skill.requires if r in skills] for id, skill in skills.items()}
    for cycle in cycles(known):
        at = loaded.places.of("skill", cycle[0], "requires", cycle[1])
        faults.error(*at, "content.prerequisite_cycle", cycle=" → ".join(cycle))


def _idle(loaded: Loaded, faults: Faults) -> None:
    """Skills that no item teaches, and skills that are taught but that no question asks for."""
    taught = {skill for item in loaded.library.items.values() for skill in item.skills}
    asked = {skill for question in loaded.library.questions.values() for skill in question.skills}
    for id in loaded.library.skills:
        if id not in taught:
            faults.notice(*loaded.places.of("skill", id), "content.skill_unused", skill=id)
        elif id not in asked:
            faults.error(*loaded.places.of("skill", id), "content.skill_never_asked", skill=id)

"""A programme that a learner may convert outcomes towards: its components, its courses, what it takes to graduate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from credit_bank.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class TargetCourse:
    """A course of a programme. ``credits`` in the framework's smallest step; not ``convertible``: rule R13.

    ``unit_shares`` says how much of a 认证单元 it covers where that is not the whole (rule R21).
    """

    code: str
    title: str
    component: str
    credits: int
    level: str = ""
    units: frozenset[str] = frozenset()
    required: bool = True
    convertible: bool = True
    unit_shares: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a programme, such as its required courses. ``minimum`` and ``maximum`` count credits towards the total.

    A component that takes ``elective`` credits accepts credit that stands for no course of it (rule R8).
    """

    id: str
    title: str
    title_en: str
    minimum: int = 0
    maximum: int | None = None
    elective: bool = False
    convertible: bool = True


@dataclass(frozen=True, slots=True)
class Programme:
    """A version of a programme. ``total`` is what graduation takes; amounts in the framework's smallest step."""

    id: str
    version: str
    institution: str
    title: str
    title_en: str
    framework: str
    level: str
    total: int
    components: tuple[Component, ...]
    courses: tuple[TargetCourse, ...]
    valid_from: date | None = None
    valid_until: date | None = None

    def course(self, code: str) -> TargetCourse:
        """The course of that code. Raises InvalidInput ``programme.course_unknown``."""
        for course in self.courses:
            if course.code == code:
                return course
        raise InvalidInput("programme.course_unknown", course=code, programme=self.id)

    def component(self, id: str) -> Component:
        """The component of that id. Raises InvalidInput ``programme.component_unknown``."""
        for component in self.components:
            if component.id == id:
                return component
        raise InvalidInput("programme.component_unknown", component=id, programme=self.id)

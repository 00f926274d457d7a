"""Precedents between their rows and the values that comparisons use."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store.tables import Course, Precedent


def fingerprint(decision: Equivalence) -> bytes:
    """What makes two decisions of an institution the same: whose courses, which as which of its own, and if taken."""

    def named(courses: Sequence[Described]) -> list[list[str]]:
        return sorted([course.code, course.title] for course in courses)

    said = [decision.source_institution, named(decision.sources), named(decision.targets), decision.denied]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


def decision_of(row: Precedent, institution: str) -> Equivalence:
    """A stored precedent as a value; ``institution`` is the name of the one that decided."""
    return Equivalence(
        tuple(_described(row.source_name, given) for given in row.sources),
        tuple(_described(institution, given) for given in row.targets),
        row.family,
        denied=row.decision == "denied",
        conditions=row.conditions,
    )


def as_json(course: Described) -> dict[str, Any]:
    """A course as JSON values; what is not known is left out."""
    facts: dict[str, Any] = {"code": course.code, "title": course.title}
    if course.description:
        facts["description"] = course.description
    if course.credits is not None:
        facts["credits"] = str(course.credits)
    if course.hours is not None:
        facts["hours"] = str(course.hours)
    if course.level:
        facts["level"] = course.level
    if course.units:
        facts["units"] = sorted(course.units)
    return facts


def _described(institution: str, given: Mapping[str, Any]) -> Described:
    return Described(
        institution,
        given["code"],
        given["title"],
        given.get("description", ""),
        Fraction(given["credits"]) if "credits" in given else None,
        given.get("level", ""),
        frozenset(given.get("units", ())),
        Fraction(given["hours"]) if "hours" in given else None,
    )


def of_catalogue(row: Course, institution: str) -> Described:
    """A course of a catalogue as a comparison sees it; of variable credit, the least counts."""
    return Described(
        institution,
        row.code,
        row.title,
        row.description,
        None if row.credits_min is None else Fraction(row.credits_min, FRAMEWORKS[row.framework].steps_per_credit),
        row.level or "",
        hours=None if row.hours is None else Fraction(row.hours, 10),
    )


def source_text(decision: Equivalence) -> str:
    """What a search for words looks through: codes and titles of both sides."""
    return "\n".join(f"{course.code} {course.title}" for course in (*decision.sources, *decision.targets))

"""Comparing a course with the institution's own: typed in, or taken from another member's catalogue.

What comes out is a machine's proposal (rule R31) and says so; only above the precision that the institution chose is it
a suggestion, otherwise the nearest courses are leads.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from credit_bank.recognition.comparison.comparing import Candidate
from credit_bank.recognition.comparison.course import Described
from credit_bank.store import courses, institutions, precedents
from credit_bank.store.precedent_rows import of_catalogue
from credit_bank.store.tables import Course, Institution
from web.accounts.permissions import actor, permit
from web.accounts.roles import Role
from web.comparing import comparisons, evidence
from web.database import tx
from web.forms.comparing import CourseForm, DecideForm
from web.views.comparing.blueprint import blueprint, today

SHOWN = 8
FOUND = 20
FIELDS = ("school", "title", "code", "credits", "hours", "level", "units", "description")


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate as the page shows it."""

    candidate: Candidate
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a comparison found; ``suggested`` says whether the first is sure enough."""

    shown: list[Shown]
    suggested: bool
    confidence: float


@blueprint.get("/desk/<handle>/comparing")
@permit(Role.REGISTRAR, Role.REVIEWER)
def compare(handle: str) -> ResponseReturnValue:
    """Which of our courses is this one? With a title in the address, the answer; before, the form."""
    form = CourseForm(_typed(), meta={"csrf": False})
    asked = bool(form.title.data)
    found = answer(form.course()) if asked and form.validate() else None
    page = render_template(
        "comparing/compare.html",
        handle=handle,
        form=form,
        found=found,
        asked=asked,
        decide=DecideForm(formdata=None),
        fields=FIELDS,
        percent=precision() / 10,
        reviewer=actor().has_role(g.institution.id, Role.REVIEWER),
        nothing=asked and found is None and not form.errors,
    )
    return page, 422 if asked and form.errors else 200


@blueprint.get("/desk/<handle>/comparing/catalogues")
@permit(Role.REGISTRAR, Role.REVIEWER)
def catalogues(handle: str) -> str:
    """Find the course in another member's catalogue."""
    others = [one for one in institutions.every(tx()) if one.closed_at is None and one.id != g.institution.id]
    chosen = next((one for one in others if one.handle == request.args.get("of")), None)
    words = request.args.get("q", "").strip()[:100]
    rows: list[tuple[Course, dict[str, str]]] = []
    if chosen is not None:
        found = courses.page(tx(), chosen.id, words=words, limit=FOUND)
        rows = [(row, _address(chosen, row)) for row in found]
    return render_template(
        "comparing/catalogues.html", handle=handle, others=others, chosen=chosen, words=words, rows=rows, most=FOUND
    )


def precision() -> int:
    """How sure a suggestion of this institution has to be, in thousandths."""
    return precedents.state(tx(), g.institution.id).precision


def answer(course: Described) -> Answer | None:
    """Compare with the institution of this page; None where it has no courses."""
    index = comparisons().of(tx(), g.institution.id, today())
    if not index.index.courses:
        return None
    found = index.compare([course], SHOWN)
    shown = [Shown(one, evidence([course], one)) for one in found.candidates]
    return Answer(shown, found.suggested(precision() / 1000) is not None, found.confidence)


def _typed() -> MultiDict[str, str]:
    return MultiDict({name: request.args.get(name, "") for name in FIELDS})


def _address(institution: Institution, row: Course) -> dict[str, str]:
    """A course of a catalogue as the fields of the form."""
    course = of_catalogue(row, institution.name)
    facts = {
        "school": course.institution,
        "title": course.title,
        "code": course.code,
        "credits": _plain(course.credits),
        "hours": _plain(course.hours),
        "level": course.level,
        "description": course.description[:500],
    }
    return {name: value for name, value in facts.items() if value}


def _plain(value: Fraction | None) -> str:
    return "" if value is None else format(Decimal(str(float(value))).normalize(), "f")

"""The author's view: which questions mislead, by their answers; and what the check of the content found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template

from adaptive import analysing
from adaptive.content.fault import Fault
from adaptive.content.model import Course, Question
from adaptive.evaluation.item_analysis import FEWEST, Analysis, Between, Finding
from adaptive.store import answers
from web import learning
from web.accounts.permissions import permit
from web.accounts.roles import Role
from web.database import database, tx
from web.messages import catalogue, t
from web.views.author.blueprint import blueprint

KEPT = 64
_made: dict[tuple[object, ...], tuple[Analysis, ...]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A course on the first page: how many answers, questions to look at, and faults; ``need`` orders them."""

    course: Course
    answers: int
    flagged: int
    need: int
    faults: int


def _analysis(course_id: str, count: int) -> tuple[Analysis, ...]:
    """The analysis of a course, made anew when somebody answered."""
    key = (str(database().engine.url), learning.library().digest, course_id, count)
    if key not in _made:
        if len(_made) >= KEPT:
            _made.clear()
        _made[key] = analysing.course(tx(), learning.library(), course_id)
    return _made[key]


def _faults(course_id: str) -> list[Fault]:
    return [fault for fault in learning.shelf().faults if f"/courses/{course_id}/" in f"/{fault.file}"]


@blueprint.get("/author/<handle>/")
@permit(Role.REGISTRAR, Role.REVIEWER, Role.ADMINISTRATOR)
def overview(handle: str) -> str:
    """The courses, the one most in need of attention first."""
    counts = answers.count_by_course(tx())
    rows = []
    for course in learning.library().courses.values():
        count = counts.get(course.id, 0)
        found = _analysis(course.id, count) if count else ()
        flagged = sum(bool(one.findings) for one in found)
        rows.append(Row(course, count, flagged, sum(one.need for one in found), len(_faults(course.id))))
    rows.sort(key=lambda row: (-row.need, -row.faults, -row.answers, row.course.id))
    return render_template("author/overview.html", handle=handle, rows=rows, left_out=learning.shelf().left_out)


@blueprint.get("/author/<handle>/courses/<course>")
@permit(Role.REGISTRAR, Role.REVIEWER, Role.ADMINISTRATOR)
def course(handle: str, course: str) -> str:
    """The questions of a course with what their answers say, the one most in need of attention first."""
    library = learning.library()
    if course not in library.courses:
        abort(404)
    found = _analysis(course, answers.count_by_course(tx()).get(course, 0))
    return render_template(
        "author/course.html",
        handle=handle,
        course=library.courses[course],
        known=[one for one in found if one.success is not None],
        few=[one for one in found if one.success is None],
        fewest=FEWEST,
        questions=library.questions,
        items=library.items,
        faults=_faults(course),
        parameters=_parameters,
        group_name=_group_name,
        untouched=len([q for q in library.questions.values() if q.id.startswith(f"{course}/")]) - len(found),
    )


def _group_name(one: Between) -> str:
    return _named(one.attribute, one.group)


def _named(attribute: str, group: str) -> str:
    key = f"library.form.{group}" if attribute == "form" else f"fairness.{attribute}.{group}"
    if key not in catalogue():
        return group
    return (
        t(key)
        if attribute == "form"
        else t("author.group", attribute=t(f"fairness.attribute.{attribute}"), group=t(key))
    )


def _parameters(finding: Finding, question: Question) -> Mapping[str, object]:
    """The numbers of a finding's sentence, options and groups by their names."""
    facts: dict[str, object] = dict(finding.facts)
    if "option" in facts:
        place = int(str(facts["option"]))
        facts["option"] = question.options[place].text if place < len(question.options) else str(place + 1)
    if "group" in facts:
        facts["group"] = _named(str(facts["attribute"]), str(facts["group"]))
    if "form" in facts:
        facts["form"] = _named("form", str(facts["form"]))
    return facts


def _sorted(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: -finding.urgency)


blueprint.add_app_template_filter(_sorted, "by_urgency")

"""An institution's catalogue: looking courses up, and one course with its versions."""

from uuid import UUID

from flask import g, render_template, request, url_for

from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store import batches, courses
from web.accounts.permissions import permit
from web.accounts.roles import Role
from web.database import tx
from web.views.desk.blueprint import PAGE, blueprint, has, page_number, pages


@blueprint.get("/desk/<handle>/catalogue")
@permit(Role.REGISTRAR, Role.REVIEWER)
def catalogue(handle: str) -> str:
    """The catalogue by code, narrowed by words."""
    words = request.args.get("q", "").strip()[:100]
    at = page_number()
    count = courses.count(tx(), g.institution.id, words)
    return render_template(
        "desk/catalogue.html",
        handle=handle,
        rows=courses.page(tx(), g.institution.id, words=words, offset=(at - 1) * PAGE, limit=PAGE),
        count=count,
        words=words,
        page=at,
        pages=pages(count),
        address=lambda page: url_for(".catalogue", handle=handle, q=words, page=page),
        framework=FRAMEWORKS["evergreen-1"],
        batches=batches.latest(tx(), g.institution.id, kind="catalogue", limit=3),
        registrar=has(Role.REGISTRAR),
    )


@blueprint.get("/desk/<handle>/catalogue/<uuid:course_id>")
@permit(Role.REGISTRAR, Role.REVIEWER)
def course(handle: str, course_id: UUID) -> str:
    """One course, and how it read before."""
    found = courses.get(tx(), g.institution.id, course_id)
    return render_template(
        "desk/course.html",
        handle=handle,
        course=found,
        versions=courses.versions(tx(), g.institution.id, found.code),
        framework=FRAMEWORKS[found.framework],
        registrar=has(Role.REGISTRAR),
    )

"""Institutions and their catalogues, as anybody may read them."""

from typing import Any

from flask import Response, url_for
from sqlmodel import Session

from credit_bank import admitting
from credit_bank.errors import Missing
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store import courses, institutions
from credit_bank.store.tables import Course, Institution
from web.accounts.permissions import PUBLIC, permit
from web.api import paging
from web.api.answers import answer
from web.api.interface import blueprint
from web.api.models.institutions import (
    AccreditationItem,
    CourseItem,
    CoursesAnswer,
    CoursesQuery,
    InstitutionAnswer,
    InstitutionItem,
    InstitutionsAnswer,
)
from web.api.operation import operation
from web.api.reading import read_query
from web.banking import bank, settings
from web.database import tx

UNKNOWN = {"institution.unknown": 404}


def institution_of(session: Session, handle: str) -> Institution:
    """The institution of that handle, closed ones included. Raises Missing ``institution.unknown``."""
    found = institutions.by_handle(session, handle)
    if found is None:
        raise Missing("institution.unknown", institution=handle)
    return found


def _facts(row: Institution) -> dict[str, Any]:
    names = ("handle", "did", "name", "name_en", "kind", "tier", "district", "website", "admitted_at", "closed_at")
    address = settings().site + url_for("api.institution", handle=row.handle)
    return {**{name: getattr(row, name) for name in names}, "url": address}


@blueprint.get("/institutions")
@permit(PUBLIC)
@operation("institutions", answers={200: InstitutionsAnswer})
def institution_list() -> Response:
    """Every institution of the bank, the centre first."""
    return answer(InstitutionsAnswer(items=[InstitutionItem(**_facts(i)) for i in institutions.every(tx())]))


@blueprint.get("/institutions/<handle:handle>")
@permit(PUBLIC)
@operation("institutions", answers={200: InstitutionAnswer}, problems={**UNKNOWN, "founding.not_founded": 409})
def institution(handle: str) -> Response:
    """One institution with what it may issue, and the bank's signed statement of that."""
    session = tx()
    row = institution_of(session, handle)
    site = settings().site
    return answer(
        InstitutionAnswer(
            **_facts(row),
            social_credit_code=row.social_credit_code,
            accreditations=[
                AccreditationItem(category=a.category, valid_from=a.valid_from, valid_to=a.valid_to)
                for a in institutions.accreditations(session, row.id)
            ],
            accreditation_statement=admitting.statement(session, bank(), row),
            did_document=bank().url(f"/institutions/{row.handle}/did.json"),
            log_checkpoint=site + url_for("api.checkpoint", handle=row.handle),
            courses=site + url_for("api.course_list", handle=row.handle),
        ),
        etag_without=("accreditation_statement",),
    )


@blueprint.get("/institutions/<handle:handle>/courses")
@permit(PUBLIC)
@operation("institutions", query=CoursesQuery, answers={200: CoursesAnswer}, problems=UNKNOWN)
def course_list(handle: str) -> Response:
    """An institution's catalogue, page by page, by code."""
    wanted = read_query(CoursesQuery)
    offset = paging.read_offset(wanted.cursor)
    session = tx()
    row = institution_of(session, handle)
    found = courses.page(session, row.id, words=wanted.words.strip(), offset=offset, limit=wanted.limit + 1)
    more = len(found) > wanted.limit
    return answer(
        CoursesAnswer(
            items=[_course(course) for course in found[: wanted.limit]],
            total=courses.count(session, row.id),
            next=paging.write(offset + wanted.limit) if more else None,
        )
    )


def _course(row: Course) -> CourseItem:
    framework = FRAMEWORKS[row.framework]
    names = ("id", "code", "version", "title", "description", "subject", "language", "category", "hour_kind", "level")
    return CourseItem(
        **{name: getattr(row, name) for name in names},
        credits_min=framework.credits(row.credits_min) if row.credits_min is not None else None,
        credits_max=framework.credits(row.credits_max) if row.credits_max is not None else None,
        hours=hours_text(row.hours),
    )


def hours_text(tenths: int | None) -> str | None:
    """Tenths of an hour as a decimal number of hours: "36", "1.5"."""
    if tenths is None:
        return None
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"

"""Institutions in public: who may issue what, since when, with which keys; for people and for programs.

What programs read (DID documents, trust list, status lists, checkpoints) is the same for everyone, so any site may read
it, caches keep it for a short while, and an ETag spares what has not changed.
"""

import hashlib
import json
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from credit_bank import admitting
from credit_bank.key import did, trust
from credit_bank.recognition.framework import FRAMEWORKS, Category, Framework
from credit_bank.store import courses, institutions, log
from credit_bank.store import status as status_rows
from credit_bank.store.tables import Institution
from web.accounts.permissions import PUBLIC, permit
from web.banking import bank
from web.database import tx

blueprint = Blueprint("institutions", __name__)
PAGE = 50
# How long a cache may answer in our place: status must be fresh, who is accredited changes rarely.
SECONDS = {"status": 60, "checkpoint": 10, "did": 300, "trust": 300}


def _named(handle: str) -> Institution:
    found = institutions.by_handle(tx(), handle)
    if found is None:
        abort(404)
    return found


def _public(body: str, mimetype: str, kind: str, mark: str | None = None) -> Response:
    """An answer for programs; ``mark`` is what its ETag stands for where the body is signed anew each time."""
    response = make_response(body)
    response.mimetype = mimetype
    response.set_etag(hashlib.sha256((mark or body).encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={SECONDS[kind]}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


@blueprint.get("/institutions")
@permit(PUBLIC)
def index() -> str:
    """Every institution, and what it may issue: the trust list as a page."""
    rows = institutions.every(tx())
    return render_template(
        "institutions/index.html",
        rows=[(i, institutions.accreditations(tx(), i.id)) for i in rows if i.closed_at is None],
        closed=[(i, institutions.accreditations(tx(), i.id)) for i in rows if i.closed_at is not None],
        categories=list(Category),
    )


@blueprint.get("/institutions/<handle>")
@permit(PUBLIC)
def profile(handle: str) -> str:
    """One institution: its names, what it may issue, its keys through time, its log."""
    found = _named(handle)
    return render_template(
        "institutions/profile.html",
        institution=found,
        accreditations=institutions.accreditations(tx(), found.id),
        keys=list(reversed(institutions.keys(tx(), found.id))),
        log_keys=list(reversed(institutions.keys(tx(), found.id, "checkpoint"))),
        log=log.get(tx(), found.id),
        checkpoint=log.latest_checkpoint(tx(), found.id),
        courses=courses.count(tx(), found.id),
        bank_did=bank().did,
    )


@blueprint.get("/institutions/<handle>/courses")
@permit(PUBLIC)
def catalogue(handle: str) -> str:
    """An institution's catalogue, narrowed by words."""
    found = _named(handle)
    words = request.args.get("q", "").strip()[:100]
    at = max(1, min(request.args.get("page", 1, type=int), 100_000))
    count = courses.count(tx(), found.id, words)

    def address(page: int) -> str:
        return url_for(".catalogue", handle=handle, q=words, page=page)

    return render_template(
        "institutions/courses.html",
        institution=found,
        rows=courses.page(tx(), found.id, words=words, offset=(at - 1) * PAGE, limit=PAGE),
        count=count,
        words=words,
        page=at,
        pages=-(-count // PAGE),
        address=address,
    )


@blueprint.get("/institutions/<handle>/courses/<uuid:course_id>")
@permit(PUBLIC)
def course(handle: str, course_id: UUID) -> str:
    """One course, of whatever version."""
    institution = _named(handle)
    found = courses.get(tx(), institution.id, course_id)
    return render_template(
        "institutions/course.html", institution=institution, course=found, framework=FRAMEWORKS[found.framework]
    )


@blueprint.get("/institutions/<handle>/did.json")
@permit(PUBLIC)
def did_document(handle: str) -> Response:
    """The institution's DID document (did:web method §3.2)."""
    found = _named(handle)
    record = institutions.issuer_record(tx(), found)
    return _public(_json(did.did_document(found.did, record.keys)), "application/did+json", "did")


@blueprint.get("/.well-known/did.json")
@permit(PUBLIC)
def bank_did_document() -> Response:
    """The bank's own DID document."""
    keys = [trust.KeyRecord(k.multikey, k.valid_from, k.valid_to, k.revoked_at) for k in institutions.bank_keys(tx())]
    return _public(_json(did.did_document(bank().did, keys)), "application/did+json", "did")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


@blueprint.get("/trust-list.json")
@permit(PUBLIC)
def trust_list() -> Response:
    """Every accreditation statement, and the bank's keys that sign them.

    A verifier pins the key; it does not believe the one written here.
    """
    rows = institutions.every(tx())
    keys = [k.multikey for k in institutions.bank_keys(tx()) if k.revoked_at is None]
    # A statement bears its date, so it is the facts that tell whether anything changed.
    facts = [replace(institutions.issuer_record(tx(), i), stated_at=None) for i in rows]
    statements = [admitting.statement(tx(), bank(), i) for i in rows] if keys else []
    body = {"bank": bank().did, "bankKeys": keys, "statements": statements}
    return _public(_json(body), "application/json", "trust", mark=repr((keys, facts)))


@blueprint.get("/status/<uuid:list_id>/<purpose>")
@permit(PUBLIC)
def status_list(list_id: UUID, purpose: str) -> Response:
    """A signed status list (Bitstring Status List 1.0), as it stands."""
    return _public(status_rows.published(tx(), list_id, purpose).document, "application/vc+json", "status")


@blueprint.get("/institutions/<handle>/log/checkpoint")
@permit(PUBLIC)
def checkpoint(handle: str) -> Response:
    """The newest signed checkpoint of an institution's log (C2SP tlog-checkpoint)."""
    newest = log.latest_checkpoint(tx(), _named(handle).id)
    if newest is None:
        abort(404)
    return _public(newest.note, "text/plain", "checkpoint")


def _framework(framework_id: str) -> Framework:
    if framework_id not in FRAMEWORKS:
        abort(404)
    return FRAMEWORKS[framework_id]


@blueprint.get("/frameworks/<framework_id>")
@permit(PUBLIC)
def framework(framework_id: str) -> str:
    """A credit framework: its hours, levels and categories. Credentials point here."""
    return _framework_page(framework_id, None)


@blueprint.get("/frameworks/<framework_id>/levels/<code>")
@permit(PUBLIC)
def level(framework_id: str, code: str) -> str:
    """One level of a framework, marked among the others."""
    if code not in {v.code for v in _framework(framework_id).levels}:
        abort(404)
    return _framework_page(framework_id, ("level", code))


@blueprint.get("/frameworks/<framework_id>/categories/<code>")
@permit(PUBLIC)
def category(framework_id: str, code: str) -> str:
    """One category of outcome, marked among the others."""
    if code not in list(Category):
        abort(404)
    return _framework_page(framework_id, ("category", code))


def _framework_page(framework_id: str, marked: tuple[str, str] | None) -> str:
    found = _framework(framework_id)
    return render_template("institutions/framework.html", framework=found, marked=marked, categories=list(Category))

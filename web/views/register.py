"""The public register: who recognises which courses of whom, by which rules; and what is on public notice (公示)."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from credit_bank import registering
from credit_bank.recognition.rules.rule import Result, Rule
from credit_bank.store import cases, documents, institutions, learners
from credit_bank.store.tables import Institution, PublishedDocument
from web.accounts.permissions import PUBLIC, permit
from web.banking import bank
from web.database import tx
from web.masking import masked

blueprint = Blueprint("register", __name__)
_PUBLIC = ("in-force", "superseded")


@dataclass(frozen=True, slots=True)
class Line:
    """A rule of somebody's register: what of whom becomes what."""

    document: PublishedDocument
    rule: str
    title: str
    sources: tuple[str, ...]
    gives: tuple[str, ...]
    denied: bool


@blueprint.get("/register")
@permit(PUBLIC)
def index() -> str:
    """Search what is published; ask what one institution accepts from another."""
    words = request.args.get("words", "").strip()[:100]
    receiver = institutions.by_handle(tx(), request.args.get("receiver", ""))
    source = institutions.by_handle(tx(), request.args.get("source", ""))
    lines = _lines(receiver, source) if receiver is not None else []
    found = [(row, institutions.get(tx(), row.institution_id)) for row in documents.public(tx(), words)]
    members = [i for i in institutions.every(tx()) if i.closed_at is None]
    return render_template(
        "register/index.html", words=words, receiver=receiver, source=source, lines=lines, found=found,
        members=members,
    )  # fmt: skip


def _lines(receiver: Institution, source: Institution | None) -> list[Line]:
    """The rules in force by which a receiver takes courses, of one institution or of any."""
    lines = []
    for document in documents.in_force(tx(), bank().today()):
        for ruleset in registering.rulesets([document]):
            if ruleset.receiver == receiver.handle:
                lines += [_line(document, rule) for rule in ruleset.rules if _speaks_of(rule, source)]
    return lines[:500]


def _speaks_of(rule: Rule, source: Institution | None) -> bool:
    if source is None:
        return True
    names = {"*", source.handle, source.did}
    return any(item.institution in names for clause in rule.clauses for group in clause for item in group)


def _line(document: PublishedDocument, rule: Rule) -> Line:
    sources = tuple(
        " ".join(p for p in (item.institution, item.course or item.unit) if p)
        for clause in rule.clauses
        for group in clause
        for item in group
    )
    gives = tuple(award.course or award.component for award in rule.awards)
    return Line(document, rule.id, rule.title or rule.id, sources, gives, rule.result in (Result.DENIED, Result.NONE))


def _public(document_id: UUID) -> PublishedDocument:
    row = documents.get(tx(), document_id)
    if row.state not in _PUBLIC:
        abort(404)
    return row


@blueprint.get("/register/<uuid:document_id>")
@permit(PUBLIC)
def document(document_id: UUID) -> str:
    """One document: its parties, dates, hash, signatures and versions."""
    row = _public(document_id)
    owner = institutions.get(tx(), row.institution_id)
    accepted = [(a, institutions.get(tx(), a.party_id)) for a in documents.acceptances(tx(), row.id)]
    versions = [d for d in documents.versions(tx(), row.institution_id, row.kind, row.key) if d.state in _PUBLIC]
    return render_template("register/document.html", row=row, owner=owner, accepted=accepted, versions=versions)


@blueprint.get("/register/<uuid:document_id>/text")
@permit(PUBLIC)
def text(document_id: UUID) -> ResponseReturnValue:
    """The document as it was signed."""
    row = _public(document_id)
    answer = Response(row.text, mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{row.kind}-{row.id}.toml")
    return answer


@blueprint.get("/notices")
@permit(PUBLIC)
def notices() -> str:
    """公示: decisions that count after their last day unless somebody objects; names are masked."""
    rows = [
        (case, masked(learners.get(tx(), case.learner_id).name), institutions.get(tx(), case.institution_id).name)
        for case in cases.on_notice(tx())
    ]
    return render_template("register/notices.html", rows=rows)

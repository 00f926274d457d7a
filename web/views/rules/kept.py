"""The draft that the address of a page names: kept for the person who writes it, at this institution only."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import g, request, url_for

from credit_bank.errors import Missing
from credit_bank.store import documents
from credit_bank.store.tables import PublishedDocument
from credit_bank.store.types import new_id
from web.accounts.permissions import actor, now
from web.database import command, tx
from web.operations import rule_drafts
from web.operations.draft_tables import RuleDraft


def _whose() -> tuple[UUID, UUID]:
    return actor().person_id, g.institution.id


def _id() -> UUID:
    """The draft's id: that of the address, or a new one for the forms of this page."""
    if "rule_draft_id" not in g:
        try:
            g.rule_draft_id = UUID(request.args.get("draft", ""))
        except ValueError:
            g.rule_draft_id = new_id()
    found: UUID = g.rule_draft_id
    return found


def address(handle: str) -> str:
    """Where the forms of this page are sent: the address at which the draft is found again."""
    known: dict[str, Any] = {"from": request.args["from"]} if request.args.get("from") else {}
    return url_for("rules.step", handle=handle, draft=_id(), **known)


def row() -> RuleDraft | None:
    """The draft that the address names, or None where none was kept."""
    return tx().get(RuleDraft, (*_whose(), _id()))


def others() -> Sequence[RuleDraft]:
    """Every draft that this person has here."""
    return rule_drafts.of(tx(), _whose())


def begun_from() -> PublishedDocument | None:
    """The document that the draft was begun from, or None. Raises Missing for what is not this institution's."""
    asked = request.args.get("from", "")
    if not asked:
        return None
    try:
        found = documents.get(tx(), UUID(asked))
    except ValueError:
        raise Missing("document.unknown") from None
    if found.institution_id != g.institution.id or found.kind == "programme":
        raise Missing("document.unknown")
    return found


def keep(title: str, text: str) -> None:
    """Keep the draft as it is now."""
    begun = begun_from()
    command(
        lambda session: rule_drafts.keep(
            session, _whose(), _id(), title=title, text=text, begun_from=begun.id if begun else None, now=now()
        )
    )


def drop() -> None:
    """Throw the draft away."""
    command(lambda session: rule_drafts.drop(session, _whose(), _id()))

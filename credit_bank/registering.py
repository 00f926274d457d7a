"""Registering: from a file's text to a document to propose, and from documents in force to programmes and rule sets."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from credit_bank.agreeing import Draft
from credit_bank.errors import Missing
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.file import read_ruleset
from credit_bank.recognition.rules.lint import Surroundings, lint
from credit_bank.recognition.rules.lint_finding import Lint
from credit_bank.recognition.rules.programme_file import read_programme
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.store import documents, institutions
from credit_bank.store.tables import Institution, PublishedDocument


def ruleset_draft(text: str) -> Draft:
    """A rule set as a document to propose; one that rests on an agreement is an agreement, which its parties accept.

    Raises FileRefused with every problem of the file.
    """
    found = read_ruleset(text)
    basis = found.basis.name.lower()
    return Draft(
        kind="agreement" if basis in ("agreement", "alliance") else "ruleset",
        key=found.id,
        version=found.version,
        title=found.title,
        title_en=found.title_en,
        text=text,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        basis=basis,
        programme=found.programme,
        sha256=found.sha256,
        receiver=found.receiver,
    )


def programme_draft(text: str, since: date) -> Draft:
    """A programme as a document to propose, in force from its own date or ``since``. Raises FileRefused."""
    found = read_programme(text)
    return Draft(
        kind="programme",
        key=found.id,
        version=found.version,
        title=found.title,
        title_en=found.title_en,
        text=text,
        valid_from=found.valid_from or since,
        valid_until=found.valid_until,
        programme=found.id,
    )


def parties(session: Session, text: str) -> list[Institution]:
    """The institutions that a rule set names as its parties, by handle. Raises Missing ``institution.unknown``."""
    return [institutions.find(session, handle) for handle in read_ruleset(text).parties]


def programme(document: PublishedDocument) -> Programme:
    """The programme that a document is. Raises Missing ``document.unknown`` for a document of another kind."""
    if document.kind != "programme":
        raise Missing("document.unknown")
    return read_programme(document.text)


def rulesets(found: Iterable[PublishedDocument]) -> list[RuleSet]:
    """The rule sets among documents, agreements included."""
    return [read_ruleset(one.text) for one in found if one.kind in ("ruleset", "agreement")]


def rulesets_for(session: Session, receiver: Institution, target: Programme, day: date) -> list[RuleSet]:
    """The rule sets that a receiving institution applies to a programme that day, whoever's document they are."""
    return applied_by(receiver, target, rulesets(documents.in_force(session, day)))


def applied_by(receiver: Institution, target: Programme, found: Iterable[RuleSet]) -> list[RuleSet]:
    """Those among the rule sets in force that a receiving institution applies to a programme."""
    return [one for one in found if one.receiver == receiver.handle and one.programme in ("", target.id)]


def found_against(session: Session, text: str, day: date) -> list[Lint]:
    """What R18 finds in a rule set beside those in force and the published programmes, errors first."""
    fresh = read_ruleset(text)
    published = documents.in_force(session, day)
    others = [one for one in rulesets(published) if one.id != fresh.id and one.receiver == fresh.receiver]
    programmes = tuple(programme(one) for one in published if one.kind == "programme")
    found = lint([fresh, *others], Surroundings(day, programmes))
    return [one for one in found if any(place.ruleset == fresh.id for place in one.places)]

"""The demo city's data: visibly invented, nobody's numbers, and what the issue asks for."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, select

from adaptive import helping
from adaptive.answering import Learning
from adaptive.content.loading import load_library
from adaptive.mastery.progress import due
from adaptive.mastery.terms import default_weights
from adaptive.store import states
from adaptive.store.tables import Decision
from credit_bank.identity import account_number, document, social_credit_code
from credit_bank.identity.document import DocumentType
from credit_bank.store import credentials, institutions, outcomes
from credit_bank.store.tables import Course, Learner, Outcome
from credit_bank.verifying import open_document, verify_document
from tests.web.cli.conftest import CONTENT
from web.accounts import people, secret_rules
from web.accounts.signing_in import Gate
from web.accounts.tables import Person
from web.cli import deployment
from web.demo import city as demo_city
from web.demo import learning as demo_learning
from web.operations import mastery_rows
from web.workflows import mastery_credit


def test_there_are_sixty_residents_with_invented_names_and_nobodys_documents() -> None:
    residents = demo_city.residents()
    assert len(residents) == len({r.document_number for r in residents}) == len({r.name for r in residents}) == 60
    for who in residents:
        document.normalise(who.document_type, who.document_number)
        assert re.match(r"[例样拟试]|.* (Exempel|Sample)$", who.name), who.name
        match who.document_type:
            case DocumentType.RESIDENT_ID:
                assert who.document_number.startswith("999999")  # a division that does not exist
            case DocumentType.PASSPORT:
                assert who.document_number.startswith("DEMO")
            case DocumentType.PERMANENT_RESIDENCE:
                assert who.document_number.startswith("XXX")  # ICAO 9303: no nationality
        assert who.story
    assert {r.document_type for r in residents} == set(DocumentType)


def test_the_institutions_say_that_they_are_invented() -> None:
    for entry in demo_city.organisations():
        assert "（虚构）" in entry["name"] and "(fictitious)" in entry["name_en"]
        assert social_credit_code.parse(entry["social_credit_code"])[2:8] == "999999"
    staff = [s for o in demo_city.organisations() for s in o.get("staff", ())]
    assert {r for s in staff for r in s["roles"]} == {"administrator", "registrar", "reviewer", "centre-staff"}


def test_the_secrets_of_the_demo_obey_the_banks_own_rules() -> None:
    secret_rules.check(demo_city.PIN, staff=False, known=tuple(r.name for r in demo_city.residents()))
    for entry in demo_city.organisations():
        for member in entry.get("staff", ()):
            known = (member["sign_in_name"], member["display_name"])
            secret_rules.check(member["password"], staff=True, known=known)


def test_the_city_holds_what_was_promised(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        rows = session.exec(select(Outcome).where(Outcome.source != "decision")).all()
        courses = Counter(
            institutions.get(session, c.institution_id).handle for c in session.exec(select(Course)).all()
        )
        held = Counter(o.learner_id for o in rows)
        assert len(session.exec(select(Learner)).all()) == 60
        assert 380 <= len(rows) <= 420
        assert Counter(o.category for o in rows).keys() == {"academic", "vocational", "other"}
        assert min(Counter(o.category for o in rows).values()) >= 30
        assert {o.state for o in rows} == {"issued", "recorded", "revoked", "suspended"}
        assert min(o.awarded_on for o in rows) < date(1988, 1, 1) and max(o.awarded_on for o in rows).year == 2026
        assert (courses["qinghe-open"], courses["qinghe-vocational"], courses["liuyin-centre"]) == (41, 46, 35)
        assert all(c.description for c in session.exec(select(Course)).all())
        assert len(held) == 60 and max(held.values()) >= 10


def test_everybody_can_sign_in_with_what_the_table_says(city: Path) -> None:
    found = deployment.open_deployment()
    hasher = Gate.of(found.settings).hasher
    with found.db.reading() as session:
        learner = session.exec(select(Learner).where(Learner.name == "例建国")).one()
        person = people.find(session, account_number.grouped(learner.account_number))
        assert person is not None and hasher.verify(person.secret_hash, demo_city.PIN)
        assert not hasher.verify(person.secret_hash, "746206")
        for entry in demo_city.organisations():
            for member in entry.get("staff", ()):
                someone = people.find(session, member["sign_in_name"])
                assert someone is not None and hasher.verify(someone.secret_hash, member["password"])
        hashes = [p.secret_hash for p in session.exec(select(Person)).all()]
        assert len(hashes) == len(set(hashes)) == 70


def test_a_portfolio_of_the_city_verifies_whole(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        learner = session.exec(select(Learner).where(Learner.name == "拟桂兰")).one()
        portfolio = outcomes.portfolio(session, learner.id, outcomes.PortfolioFilter())
        assert {o.category for o, _ in portfolio} == {"academic", "vocational", "other"}
        for outcome, _ in portfolio:
            assert outcome.credential_id is not None
            held = credentials.get(session, outcome.credential_id)
            source = open_document(session, found.bank, held)
            assert learner.name.encode() not in source  # no name is in a credential
            report = verify_document(session, found.bank, source).require()
            assert report.check("log").outcome == "pass"


def test_residents_learn_in_the_library_each_in_their_own_way(city: Path) -> None:
    found = deployment.open_deployment()
    library, _faults = load_library(CONTENT)
    learning = Learning(library, default_weights(), found.bank.clock, uuid4)
    with found.db.reading() as session:
        named = {n["history"]: _learner(session, n["name"]) for n in demo_learning.histories()["learner"]}
        answered = {history: states.answered(session, learner) for history, learner in named.items()}
        assert answered["beginner"] == 5
        offered = select(Decision).where(Decision.learner_id == named["struggling"], Decision.place == helping.PLACE)
        assert len(session.exec(offered).all()) >= 3
        moment = found.bank.clock().timestamp()
        assert due(states.whole(session, named["returning"]), moment)
        [ready] = mastery_rows.adopters(session, "spotting-fraud")
        stands = mastery_credit.standing(session, learning, named["mastered"], ready)
        assert stands.proposal.verdict == "rule" and stands.held is None  # what the tutorial lets him ask for
        assert not mastery_rows.requests_by(session, named["mastered"])
        states_of = {h: [r.state for r in mastery_rows.requests_by(session, named[h])] for h in ("credited", "waiting")}
        assert states_of == {"credited": ["issued"], "waiting": ["waiting"]}
        [row] = mastery_rows.requests_by(session, named["credited"])
        assert row.credential_id is not None
        document = open_document(session, found.bank, credentials.get(session, row.credential_id))
        assert verify_document(session, found.bank, document).require().check("log").outcome == "pass"


def _learner(session: Session, name: str) -> UUID:
    return session.exec(select(Learner.id).where(Learner.name == name)).one()

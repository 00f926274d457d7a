"""Documents of several parties: proposed, signed, accepted, superseded, and provable from what is public."""

import hashlib
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from credit_bank import agreeing
from credit_bank.agreeing import Draft
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.key import multikey, publication
from credit_bank.log import leaf
from credit_bank.store import documents, institutions, log
from tests.credit_bank import cities
from web.database import Database

ANNA, BORIS = uuid4(), uuid4()
DAY = date(2026, 9, 1)


def draft(version: str = "1", kind: agreeing.Kind = "agreement", **values: object) -> Draft:
    facts = {"title": "互认协议", "text": f"版本 {version}", "valid_from": DAY, **values}
    return Draft(kind, "a-b", version, **facts)  # type: ignore[arg-type]


def two(session: Session, bank: Bank) -> tuple[UUID, UUID]:
    return cities.found(session, bank).id, cities.found(session, bank, "other-college", 2).id


def agreed(session: Session, bank: Bank, one: UUID, other: UUID, version: str = "1") -> UUID:
    row = agreeing.propose(session, bank, one, draft(version), parties=[other], proposed_by=ANNA)
    agreeing.publish(session, bank, row.id, published_by=BORIS)
    agreeing.answer(session, bank, row.id, other, accept=True)
    return row.id


def test_an_agreement_is_in_force_when_the_other_has_accepted(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        one, other = two(session, bank)
        row = agreeing.propose(session, bank, one, draft(), parties=[other], proposed_by=ANNA)
        agreeing.publish(session, bank, row.id, published_by=BORIS)
        assert [d.id for d in documents.asked_of(session, other)] == [row.id]
        assert not documents.in_force(session, DAY)
        agreeing.answer(session, bank, row.id, other, accept=True)
    with db.reading() as session:
        assert [d.id for d in documents.in_force(session, DAY)] == [row.id]
        assert not documents.in_force(session, date(2026, 8, 31))
        assert not documents.asked_of(session, other)


def test_each_signature_holds_and_stands_in_the_signers_log(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        one, other = two(session, bank)
        document_id = agreed(session, bank, one, other)
    with db.reading() as session:
        row = documents.get(session, document_id)
        [said] = documents.acceptances(session, document_id)
        for signer, token, sequence, salt, act in (
            (one, row.signature, row.log_sequence, row.salt, "publish"),
            (other, said.signature, said.log_sequence, said.salt, "accept"),
        ):
            [key] = institutions.keys(session, signer)
            read = publication.read(token, multikey.decode_public(key.multikey))
            assert (read.act, read.sha256) == (act, hashlib.sha256("版本 1".encode()).hexdigest())
            assert sequence is not None and salt is not None
            digest = hashlib.sha256(token.encode()).digest()
            assert leaf.opens(log.entry(session, signer, sequence), "document", digest, salt)
        [others_key] = institutions.keys(session, other)
        with pytest.raises(InvalidInput, match="signature_mismatch"):
            publication.read(row.signature, multikey.decode_public(others_key.multikey))


def test_r19_a_new_version_supersedes_and_the_old_one_stays_readable(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        one, other = two(session, bank)
        first, second = agreed(session, bank, one, other), agreed(session, bank, one, other, "2")
    with db.reading() as session:
        old = documents.get(session, first)
        assert (old.state, old.superseded_by, old.text) == ("superseded", second, "版本 1")
        assert documents.by_sha256(session, hashlib.sha256("版本 1".encode()).digest()) is old
        assert [d.id for d in documents.in_force(session, DAY)] == [second]


def test_refusals(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        one, other = two(session, bank)
        row = agreeing.propose(session, bank, one, draft(), parties=[other], proposed_by=ANNA)
        with pytest.raises(Forbidden, match="own_proposal"):
            agreeing.publish(session, bank, row.id, published_by=ANNA)
        with pytest.raises(Conflict, match="not_offered"):
            agreeing.answer(session, bank, row.id, other, accept=True)
        with pytest.raises(Conflict, match="version_known"):
            agreeing.propose(session, bank, one, draft(), parties=[other])
        with pytest.raises(InvalidInput, match="no_party"):
            agreeing.propose(session, bank, one, draft("9"))
        with pytest.raises(InvalidInput, match="dates_reversed"):
            agreeing.propose(session, bank, one, draft("9", valid_until=date(2026, 8, 1)), parties=[other])
        agreeing.publish(session, bank, row.id, published_by=BORIS)
        with pytest.raises(Missing, match="unknown"):
            agreeing.answer(session, bank, row.id, one, accept=True)
        with pytest.raises(InvalidInput, match="reason_missing"):
            agreeing.answer(session, bank, row.id, other, accept=False, reason=" ")
        agreeing.answer(session, bank, row.id, other, accept=False, reason="范围太宽")
        assert row.state == "refused"
        with pytest.raises(Conflict, match="in_force"):
            agreeing.withdraw(session, row.id, one)


def test_r24_a_standard_takes_five(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        one, _ = two(session, bank)
        row = agreeing.propose(session, bank, one, draft(kind="ruleset", basis="unit"), proposed_by=ANNA)
        for n, person in enumerate([BORIS, BORIS, *(uuid4() for _ in range(3))]):
            assert agreeing.endorse(session, bank, row.id, person) == max(1, n)
        with pytest.raises(Conflict, match="endorsements_missing"):
            agreeing.publish(session, bank, row.id, published_by=BORIS)
        agreeing.endorse(session, bank, row.id, uuid4())
        assert agreeing.publish(session, bank, row.id, published_by=BORIS).state == "in-force"

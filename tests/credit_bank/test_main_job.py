"""The main job: an outcome is recorded, issued, logged, verified, suspended and revoked."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from credit_bank import admitting, bundling, issuing, publishing, revoking, verifying
from credit_bank.bank import Bank
from credit_bank.credential import parse
from credit_bank.credential.bundle import evidence
from credit_bank.credential.verify import verify
from credit_bank.errors import Conflict, Forbidden, Missing
from credit_bank.key import multikey
from credit_bank.log import checkpoint, leaf, merkle
from credit_bank.recognition.framework import Category
from credit_bank.report import ImportRefused, Outcome
from credit_bank.store import credentials, log
from credit_bank.store import outcomes as outcome_rows
from credit_bank.store.outcomes import PortfolioFilter
from tests.banks import Clock
from tests.credit_bank import cities
from web.database import Database

TODAY = date(2026, 9, 1)


def test_an_outcome_becomes_a_credential_that_verifies_until_it_is_revoked(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)

    with db.reading() as session:
        report = verifying.verify_document(session, bank, issued.document)
        assert report.outcome is Outcome.PASS
        assert report.check("log").outcome is Outcome.UNCHECKED
        assert report.check("log").code == "log.pending"

    with db.writing() as session:
        assert publishing.publish_all(session, bank) == 1
        assert publishing.publish_all(session, bank) == 0
    with db.reading() as session:
        report = verifying.verify_document(session, bank, issued.document)
        assert [c.outcome for c in report.checks][:7] == [Outcome.PASS] * 7
        [(row, name)] = outcome_rows.portfolio(session, person.id, PortfolioFilter())
        assert (row.state, row.credential_id, name) == ("issued", issued.credential_id, "试验学院")
        assert [(t.category, t.outcomes, t.credits) for t in outcome_rows.totals(session, person.id, TODAY)] == [
            ("other", 1, 40)
        ]

    clock.advance(hours=1)
    with db.writing() as session:
        revoking.change_status(session, bank, college.id, issued.credential_id, "suspend", reason="核对成绩")
    with db.reading() as session:
        report = verifying.verify_document(session, bank, issued.document)
        assert report.outcome is Outcome.FAIL
        assert report.check("status").code == "status.suspended"
        assert outcome_rows.totals(session, person.id, TODAY) == []
    with db.writing() as session:
        revoking.change_status(session, bank, college.id, issued.credential_id, "reinstate", reason="成绩无误")
    with db.reading() as session:
        assert verifying.verify_document(session, bank, issued.document).outcome is Outcome.PASS
    with db.writing() as session:
        revoking.change_status(session, bank, college.id, issued.credential_id, "revoke", reason="发错了人")
    with db.reading() as session:
        report = verifying.verify_document(session, bank, issued.document)
        assert report.check("status").code == "status.revoked"
        assert report.check("proof").outcome is Outcome.PASS
    with db.writing() as session, pytest.raises(Conflict, match="already_revoked"):
        revoking.change_status(session, bank, college.id, issued.credential_id, "reinstate", reason="反悔")


def test_a_changed_byte_fails_the_proof_and_not_the_reading(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
    changed = issued.document.replace("良好".encode(), "优秀".encode())
    assert changed != issued.document
    with db.reading() as session:
        report = verifying.verify_document(session, bank, changed)
    assert report.check("parse").outcome is Outcome.PASS
    assert report.check("proof").outcome is Outcome.FAIL
    assert report.check("proof").code == "proof.signature_mismatch"


def test_a_batch_is_logged_in_order_and_every_leaf_opens_and_is_included(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        people = [cities.learner(session, bank, n, f"示例{n}") for n in range(1, 8)]
        rows = [cities.row(n, p.account_number) for n, p in enumerate(people, start=2)]
        recorded = cities.record(session, bank, college.id, *rows)
        issued = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        publishing.publish_all(session, bank)
    with db.reading() as session:
        newest = log.latest_checkpoint(session, college.id)
        assert newest is not None
        assert checkpoint.parse_checkpoint(newest.note).size == 7
        places = set()
        for item in issued:
            row = credentials.get(session, item.credential_id)
            places.add((row.status_list_id, row.status_index))
            opening = credentials.opening(session, college.id, row.log_sequence)
            assert opening is not None
            entry = log.entry(session, college.id, row.log_sequence)
            assert leaf.opens(entry, "issue", row.document_sha256, opening.salt)
            proof = log.inclusion_proof(session, college.id, row.log_sequence, 7)
            merkle.verify_inclusion(merkle.leaf_hash(entry), row.log_sequence, 7, proof, newest.root)
        assert len(places) == 7


def test_two_institutions_name_one_learner_differently(db: Database, bank: Bank) -> None:
    subjects = set()
    with db.writing() as session:
        person = cities.learner(session, bank)
        for n, handle in enumerate(("one-college", "two-college"), start=1):
            college = cities.found(session, bank, handle, n)
            recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
            [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
            subjects.add(str(parse.parse_object(issued.document)["credentialSubject"]["id"]))
    assert len(subjects) == 2
    assert str(person.id) not in "".join(subjects)


def test_the_database_holds_no_readable_document_and_the_log_no_person(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
    with db.reading() as session:
        row = credentials.get(session, issued.credential_id)
        assert row.sealed_document is not None
        assert "书法".encode() not in row.sealed_document
        assert verifying.open_document(session, bank, row) == issued.document
        entry = log.entry(session, college.id, row.log_sequence)
        assert hashlib.sha256(issued.document).digest() not in entry
        assert row.document_sha256 not in entry


def test_an_institution_issues_only_its_own_and_only_once(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        other = cities.found(session, bank, "other-college", 2)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
    with db.writing() as session:
        with pytest.raises(Missing, match=r"outcome\.unknown"):
            issuing.issue(session, bank, other.id, recorded.outcome_ids)
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        with pytest.raises(Conflict, match="not_recorded"):
            issuing.issue(session, bank, college.id, recorded.outcome_ids)
        with pytest.raises(Missing):
            revoking.change_status(session, bank, other.id, issued.credential_id, "revoke", reason="不是我的")
        with pytest.raises(ImportRefused) as caught:
            cities.record(session, bank, college.id, cities.row(2, person.account_number))
    assert [p.code for p in caught.value.problems] == ["outcome_known"]


def test_a_withdrawn_accreditation_stops_issuing_but_not_what_was_issued(
    db: Database, bank: Bank, clock: Clock
) -> None:
    from credit_bank import admitting

    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        rows = [cities.row(n, person.account_number, course_title=f"第{n}课") for n in (2, 3)]
        recorded = cities.record(session, bank, college.id, *rows)
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids[:1])
    clock.advance(days=1)
    with db.writing() as session:
        admitting.withdraw_accreditation(session, bank, college, Category.OTHER)
    clock.advance(days=1)
    with db.writing() as session, pytest.raises(Forbidden, match="not_accredited"):
        issuing.issue(session, bank, college.id, recorded.outcome_ids[1:])
    with db.reading() as session:
        assert verifying.verify_document(session, bank, issued.document).outcome is Outcome.PASS


def test_old_credentials_verify_after_a_key_rotation_and_fail_after_a_compromise(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [old] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
    clock.advance(days=1)
    with db.writing() as session:
        admitting.rotate_key(session, bank, college)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number, course_title="篆刻"))
        [new] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
    with db.reading() as session:
        for item in (old, new):
            assert verifying.verify_document(session, bank, item.document).outcome is Outcome.PASS
    clock.advance(days=1)
    with db.writing() as session:
        admitting.rotate_key(session, bank, college, compromised=True)
    with db.reading() as session:
        report = verifying.verify_document(session, bank, new.document)
        assert report.check("proof").code == "proof.key_revoked"
    with db.writing() as session:
        publishing.publish_all(session, bank)
    with db.reading() as session:
        # The log shows that it was sequenced before the key was given up; its status list bears the new key.
        report = verifying.verify_document(session, bank, new.document)
        assert report.outcome is Outcome.PASS, report.as_dict()
        assert verifying.verify_document(session, bank, old.document).check("proof").outcome is Outcome.PASS


def test_an_old_list_in_a_new_bundle_does_not_hide_a_revocation(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [made] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        before = bundling.bundle(session, bank, credentials.get(session, made.credential_id))
        clock.advance(days=1)
        revoking.change_status(session, bank, college.id, made.credential_id, "revoke", reason="误发")
        after = bundling.bundle(session, bank, credentials.get(session, made.credential_id))
    mixed = replace(after, status_lists=before.status_lists)
    key = multikey.decode_public(before.bank_key)
    found = {}
    for name, bundle in (("before", before), ("after", after), ("mixed", mixed)):
        report = verify(bundle.credential, now=clock(), **evidence(bundle, key))
        found[name] = report.outcome, report.check("status").code
    assert found == {
        "before": (Outcome.PASS, "status.clear"),
        "after": (Outcome.FAIL, "status.revoked"),
        "mixed": (Outcome.UNCHECKED, "status.list_outdated"),
    }


def test_many_credentials_are_revoked_together_or_not_at_all(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        rows = [cities.row(n, person.account_number, course_title=f"第{n}课") for n in range(30)]
        recorded = cities.record(session, bank, college.id, *rows)
        issued = issuing.issue(session, bank, college.id, recorded.outcome_ids)
    ids = [i.credential_id for i in issued]
    with db.writing() as session:
        revoking.change_status(session, bank, college.id, ids[29], "revoke", reason="先撤一份")
    with pytest.raises(Conflict, match="already_revoked"), db.writing() as session:
        revoking.change_statuses(session, bank, college.id, ids, "revoke", reason="整批撤销")
    with db.reading() as session:
        assert verifying.verify_document(session, bank, issued[0].document).outcome is Outcome.PASS
    with db.writing() as session:
        changes = revoking.change_statuses(session, bank, college.id, ids[:29], "revoke", reason="整批撤销")
        assert [c.log_sequence for c in changes] == list(range(31, 60))
        publishing.publish_all(session, bank)
    with db.reading() as session:
        for item in issued:
            report = verifying.verify_document(session, bank, item.document)
            assert report.check("status").code == "status.revoked"
        assert outcome_rows.totals(session, person.id, TODAY) == []


def test_a_revoked_outcome_can_be_recorded_and_issued_anew(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number, grade="良好"))
        [wrong] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        revoking.change_status(session, bank, college.id, wrong.credential_id, "revoke", reason="成绩录错了")
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number, grade="优秀"))
        [right] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        with pytest.raises(ImportRefused):
            cities.record(session, bank, college.id, cities.row(2, person.account_number))
    with db.reading() as session:
        assert verifying.verify_document(session, bank, wrong.document).check("status").code == "status.revoked"
        assert verifying.verify_document(session, bank, right.document).outcome is Outcome.PASS

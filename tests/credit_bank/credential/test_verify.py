"""Each of the eight checks: what passes, what fails it, and what leaves it open."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.credential.evidence import LogEvidence, StatusLists
from credit_bank.credential.securing.data_integrity import add_proof
from credit_bank.credential.verify import BEFORE_HANDING_OUT, NAMES, verify
from credit_bank.errors import InvalidInput
from credit_bank.key.did import did_key
from credit_bank.key.keyring import SigningKey
from credit_bank.key.trust import Accreditation, KeyRecord, TrustList
from credit_bank.report import Outcome, VerificationReport
from credit_bank.sentences import sentence
from tests.credit_bank.credential.worlds import (
    AWARD,
    DID,
    ISSUED,
    KEY,
    LIST,
    NOW,
    OTHER_KEY,
    SINCE,
    SPEC,
    SUBJECT_ID,
    World,
    private_key,
    public,
    receipt,
    status_list,
    unsigned,
    world,
)

SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
WORLDS = {suite: world(suite) for suite in SUITES}
PASS, FAIL, UNCHECKED = Outcome.PASS, Outcome.FAIL, Outcome.UNCHECKED


@pytest.fixture(params=SUITES)
def good(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]


def found(report: VerificationReport, name: str) -> tuple[Outcome, str]:
    check = report.check(name)
    for locale in ("zh-CN", "en"):  # whatever is found can be said
        assert sentence(f"check.{check.code}", locale, **check.parameters)
        if check.outcome in (FAIL, UNCHECKED):
            assert sentence(f"next.{check.code}", locale, **check.parameters)
    return check.outcome, check.code


def test_a_good_credential_passes_every_check(good: World) -> None:
    report = good.check()
    assert [(c.number, c.name) for c in report.checks] == list(enumerate(NAMES, start=1))
    assert [found(report, name) for name in NAMES] == [
        (PASS, "parse.read"),
        (PASS, "schema.valid"),
        (PASS, "proof.valid"),
        (PASS, "issuer.accredited"),
        (PASS, "validity.current"),
        (PASS, "status.clear"),
        (PASS, "log.included"),
        (PASS, "subject.bound"),
    ]
    assert report.outcome is PASS
    assert good.check(json.dumps(good.credential).encode()).outcome is PASS


# -- 1 parse, 2 schema --------------------------------------------------------------------------------------------


def test_what_cannot_be_read_fails_the_first_check_and_leaves_the_others_open(good: World) -> None:
    report = good.check(b'{"id": 1, "id": 2}')
    assert found(report, "parse") == (FAIL, "json.duplicate_key")
    assert {found(report, name) for name in NAMES[1:]} == {(UNCHECKED, "not_reached.parse")}


def test_the_schema_check_names_the_place() -> None:
    document = unsigned()
    del document["credentialSubject"]["achievement"]["criteria"]
    report = WORLDS["eddsa-jcs-2022"].check(add_proof(document, KEY, ISSUED, "eddsa-jcs-2022"))
    assert found(report, "schema") == (FAIL, "schema.invalid")
    assert report.check("schema").parameters["pointer"] == "/credentialSubject/achievement"
    assert found(report, "proof") == (PASS, "proof.valid")


def test_another_kind_of_credential_is_left_open() -> None:
    document = {**unsigned(), "type": ["VerifiableCredential"]}
    report = WORLDS["eddsa-jcs-2022"].check(add_proof(document, KEY, ISSUED, "eddsa-jcs-2022"))
    assert found(report, "schema") == (UNCHECKED, "schema.kind_unknown")


# -- 3 proof ------------------------------------------------------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every plain value in a document."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))
    else:
        yield path


def changed_at(document: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    result = copy.deepcopy(document)
    holder: Any = result
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return result


@pytest.mark.parametrize("suite", SUITES)
def test_no_value_of_a_credential_can_be_changed(suite: str) -> None:
    good = WORLDS[suite]
    for path in places(good.credential):
        other = changed_at(good.credential, path, lambda v: v + "x" if isinstance(v, str) else v + 1)
        report = good.check(other)
        assert report.outcome is not PASS, path
        assert report.check("proof").outcome is not PASS, path
        for check in report.checks:
            found(report, check.name)


@pytest.mark.parametrize("suite", SUITES)
def test_no_part_of_a_credential_can_be_left_out(suite: str) -> None:
    good = WORLDS[suite]
    for path in places(good.credential):
        for length in range(1, len(path) + 1):
            other = copy.deepcopy(good.credential)
            holder: Any = other
            for step in path[: length - 1]:
                holder = holder[step]
            del holder[path[length - 1]]
            report = good.check(other)
            # Of a proof in a set, its own @context may be left out; then nothing of what is signed is as it was.
            assert report.check("proof").outcome is not PASS, path[:length]


@given(data=st.data(), suite=st.sampled_from(SUITES))
@settings(max_examples=300, deadline=None)
def test_any_changed_byte_is_noticed(data: st.DataObject, suite: str) -> None:
    good = WORLDS[suite]
    raw = bytearray(json.dumps(good.credential, ensure_ascii=False, separators=(",", ":")).encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    report = good.check(bytes(raw))
    assert report.outcome is not PASS
    assert report.check("parse").outcome is FAIL or report.check("proof").outcome is not PASS


def test_without_a_proof_it_is_anybodys(good: World) -> None:
    assert found(good.check(unsigned()), "proof") == (FAIL, "proof.none")


def test_a_signature_by_another_key_of_the_world_fails() -> None:
    forged = add_proof(unsigned(), OTHER_KEY, ISSUED)
    assert found(WORLDS["eddsa-rdfc-2022"].check(forged), "proof") == (UNCHECKED, "proof.key_unknown")
    forged["proof"][0]["verificationMethod"] = KEY.verification_method
    assert found(WORLDS["eddsa-rdfc-2022"].check(forged), "proof") == (FAIL, "proof.signature_mismatch")


def test_somebody_elses_good_signature_is_not_the_issuers() -> None:
    stranger = SigningKey.of(did_key(private_key(9).public_key()), private_key(9))
    report = WORLDS["eddsa-rdfc-2022"].check(add_proof(unsigned(), stranger, ISSUED))
    assert found(report, "proof") == (FAIL, "proof.not_by_issuer")
    for name in ("issuer", "status", "log", "subject"):
        assert found(report, name) == (UNCHECKED, "not_reached.proof")


def test_a_second_signature_that_fails_spoils_the_first(good: World) -> None:
    both = add_proof(good.credential, OTHER_KEY, ISSUED)
    both["proof"][1]["verificationMethod"] = KEY.verification_method
    assert found(good.check(both), "proof")[0] is FAIL


def test_a_signature_for_signing_in_is_no_assertion() -> None:
    signed = add_proof(unsigned(), KEY, ISSUED, purpose="authentication")
    assert found(WORLDS["eddsa-rdfc-2022"].check(signed), "proof") == (FAIL, "proof.purpose_wrong")


def test_a_signature_from_the_future_fails(good: World) -> None:
    early = good.check(now=ISSUED - timedelta(hours=1))
    assert found(early, "proof") == (FAIL, "proof.created_in_future")
    assert found(early, "validity") == (FAIL, "validity.not_yet")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (KeyRecord(KEY.multikey, ISSUED + timedelta(seconds=1)), "proof.before_key_valid"),
        (KeyRecord(KEY.multikey, SINCE, valid_to=ISSUED - timedelta(seconds=1)), "proof.after_key_retired"),
        (KeyRecord(KEY.multikey, SINCE, revoked_at=ISSUED), "proof.key_revoked"),
    ],
)
def test_a_key_counts_only_in_its_time(good: World, key: KeyRecord, code: str) -> None:
    assert found(good.but(record=replace(good.record, keys=(key,))).check(), "proof") == (FAIL, code)


def test_a_retired_key_still_verifies_what_it_signed(good: World) -> None:
    keys = (KeyRecord(KEY.multikey, SINCE, valid_to=NOW), KeyRecord(OTHER_KEY.multikey, NOW))
    assert good.but(record=replace(good.record, keys=keys)).check().outcome is PASS


def test_what_a_key_signed_before_it_was_revoked_needs_the_log(good: World) -> None:
    revoked = good.but(record=replace(good.record, keys=(KeyRecord(KEY.multikey, SINCE, revoked_at=NOW),)))
    # The lists must be signed anew, by a key that nobody stole.
    fresh = OTHER_KEY
    keys = (*revoked.record.keys, KeyRecord(fresh.multikey, SINCE))
    lists = (status_list("revocation", key=fresh), status_list("suspension", key=fresh))
    revoked = revoked.but(record=replace(good.record, keys=keys), lists=lists)
    assert revoked.check().outcome is PASS
    assert found(revoked.check(log=None), "proof") == (FAIL, "proof.key_revoked")
    other_log = receipt(unsigned())
    assert found(revoked.check(log=other_log), "proof") == (FAIL, "proof.key_revoked")


VC = "https://www.w3.org/2018/credentials#"
DISGUISES = [
    (lambda d: d.pop("validUntil"), f"{VC}validUntil", "proof.claim_disguised"),
    (
        lambda d: d.pop("credentialStatus"),
        "https://www.w3.org/2018/credentials#credentialStatus",
        "proof.claim_disguised",
    ),
]


@pytest.mark.parametrize(("take", "name", "code"), DISGUISES)
def test_a_claim_hidden_behind_its_iri_is_refused(take: Any, name: str, code: str) -> None:
    """The RDF, and so the signature, stays the same; the reader of the JSON would no longer see the claim."""
    good = WORLDS["eddsa-rdfc-2022"]
    hidden = copy.deepcopy(good.credential)
    value = take(hidden)
    stamp = {"@value": value, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    hidden[name] = stamp if isinstance(value, str) else value
    assert found(good.check(hidden), "proof") == (FAIL, code)


def test_a_claim_hidden_by_an_alias_is_refused() -> None:
    good = WORLDS["eddsa-rdfc-2022"]
    hidden = copy.deepcopy(good.credential)
    hidden["later"] = hidden.pop("validUntil")
    alias = {
        "later": {
            "@id": "https://www.w3.org/2018/credentials#validUntil",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        }
    }
    hidden["@context"].append(alias)
    assert found(good.check(hidden), "proof") == (FAIL, "proof.context_inline")


def test_a_claim_hidden_in_included_is_refused() -> None:
    good = WORLDS["eddsa-rdfc-2022"]
    hidden = copy.deepcopy(good.credential)
    hidden["@included"] = [{"id": hidden["id"], "validUntil": hidden.pop("validUntil")}]
    assert found(good.check(hidden), "proof") == (FAIL, "proof.claim_disguised")


# -- 4 issuer -----------------------------------------------------------------------------------------------------


def test_an_unknown_issuer_is_a_warning_with_a_reason_and_not_a_forgery() -> None:
    key = SigningKey.of(did_key(private_key(9).public_key()), private_key(9))
    document = {
        **unsigned(),
        "issuer": {"id": did_key(private_key(9).public_key()), "type": ["Profile"], "name": "某社"},
    }
    report = WORLDS["eddsa-rdfc-2022"].check(add_proof(document, key, ISSUED))
    assert found(report, "proof") == (PASS, "proof.valid")
    assert found(report, "issuer") == (UNCHECKED, "issuer.unknown")
    assert report.outcome is UNCHECKED


def test_without_a_trust_list_the_issuer_is_left_open(good: World) -> None:
    assert found(good.check(trust=None), "issuer") == (UNCHECKED, "issuer.no_trust_list")


@pytest.mark.parametrize(
    ("accreditations", "outcome", "code"),
    [
        ((), FAIL, "issuer.not_accredited"),
        ((Accreditation("academic", SINCE),), FAIL, "issuer.not_accredited"),
        ((Accreditation("other", ISSUED + timedelta(seconds=1)),), FAIL, "issuer.not_accredited_then"),
        ((Accreditation("other", SINCE, ISSUED),), FAIL, "issuer.not_accredited_then"),
        ((Accreditation("other", SINCE, ISSUED + timedelta(seconds=1)),), PASS, "issuer.accredited"),
        ((Accreditation("other", SINCE, SINCE), Accreditation("other", ISSUED)), PASS, "issuer.accredited"),
    ],
)
def test_accreditation_counts_by_category_and_time(good: World, accreditations: Any, outcome: Any, code: str) -> None:
    record = replace(good.record, accreditations=accreditations)
    assert found(good.but(record=record).check(), "issuer") == (outcome, code)


def test_what_a_closed_institution_issued_stays_good(good: World) -> None:
    report = good.but(record=replace(good.record, suspended=True)).check()
    assert found(report, "issuer") == (PASS, "issuer.accredited_then_suspended_now")
    assert report.outcome is PASS


def test_two_categories_are_none() -> None:
    document = unsigned()
    alignments = document["credentialSubject"]["achievement"]["alignment"]
    second = {
        **alignments[0],
        "id": alignments[0]["id"] + "2",
        "targetUrl": "http://localhost:8000/f/categories/academic",
    }
    alignments.append(second)
    report = WORLDS["eddsa-rdfc-2022"].check(add_proof(document, KEY, ISSUED))
    assert found(report, "issuer") == (FAIL, "issuer.category_ambiguous")
    alignments.clear()
    report = WORLDS["eddsa-rdfc-2022"].check(add_proof(document, KEY, ISSUED))
    assert found(report, "issuer") == (UNCHECKED, "issuer.category_unstated")


# -- 5 validity ---------------------------------------------------------------------------------------------------


def test_an_expired_credential(good: World) -> None:
    report = good.check(now=datetime(2036, 7, 1, 0, 0, 1, tzinfo=UTC))
    assert found(report, "validity") == (FAIL, "validity.expired")
    assert found(report, "proof") == (PASS, "proof.valid")


def test_one_without_an_end() -> None:
    endless = world(award=replace(AWARD, valid_until=None))
    assert found(endless.check(now=datetime(2099, 1, 1, tzinfo=UTC)), "validity") == (PASS, "validity.unlimited")


@pytest.mark.parametrize("stamp", ["2026-07-01", "2026-07-01T00:00:00", "2026-13-01T00:00:00Z", "yesterday", 5])
def test_a_date_that_is_none(stamp: Any) -> None:
    report = WORLDS["eddsa-jcs-2022"].check(
        add_proof({**unsigned(), "validFrom": stamp}, KEY, ISSUED, "eddsa-jcs-2022")
    )
    assert found(report, "validity") == (FAIL, "credential.instant_malformed")


def test_the_clock_must_say_where_it_is() -> None:
    with pytest.raises(InvalidInput, match=r"credential\.instant_without_offset"):
        verify(b"{}", now=datetime(2026, 7, 1))  # noqa: DTZ001


# -- 6 status -----------------------------------------------------------------------------------------------------


def lists(**purposes: dict[str, Any]) -> StatusLists:
    given = {"revocation": status_list("revocation"), "suspension": status_list("suspension"), **purposes}
    return StatusLists([document for document in given.values() if document])


def test_revoked_and_suspended(good: World) -> None:
    revoked = good.check(status_lists=lists(revocation=status_list("revocation", marked=True)))
    assert found(revoked, "status") == (FAIL, "status.revoked")
    suspended = good.check(status_lists=lists(suspension=status_list("suspension", marked=True)))
    assert found(suspended, "status") == (FAIL, "status.suspended")
    assert suspended.outcome is FAIL


def test_a_revoked_credential_is_revoked_even_where_the_other_list_is_missing(good: World) -> None:
    report = good.check(status_lists=StatusLists([status_list("revocation", marked=True)]))
    assert found(report, "status") == (FAIL, "status.revoked")


OPEN_LISTS = {
    "status.list_unreachable": lists(suspension={}),
    "status.list_signature": lists(revocation=status_list("revocation", key=OTHER_KEY)),
    "status.purpose_mismatch": lists(revocation=status_list("revocation", list_of="suspension")),
    "status.issuer_mismatch": lists(
        revocation=status_list(
            "revocation",
            did=did_key(private_key(9).public_key()),
            key=SigningKey.of(did_key(private_key(9).public_key()), private_key(9)),
        )
    ),
    "status.list_expired": lists(revocation=status_list("revocation", until=NOW - timedelta(seconds=1))),
}


@pytest.mark.parametrize("code", OPEN_LISTS)
def test_a_list_that_cannot_be_believed_never_means_not_revoked(good: World, code: str) -> None:
    report = good.check(status_lists=OPEN_LISTS[code])
    assert found(report, "status") == (UNCHECKED, code)
    assert report.outcome is UNCHECKED


def test_a_list_whose_bits_were_changed(good: World) -> None:
    forged = status_list("revocation", marked=True)
    forged["credentialSubject"]["encodedList"] = status_list("revocation")["credentialSubject"]["encodedList"]
    assert found(good.check(status_lists=lists(revocation=forged)), "status") == (UNCHECKED, "status.list_signature")


def test_a_source_that_serves_rubbish(good: World) -> None:
    class Rubbish:
        def status_list(self, url: str) -> bytes:
            return b"<html>503</html>"

    assert found(good.check(status_lists=Rubbish()), "status") == (UNCHECKED, "status.list_unreadable")
    assert found(good.check(status_lists=None), "status") == (UNCHECKED, "status.no_source")


def test_a_list_is_looked_up_by_the_bits_it_has_now(good: World) -> None:
    """Lists are kept by their bytes, so a newer list of the same address is read anew."""
    assert found(good.check(), "status") == (PASS, "status.clear")
    assert found(good.check(status_lists=lists(revocation=status_list("revocation", marked=True))), "status")[0] is FAIL
    assert found(good.check(), "status") == (PASS, "status.clear")


def test_no_status_is_not_applicable() -> None:
    document = unsigned()
    del document["credentialStatus"]
    report = WORLDS["eddsa-rdfc-2022"].check(add_proof(document, KEY, ISSUED), log=None)
    assert found(report, "status") == (Outcome.NOT_APPLICABLE, "status.none")
    assert report.outcome is PASS


def test_strangers_write_several_entries_and_plain_numbers() -> None:
    document = unsigned()
    entry = document["credentialStatus"]
    document["credentialStatus"] = [
        {**entry, "statusListIndex": 7},
        {**entry, "id": entry["id"] + "b", "statusPurpose": "suspension", "statusListCredential": f"{LIST}/suspension"},
    ]
    report = WORLDS["eddsa-jcs-2022"].check(add_proof(document, KEY, ISSUED, "eddsa-jcs-2022"))
    assert found(report, "status") == (PASS, "status.clear")
    entries: Any = document["credentialStatus"]
    entries[0]["statusListIndex"] = 131_072
    report = WORLDS["eddsa-jcs-2022"].check(add_proof(document, KEY, ISSUED, "eddsa-jcs-2022"))
    assert found(report, "status") == (UNCHECKED, "status.index_out_of_range")


# -- 7 log --------------------------------------------------------------------------------------------------------


def test_a_pending_receipt_does_not_stop_a_verdict(good: World) -> None:
    report = good.check(log=LogEvidence(3, bytes(32)))
    assert found(report, "log") == (UNCHECKED, "log.pending")
    assert report.outcome is PASS
    assert found(good.check(log=None), "log") == (UNCHECKED, "log.no_receipt")


def test_a_receipt_that_does_not_fit_fails(good: World) -> None:
    assert good.log is not None
    wrong = {
        "log.proof_mismatch": replace(good.log, salt=bytes(32)),
        "log.index_out_of_range": replace(good.log, index=11),
        "log.proof_length": replace(good.log, proof=good.log.proof[:-1]),
        "checkpoint.malformed": replace(good.log, checkpoint="hello"),
        "log.salt_length": replace(good.log, salt=b""),
    }
    for code, evidence in wrong.items():
        assert found(good.check(log=evidence), "log") == (FAIL, code)


def test_another_log_cannot_stand_in(good: World) -> None:
    record = replace(good.record, log_origin="localhost:8000/institutions/other/log")
    assert found(good.but(record=record).check(), "log") == (FAIL, "checkpoint.origin_mismatch")
    record = replace(good.record, log_keys=(KeyRecord(public(private_key(8)), SINCE),))
    assert found(good.but(record=record).check(), "log") == (FAIL, "checkpoint.key_absent")
    record = replace(good.record, log_origin=None, log_keys=())
    assert found(good.but(record=record).check(), "log") == (UNCHECKED, "log.issuer_log_unknown")


# -- 8 subject ----------------------------------------------------------------------------------------------------


def test_whose_it_is(good: World) -> None:
    assert found(good.check(subject=None), "subject") == (Outcome.NOT_APPLICABLE, "subject.not_asked")
    assert found(good.check(subject=SUBJECT_ID + "0"), "subject") == (FAIL, "subject.other")


def test_an_issuer_checks_its_own_work_before_lists_and_log_exist(good: World) -> None:
    report = good.check(status_lists=None, log=None, subject=None, required=BEFORE_HANDING_OUT)
    report.require()
    with pytest.raises(Exception, match=r"verification\.failed"):
        good.check(status_lists=None, log=None).require()


TITLES = [
    "智能手机入门",
    "a\u2028b\u2029c\u0085d",
    "👩🏽‍🦳 学太极",
    "مهارات رقمية \u200f",
    "e\u0301 é",
    "<script>alert(1)</script>",
    '"\\\n\tx',
    "\U0010fffd\ue000\ue001",
]


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("title", TITLES)
def test_titles_of_every_script(title: str, suite: Any) -> None:
    assert world(suite, replace(SPEC, name=title, description=title + "x")).check().outcome is PASS


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
    lambda some: st.lists(some) | st.dictionaries(st.text(), some),
    max_leaves=20,
)
JUNK: list[Any] = [None, True, 0, -1, 1.5, "", "x", "_:b0", "@id", [], {}, [[]], [None], {"id": {}}]
JUNK += [{"@value": 1}, {"@list": [1]}, {"@id": "x"}, {"@context": {"@vocab": "urn:x:"}}]


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=200, deadline=None)
def test_nothing_a_stranger_sends_raises(data: bytes) -> None:
    report = verify(data, now=NOW, trust=TrustList([WORLDS["eddsa-rdfc-2022"].record]))
    assert report.outcome is not PASS


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_mangled_credential_raises(data: st.DataObject) -> None:
    """A credential with any one part replaced by any JSON value gets a report, never an exception."""
    suite = data.draw(st.sampled_from(SUITES))
    good = WORLDS[suite]
    path = data.draw(st.sampled_from(list(places(good.credential))))
    path = path[: data.draw(st.integers(1, len(path)))]
    junk = data.draw(st.sampled_from(JUNK))
    other = changed_at(good.credential, path, lambda _: junk)
    report = good.check(other)
    for name in NAMES:
        found(report, name)


def test_the_did_of_the_world_is_a_did_web() -> None:
    assert DID == "did:web:localhost%3A8000:institutions:qinghe"

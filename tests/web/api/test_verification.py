"""Verifying by anybody: strict JSON, what may be sent, sentences, limits, and that nothing is written."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from credit_bank.credential.securing.jose import enveloped, sign_credential
from credit_bank.key.did import did_key
from credit_bank.key.keyring import SigningKey
from tests.credit_bank.credential.worlds import private_key
from tests.web.api.programs import Service, service_on
from web.accounts.api_tokens import Scope
from web.security import limiter

VERIFY = "credentials/verify"


@pytest.fixture
def credential(service: Service) -> dict[str, Any]:
    """A credential that was just issued."""
    [issued] = service.issue(service.token(Scope.ISSUE)).get_json()["credentials"]
    found: dict[str, Any] = issued["credential"]
    return found


DEEP = 100_000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "json.malformed"),
        (b"{", 400, "json.malformed"),
        (b"[]", 400, "json.not_an_object"),
        (b"null", 400, "json.not_an_object"),
        (b"[" * DEEP + b"]" * DEEP, 400, "json.too_deep"),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "json.too_deep"),
        (b'{"a": NaN}', 400, "json.not_a_number"),
        (b'{"a": -Infinity}', 400, "json.not_a_number"),
        (b'{"a": 1, "a": 2}', 400, "json.duplicate_key"),
        (b'{"a": "\\ud800"}', 400, "json.lone_surrogate"),
        (b'\xef\xbb\xbf{"a": 1}', 400, "json.byte_order_mark"),
        (b'{"a": 1180591620717411303424}', 400, "json.number_out_of_range"),
        (b'{"a": ' + b"9" * 10_000 + b"}", 400, "json.number_out_of_range"),
        (b'{"a": 1e400}', 400, "json.number_out_of_range"),
        (b'{"a": "\xff"}', 400, "json.not_utf8"),
        ('{"a": 1}'.encode("utf-16"), 400, "json.not_utf8"),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}', 413, "request.too_large"),
        (b'{"credential": {}, "other": 1}', 422, "request.invalid"),
        (b'{"credential": 1}', 422, "request.invalid"),
        (b'{"credential": {}, "subject": 1}', 422, "request.invalid"),
        (b'{"type": "EvergreenProofBundle"}', 422, "bundle.version_unknown"),
        (b'{"type": "EvergreenProofBundle", "version": 1}', 422, "bundle.malformed"),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_cannot_be_read_is_refused_with_a_code(
    service: Service, body: bytes, status: int, code: str, language: str
) -> None:
    problem = service.post(VERIFY, body, status=status, language=language).get_json()
    assert problem["code"] == code
    assert problem["detail"].isascii() == (language == "en") or "“" in problem["detail"]
    # The endpoints that ask for a token read as strictly.
    token = service.token(*Scope)
    if not code.startswith(("bundle", "request.invalid")):
        other = service.post("institutions/one-college/credentials", body, token=token, status=status).get_json()
        assert other["code"] == code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "a"])
def test_another_media_type_is_415(service: Service, kind: str) -> None:
    problem = service.post(VERIFY, b"{}", content_type=kind, status=415).get_json()
    assert problem["parameters"] == {"expected": "application/json"}


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/vc", "application/vc+ld+json"])
def test_json_goes_by_several_names(service: Service, kind: str, credential: dict[str, Any]) -> None:
    service.post(VERIFY, credential, content_type=kind, status=200)


def test_anything_readable_gets_a_report(service: Service) -> None:
    for body in ({}, {"a": 1}, {"proof": []}, {"credential": {}}, {"@context": [], "credential": 1}, {"id": None}):
        report = service.post(VERIFY, body, status=200).get_json()
        assert report["outcome"] in ("fail", "could-not-be-checked")
        assert len(report["checks"]) == 8


def test_whose_it_is_is_asked_with_a_subject(service: Service, credential: dict[str, Any]) -> None:
    subject = credential["credentialSubject"]["id"]
    for asked, outcome in ((subject, "pass"), ("urn:uuid:other", "fail"), (None, "not-applicable")):
        report = service.post(VERIFY, {"credential": credential, "subject": asked}, status=200).get_json()
        assert report["checks"][7]["outcome"] == outcome
    assert report["summary"]["title"] == "书法入门"
    assert report["summary"]["credits"] == "2"


def test_a_bundle_is_verified_by_what_the_bank_knows_itself(service: Service, credential: dict[str, Any]) -> None:
    bundle = {
        "type": "EvergreenProofBundle",
        "version": 1,
        "credential": credential,
        "accreditationStatement": "not.a.statement",
        "bankKey": "z",
        "statusLists": [],
        "receipt": None,
    }
    assert service.post(VERIFY, bundle, status=200).get_json()["outcome"] == "pass"


def test_checks_are_said_in_the_language_that_is_asked_for(service: Service, credential: dict[str, Any]) -> None:
    silent = service.post(VERIFY, credential, language=None, status=200).get_json()
    assert all(c["finding"] is None for c in silent["checks"])
    chinese = service.post(VERIFY, credential, language="zh-CN", status=200).get_json()
    english = service.post(VERIFY, credential, language="en-GB,en;q=0.9", status=200)
    assert english.headers["Content-Language"] == "en"
    for there, here in zip(chinese["checks"], english.get_json()["checks"], strict=True):
        assert there["finding"] and here["finding"] and there["finding"] != here["finding"]
    assert chinese["checks"][6]["next"]  # the receipt is pending


def test_verifying_writes_nothing(service: Service, credential: dict[str, Any]) -> None:
    seen: list[str] = []

    def watch(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split()[0].upper())

    for engine in (service.database.engine, service.database.reader):
        event.listen(engine, "before_cursor_execute", watch)
    service.post(VERIFY, credential, status=200)
    for path in ("", "status", "institutions", "institutions/one-college", "institutions/one-college/courses"):
        service.get(path)
    for engine in (service.database.engine, service.database.reader):
        event.remove(engine, "before_cursor_execute", watch)
    assert set(seen) <= {"SELECT", "BEGIN", "PRAGMA"}


def test_verifying_is_limited_and_says_so(sqlite_url: str) -> None:
    limiter.enabled = True
    service = service_on(sqlite_url)
    limiter.reset()
    try:
        for left in range(59, -1, -1):
            answer = service.post(VERIFY, {}, status=200)
            assert int(answer.headers["X-RateLimit-Remaining"]) == left
        answer = service.post(VERIFY, {}, status=429)
        assert answer.get_json()["code"] == "request.too_many"
        assert int(answer.headers["Retry-After"]) <= 61
        assert answer.headers["X-RateLimit-Limit"] == "60"
    finally:
        limiter.reset()
        service.database.dispose()


def test_a_huge_report_stays_small(service: Service, credential: dict[str, Any]) -> None:
    credential["type"] = ["x" * 100_000]
    credential["issuer"] = {"id": "y" * 100_000}
    assert len(json.dumps(service.post(VERIFY, credential, status=200).get_json()["checks"])) < 20_000


def test_a_credential_in_an_envelope_is_opened(service: Service, credential: dict[str, Any]) -> None:
    unsigned = {k: v for k, v in credential.items() if k not in ("proof", "credentialStatus")}
    key = SigningKey.of(did_key(private_key(9).public_key()), private_key(9))
    unsigned["issuer"] = {**unsigned["issuer"], "id": key.verification_method.partition("#")[0]}
    token = sign_credential(unsigned, key, datetime(2026, 9, 1, tzinfo=UTC))
    report = service.post(VERIFY, enveloped(token), status=200).get_json()
    assert report["checks"][2]["code"] == "proof.valid" and report["outcome"] == "could-not-be-checked"
    head, payload, signature = token.split(".")
    broken = enveloped(f"{head}.{payload}.{signature[:-4]}AAAA")
    assert service.post(VERIFY, broken, status=200).get_json()["checks"][2]["code"] == "proof.signature_mismatch"

"""Issuing, reading, changing status, once and again, by programs."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from credit_bank.credential.parse import parse_object
from credit_bank.store.tables import Credential, Outcome
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope
from web.accounts.tables import AuditEvent

CREDENTIALS = "institutions/one-college/credentials"


def test_the_main_job_by_program(both: Service) -> None:
    token = both.token(*Scope)
    [issued] = both.issue(token).get_json()["credentials"]
    assert issued["credential"]["id"] == f"urn:uuid:{issued['id']}"
    own = f"{CREDENTIALS}/{issued['id']}"
    assert issued["url"] == f"http://localhost:8000/api/v1/{own}"

    shown = both.get(own, token=token).get_json()
    assert (shown["status"]["state"], shown["log"]["state"]) == ("issued", "pending")
    both.publish()
    shown = both.get(own, token=token).get_json()
    assert shown["log"]["state"] == "included"
    assert shown["credential"] == issued["credential"]

    report = both.post("credentials/verify", shown["credential"], status=200).get_json()
    assert report["outcome"] == "pass"
    assert [c["number"] for c in report["checks"]] == list(range(1, 9))

    changed = json.loads(json.dumps(shown["credential"]))
    changed["credentialSubject"]["creditsEarned"] = 20
    report = both.post("credentials/verify", changed, status=200).get_json()
    assert report["outcome"] == "fail"
    assert report["checks"][2]["code"] == "proof.signature_mismatch"

    for action, state in (("suspend", "suspended"), ("reinstate", "issued"), ("revoke", "revoked")):
        body = {"action": action, "reason": "核对成绩"}
        answer = both.post(f"{own}/status", body, token=token, status=200).get_json()
        assert answer["state"] == state
        assert both.get(own, token=token).get_json()["status"]["state"] == state
    assert both.get(own, token=token).get_json()["status"]["reason"] == "核对成绩"
    report = both.post("credentials/verify", shown["credential"], status=200).get_json()
    assert report["checks"][5]["code"] == "status.revoked"
    problem = both.post(f"{own}/status", {"action": "reinstate", "reason": "反悔"}, token=token, status=409).get_json()
    assert problem["code"] == "status.already_revoked"


def test_a_document_has_an_etag_that_changes_with_its_standing(service: Service) -> None:
    token = service.token(*Scope)
    [issued] = service.issue(token).get_json()["credentials"]
    own = f"{CREDENTIALS}/{issued['id']}"
    tag = service.get(own, token=token).headers["ETag"]
    assert service.get(own, token=token, headers={"If-None-Match": tag}, status=304).data == b""
    service.post(f"{own}/status", {"action": "suspend", "reason": "核对"}, token=token, status=200)
    assert service.get(own, token=token, headers={"If-None-Match": tag}).headers["ETag"] != tag
    assert service.get(own, token=token).headers["Cache-Control"] == "no-store"


def test_every_problem_is_named_by_its_pointer_and_nothing_is_written(both: Service) -> None:
    token = both.token(Scope.ISSUE)
    good = both.outcome()
    wrong = [
        both.outcome(account="100000000000"),
        both.outcome(credits="0.33"),
        both.outcome(awarded="2999-01-01"),
        both.outcome(level="99"),
        both.outcome(category="academic"),
        both.outcome(grade="\u0001"),
    ]
    answer = both.post(CREDENTIALS, {"outcomes": [good, *wrong]}, token=token, status=422)
    problem = answer.get_json()
    assert problem["code"] in ("import.refused", "request.invalid")
    del wrong[-1]
    problem = both.post(CREDENTIALS, {"outcomes": [good, *wrong]}, token=token, status=422).get_json()
    assert problem["code"] == "import.refused"
    found = {(e["pointer"], e["code"]) for e in problem["errors"]}
    assert {
        ("/outcomes/1/account", "account_check_digit"),
        ("/outcomes/2/credits", "credits_step"),
        ("/outcomes/3/awarded", "date_future"),
        ("/outcomes/4/level", "level_unknown"),
    } <= found
    assert all(e["detail"] and e["next"] for e in problem["errors"])
    problem = both.post(CREDENTIALS, {"outcomes": [good, both.outcome(category="academic")]}, token=token, status=422)
    assert [(e["pointer"], e["code"]) for e in problem.get_json()["errors"]] == [
        ("/outcomes/1/category", "category_not_accredited")
    ]
    assert both.count(Outcome) == both.count(Credential) == 0


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "", "request.outcomes_or_ids"),
        ({"outcomes": []}, "/outcomes", "request.field_bounds"),
        ({"outcomes": [{}]}, "/outcomes/0/awarded", "request.field_missing"),
        ({"outcomes": [{"awarded": "2026-06-30", "a/b~": 1}]}, "/outcomes/0/a~1b~0", "request.field_unknown"),
        ({"outcomes": [{"awarded": 20260630}]}, "/outcomes/0/awarded", "request.field_type"),
        ({"outcomes": [{"awarded": "2026-02-30"}]}, "/outcomes/0/awarded", "request.field_malformed"),
        ({"outcomes": [{"awarded": "2026-06-30", "credits": True}]}, "/outcomes/0/credits", "request.field_type"),
        ({"outcomes": [{"awarded": "2026-06-30", "category": "x"}]}, "/outcomes/0/category", "request.field_choice"),
        ({"outcomes": [{"awarded": "2026-06-30", "name": "a\u0000"}]}, "/outcomes/0/name", "request.control_character"),
        ({"outcome_ids": ["x"]}, "/outcome_ids/0", "request.field_malformed"),
        ({"outcomes": [{"awarded": "2026-06-30"}], "outcome_ids": [str(uuid4())]}, "", "request.outcomes_or_ids"),
        ({"extra": 1, "outcomes": [{"awarded": "2026-06-30"}]}, "/extra", "request.field_unknown"),
    ],
)
def test_a_malformed_request_names_the_field(service: Service, body: object, pointer: str, code: str) -> None:
    problem = service.post(CREDENTIALS, body, token=service.token(Scope.ISSUE), status=422).get_json()
    assert problem["code"] == "request.invalid"
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in problem["errors"]}
    assert all(e["detail"] for e in problem["errors"])


def test_what_was_imported_is_issued_by_id(service: Service) -> None:
    token = service.token(*Scope)
    account = service.learner()
    file = f"账号,课程名称,获得日期,学分,类别\n{account},书法入门,2026-06-30,2,其他\n".encode()
    imported = service.post(
        "institutions/one-college/imports/outcomes", file, token=token, content_type="text/csv", status=201
    ).get_json()
    [issued] = service.post(CREDENTIALS, {"outcome_ids": imported["outcome_ids"]}, token=token, status=201).get_json()[
        "credentials"
    ]
    assert issued["outcome_id"] == imported["outcome_ids"][0]
    again = service.post(CREDENTIALS, {"outcome_ids": imported["outcome_ids"]}, token=token, status=409)
    assert again.get_json()["code"] == "issuing.not_recorded"
    elsewhere = service.token(Scope.ISSUE, handle="two-college")
    body = {"outcome_ids": imported["outcome_ids"]}
    service.post("institutions/two-college/credentials", body, token=elsewhere, status=404)


def test_outcomes_are_read_page_by_page(both: Service) -> None:
    token = both.token(*Scope)
    both.issue(token, *(both.outcome() for _ in range(5)))
    both.issue(token)
    ids: list[str] = []
    cursor = ""
    for size in (2, 2, 2):
        page = both.get(f"institutions/one-college/outcomes?limit=2{cursor}", token=token).get_json()
        assert len(page["items"]) == size
        ids += [i["id"] for i in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert len(set(ids)) == 6
    assert page["items"][0]["credits"] == "2"
    assert page["items"][0]["subject"].startswith("urn:uuid:")
    states = both.get("institutions/one-college/outcomes?state=revoked", token=token).get_json()
    assert states["items"] == []
    for bad in (
        "cursor=abc",
        "cursor=%00",
        "limit=0",
        "limit=x",
        "limit=99999999999999999999",
        "state=x",
        "nonsense=1",
    ):
        problem = both.get(f"institutions/one-college/outcomes?{bad}", token=token, status=422).get_json()
        assert problem["errors"][0]["parameter"] == bad.partition("=")[0]
    repeated = both.get("institutions/one-college/outcomes?limit=1&limit=2", token=token, status=400).get_json()
    assert repeated["code"] == "request.parameter_repeated"


def test_what_a_program_did_is_in_the_audit_trail(service: Service) -> None:
    token = service.token(*Scope)
    [issued] = service.issue(token).get_json()["credentials"]
    path = f"{CREDENTIALS}/{issued['id']}/status"
    service.post(path, {"action": "revoke", "reason": "发错了人"}, token=token, status=200)
    with service.database.reading() as session:
        events = session.exec(select(AuditEvent)).all()
        assert [e.action for e in events] == ["api.issued", "api.revoke"]
        assert {e.person_id for e in events} == {None}
        assert len({e.details["token"] for e in events}) == 1


def test_an_expired_validity_is_refused(service: Service) -> None:
    past = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    outcome = service.outcome(awarded="2020-01-01", valid_until=past)
    problem = service.issue(service.token(Scope.ISSUE), outcome, status=422).get_json()
    assert problem["code"] == "issuing.already_expired"
    assert service.count(Outcome) == 0


def test_a_document_is_handed_out_as_it_was_signed(service: Service) -> None:
    token = service.token(*Scope)
    [issued] = service.issue(token).get_json()["credentials"]
    sent = service.get(f"{CREDENTIALS}/{issued['id']}", token=token).get_json()["credential"]
    assert parse_object(json.dumps(sent).encode()) == issued["credential"]

"""What is sent twice is done once: retries, crashes, many sides at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from credit_bank.store.tables import Credential, IdempotencyKey
from tests.web.api.programs import Service, service_on
from web.accounts.api_tokens import Scope
from web.database import Database

CREDENTIALS = "institutions/one-college/credentials"


def test_the_same_key_and_request_are_carried_out_once(both: Service) -> None:
    token = both.token(Scope.ISSUE)
    body = {"outcomes": [both.outcome(), both.outcome()]}
    key = {"Idempotency-Key": str(uuid4())}
    first = both.post(CREDENTIALS, body, token=token, headers=key, status=201)
    again = both.post(CREDENTIALS, body, token=token, headers=key, status=201)
    assert again.data == first.data
    assert (first.headers["Idempotency-Replayed"], again.headers["Idempotency-Replayed"]) == ("false", "true")
    assert both.count(Credential) == 2
    other = both.post(CREDENTIALS, {"outcomes": [both.outcome()]}, token=token, headers=key, status=409)
    assert other.get_json()["code"] == "idempotency.key_reused"
    without = both.post(CREDENTIALS, body, token=token, status=422).get_json()
    assert {e["code"] for e in without["errors"]} == {"outcome_known"}
    # Another institution may use the same key.
    elsewhere = both.token(Scope.ISSUE, handle="two-college")
    both.issue(elsewhere, handle="two-college", headers=key)
    for bad in ("", "a b", "a" * 256, "密"):
        answer = both.post(
            CREDENTIALS, body, token=token, headers={"Idempotency-Key": bad.encode().decode("latin-1")}, status=400
        )
        assert answer.get_json()["code"] == "idempotency.key_malformed"


def test_no_document_is_kept_with_the_key(service: Service) -> None:
    service.issue(service.token(Scope.ISSUE), headers={"Idempotency-Key": "k"})
    with service.database.reading() as session:
        [row] = session.exec(select(IdempotencyKey)).all()
        assert set(json.loads(row.response)) == {"credentials"}
        assert "书法" not in row.response


def test_a_retry_after_a_crash_issues_exactly_once(both: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = both.token(Scope.ISSUE)
    body = {"outcomes": [both.outcome()]}
    key = {"Idempotency-Key": "crash"}
    commit = Database.commit
    both.app.config["PROPAGATE_EXCEPTIONS"] = False

    def lost_before(_database: Database, _session: object) -> None:
        raise ConnectionAbortedError("before the commit")

    def lost_after(database: Database, session: object) -> None:
        commit(database, session)  # type: ignore[arg-type]
        raise ConnectionAbortedError("after the commit")

    def send_and_lose() -> None:
        answer = both.app.test_client().post(
            f"/api/v1/{CREDENTIALS}", json=body, headers={**key, "Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 500
        assert answer.get_json(force=True)["code"] == "server.unexpected"

    monkeypatch.setattr(Database, "commit", lost_before)
    send_and_lose()
    assert both.count(Credential) == both.count(IdempotencyKey) == 0
    monkeypatch.setattr(Database, "commit", lost_after)
    send_and_lose()
    assert both.count(Credential) == 1
    monkeypatch.setattr(Database, "commit", commit)
    [issued] = both.post(CREDENTIALS, body, token=token, headers=key, status=201).get_json()["credentials"]
    assert both.count(Credential) == 1
    with both.database.reading() as session:
        assert session.exec(select(Credential.id)).one() == UUID(issued["id"])


@pytest.mark.postgresql
def test_one_key_sent_at_once_from_many_sides_issues_once(postgresql_url: str) -> None:
    service = service_on(postgresql_url)
    try:
        token = service.token(Scope.ISSUE)
        body = {"outcomes": [service.outcome()]}
        with ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(
                    lambda _: service.post(CREDENTIALS, body, token=token, headers={"Idempotency-Key": "one"}), range(8)
                )
            )
        assert [a.status_code for a in answers] == [201] * 8
        assert len({a.data for a in answers}) == 1
        assert sorted(a.headers["Idempotency-Replayed"] for a in answers) == ["false"] + ["true"] * 7
        assert service.count(Credential) == 1
    finally:
        service.database.dispose()


@pytest.mark.postgresql
def test_the_same_outcome_sent_at_once_without_a_key_is_a_conflict_and_no_error(postgresql_url: str) -> None:
    service = service_on(postgresql_url)
    try:
        token = service.token(Scope.ISSUE)
        body = {"outcomes": [service.outcome()]}
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: service.post(CREDENTIALS, body, token=token), range(6)))
        statuses = sorted(a.status_code for a in answers)
        assert statuses[0] == 201
        assert set(statuses[1:]) <= {409, 422}
        assert service.count(Credential) == 1
    finally:
        service.database.dispose()


def test_a_status_change_is_repeated_with_its_key_and_refused_without(service: Service) -> None:
    token = service.token(*Scope)
    [issued] = service.issue(token).get_json()["credentials"]
    path = f"{CREDENTIALS}/{issued['id']}/status"
    body = {"action": "revoke", "reason": "发错了人"}
    first = service.post(path, body, token=token, headers={"Idempotency-Key": "r"}, status=200)
    again = service.post(path, body, token=token, headers={"Idempotency-Key": "r"}, status=200)
    assert first.data == again.data
    service.post(path, body, token=token, status=409)
    for bad in ({"action": "burn", "reason": "x"}, {"action": "revoke"}, {"action": "revoke", "reason": ""}):
        service.post(path, bad, token=token, status=422)
    problem = service.post(path, {"action": "revoke", "reason": "  "}, token=token, status=422).get_json()
    assert problem["code"] == "status.reason_missing"

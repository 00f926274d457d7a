"""xAPI statements by the interface."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from credit_bank.store import learners
from credit_bank.store.tables import Subject
from tests.web.api.programs import Service
from web.accounts import consents, people
from web.accounts.api_tokens import Scope
from web.connections.tables import ReceivedEvent

ORIGIN = "http://localhost:8000"
ADDRESS = "/api/v1/institutions/one-college/xapi/statements"
VERSION = {"X-Experience-API-Version": "1.0.3"}


def agree(session: Session, learner_id: UUID) -> None:
    """The learner has a sign-in and agrees to keeping what they learn."""
    now = datetime.now(UTC)
    person = people.create(session, display_name="示例学员", secret_hash="x", now=now, learner_id=learner_id)
    consents.give(
        session, person_id=person.id, learner_id=learner_id, purpose="learning", language="zh-CN", via="online", now=now
    )


def pseudonym(service: Service, *, agreed: bool = True) -> str:
    """The name of a new learner at the first institution."""
    number = service.learner()
    with service.database.writing() as session:
        row = learners.by_account_number(session, number)
        assert row is not None
        if agreed:
            agree(session, row.id)
        subject = Subject(learner_id=row.id, id=uuid4(), institution_id=service.institutions["one-college"])
        session.add(subject)
        return subject.id.urn


def statement(name: str, **changes: Any) -> dict[str, Any]:
    """A statement about a learner."""
    return {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": ORIGIN, "name": name}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": "https://lms.example/c/3", "definition": {"name": {"zh-CN": "消防安全"}}},
        "result": {"score": {"scaled": 0.9}},
        "timestamp": "2026-11-20T10:00:00+08:00",
        **changes,
    }


def send(service: Service, token: str, body: object, status: int, **headers: str) -> Any:
    """Post statements."""
    return service.open(
        "POST", ADDRESS, token=token, json=body, status=status, headers={**VERSION, **headers}
    ).get_json()


def kept(service: Service) -> list[ReceivedEvent]:
    """What is kept."""
    with service.database.reading() as session:
        rows = session.exec(select(ReceivedEvent)).all()
        session.expunge_all()
        return list(rows)


def test_a_statement_is_kept_once_with_its_source(service: Service) -> None:
    token = service.token(Scope.IMPORT, Scope.READ)
    sent = statement(pseudonym(service))
    assert send(service, token, sent, 200) == [sent["id"]]
    assert send(service, token, [sent], 200) == [sent["id"]]
    (row,) = kept(service)
    assert (row.meaning, row.success, row.score, row.name) == ("outcome", True, 0.9, "消防安全")
    assert (row.source_kind, row.source_name) == ("xapi", "示例程序")
    other = {**sent, "result": {"score": {"scaled": 0.1}}}
    assert send(service, token, other, 409)["code"] == "exchange.xapi_conflict"
    read = service.open("GET", ADDRESS, token=token, status=200, headers=VERSION)
    assert [s["id"] for s in read.get_json()["statements"]] == [sent["id"]]
    assert read.headers["X-Experience-API-Version"] == "2.0.0"


def test_a_voided_statement_is_gone(service: Service) -> None:
    token, name = service.token(Scope.IMPORT, Scope.READ), pseudonym(service)
    sent = statement(name)
    send(service, token, sent, 200)
    void = statement(
        name,
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": sent["id"]},
    )
    del void["result"]
    other = service.token(Scope.IMPORT)
    send(service, other, {**void, "id": str(uuid4())}, 200)
    assert [row.voided_at for row in kept(service) if row.statement_id == sent["id"]] == [None]  # another's statement
    send(service, token, void, 200)
    listed = service.open("GET", ADDRESS, token=token, status=200, headers=VERSION).get_json()["statements"]
    assert sent["id"] not in [s["id"] for s in listed]


def test_nobody_unknown_and_nobody_who_did_not_agree(service: Service) -> None:
    token = service.token(Scope.IMPORT)
    strangers = [
        statement(pseudonym(service, agreed=False)), statement(f"urn:uuid:{uuid4()}"), statement("x"),
        statement("u", actor={"account": {"homePage": "https://lms.example", "name": "u"}}),
    ]  # fmt: skip
    answer = send(service, token, [statement(pseudonym(service)), *strangers], 400)
    assert answer["code"] == "xapi.statements"
    assert [e["pointer"] for e in answer["errors"]] == [f"/{n}/actor/account" for n in range(1, 5)]
    assert kept(service) == []


@pytest.mark.parametrize(
    "body", [3, [3], "x", {}, {"actor": None}, [statement("a\x00b")], [statement("\ud800")], [statement("x")] * 501]
)
def test_other_bodies_are_refused(service: Service, body: object) -> None:
    assert send(service, service.token(Scope.IMPORT), body, 400)["code"] in ("xapi.statements", "request.malformed")


def test_the_version_and_the_scope_are_asked_for(service: Service) -> None:
    assert service.open(
        "POST", ADDRESS, token=service.token(Scope.IMPORT), json=statement("x"), status=400
    ).get_json()["code"] == "xapi.version"  # fmt: skip
    send(service, service.token(Scope.READ), statement("x"), 403)

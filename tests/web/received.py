"""Events that other systems send about learners, for tests of what becomes of them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlmodel import col, select

from credit_bank.store.tables import Outcome, Subject
from tests.web.client import ClientRequest
from tests.web.desks import Desk
from tests.web.people import Holder
from web.accounts import api_tokens, consents
from web.accounts.api_tokens import Scope
from web.accounts.roles import Role
from web.connections import as_platform, moments
from web.connections.outcome_tables import ReceivedOutcome
from web.connections.tables import LtiTool

ORIGIN = "http://localhost:8000"
ADL = "http://adlnet.gov/expapi/verbs/"
FIRE = "https://lms.example/c/3"
WHEN = datetime(2026, 11, 20, 2, tzinfo=UTC)


@dataclass
class Elsewhere:
    """An admitted institution with a catalogue, its registrar, a learner who agreed, a token and a tool."""

    desk: Desk
    handle: str
    institution: UUID
    registrar: ClientRequest
    holder: Holder
    learner: ClientRequest
    subject: str
    token: str

    def statement(self, **changes: Any) -> dict[str, Any]:
        """A statement that the learner passed the activity."""
        return {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": ORIGIN, "name": self.subject}},
            "verb": {"id": ADL + "passed"},
            "object": {"id": FIRE, "definition": {"name": {"zh-CN": "消防安全课"}}},
            "result": {"score": {"scaled": 0.9}, "completion": True},
            "timestamp": WHEN.isoformat(),
            **changes,
        }

    def send(self, *statements: dict[str, Any], token: str = "", handle: str = "", status: int = 200) -> Any:
        """Send statements by the interface."""
        answer = self.desk.app.test_client().post(
            f"/api/v1/institutions/{handle or self.handle}/xapi/statements",
            json=list(statements),
            headers={"Authorization": f"Bearer {token or self.token}", "X-Experience-API-Version": "1.0.3"},
        )
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def void(self, statement: dict[str, Any], **how: Any) -> None:
        """Take a statement back."""
        target = {"objectType": "StatementRef", "id": statement["id"]}
        voiding = self.statement(verb={"id": ADL + "voided"}, object=target)
        del voiding["result"]
        self.send(voiding, **how)

    def rows(self) -> list[ReceivedOutcome]:
        """What became of the events, the oldest first."""
        with self.desk.database.reading() as session:
            found = session.exec(
                select(ReceivedOutcome).order_by(col(ReceivedOutcome.received_at), col(ReceivedOutcome.id))
            ).all()
            session.expunge_all()
            return list(found)

    def outcomes(self) -> list[Outcome]:
        """The outcomes that are recorded."""
        with self.desk.database.reading() as session:
            found = session.exec(select(Outcome)).all()
            session.expunge_all()
            return list(found)

    def states(self) -> list[str]:
        """The states of the rows."""
        return [row.state for row in self.rows()]

    def let_count(self, *, course: str = "QH-001", least: str = "60", decides: str = "rule") -> None:
        """The registrar lets the activity of the first event that waits count as a course."""
        page = self.registrar.get(f"/desk/{self.handle}/received")
        link = next(
            a.attrib["href"] for a in page.tree.iter("a") if f"/desk/{self.handle}/received/" in a.attrib["href"]
        )
        page = self.registrar.get(link + "/rule")
        self.registrar.submit(page, {"course": course, "least_percent": least, "decides": decides})

    def more_token(self, institution: UUID | None = None, *, label: str = "另一个平台") -> str:
        """A token of a further connection."""
        return token_of(self.desk, institution or self.institution, label)


def token_of(desk: Desk, institution: UUID, label: str) -> str:
    """A token that sends statements."""
    with desk.writing() as session:
        token, _row = api_tokens.make(
            session,
            institution_id=institution,
            label=label,
            scopes=[Scope.IMPORT],
            lifetime=timedelta(days=1),
            made_by=None,
            now=datetime.now(UTC),
        )
    return token


def agree(desk: Desk, holder: Holder) -> None:
    """The learner agrees to keeping what they learn, in the present text."""
    with desk.writing() as session:
        consents.give(
            session,
            person_id=holder.person_id,
            learner_id=holder.learner_id,
            purpose="learning",
            language="zh-CN",
            now=datetime.now(UTC),
        )


def elsewhere(app: Flask, *, agreed: bool = True) -> Elsewhere:
    """All of it, made."""
    desk = Desk(app)
    return elsewhere_at(desk, desk.admitted("own"), "own", agreed=agreed)


def elsewhere_at(desk: Desk, institution: UUID, handle: str, *, agreed: bool = True) -> Elsewhere:
    """The same at an institution that is there."""
    holder = desk.learner()
    if agreed:
        agree(desk, holder)
    with desk.writing() as session:
        subject = Subject(learner_id=holder.learner_id, id=uuid4(), institution_id=institution)
        session.add(subject)
        name = subject.id.urn
    registrar = desk.at(institution, Role.REGISTRAR, Role.REVIEWER)
    token = token_of(desk, institution, "企业内训平台")
    learner = desk.browser(holder.person_id)
    return Elsewhere(desk, handle, institution, registrar, holder, learner, name, token)


@dataclass
class Tool:
    """A tool that sends the learner's scores."""

    app: Flask
    id: UUID
    subject: str
    token: str
    minute: int = 0

    def score(self, given: float, *, status: int = 204, **changes: Any) -> None:
        """Send a newer score of ten."""
        self.minute += 1
        body = {
            "userId": self.subject,
            "scoreGiven": given,
            "scoreMaximum": 10,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": (WHEN + timedelta(minutes=self.minute)).isoformat(),
            **changes,
        }
        answer = self.app.test_client().post(
            f"/lti/lineitems/{self.id}/scores",
            data=json.dumps(body),
            content_type="application/vnd.ims.lis.v1.score+json",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == status, answer.text


def tool_of(place: Elsewhere) -> Tool:
    """A tool of the institution to which the learner agreed, with its bearer token."""
    now = datetime.now(UTC)
    with place.desk.writing() as session:
        row = LtiTool(
            institution_id=place.institution,
            name="口语练习",
            purpose="练口语",
            login_url="https://tool.example/login",
            launch_urls=["https://tool.example/launch"],
            jwks_url="https://tool.example/jwks",
            made_by=uuid4(),
            made_at=now,
        )
        session.add(row)
        session.flush()
        consent = as_platform.agree(session, place.holder.learner_id, row, now)
        token = moments.begin(session, "access", row.id, lifetime=timedelta(hours=1), now=now)
        return Tool(place.desk.app, row.id, consent.id.urn, token)

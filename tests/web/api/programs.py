"""A bank with two institutions, learners and tokens of every scope, and programs that use the interface."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func
from sqlmodel import select
from werkzeug.test import TestResponse

from credit_bank import admitting, founding, opening, publishing
from credit_bank.bank import Bank
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category
from tests.apps import settings_for
from tests.banks import code, resident_id
from web.accounts import api_tokens
from web.accounts.api_tokens import Scope
from web.app import create_app
from web.database import Database

ACCREDITED = (Category.OTHER, Category.VOCATIONAL)


class Service:
    """The interface with what stands behind it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.bank: Bank = app.extensions["evergreen_bank"]
        self.database: Database = app.extensions["evergreen_database"]
        self.institutions: dict[str, UUID] = {}
        self.serial = 0
        with self.database.writing() as session:
            founding.found(session, self.bank)
            for n, handle in enumerate(("one-college", "two-college"), 1):
                row = admitting.admit(
                    session, self.bank, handle=handle, name=f"示例学院{n}", categories=ACCREDITED, code=code(900 + n)
                )
                self.institutions[handle] = row.id

    def token(self, *scopes: Scope, handle: str = "one-college", **changes: Any) -> str:
        """A fresh token."""
        facts: dict[str, Any] = {"lifetime": timedelta(days=30), "now": datetime.now(UTC), **changes}
        with self.database.writing() as session:
            token, _ = api_tokens.make(
                session,
                institution_id=self.institutions[handle],
                label="示例程序",
                scopes=scopes,
                made_by=None,
                **facts,
            )
        return token

    def learner(self, name: str = "示例学员") -> str:
        """The account number of a new learner."""
        self.serial += 1
        with self.database.writing() as session:
            number = resident_id(self.serial)
            kind = DocumentType.RESIDENT_ID
            row = opening.open_account(session, self.bank, name=name, document_type=kind, document_number=number)
            return row.account_number

    def count(self, table: type) -> int:
        """How many rows a table has."""
        with self.database.reading() as session:
            return session.exec(select(func.count()).select_from(table)).one()

    def publish(self) -> None:
        """Sign the checkpoints that are due."""
        with self.database.writing() as session:
            publishing.publish_all(session, self.bank)

    def open(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        status: int | None = None,
        language: str | None = "en",
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        """Send a request and check what holds of every answer."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if language is not None:
            sent["Accept-Language"] = language
        if body is not None:
            kwargs["data"] = body if isinstance(body, bytes) else json.dumps(body).encode()
            kwargs.setdefault("content_type", "application/json")
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response = self.app.test_client().open(address, method=method, headers=sent, **kwargs)
        if status is not None:
            assert response.status_code == status, f"{method} {address}: {response.status_code}\n{response.text[:3000]}"
        check_answer(response, address)
        return response

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """A GET that should succeed."""
        return self.open("GET", path, **{"status": 200, **kwargs})

    def post(self, path: str, body: Any, **kwargs: Any) -> TestResponse:
        """A POST."""
        return self.open("POST", path, body, **kwargs)

    def outcome(self, **changes: Any) -> dict[str, Any]:
        """An outcome of a new learner, as a program sends it."""
        facts = {
            "account": None,
            "course_title": "书法入门",
            "awarded": "2026-06-30",
            "credits": "2",
            "category": "other",
        }
        facts |= {"hours": 36, "hour_kind": "contact", "level": "3"} | changes
        facts["account"] = changes.get("account") or self.learner()
        return facts

    def issue(self, token: str, *outcomes: dict[str, Any], handle: str = "one-college", **kwargs: Any) -> TestResponse:
        """Issue outcomes (one of a new learner, unless given)."""
        body = {"outcomes": list(outcomes) or [self.outcome()]}
        return self.post(f"institutions/{handle}/credentials", body, token=token, **{"status": 201, **kwargs})


def check_answer(response: TestResponse, address: str) -> None:
    """What holds of every answer: never a server error, problems are problem details, no cookie is set."""
    assert response.status_code < 500 or response.status_code == 503, f"{address}: {response.text[:2000]}"
    assert "Set-Cookie" not in response.headers
    if response.status_code >= 400 and address.startswith("/api/"):
        assert response.mimetype == "application/problem+json", f"{address}: {response.mimetype}"
        problem = response.get_json(force=True)
        assert problem["status"] == response.status_code
        assert problem["type"] == f"http://localhost:8000/problems/{problem['code']}"
        assert problem["title"] and problem["detail"] and problem["instance"].startswith("/api/")
        assert response.headers["Cache-Control"] == "no-store"
        if response.status_code == 401:
            assert response.headers["WWW-Authenticate"].startswith('Bearer realm="evergreen"')


def service_on(url: str) -> Service:
    """The interface on a migrated, empty database."""
    return Service(create_app(settings_for(url)))

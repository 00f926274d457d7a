"""The pages on which an administrator makes and withdraws tokens."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import select

from tests.web.people import Town
from web.accounts import api_tokens
from web.accounts.api_tokens import Scope
from web.accounts.roles import Role
from web.accounts.tables import ApiToken, AuditEvent

TOKENS = "/institution/example/tokens"


@pytest.fixture
def town(app: Flask) -> Town:
    """A town with one institution."""
    found = Town(app)
    found.institution("example")
    return found


def admin(town: Town, handle: str = "example", role: Role = Role.ADMINISTRATOR):  # type: ignore[no-untyped-def]
    """The browser of someone with a role at an institution."""
    with town.database.reading() as session:
        from credit_bank.store import institutions

        row = institutions.by_handle(session, handle)
        institution_id = row.id if row else None
    return town.browser(town.staff(town.somebody(), institution_id or town.institution(handle), role))


def rows(town: Town) -> list[ApiToken]:
    """Every token's row."""
    with town.database.reading() as session:
        found = session.exec(select(ApiToken)).all()
        session.expunge_all()
        return list(found)


def test_a_token_is_made_shown_once_used_and_withdrawn(town: Town) -> None:
    browser = admin(town)
    assert "还没有令牌" in browser.get(TOKENS).text
    page = browser.get(f"{TOKENS}/new")
    made = browser.submit(page, {"name": "教务系统", "read": "y", "issue": "y", "days": "30"}, status=200)
    [token] = re.findall(r"evk_[A-Za-z0-9_-]{43}", made.html)
    assert made.headers["Cache-Control"] == "no-store"
    [row] = rows(town)
    assert api_tokens.scopes_of(row) == (Scope.ISSUE, Scope.READ)
    assert (row.expires_at - row.made_at).days == 30

    program = town.app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/institutions/example/outcomes", headers=headers).status_code == 200

    listed = browser.get(TOKENS)
    assert "教务系统" in listed.text and row.hint in listed.text
    assert token not in listed.html
    asked = browser.get(listed.link("收回"))
    assert browser.follow(browser.submit(asked)).h1 == "接口令牌"
    assert program.get("/api/v1/institutions/example/outcomes", headers=headers).status_code == 401
    assert browser.follow(browser.submit(asked)).h1 == "接口令牌"  # pressed twice
    with town.database.reading() as session:
        actions = [e.action for e in session.exec(select(AuditEvent)).all() if e.action.startswith("token.")]
    assert actions == ["token.made", "token.withdrawn"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "", "read": "y", "days": "30"}, "给哪个程序用"),
        ({"name": "x", "days": "30"}, "请至少选一项权限"),
        ({"name": "x", "read": "y", "days": "9999"}, ""),
        ({"name": "x" * 61, "read": "y", "days": "30"}, "60 个字符"),
    ],
)
def test_a_token_without_what_it_needs_is_not_made(town: Town, data: dict[str, str], sentence: str) -> None:
    browser = admin(town)
    page = browser.submit(browser.get(f"{TOKENS}/new"), data, status=422)
    assert page.errors and sentence in page.errors[0]
    assert rows(town) == []


def test_nobody_else_sees_tokens(town: Town) -> None:
    browser = admin(town)
    made = {"name": "x", "read": "y", "days": "30"}
    browser.submit(browser.get(f"{TOKENS}/new"), made, status=200)
    [row] = rows(town)
    paths = (TOKENS, f"{TOKENS}/new", f"{TOKENS}/{row.id}/withdraw")
    for other in (admin(town, role=Role.REGISTRAR), admin(town, "other"), town.browser(town.learner().person_id)):
        for path in paths:
            other.get(path, status=404)
    stranger = town.browser()
    for path in paths:
        stranger.get(path, status=303)
    # An administrator elsewhere cannot name the token under an address of the own institution.
    admin(town, "other").get(f"/institution/other/tokens/{row.id}/withdraw", status=404)
    browser.get(f"{TOKENS}/{uuid4()}/withdraw", status=404)
    assert rows(town)[0].withdrawn_at is None

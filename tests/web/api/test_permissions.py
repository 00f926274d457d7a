"""Who may use what: every endpoint × every scope × both institutions × bad tokens, generated from the description."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank.store.tables import Institution
from tests.web.api.programs import Service
from web.accounts import api_tokens
from web.accounts.api_tokens import Scope
from web.accounts.permissions import Audience, permission_of
from web.api.operation import operation_of

BODIES = {"POST": b"{}"}


def scoped(app: Flask) -> list[tuple[str, str, Scope]]:
    """Each endpoint that asks for a token: method, rule, scope."""
    found = []
    for rule in app.url_map.iter_rules():
        stated = operation_of(app, rule.endpoint)
        if stated is not None and stated.scope is not None:
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            found.append((method, rule.rule, stated.scope))
    return found


def address(rule: str, handle: str) -> str:
    """An address of a rule."""
    return rule.replace("<handle:handle>", handle).replace("<uuid:credential_id>", str(uuid4()))


def test_every_endpoint_is_public_and_harmless_or_asks_for_a_scope(service: Service) -> None:
    public_writes = []
    for rule in service.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        stated, permission = operation_of(service.app, rule.endpoint), permission_of(service.app, rule.endpoint)
        assert stated is not None and permission is not None, rule.rule
        assert (stated.scope is None) == (permission.audience is Audience.PUBLIC), rule.rule
        if stated.scope is None and "POST" in (rule.methods or ()):
            public_writes.append(rule.rule)
    assert public_writes == ["/api/v1/credentials/verify"]
    assert len(scoped(service.app)) == 12


def test_the_matrix_of_scope_and_institution(service: Service) -> None:
    tokens = {
        (scope, handle): service.token(scope, handle=handle)
        for scope in Scope
        for handle in ("one-college", "two-college")
    }
    for method, rule, needed in scoped(service.app):
        for (scope, home), token in tokens.items():
            for target in ("one-college", "two-college", "no-college"):
                answer = service.open(method, address(rule, target), BODIES.get(method), token=token)
                if target != home:
                    assert answer.status_code == 404, (method, rule, scope, home, target)
                    assert answer.get_json(force=True)["code"] == "request.not_found"
                elif scope is not needed:
                    assert answer.status_code == 403, (method, rule, scope)
                    assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]
                    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
                else:
                    assert answer.status_code not in (401, 403), (method, rule, scope)


def test_without_a_good_token_everything_is_401_wherever(service: Service) -> None:
    with service.database.writing() as session:
        now = datetime.now(UTC)
        token, row = api_tokens.make(
            session,
            institution_id=service.institutions["one-college"],
            label="withdrawn",
            scopes=list(Scope),
            lifetime=timedelta(days=1),
            made_by=None,
            now=now,
        )
        api_tokens.withdraw(session, institution_id=row.institution_id, token_id=row.id, withdrawn_by=None, now=now)
    expired = service.token(*Scope, now=datetime.now(UTC) - timedelta(days=31))
    good = service.token(*Scope)
    bad = [token, expired, good[:-1], good + "A", good.upper(), "evk_", "x" * 5000, "evk_" + "\u00e9" * 43]
    for method, rule, _ in scoped(service.app):
        for target in ("one-college", "no-college"):
            answer = service.open(method, address(rule, target), BODIES.get(method), status=401)
            assert answer.get_json(force=True)["code"] == "token.missing"
        for given in bad:
            answer = service.open(
                method,
                address(rule, "one-college"),
                BODIES.get(method),
                headers={"Authorization": f"Bearer {given}".encode().decode("latin-1")},
                status=401,
            )
            assert answer.get_json(force=True)["code"] == "token.invalid"
            assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        for header in (f"Basic {good}", good, "Bearer", f"Bearer {good} {good}"):
            service.open(
                method, address(rule, "one-college"), BODIES.get(method), headers={"Authorization": header}, status=401
            )


def test_another_institutions_credential_is_not_there(service: Service) -> None:
    mine, theirs = service.token(*Scope), service.token(*Scope, handle="two-college")
    [issued] = service.issue(mine).get_json()["credentials"]
    own = f"institutions/two-college/credentials/{issued['id']}"
    for path in (own, own.replace("two", "one")):
        service.get(path, token=theirs, status=404)
        service.post(f"{path}/status", {"action": "revoke", "reason": "x"}, token=theirs, status=404)
    assert service.get(own.replace("two", "one"), token=mine).get_json()["status"]["state"] == "issued"


def test_a_closed_institutions_token_opens_nothing(service: Service) -> None:
    token = service.token(*Scope)
    with service.database.writing() as session:
        row = session.exec(select(Institution).where(Institution.handle == "one-college")).one()
        row.closed_at = datetime.now(UTC)
        session.add(row)
    service.get("institutions/one-college/outcomes", token=token, status=401)
    assert service.get("institutions/one-college").get_json()["closed_at"] is not None


def test_only_the_digest_of_a_token_is_stored(service: Service) -> None:
    token = service.token(Scope.READ)
    with service.database.reading() as session:
        [row] = api_tokens.of_institution(session, service.institutions["one-college"])
        assert row.token_digest == api_tokens.digest(token)
        assert token not in repr(row.model_dump())
        assert row.hint == token[-4:]
    assert len(token) == 47
    assert service.token(Scope.READ) != token


@pytest.mark.parametrize("header", [{"Cookie": "evergreen_session=x"}, {"X-Api-Key": "x"}])
def test_no_cookie_counts(service: Service, header: dict[str, str]) -> None:
    service.get("institutions/one-college/outcomes", headers=header, status=401)


def test_public_answers_are_open_to_other_sites_and_those_with_a_token_are_not(service: Service) -> None:
    for method, path in (("GET", "institutions"), ("GET", "institutions/one-college"), ("POST", "credentials/verify")):
        answer = service.open(method, path, {} if method == "POST" else None, headers={"Origin": "https://a.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = service.open(
        "OPTIONS",
        "credentials/verify",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"},
        status=200,
    )
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    token = service.token(Scope.READ)
    for answer in (
        service.get("institutions/one-college/outcomes", token=token),
        service.open("OPTIONS", "institutions/one-college/credentials", status=401),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers

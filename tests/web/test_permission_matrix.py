"""Every route × every kind of visitor: who gets in follows from what the endpoint states, and from nothing else.

The views are replaced by one that says "in", so that the matrix covers each route whatever data it needs; a new page is
in it as soon as it is registered.
"""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Map, Rule

from tests.apps import settings_for
from tests.web.client import ClientRequest
from tests.web.people import Town
from web.accounts import permissions
from web.accounts.permissions import (
    ATTRIBUTE,
    BANK_ADMIN,
    LEARNER,
    PUBLIC,
    SIGNED_IN,
    Permission,
    permission_of,
    permit,
)
from web.accounts.roles import Role
from web.database import SAFE_METHODS

IN = 299


@dataclass
class Matrix:
    """The application with hollow views, its visitors and its routes."""

    app: Flask
    town: Town
    visitors: dict[str, tuple[ClientRequest, str | None, frozenset[Role], bool]] = field(default_factory=dict)

    def add(self, name: str, person: UUID | None, handle: str | None, *roles: Role, learner: bool = False) -> None:
        self.visitors[name] = (self.town.browser(person), handle, frozenset(roles), learner)


def hollow(app: Flask) -> None:
    for endpoint in list(app.view_functions):
        permission = permission_of(app, endpoint)
        if permission is not None:

            def view(**_: object) -> tuple[str, int]:
                return "in", IN

            setattr(view, ATTRIBUTE, permission)
            app.view_functions[endpoint] = view


@pytest.fixture
def matrix(app: Flask) -> Matrix:
    app.config["WTF_CSRF_ENABLED"] = False
    hollow(app)
    town = Town(app)
    own, centre = town.institution("own"), town.institution("centre", tier="centre")
    town.institution("other")
    found = Matrix(app, town)
    found.add("nobody", None, None)
    found.add("learner", town.learner().person_id, None, learner=True)
    found.add("without a role", town.staff("plain"), None)
    for role in Role:
        found.add(role.value, town.staff(role.value, own, role), "own", role)
    found.add("bank administrator", town.staff("bank", centre, Role.ADMINISTRATOR), "centre", Role.ADMINISTRATOR)
    return found


def address(rules: Map, rule: Rule, handle: str) -> str:
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        kind = type(converter).__name__
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        else:
            values[name] = (
                handle if name == "handle" else uuid4() if kind == "UUIDConverter" else 1 if "Int" in kind else "x"
            )
    return rules.bind("localhost").build(rule.endpoint, {**(rule.defaults or {}), **values})


def expected(
    permission: Permission, name: str, at: str | None, roles: frozenset[Role], learner: bool, handle: str
) -> bool:
    """Who should get in, said in other words than the code's."""
    if permission.audience is PUBLIC:
        return True
    if name == "nobody":
        return False
    if permission.audience is SIGNED_IN:
        return True
    if permission.audience is LEARNER:
        return learner
    if permission.audience is BANK_ADMIN:
        return name == "bank administrator"
    return at == handle and bool(permission.roles & roles)


def test_every_route_lets_in_whom_it_states(matrix: Matrix) -> None:
    wrong, asked = [], 0
    for rule in matrix.app.url_map.iter_rules():
        permission = permission_of(matrix.app, rule.endpoint)
        if permission is None:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            for handle in ("own", "other", "centre") if "handle" in rule.arguments else ("own",):
                path = address(matrix.app.url_map, rule, handle)
                for name, (browser, at, roles, learner) in matrix.visitors.items():
                    status = browser.client.open(path, method=method).status_code
                    asked += 1
                    # The interface knows no cookies: a browser is nobody there, whoever signed in to it.
                    cookie_counts = not path.startswith("/api/")
                    should = expected(permission, name if cookie_counts else "nobody", at, roles, learner, handle)
                    if (status == IN) is not should:
                        wrong.append(f"{method} {path} as {name}: {status}, expected {'in' if should else 'out'}")
                    elif not should:
                        allowed = {303, 401} if name == "nobody" or not cookie_counts else {403, 404}
                        if status not in allowed:
                            wrong.append(f"{method} {path} as {name}: {status}")
    assert not wrong, "\n".join(wrong)
    assert asked > 100


def test_every_unsafe_route_refuses_a_forged_form(app: Flask) -> None:
    """Without a token a form is refused before anything else; the interface is out of forms' reach (no cookies)."""
    hollow(app)
    town = Town(app)
    everything = town.institution("own", tier="centre")
    person = town.learner().person_id
    browser = town.browser(person)
    officer = town.browser(town.staff("all", everything, *Role))
    let_in = []
    for rule in app.url_map.iter_rules():
        if permission_of(app, rule.endpoint) is None:
            continue
        for method in sorted((rule.methods or set()) - SAFE_METHODS):
            for visitor in (browser, officer):
                path = address(app.url_map, rule, "own")
                answer = visitor.client.open(path, method=method)
                if answer.status_code == IN and not path.startswith("/api/"):
                    let_in.append(f"{method} {path}")
    assert not let_in, "\n".join(let_in)


def test_an_application_with_an_undecided_endpoint_refuses_to_start(app: Flask) -> None:
    bare = Flask("bare")

    @bare.get("/undecided")
    def undecided() -> str:
        return ""

    @bare.get("/decided/nowhere")
    @permit(Role.REGISTRAR)
    def nowhere() -> str:
        return ""

    with pytest.raises(RuntimeError, match=r"undecided \(/undecided\) states no permission.*nowhere .*names no inst"):
        permissions.install(bare)


def test_an_endpoint_that_appears_later_is_closed(app: Flask) -> None:
    app.add_url_rule("/later", "later", lambda: "in")
    assert app.test_client().get("/later").status_code == 500


def test_a_decision_is_one_audience_or_roles() -> None:
    for wrong in ((), (PUBLIC, LEARNER), (PUBLIC, Role.REGISTRAR)):
        with pytest.raises(TypeError):
            permit(*wrong)


def test_over_https_the_cookie_is_bound_to_the_host(sqlite_url: str) -> None:
    from web.app import create_app

    app = create_app(settings_for(sqlite_url, cookie_secure=True, public_origin="https://bank.example"))
    town = Town(app)
    holder = town.learner()
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://bank.example").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in",
        data={"name": holder.number, "secret": "407193", "csrf_token": token},
        base_url="https://bank.example",
        headers={"Referer": "https://bank.example/sign-in"},
    )
    assert answer.status_code == 303
    for line in answer.headers.getlist("Set-Cookie"):
        assert "Secure" in line and "HttpOnly" in line and "SameSite=Lax" in line and "Domain" not in line
    assert any(line.startswith("__Host-evergreen=") for line in answer.headers.getlist("Set-Cookie"))
    app.extensions["evergreen_database"].dispose()


def test_a_part_of_a_page_sends_the_signed_out_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get(
        "/account", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/account/secret?x=1"}
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account/secret?x%3D1"

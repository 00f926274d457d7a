"""Who may open which page: every endpoint states it with ``@permit``, one place enforces it.

    @blueprint.get("/desk/<handle>/outcomes")
    @permit(Role.REGISTRAR, Role.REVIEWER)
    def outcomes(handle: str) -> str: ...

An application with an endpoint that states nothing refuses to start. A role is asked for at the institution that the
URL's ``<handle>`` names, and nowhere else; ``g.institution`` is then set. Who lacks it is answered 404, so that nobody
learns what exists elsewhere. Pages send the signed-out to the sign-in page; the API answers 401 and knows bearer tokens
only: no cookie counts there, so a stranger's page cannot act through a person's browser.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from sqlmodel import Session, col, select
from werkzeug.wrappers import Response as BaseResponse

from credit_bank.store.tables import Institution
from web.accounts import display_preferences, interrupted, memberships, sessions
from web.accounts.memberships import ActiveMembership
from web.accounts.roles import Role
from web.accounts.tables import Person, WebSession
from web.database import SAFE_METHODS, database, tx
from web.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
BearerLookup = Callable[[str], "Actor | None"]

ATTRIBUTE = "__permission__"
# While a person must change the secret, only these signed-in pages open.
BEFORE_SECRET_CHANGE = frozenset({"account.secret"})


class Audience(StrEnum):
    """Who may open a page, other than by a role at one institution."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    LEARNER = "learner"
    BANK_ADMIN = "bank-administrator"


PUBLIC, SIGNED_IN, LEARNER, BANK_ADMIN = Audience


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting. ``session_id`` is None for a program that came with a bearer token.

    ``person_id`` is what tables record as "by whom"; ``learner_id`` is None for someone who only works here;
    ``display`` is what is kept of how they want the bank shown, as written, None when nothing is; ``idle_seconds`` is
    how long their session may rest.
    """

    person_id: UUID
    display_name: str
    learner_id: UUID | None = None
    memberships: tuple[ActiveMembership, ...] = ()
    session_id: UUID | None = None
    must_change_secret: bool = False
    shared_device: bool = False
    display: str | None = None
    idle_seconds: int | None = None

    @property
    def warned_after(self) -> int | None:
        """The seconds at rest after which their session ends, where that is soon enough to warn of; None where not."""
        rest = self.idle_seconds
        return rest if rest is not None and rest < sessions.WARNED_BELOW.total_seconds() else None

    def has_role(self, institution_id: UUID, *roles: Role) -> bool:
        """Whether the actor has one of the roles at that institution now."""
        return any(m.institution_id == institution_id and m.role in roles for m in self.memberships)

    @property
    def is_staff(self) -> bool:
        """Whether the actor works at any institution."""
        return bool(self.memberships)

    @property
    def is_bank_admin(self) -> bool:
        """Whether the actor administers the bank: an administrator of an institution of the tier ``centre``."""
        return any(m.role is Role.ADMINISTRATOR and m.tier == "centre" for m in self.memberships)


@dataclass(frozen=True, slots=True)
class Permission:
    """What an endpoint demands: an audience, or one of some roles at the institution in the URL."""

    audience: Audience | None
    roles: frozenset[Role] = frozenset()

    def allows(self, who: Actor | None, institution_id: UUID | None) -> bool:
        """Whether that actor gets in; ``institution_id`` is that of the URL's handle, None when there is none."""
        if self.audience is PUBLIC:
            return True
        if who is None:
            return False
        match self.audience:
            case Audience.SIGNED_IN:
                return who.session_id is not None
            case Audience.LEARNER:
                return who.learner_id is not None
            case Audience.BANK_ADMIN:
                return who.is_bank_admin
            case _:
                return institution_id is not None and who.has_role(institution_id, *self.roles)


def permit(*allowed: Audience | Role) -> Callable[[View], View]:
    """State who may open a view: one audience, or one or more roles at the institution that ``<handle>`` names.

    Raises TypeError when the two are mixed or nothing is stated.
    """
    roles = frozenset(a for a in allowed if isinstance(a, Role))
    audiences = [a for a in allowed if isinstance(a, Audience)]
    if len(audiences) + bool(roles) != 1:
        raise TypeError("permit() takes one audience, or roles")
    permission = Permission(audiences[0] if audiences else None, roles)

    def state(view: View) -> View:
        setattr(view, ATTRIBUTE, permission)
        return view

    return state


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """What an endpoint states, or None."""
    found: Permission | None = getattr(app.view_functions.get(endpoint), ATTRIBUTE, None)
    return found


def is_static(endpoint: str) -> bool:
    """Whether Flask itself serves the endpoint, from a folder that holds nothing of anybody."""
    return endpoint == "static" or endpoint.endswith(".static")


def undecided(app: Flask) -> list[str]:
    """What is wrong with the endpoints' decisions: those that state nothing, or a role without a ``<handle>``."""
    problems = []
    for rule in app.url_map.iter_rules():
        if is_static(rule.endpoint):
            continue
        permission = permission_of(app, rule.endpoint)
        if permission is None:
            problems.append(f"{rule.endpoint} ({rule.rule}) states no permission")
        elif permission.roles and "handle" not in rule.arguments:
            problems.append(f"{rule.endpoint} ({rule.rule}) asks for a role but names no institution")
    return problems


def cookie_name() -> str:
    """The session cookie's name: with ``__Host-`` a browser takes it only over HTTPS, for this host, for every path."""
    settings: Settings = current_app.extensions["evergreen_settings"]
    return "__Host-evergreen" if settings.cookie_secure else "evergreen_session"


def now() -> datetime:
    """The moment of this request, the same throughout."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def is_api() -> bool:
    """Whether the request is for the programming interface, where only bearer tokens count."""
    return request.path.startswith("/api/")


def register_bearer(app: Flask, lookup: BearerLookup) -> None:
    """Say how a bearer token becomes an Actor (None for one that is unknown or spent)."""
    app.extensions["evergreen_bearer"] = lookup


def actor_or_none() -> Actor | None:
    """Who is acting, looked up at the first call of a request; None for the signed-out."""
    if "actor" not in g:
        if is_api():
            g.actor = _from_bearer()
        else:
            with _lookup() as session:
                g.actor = _from_cookie(session)
    found: Actor | None = g.actor
    return found


def actor() -> Actor:
    """Who is acting, in a view that asked for someone signed in. Answers 401 otherwise."""
    found = actor_or_none()
    if found is None:
        abort(401)
    return found


def forget_actor() -> None:
    """Look the actor up anew at the next call (after signing in or out within a request)."""
    g.pop("actor", None)


def actor_for(session: Session, person: Person, web_session: WebSession | None) -> Actor:
    """The Actor that a person is now."""
    return Actor(
        person_id=person.id,
        display_name=person.display_name,
        learner_id=person.learner_id,
        memberships=memberships.active_of(session, person.id, now()),
        session_id=web_session.id if web_session else None,
        must_change_secret=person.must_change_secret,
        shared_device=web_session.shared_device if web_session else False,
        display=display_preferences.written(session, person.id),
        idle_seconds=web_session.idle_seconds if web_session else None,
    )


@contextmanager
def _lookup() -> Iterator[Session]:
    """Where to look up who is acting: a request that may write does it apart from its own transaction, so that it
    does not hold the lock of writers while a file is read or a PIN is hashed.
    """
    if request.method in SAFE_METHODS or "tx" in g:
        yield tx()
    else:
        with database().reading() as session:
            yield session


def _from_cookie(session: Session) -> Actor | None:
    token = request.cookies.get(cookie_name(), "")
    if not 20 <= len(token) <= 100:
        return None
    found = sessions.find(session, token, now())
    if found is None:
        return None
    row, person = found
    if sessions.needs_touch(row, now()):
        g.touch_session = row.id
    return actor_for(session, person, row)


def _from_bearer() -> Actor | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    lookup: BearerLookup | None = current_app.extensions.get("evergreen_bearer")
    if lookup is None or scheme.lower() != "bearer" or not token.strip():
        return None
    return lookup(token.strip())


def safe_next(target: str | None) -> str | None:
    """A path of this site to go on to, or None for anything else, so that a link cannot lead a person elsewhere."""
    if not target or len(target) > 512 or not target.startswith("/") or target[:2] in ("//", "/\\"):
        return None
    if any(ord(c) <= 0x20 or ord(c) == 0x7F or c == "\\" for c in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _to_sign_in() -> BaseResponse:
    if is_api():
        abort(401)
    partial = request.headers.get("HX-Request") == "true"
    here: str | None = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") and not partial else None
    if partial:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = page.path + (f"?{page.query}" if page.query else "")
    settings: Settings = current_app.extensions["evergreen_settings"]
    with _lookup() as session:
        filled = interrupted.of_request(request, session, request.cookies.get(cookie_name(), ""), now())
    sealed = interrupted.seal(filled, settings, now()) if filled else None
    target = url_for("signin.sign_in", next=url_for("interrupted.filled_in") if sealed else safe_next(here))
    response = Response(status=401, headers={"HX-Redirect": target}) if partial else redirect(target, 303)
    if sealed:
        interrupted.keep(response, sealed, settings)
    return response


def _enforce() -> BaseResponse | None:
    endpoint = request.endpoint
    if endpoint is None or is_static(endpoint):
        return None
    permission = permission_of(current_app, endpoint)
    if permission is None:
        raise RuntimeError(f"{endpoint} states no permission")
    if permission.audience is PUBLIC:
        return None
    who = actor_or_none()
    if who is None:
        return _to_sign_in()
    if who.must_change_secret and who.session_id is not None and endpoint not in BEFORE_SECRET_CHANGE:
        return redirect(url_for("account.secret"), 303)
    institution = _institution() if permission.roles else None
    if not permission.allows(who, institution.id if institution else None):
        # A learner's page holds the visitor's own data, so refusing it tells nothing; all else stays unseen.
        abort(403 if permission.audience in (LEARNER, SIGNED_IN) else 404)
    g.institution = institution
    return None


def _institution() -> Institution | None:
    handle = (request.view_args or {}).get("handle")
    statement = select(Institution).where(col(Institution.handle) == handle, col(Institution.closed_at).is_(None))
    with _lookup() as session:
        found = session.exec(statement).first()
        if found is not None:
            session.expunge(found)  # it outlives the transaction that read it
        return found


def _touch_after(_error: BaseException | None) -> None:
    session_id = g.pop("touch_session", None)
    if session_id is not None:
        sessions.touch(database().engine, session_id, now())


def _keep_private(response: Response) -> Response:
    """A page made for someone signed in is not kept by any cache, so that "back" on a shared device shows nothing."""
    # "no-cache" is what Flask gives a file to download: a cache may keep it.
    if g.get("actor") is not None and response.headers.get("Cache-Control", "no-cache") == "no-cache":
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    """Enforce the decisions of an application whose views are all registered.

    Raises RuntimeError naming each endpoint without a decision.
    """
    problems = undecided(app)
    if problems:
        raise RuntimeError("; ".join(problems))
    app.before_request(_enforce)
    app.after_request(_keep_private)
    app.teardown_request(_touch_after)
    app.jinja_env.globals.update(actor=actor_or_none, Role=Role)

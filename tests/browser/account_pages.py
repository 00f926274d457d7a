"""One's account, signing in, invitations and lost PINs, looked at in a real browser."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from sqlmodel import col, select

from credit_bank.store import institutions
from tests.banks import resident_id
from tests.browser.desk_pages import as_, made, world
from tests.browser.library_pages import learner, reading
from tests.browser.looked import Looked, Sent
from tests.browser.site import Site
from web.accounts import api_tokens, interrupted, invitations
from web.accounts.api_tokens import Scope
from web.accounts.roles import Role
from web.accounts.tables import Membership
from web.connections import webhooks
from web.settings import Settings

HOME = "/institution/browser-bank"


@cache
def invitation(site: Site) -> str:
    """The path of a link that invites somebody."""
    found = world(site)
    with site.writing() as session:
        at = session.exec(select(Membership).where(col(Membership.person_id) == found.people["bank"])).one()
        token, _row = invitations.invite(
            session,
            institution_id=at.institution_id,
            role=Role.TUTOR,
            name="示例老师",
            invited_by=at.person_id,
            now=datetime.now(UTC),
        )
    return f"/invitation/{token}"


def colleague(part: str) -> Callable[[Site], str]:
    """What an administrator can do about a role at the institution."""

    def path(site: Site) -> str:
        found = world(site)
        with site.writing() as session:
            role = session.exec(select(Membership.id).where(col(Membership.person_id) == found.people["bank"])).one()
        return f"{HOME}/staff/{role}/{part}"

    return path


@cache
def token(site: Site) -> str:
    """Where a token is withdrawn."""
    found = world(site)
    with site.writing() as session:
        at = session.exec(select(Membership).where(col(Membership.person_id) == found.people["bank"])).one()
        _token, row = api_tokens.make(
            session,
            institution_id=at.institution_id,
            label="教务系统",
            scopes=[Scope.READ, Scope.IMPORT],
            lifetime=api_tokens.LONGEST,
            made_by=at.person_id,
            now=datetime.now(UTC),
        )
    return f"{HOME}/tokens/{row.id}/withdraw"


def after_token(path: str) -> Callable[[Site], str]:
    """A page that shows tokens."""

    def found(site: Site) -> str:
        token(site)
        return path

    return found


def opening(document: Callable[[Site], str]) -> Sent:
    """The form that opens an account, filled in for somebody with that document."""

    def fields(site: Site) -> Mapping[str, str | list[str]]:
        return {
            "name": "示例新人",
            "document_type": "resident-id",
            "document_number": document(site),
            "new_secret": "407193",
            "again": "407193",
            "agreed": ["account", "identity"],
        }

    return Sent(fields)


def _card(site: Site) -> Mapping[str, str | list[str]]:
    number = world(site).paths["numbers"].split()[0]
    return {"number": number, "document_type": "resident-id", "document_number": resident_id(977)}


def _filled_in(site: Site) -> dict[str, str]:
    """The cookies of a reader whose sign-in had ended over a form."""
    settings: Settings = site.app.extensions["evergreen_settings"]
    filled = interrupted.Filled(learner(site)[1].person_id, "/help/ask", (("words", "第二步老是点错，想请人看看。"),))
    sealed = interrupted.seal(filled, settings, datetime.now(UTC))
    assert sealed is not None
    return reading(site) | {interrupted.COOKIE: sealed}


def webhook_page(part: str = "") -> Callable[[Site], str]:
    """The list of addresses, some of them told, or a page of one of them."""

    def path(site: Site) -> str:
        hook = _hooks(site)
        return f"{HOME}/webhooks" + (f"/{hook}{part}" if part else "")

    return path


@cache
def _hooks(site: Site) -> UUID:
    """One address that works, one that fails, one that was stopped."""
    desk = world(site).desk
    with site.writing() as session:
        found = institutions.by_handle(session, HOME.rpartition("/")[2])
        assert found is not None
        rows = [
            webhooks.make(session, desk.bank, found.id, f"https://{name}.example/hook", private=False, made_by=None)[1]
            for name in ("one", "two", "past")
        ]
        rows[0].last_at, rows[0].last_status = datetime.now(UTC), 200
        rows[1].failures, rows[1].last_status = 4, 503
        rows[2].withdrawn_at = datetime.now(UTC)
        return rows[0].id


ADDED = "https://three.example/hook"


def _added_anew(site: Site) -> Mapping[str, str | list[str]]:
    """An address that is not there: the one that was added the last time is stopped first."""
    with site.writing() as session:
        found = institutions.by_handle(session, HOME.rpartition("/")[2])
        assert found is not None
        for row in webhooks.of_institution(session, found.id):
            if row.address == ADDED and row.withdrawn_at is None:
                webhooks.withdraw(session, found.id, row.id, datetime.now(UTC))
    return {"address": ADDED}


ACCOUNT = [
    Looked("what was filled in", "/account/filled-in", _filled_in),
    Looked("sign in", "/sign-in"),
    Looked("sign out", "/sign-out", reading),
    Looked("lost PIN", "/account/lost-pin"),
    Looked("open an account", "/open-account"),
    Looked("account that exists", "/open-account", None, 409, (opening(lambda site: learner(site)[1].document),)),
    Looked("guardian needed", "/open-account", None, 409, (opening(lambda _: resident_id(5, "20200101")),)),
    Looked("account", "/account", reading),
    Looked("account of staff", made("/account"), as_("reviewer")),
    Looked("card of an account", "/account/card", reading),
    Looked("card of a new account", "/account/card?new=1", reading),
    Looked("new PIN", "/account/secret", reading),
    Looked("agree", "/account/consents/fairness/give", reading),
    Looked("withdraw a consent", "/account/consents/learning/withdraw", reading),
    Looked("close the account", "/account/consents/account/withdraw", reading),
    Looked("account closed", "/account/closed"),
    Looked("invitation", invitation),
    Looked("invitation, signed in", invitation, reading),
    Looked("invitation unknown", "/invitation/abcdefghijklmnopqrstuv", None, 404),
    Looked("new password without a link", "/new-password/abcdefghijklmnopqrstuv", None, 404),
    Looked("invite", made(f"{HOME}/staff/invite"), as_("bank")),
    Looked("invited", made(f"{HOME}/staff/invite"), as_("bank"), 200, (Sent({"name": "王", "role": "registrar"}),)),
    Looked("end a role", colleague("end"), as_("bank")),
    Looked("link for a colleague's password", colleague("password"), as_("bank")),
    Looked("tokens", after_token(f"{HOME}/tokens"), as_("bank")),
    Looked("new token", made(f"{HOME}/tokens/new"), as_("bank")),
    Looked(
        "token made", made(f"{HOME}/tokens/new"), as_("bank"), 200, (Sent({"name": "教务", "read": "y", "days": "90"}),)
    ),
    Looked("withdraw a token", token, as_("bank")),
    Looked("notices of decisions", webhook_page(), as_("bank")),
    Looked("stop an address", webhook_page("/withdraw"), as_("bank")),
    Looked(
        "address added",
        made(f"{HOME}/webhooks"),
        as_("bank"),
        200,
        (Sent(_added_anew),),
    ),
    Looked("code for a lost PIN", made("/centre/browser-counter/pin-code"), as_("officer")),
    Looked("code given", made("/centre/browser-counter/pin-code"), as_("officer"), 200, (Sent(_card),)),
]

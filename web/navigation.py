"""What stands in every page's header: at most five ways on, by who is reading, and links that lead back here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Flask, request, url_for

from web.accounts.permissions import Actor, safe_next
from web.accounts.roles import Role
from web.messages import t
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the main navigation; ``current`` is the value of ``aria-current``, or None; ``symbol`` a drawing."""

    href: str
    label: str
    current: str | None
    symbol: str


# Where each role works: the first path segment and the sentence of its entry.
WORKPLACES = {
    Role.REGISTRAR: ("desk", "site.nav.desk"),
    Role.REVIEWER: ("desk", "site.nav.desk"),
    Role.CENTRE_STAFF: ("centre", "site.nav.centre"),
    Role.ADMINISTRATOR: ("institution", "site.nav.institution"),
    Role.TUTOR: ("tutor", "site.nav.tutor"),
}

# The drawing beside an entry and beside a page's title, by the first path segment, for whoever wants drawings.
SYMBOLS = {
    "library": "book",
    "practice": "edit",
    "map": "steps",
    "skills": "leaf",
    "plan": "steps",
    "progress": "leaf",
    "recommended": "book",
    "today": "leaf",
    "portfolio": "award",
    "mastery": "award",
    "verify": "pass",
    "v": "pass",
    "institutions": "building",
    "apply": "building",
    "help": "help",
    "ask": "help",
    "contents": "menu",
    "activities": "people",
    "cases": "award",
    "plans": "award",
    "register": "building",
    "notices": "info",
    "neighbours": "people",
    "try": "pass",
    "glossary": "book",
    "accessibility": "people",
    "privacy": "lock",
    "about": "info",
    "settings": "display",
    "account": "person",
    "sign-in": "person",
    "open-account": "plus",
    "connect": "share",
    "desk": "desk",
    "centre": "people",
    "institution": "building",
    "tutor": "people",
    "admin": "desk",
}


# Everything that a person may come for, by what it is about: an endpoint and the sentence of its title.
CONTENTS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "learn": (
            ("today.index", "today.title"),
            ("library.index", "library.title"),
            ("practice.everything", "site.contents.practice"),
            ("map.index", "map.title"),
            ("plan.index", "plan.title"),
            ("progress.index", "progress.title"),
            ("recommended.index", "recommended.title"),
            ("companion.ask", "companion.title"),
            ("glossary.index", "glossary.title"),
            ("joining.mine", "joining.mine.title"),
            ("groups.mine", "groups.title"),
        ),
        "mine": (
            ("portfolio.overview", "portfolio.title"),
            ("credits.account", "credits.title"),
            ("record.papers", "record.title"),
            ("regions.move", "regions.move.title"),
            ("cases.mine", "cases.title"),
            ("plans.mine", "plans.title"),
            ("mastery.mine", "mastery.title"),
            ("connect.mine", "connect.mine.title"),
            ("account.overview", "account.title"),
            ("signin.card", "signin.card.title"),
        ),
        "verify": (
            ("verify.page", "verify.title"),
            ("trial.page", "trial.title"),
            ("plans.trial", "plans.try.title"),
            ("institutions.index", "institutions.title"),
            ("register.index", "register.title"),
            ("register.notices", "register.notices.title"),
        ),
        "fit": (
            ("display.settings", "display.title"),
            ("voice.say", "voice.say.title"),
            ("voice.mine", "voice.own.title"),
        ),
        "help": (
            ("pages.help", "pages.help.title"),
            ("help.requests", "help.requests.title"),
            ("neighbours.mine", "neighbours.title"),
            ("signin.lost_pin", "signin.lost.title"),
            ("help.feedback", "help.feedback.title"),
        ),
        "about": (
            ("pages.about", "pages.about.title"),
            ("pages.privacy", "pages.privacy.title"),
            ("pages.accessibility", "pages.accessibility.title"),
        ),
    }
)


def _workplaces(me: Actor) -> list[tuple[str, str]]:
    several = len({m.handle for m in me.memberships}) > 1
    found: dict[str, str] = {}
    for membership in me.memberships:
        segment, key = WORKPLACES[membership.role]
        label = t("site.nav.at", work=t(key), institution=membership.institution_name) if several else t(key)
        found.setdefault(f"/{segment}/{membership.handle}/", label)
    if me.is_bank_admin:
        found["/admin/"] = t("site.nav.admin")
    return list(found.items())


def navigation(me: Actor | None) -> list[Item]:
    """The main navigation for that reader: what they came for first, help last."""
    entries: list[tuple[str, str]] = []
    if me is not None:
        entries += _workplaces(me)
    if me is None or me.learner_id is not None:
        entries += [("/library", t("site.nav.library")), ("/portfolio", t("site.nav.portfolio"))]
    entries += [("/verify", t("site.nav.verify")), ("/institutions", t("site.nav.institutions"))]
    entries.append((url_for("pages.help"), t("site.nav.help")))
    return [Item(href, label, _current(href), SYMBOLS[href.split("/")[1]]) for href, label in entries]


def page_symbol() -> str | None:
    """The drawing of the part of the site that this page belongs to; None where there is none."""
    return SYMBOLS.get(request.path.split("/")[1])


def _current(href: str) -> str | None:
    if request.path == href:
        return "page"
    return "true" if request.path.startswith(href.rstrip("/") + "/") else None


def switch_url(endpoint: str, **values: str) -> str:
    """The address of a switch (language, elder view) that leads back to the page it stands on."""
    here = request.full_path.rstrip("?")  # from one that only takes a form, the page above it is opened
    return url_for(endpoint, next=safe_next(here) or "/", **dict[str, Any](values))


def install(app: Flask) -> None:
    """Make the navigation available to every template."""
    settings: Settings = app.extensions["evergreen_settings"]
    app.jinja_env.globals.update(
        navigation=navigation, switch_url=switch_url, page_symbol=page_symbol, help_phone=settings.help_phone
    )

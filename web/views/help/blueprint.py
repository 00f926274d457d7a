"""The blueprint of help from a person, and what every page shows of it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, request, url_for

from credit_bank.recognition.casework import working_days
from credit_bank.store import cases
from credit_bank.store.tables import Institution
from web.accounts.permissions import Actor, actor_or_none, now, safe_next
from web.accounts.roles import Role
from web.banking import bank
from web.database import tx
from web.messages import catalogue, locale, t
from web.operations import help_desk, help_requests, neighbours
from web.operations.help_desk import Desk
from web.operations.help_requests import Asker
from web.operations.help_tables import HelpRequest

blueprint = Blueprint("help", __name__)
SOON = 3
"""Working days before it is due from which on a case is called due soon."""


@dataclass(frozen=True, slots=True)
class Here:
    """What stands on every page: where to ask, what became of a request or a case, what waits somewhere."""

    ask: str
    news: HelpRequest | None
    said: str
    desks: list[tuple[str, str]]


def here(me: Actor | None) -> Here:
    """What the page of this request shows; of nobody but the reader."""
    came_from = request.full_path.rstrip("?") if request.method == "GET" else request.path
    back = safe_next(came_from) if request.endpoint != "help.ask" else None
    ask = url_for("help.ask", page=request.endpoint if request.endpoint != "help.ask" else None, next=back)
    if me is None:
        return Here(ask, None, "", [])
    news = help_requests.news_for(tx(), me.person_id)
    return Here(ask, news, said(news) if news else "", [*_cases(me), *_neighbours(me), *_reviews(me), *_desks(me)])


def _cases(me: Actor) -> list[tuple[str, str]]:
    """Where something became of the reader's own cases that they have not seen."""
    rows = cases.with_news(tx(), me.learner_id) if me.learner_id else []
    if len(rows) != 1:
        return [(url_for("cases.mine"), t("cases.news.many", count=len(rows)))] if rows else []
    address = url_for("cases.show", case_id=rows[0].id)
    return [] if request.path == address else [(address, t("cases.news.one"))]


def reviews(me: Actor, institution_id: UUID) -> cases.Waiting:
    """What waits for the reader as a reviewer of an institution."""
    today = bank().today()
    soon = working_days.after(today, SOON).on
    return cases.waiting_for(tx(), institution_id, me.person_id, me.learner_id, today, soon)


def waiting_words(waiting: cases.Waiting) -> str:
    """How many cases wait, how many are overdue and how many are due soon, in words."""
    found = [t("cases.waiting.count", count=waiting.count)]
    if waiting.overdue:
        found.append(t("cases.waiting.overdue", count=waiting.overdue))
    if waiting.soon:
        found.append(t("cases.waiting.soon", count=waiting.soon))
    return ("" if locale() == "zh-CN" else " ").join(found)


def _reviews(me: Actor) -> list[tuple[str, str]]:
    """The queues in which cases wait for the reader; not on the queue itself."""
    found = []
    for place in (m for m in me.memberships if m.role is Role.REVIEWER):
        address = url_for("desk.case_queue", handle=place.handle)
        if request.path != address and (waiting := reviews(me, place.institution_id)).count:
            found.append((address, waiting_words(waiting)))
    return found


def _neighbours(me: Actor) -> list[tuple[str, str]]:
    """Where a neighbour did something that the reader has not seen."""
    row = neighbours.news(tx(), me.learner_id) if me.learner_id else None
    if row is None or request.path == (address := url_for("neighbours.request", request_id=row.id)):
        return []
    return [(address, t("neighbours.news"))]


def _desks(me: Actor) -> list[tuple[str, str]]:
    """The desks where somebody waits, each with its address."""
    found = []
    places = {m.institution_id: m.handle for m in me.memberships if m.role is Role.CENTRE_STAFF}
    for institution_id, handle in places.items():
        count = help_desk.count_waiting(tx(), Desk(institution_id, me.person_id), now())
        if count:
            found.append((url_for("help.centre_desk", handle=handle), t("help.desk.waiting", count=count)))
    if me.is_bank_admin and (count := help_desk.count_waiting(tx(), Desk(None, me.person_id), now())):
        found.append((url_for("help.bank_desk"), t("help.desk.waiting_bank", count=count)))
    return found


blueprint.add_app_template_global(here, "help_here")


def said(row: HelpRequest) -> str:
    """Where a request stands, in a sentence that names who is at it."""
    if row.state == help_requests.TAKEN and row.taken_by is not None:
        key = "help.state.answered" if row.answer else "help.state.taken"
        return t(key, name=help_desk.name_of(tx(), row.taken_by))
    if row.state == help_requests.WAITING:
        return t("help.state.waiting", place=place_name(row))
    return t(f"help.state.{row.state}")


def place_name(row: HelpRequest) -> str:
    """The centre that a request went to, or the bank."""
    place = tx().get(Institution, row.institution_id) if row.institution_id else None
    if place is None:
        return t("help.the_bank")
    return place.name_en if locale() == "en" and place.name_en else place.name


def page_name(endpoint: str) -> str:
    """A page by the name of its part of the site; empty for one that is not known."""
    key = f"help.page.{endpoint.partition('.')[0]}"
    return t(key) if endpoint and key in catalogue() else ""


def known_page(endpoint: str | None) -> str:
    """An endpoint as the address gave it, when there is such a page; only its name is kept."""
    return endpoint if endpoint in current_app.view_functions and page_name(endpoint or "") else ""


def asker() -> Asker:
    """Who asks in this request."""
    me = actor_or_none()
    return Asker(me.person_id, me.learner_id) if me else Asker()

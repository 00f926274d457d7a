"""The day's plan: at most five things in plain words, each with its reason, the first of them the main one."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, url_for

from adaptive import planning
from adaptive.content.model import Item
from adaptive.standing import standings
from adaptive.store import visits
from credit_bank import reminding
from credit_bank.reminding import Deadline
from credit_bank.store import cases
from credit_bank.store.tables import RecognitionCase
from web import learning
from web.accounts.permissions import LEARNER, actor, now, permit
from web.banking import bank
from web.database import command, request_writes, tx
from web.languages import named
from web.messages import CITY, civil_date, t
from web.operations import help_requests, joining, neighbours
from web.reasons import reason_sentence
from web.views.cases.blueprint import programme_names

blueprint = Blueprint("today", __name__)
MOST = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to do today: what, why, where it leads, and the words of its button."""

    title: str
    why: str
    href: str
    button: str


@blueprint.get("/today")
@permit(LEARNER)
def index() -> str:
    """What today brings; what somebody answered and what meets today is never pushed out by learning."""
    who = actor()
    learner_id = learning.stored_learner()
    told = [*_answers(who.person_id), *_cases(who.learner_id)]
    fixed = [*told, *_activities(who.learner_id), *_ending(who.learner_id), *_neighbours(who.learner_id)]
    own = list(_learning(learner_id)) if learner_id else [_begin()]
    main, *others = own
    things = [main, *fixed[: MOST - 1], *others][:MOST]
    return render_template("today/today.html", things=things, kept=learner_id is not None, date=now().astimezone(CITY))


def _answers(person_id: UUID) -> Iterator[Thing]:
    row = help_requests.news_for(tx(), person_id)
    if row is not None and help_requests.is_news(row):
        href = url_for("help.request", request_id=row.id)
        yield Thing(t("today.answer.title"), t("today.answer.why"), href, t("today.answer.button"))


def _cases(learner_id: UUID | None) -> Iterator[Thing]:
    """What became of the learner's cases, in one thing; then what they have to do about one of them, and by when."""
    if learner_id is None:
        return
    news = cases.with_news(tx(), learner_id)
    if len(news) == 1:
        yield _news(news[0])
    elif news:
        why = t("cases.joint").join(dict.fromkeys(t(f"cases.event.{row.news}") for row in news[:2]))
        yield Thing(t("today.cases.title", count=len(news)), why, url_for("cases.mine"), t("today.cases.button"))
    told = {row.id for row in news}
    for deadline in reminding.deadlines(tx(), bank(), learner_id):
        if deadline.case.id not in told:
            yield _deadline(deadline)
            return


def _news(row: RecognitionCase) -> Thing:
    why = t("today.case.why", what=t(f"cases.event.{row.news}"))
    href = url_for("cases.show", case_id=row.id)
    return Thing(t("today.case.title", title=programme_names(row)), why, href, t("today.case.button"))


def _deadline(one: Deadline) -> Thing:
    late = one.what == "more" and one.on < now().astimezone(CITY).date()
    why = t(f"today.case.{one.what}_{'late' if late else 'why'}", day=civil_date(one.on))
    title = t(f"today.case.{one.what}", title=one.case.title)
    href = url_for("cases.more" if one.what == "more" else "cases.show", case_id=one.case.id)
    return Thing(title, why, href, t("cases.more.title" if one.what == "more" else "today.case.button"))


def _ending(learner_id: UUID | None) -> Iterator[Thing]:
    """The credits that soon expire, in one thing, and what can be done with them."""
    found = reminding.ending(tx(), bank(), learner_id) if learner_id else []
    if found:
        first, several = found[0], "one" if len(found) == 1 else "many"
        why = t(f"today.ending.{several}_why", title=first.outcome.title, day=civil_date(first.on))
        title = t(f"today.ending.{several}", title=first.outcome.title, count=len(found))
        yield Thing(title, why, url_for("plans.mine"), t("today.ending.button"))


def _activities(learner_id: UUID | None) -> Iterator[Thing]:
    if learner_id is None:
        return
    for joined in joining.on(tx(), learner_id, now().astimezone(CITY).date()):
        words = joined.meeting.words if joined.meeting else ""
        title = joined.course.title if joined.course else joined.code
        yield Thing(
            t("today.activity.title", title=title),
            t("today.activity.why", institution=joined.institution.name) + (f" {words}" if words else ""),
            url_for("joining.mine"),
            t("today.activity.button"),
        )


def _neighbours(learner_id: UUID | None) -> Iterator[Thing]:
    count = len(neighbours.waiting(tx(), learner_id)) if learner_id else 0
    if count:
        why = t("today.neighbour.why", count=count)
        yield Thing(t("today.neighbour.title"), why, url_for("neighbours.mine"), t("today.neighbour.button"))


def _learning(learner_id: UUID) -> Iterator[Thing]:
    """What is due, the plan's next step, the lesson that was begun; where none of them is, where to begin."""
    library, where = learning.library(), standings(tx(), learning.learning(), learner_id)
    some = False
    if where.due:
        some = True
        first = named(library.skills[where.due[0].skill_id].name)
        why = t("today.review.why", skill=first, count=len(where.due))
        yield Thing(t("today.review.title"), why, url_for("practice.everything"), t("today.review.button"))
    seen: str | None = None
    request_writes()
    plan = command(lambda session: planning.current(session, learning.learning(), learner_id))
    if plan is not None and plan.plan.steps:
        some = True
        step = plan.plan.steps[0]
        item = library.items[step.item_ids[0]]
        seen = item.id
        reasons = [reason_sentence(reason.as_json()) for reason in step.reasons]
        yield _lesson(item, " ".join([t("today.step.why", minutes=step.minutes), *reasons[:1]]))
    last = visits.last(tx(), learner_id)
    item_begun = library.items.get(last.item_id) if last else None
    if item_begun is not None and item_begun.id != seen and not set(item_begun.skills) <= set(where.reached):
        some = True
        yield _lesson(item_begun, t("today.go_on.why"))
    if not some:
        yield _begin()


def _lesson(item: Item, why: str) -> Thing:
    course, _, name = item.id.partition("/")
    href = url_for("library.item", course=course, item=name)
    return Thing(t("today.lesson.title", title=named(item.title)), why, href, t("today.lesson.button"))


def _begin() -> Thing:
    return Thing(t("today.begin.title"), t("today.begin.why"), url_for("library.index"), t("today.begin.button"))

"""Pages from mastery to credit, looked at in a real browser: a learner, an institution with a reviewer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import Given, Learning, take
from adaptive.content.grading import right_response
from adaptive.mastering import Rule
from adaptive.mastery.terms import default_weights
from credit_bank.store import institutions
from credit_bank.store.types import new_id
from tests.browser.desk_pages import world
from tests.browser.library_pages import library_of
from tests.browser.site import Site
from tests.web.learners import keeping
from tests.web.people import Holder
from web.accounts.permissions import cookie_name
from web.operations import mastery_rows
from web.operations.mastery_tables import MasteryRequest
from web.workflows import course_adoption, mastery_credit
from web.workflows.mastery_credit import Asker, Decider

READY, OPEN, ASKED, ISSUED, DECLINED = "phone-basics", "elder-rights", "poetry", "home-safety", "seeing-a-doctor"
COURSES = (READY, OPEN, ASKED, ISSUED, DECLINED)
HANDLE = "browser-desk"


@dataclass(frozen=True)
class Learnt:
    """A learner who mastered four courses, and what was asked for three of them."""

    holder: Holder
    college: UUID
    requests: dict[str, UUID]


@cache
def learnt(site: Site) -> Learnt:
    """Made once for each site."""
    desk = world(site).desk
    holder = keeping(desk, desk.learner("示例读者"))
    with desk.writing() as session:
        college = institutions.find(session, HANDLE).id
        for course in COURSES:
            _recognise(session, site, college, course, person=course in (ASKED, DECLINED))
        for course in (READY, ASKED, ISSUED, DECLINED):
            _practise(session, site, holder, course)
    requests: dict[str, UUID] = {}
    for course in (ASKED, ISSUED, DECLINED):
        with desk.writing() as session:
            requests[course] = _ask(session, site, holder, college, course).id
    with desk.writing() as session:
        by = Decider(UUID(int=1), None)
        reason = "还差一天，改天再练一次。"
        mastery_credit.decline(session, desk.bank, college, requests[DECLINED], reason=reason, by=by)
    return Learnt(holder, college, requests)


def _recognise(session: Session, site: Site, college: UUID, course: str, *, person: bool) -> None:
    library = library_of(site)
    suggested = course_adoption.suggested(library.courses[course], f"QH-0{10 + COURSES.index(course)}")
    rule = Rule.from_json({**suggested.as_json(), "decides": "person" if person else "rule"})
    course_adoption.adopt(session, library, college, rule, by=None, now=datetime.now(UTC))


def _practise(session: Session, site: Site, holder: Holder, course: str) -> None:
    library = library_of(site)
    for days in (4, 1):
        moment = datetime.now(UTC) - timedelta(days=days)
        learning = Learning(library, default_weights(), lambda at=moment: at, new_id)  # type: ignore[misc]
        for question in (q for item in library.courses[course].items for q in library.items[item].questions):
            given = Given(question.id, right_response(question), new_id().hex, form="easy")
            take(session, learning, holder.learner_id, given)


def _ask(session: Session, site: Site, holder: Holder, college: UUID, course: str) -> MasteryRequest:
    desk = world(site).desk
    learning = Learning(library_of(site), default_weights(), desk.bank.clock, new_id)
    adoption = mastery_rows.adopted(session, college, course)
    assert adoption is not None
    shown = mastery_credit.standing(session, learning, holder.learner_id, adoption).evidence.digest
    asker = Asker(holder.person_id, holder.learner_id, "zh-CN")
    return mastery_credit.ask(
        session, desk.bank, learning, asker, institution_id=college, library_course=course, evidence_sha256=shown
    )


def learner(site: Site) -> dict[str, str]:
    """The cookies of that learner's browser."""
    found = learnt(site)
    with site.app.app_context():
        return {cookie_name(): world(site).desk.token(found.holder.person_id)}


def request_of(course: str, after: str = "") -> Callable[[Site], str]:
    """The path of the learner's request for a course."""
    return lambda site: f"/mastery/requests/{learnt(site).requests[course]}{after}"


def review_of(course: str, after: str = "") -> Callable[[Site], str]:
    """The path at which the institution looks at it."""
    return lambda site: f"/desk/{HANDLE}/mastery/{learnt(site).requests[course]}{after}"


def there(path: str) -> Callable[[Site], str]:
    """The path, in that world."""

    def made(site: Site) -> str:
        learnt(site)
        return path

    return made


def rule_page(site: Site) -> str:
    """The path of a published rule."""
    with site.writing() as session:
        found = mastery_rows.adopted(session, learnt(site).college, READY)
        assert found is not None
        return f"/institutions/{HANDLE}/rules/{found.rule_sha256}"

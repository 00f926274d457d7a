"""Neighbours who help one another, looked at in a real browser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID, uuid4

from sqlmodel import Session

from tests.browser.group_pages import lesson_group
from tests.browser.learning_pages import experienced, learning_there
from tests.browser.library_pages import learner, reading
from tests.browser.looked import Looked
from tests.browser.portfolio_pages import portfolio_of, signed_in
from tests.browser.site import Site
from tests.web.people import Holder
from web.accounts import consents
from web.operations import groups, neighbours


@dataclass(frozen=True)
class Street:
    """Who asks, who helps, and a request that waits and one that is taken."""

    asker: Holder
    helper: Holder
    waiting: UUID
    taken: UUID


def _agreed(session: Session, who: Holder, code: str) -> None:
    now = datetime.now(UTC)
    if all(groups.plain_code(code) != one.group.code for one in groups.joined_by(session, who.learner_id)):
        groups.join(
            session, typed=code, person_id=who.person_id, learner_id=who.learner_id, language="zh-CN", now=now
        )  # fmt: skip
    consents.give(
        session, person_id=who.person_id, learner_id=who.learner_id, purpose=neighbours.CONSENT, language="zh-CN",
        now=now,
    )  # fmt: skip


@cache
def street(site: Site) -> Street:
    """Made once for each site: the experienced learner asks, the one who reads helps."""
    made, now = lesson_group(site), datetime.now(UTC)
    group = UUID(made.group.rpartition("/")[2])
    asker, helper = experienced(site)[1], learner(site)[1]
    with site.writing() as session:
        for who in (asker, helper):
            _agreed(session, who, made.code)
        waiting, taken = (
            neighbours.ask(
                session,
                key=uuid4(),
                group_id=group,
                learner_id=asker.learner_id,
                matter=matter,
                words=words,
                now=now,
            ).id
            for matter, words in (("phone", "微信打不开"), ("together", "星期三想去上课"))
        )
        neighbours.take(session, helper.learner_id, taken, "上课前在门口见", now)
        neighbours.say(session, asker.learner_id, taken, "好的，九点", now)
        return Street(asker, helper, waiting, taken)


def ready_to_ask(site: Site) -> dict[str, str]:
    """The cookies of a learner in the group who agreed, and has asked nothing yet."""
    code = lesson_group(site).code
    with site.writing() as session:
        _agreed(session, portfolio_of(site).holder, code)
    return signed_in(site)


def _at(path: str) -> Callable[[Site], str]:
    def find(site: Site) -> str:
        here = street(site)
        return path.format(waiting=here.waiting, taken=here.taken)

    return find


NEIGHBOURS = [
    Looked("neighbours", _at("/neighbours"), learning_there),
    Looked("who of the neighbours needs a hand", _at("/neighbours"), reading),
    Looked("asking a neighbour, before joining", "/neighbours/ask", signed_in),
    Looked("asking a neighbour", _at("/neighbours/ask"), reading),
    Looked("request to neighbours, waiting", _at("/neighbours/{waiting}"), learning_there),
    Looked("request to neighbours, to take", _at("/neighbours/{waiting}"), reading),
    Looked("request to neighbours, taken", _at("/neighbours/{taken}"), learning_there),
]

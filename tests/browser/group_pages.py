"""Study groups, fairness, the author's and the administrator's pages on the learner model, in a real browser."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from sqlmodel import Session, select

from adaptive.answering import Given, Learning, take
from adaptive.content.grading import right_response
from adaptive.content.model import Question
from adaptive.mastery.terms import default_weights
from adaptive.store import fairness, terms
from adaptive.watching_fairness import tell, watch
from credit_bank.store.tables import Institution
from credit_bank.store.types import new_id
from tests.browser.desk_pages import World, world
from tests.browser.library_pages import learner, library_of
from tests.browser.site import Site
from web.accounts.permissions import cookie_name
from web.accounts.roles import Role
from web.operations import groups

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Class:
    """A tutor's group at the world's institution, and a course that many answered."""

    world: World
    tutor: UUID
    group: str
    code: str
    skill: str
    course: str


def _wrong(question: Question) -> object:
    if question.kind in ("choice", "listen"):
        return next(n for n, option in enumerate(question.options) if not option.correct)
    return None


def _take(session: Session, learning: Learning, who: UUID, question: Question, right: bool) -> None:
    response = right_response(question) if right else _wrong(question)
    presented = NOW - timedelta(seconds=random.Random(question.id).randrange(8, 60))
    take(session, learning, who, Given(question.id, response, new_id().hex, presented, NOW, form="easy"))


@cache
def lesson_group(site: Site) -> Class:
    """Made once for each site."""
    made = world(site)
    _town, member = learner(site)
    library = library_of(site)
    learning = Learning(library, default_weights(), lambda: NOW, new_id)
    course = next(iter(library.courses))
    questions = [question for item in library.courses[course].items for question in library.items[item].questions]
    with made.desk.database.reading() as session:
        place = session.exec(select(Institution.id).where(Institution.handle == "browser-desk")).one()
    tutor = made.desk.staff("desk-tutor", place, Role.TUTOR)
    made.desk.staff("desk-tutor-two", place, Role.TUTOR)
    with site.writing() as session:
        group = groups.make(session, institution_id=place, name="周三上午手机班", by=tutor, now=NOW)
        groups.join(
            session, typed=group.code, person_id=member.person_id, learner_id=member.learner_id,
            language="zh-CN", now=NOW,
        )  # fmt: skip
        stuck = questions[0]
        for right in (True, False, False, False):
            _take(session, learning, member.learner_id, stuck, right)
        groups.note(
            session, group_id=group.id, learner_id=member.learner_id, skill_id=stuck.skills[0], kind=groups.ASKED,
            by=member.person_id, now=NOW, words="第二步老是点错",
        )  # fmt: skip
        draw = random.Random(1)
        for n in range(60):
            who, old = new_id(), n % 2 == 0
            tell(session, who, new_id(), "age_band", "70-79" if old else "45-59", NOW)
            tell(session, who, new_id(), "district", "yanqing" if n < 3 else "haidian", NOW)
            ability = draw.random()
            for number, question in enumerate(questions[:6]):
                chance = ability if number else 1 - ability
                _take(session, learning, who, question, draw.random() < (chance * 0.5 if old else chance))
        fitted = default_weights()._replace(version="fit-3f6a0c21b9d84e75")
        report = {"candidate": {"log_loss": 0.5312, "ece": 0.0121}, "current": {"log_loss": 0.5388, "ece": 0.0125}}
        terms.keep_weights(session, fitted, NOW, accepted=False, answers=12_345, report=report)
        watch(session, new_id, NOW)
        assert fairness.newest_checks(session)
        return Class(
            made, tutor, f"/tutor/browser-desk/groups/{group.id}", group.code, stuck.skills[0], course
        )  # fmt: skip


def tutoring(site: Site) -> dict[str, str]:
    """The cookies of the tutor's browser."""
    found = lesson_group(site)
    with site.app.app_context():
        return {cookie_name(): found.world.desk.token(found.tutor)}


def in_group(path: str) -> Callable[[Site], str]:
    """A path in which ``{group}``, ``{code}``, ``{skill}`` and ``{course}`` stand for those of the group."""

    def found(site: Site) -> str:
        here = lesson_group(site)
        return path.format(
            group=here.group, code=here.code, skill=here.skill, course=here.course, id=here.group.rpartition("/")[2]
        )

    return found

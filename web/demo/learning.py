"""Learning in the demo city: courses that institutions recognise, and residents of several histories.

Their answers go through the same use cases as everybody's, each at its own moment in the past, by a fixed seed.
"""

import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive import answering, helping
from adaptive.answering import Given, Learning
from adaptive.content.grading import right_response
from adaptive.content.model import Library, Question
from adaptive.mastering import Rule
from adaptive.store import terms, visits
from credit_bank.bank import Bank
from credit_bank.store import institutions
from credit_bank.store.tables import Learner
from credit_bank.store.types import new_id
from web.accounts import consents, people
from web.demo.city import CITY_FILES, Progress
from web.messages import CITY
from web.operations import mastery_rows
from web.operations.mastery_tables import MasteryRequest
from web.workflows import course_adoption, mastery_credit
from web.workflows.mastery_credit import Asker

SEED = 2026
ASKED_EVERY = timedelta(seconds=50)
MORNING = 9


@cache
def histories() -> dict[str, Any]:
    """``learning.toml``."""
    return tomllib.loads((CITY_FILES / "learning.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Learnt:
    """How many residents learn in the library, how many of its courses are recognised, how many credentials came."""

    learners: int
    courses: int
    credentials: int


def load(session: Session, bank: Bank, library: Library, progress: Progress) -> Learnt:
    """Load it in the caller's transaction, after the city.

    What names a course that this library has not is left out.
    """
    now = bank.clock()
    for entry in histories()["recognised"]:
        if entry["library"] in library.courses:
            place = institutions.find(session, entry["institution"])
            suggested = course_adoption.suggested(library.courses[entry["library"]], entry["course"])
            rule = Rule.from_json({**suggested.as_json(), "decides": entry.get("decides", "rule")})
            course_adoption.adopt(session, library, place.id, rule, by=None, now=now - timedelta(days=200))
    chance = random.Random(SEED)  # noqa: S311 - the same city every time, no secret
    here = [e for e in histories()["learner"] if all(s["library"] in library.courses for s in e["sitting"])]
    issued = 0
    for n, entry in enumerate(here):
        issued += _learn(session, bank, library, entry, chance, now)
        progress("learning", n + 1, len(here))
    return Learnt(len(here), len(mastery_rows.adopted_courses(session)), issued)


def _learn(
    session: Session, bank: Bank, library: Library, entry: Mapping[str, Any], chance: random.Random, now: datetime
) -> int:
    """One resident's history; how many credentials came of it."""
    learner_id = session.exec(select(Learner.id).where(col(Learner.name) == entry["name"])).one()
    person = people.of_learner(session, learner_id)
    assert person is not None
    consents.give(
        session,
        person_id=person.id,
        learner_id=learner_id,
        purpose="learning",
        language=person.language,
        now=now - timedelta(days=100),
        via="counter",
    )
    for sitting in entry["sitting"]:
        _sit(session, library, learner_id, sitting, chance, now)
    if "asks" not in entry:
        return 0
    asked = _ask(session, bank, library, Asker(person.id, learner_id, person.language), entry["asks"])
    return int(asked.state == "issued")


def _sit(
    session: Session,
    library: Library,
    learner_id: UUID,
    sitting: Mapping[str, Any],
    chance: random.Random,
    now: datetime,
) -> None:
    """One sitting: the lessons in order, each read, then its questions; offers come as they would."""
    day = (now.astimezone(CITY) - timedelta(days=sitting["days_ago"])).date()
    moment = datetime(day.year, day.month, day.day, MORNING, tzinfo=CITY)
    left = sitting.get("questions", 1000)
    for item_id in library.courses[sitting["library"]].items:
        item = library.items[item_id]
        form = chance.choice(sorted(item.forms))
        visits.opened(session, learner_id, new_id(), item_id, form, moment)
        for question in item.questions[:left]:
            moment += ASKED_EVERY
            learning = Learning(library, terms.weights(session), _standing_at(moment), new_id)
            right = chance.randrange(100) < sitting["right"]
            given = Given(
                question.id,
                right_response(question) if right else _wrong(question),
                new_id().hex,
                presented_at=moment - timedelta(seconds=chance.randrange(12, 40)),
                form=form,
            )
            taken = answering.take(session, learning, learner_id, given)
            if not right:
                helping.offer(session, learning, learner_id, taken.answer_id)
        left -= min(left, len(item.questions))


def _standing_at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def _wrong(question: Question) -> object:
    """A wrong choice where there is one to make, else "I don't know"."""
    if question.kind in ("choice", "listen"):
        return next(index for index, option in enumerate(question.options) if not option.correct)
    if question.kind == "several":
        return [index for index, option in enumerate(question.options) if not option.correct]
    return list(reversed(range(len(question.sequence)))) if question.kind == "order" else None


def _ask(session: Session, bank: Bank, library: Library, asker: Asker, wanted: Mapping[str, str]) -> MasteryRequest:
    learning = Learning(library, terms.weights(session), bank.clock, new_id)
    place = institutions.find(session, wanted["institution"])
    adoption = mastery_rows.adopted(session, place.id, wanted["library"])
    assert adoption is not None
    found = mastery_credit.standing(session, learning, asker.learner_id, adoption)
    return mastery_credit.ask(
        session,
        bank,
        learning,
        asker,
        institution_id=place.id,
        library_course=wanted["library"],
        evidence_sha256=found.evidence.digest,
    )

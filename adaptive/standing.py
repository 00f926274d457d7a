"""Where a learner stands: what the model says of each skill that was met, what is due, what placement found."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Literal, NamedTuple
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.content.graph import SkillGraph
from adaptive.content.model import Text
from adaptive.exchange.xapi import Kind, LearningEvent
from adaptive.mastery.model import DueSkill, Mastery, OverallState, due, mastery
from adaptive.mastery.progress import MASTERY_TRIES
from adaptive.path.map import HELD, SkillStatus, statuses
from adaptive.path.plan import Standing
from adaptive.reason import because
from adaptive.store import answers, mastered, preferences, states, terms

Certainty = Literal["little", "some", "much"]
Ability = Literal["new", "half", "mostly", "firm"]


@dataclass(frozen=True, slots=True)
class Standings:
    """``overall`` and ``skills`` are the model's view, of skills that were answered only; ``due`` are those to review,
    the least remembered first; ``reached`` those mastered once; ``placed`` those that placement found held.
    """

    overall: OverallState
    skills: Mapping[str, Mastery]
    due: tuple[DueSkill, ...]
    reached: frozenset[str]
    placed: frozenset[str]

    def for_paths(self, *, trust_placement: bool = False) -> dict[str, Standing]:
        """As plans and the map look at it; a plan trusts placement, so that nobody is sent back to what they know."""
        found = {
            key: Standing(m.p, key in self.reached or m.mastered, m.attempts > 0) for key, m in self.skills.items()
        }
        for key in self.by_placement():
            p = max(HELD, found[key].p if key in found else 0.0)
            found[key] = Standing(p, mastered=trust_placement, begun=True)
        return found

    def by_placement(self) -> frozenset[str]:
        """The skills that count as held by placement alone: until three answers say it better."""
        few = {key for key in self.placed if key not in self.skills or self.skills[key].attempts < MASTERY_TRIES}
        return frozenset(few - self.reached)

    def held(self) -> frozenset[str]:
        """The skills that count as held where something builds on them."""
        return frozenset(k for k, s in self.for_paths().items() if s.mastered or (s.begun and s.p >= HELD))


NOBODY = Standings(OverallState(), {}, (), frozenset(), frozenset())
"""Somebody of whom nothing is known."""


def standings(session: Session, learning: Learning, learner_id: UUID) -> Standings:
    """Where a learner stands now."""
    now = learning.clock()
    state = states.whole(session, learner_id)
    met = [key for key in state.skills if key in learning.library.skills]
    shared = terms.shared(session.connection(), learning.weights, (), met)
    placed = (key for key, row in preferences.marks(session, learner_id, now).items() if row.mark == "can")
    return Standings(
        state.overall,
        {key: mastery(state, shared, key, now.timestamp()) for key in met},
        tuple(d for d in due(state, now.timestamp()) if d.skill_id in learning.library.skills),
        frozenset(mastered.of_learner(session, learner_id)),
        frozenset(key for key in placed if key in learning.library.skills),
    )


def map_statuses(graph: SkillGraph, where: Standings, skills: Collection[str] | None = None) -> dict[str, SkillStatus]:
    """How far the learner is in each skill; what only placement found says so."""
    found = statuses(graph, where.for_paths(), [d.skill_id for d in where.due], skills)
    for key in where.by_placement():
        if key in found:
            found[key] = SkillStatus("begun", None, because("status.placed"))
    return found


def certainty(of: Mastery) -> Certainty:
    """How sure the model is, by the width of its 90 % interval."""
    width = of.high - of.low
    return "little" if width > 0.5 else "some" if width > 0.3 else "much"


def ability(p: float) -> Ability:
    """How well something goes, in four steps."""
    return "firm" if p >= 0.85 else "mostly" if p >= 0.65 else "half" if p >= 0.4 else "new"


class Week(NamedTuple):
    """A week of learning, by the Monday that it began on: answers, right ones among them, days, skills mastered."""

    monday: date
    answers: int
    right: int
    days: int
    mastered: int


def weeks(session: Session, learning: Learning, learner_id: UUID, zone: tzinfo, count: int = 8) -> Sequence[Week]:
    """The last weeks up to this one, the oldest first; one without learning is there as well."""
    today = learning.clock().astimezone(zone).date()
    this = today - timedelta(days=today.weekday())
    rows = [(row.answered_at.astimezone(zone).date(), row.outcome) for row in answers.in_order(session, learner_id)]
    reached = [row.reached_at.astimezone(zone).date() for row in mastered.of_learner(session, learner_id).values()]
    found = []
    for back in range(count - 1, -1, -1):
        monday = this - timedelta(weeks=back)
        inside = [(day, outcome) for day, outcome in rows if monday <= day < monday + timedelta(days=7)]
        found.append(
            Week(
                monday,
                len(inside),
                sum(outcome == "right" for _day, outcome in inside),
                len({day for day, _outcome in inside}),
                sum(monday <= day < monday + timedelta(days=7) for day in reached),
            )
        )
    return found


def events(session: Session, learning: Learning, learner_id: UUID, pseudonym: str) -> Iterator[LearningEvent]:
    """What a learner did here, as events that go out: answers, then skills mastered; by the pseudonym only.

    Of what is no longer in the library, the name is its id.
    """
    library = learning.library
    for row in answers.in_order(session, learner_id):
        question = library.questions.get(row.question_id)
        name = Text(question.prompt) if question else Text(row.question_id)
        counted = row.outcome in ("right", "wrong", "unknown")
        yield LearningEvent(
            row.id,
            "answered",
            pseudonym,
            row.question_id,
            name,
            row.answered_at,
            success=row.outcome == "right" if counted else None,
            score=row.score if counted else None,
            form=row.form,
            hints=row.hints or None,
            course=row.item_id.partition("/")[0],
        )
    kind: Kind = "mastered"
    for skill_id, reached in mastered.of_learner(session, learner_id).items():
        skill = library.skills.get(skill_id)
        named = skill.name if skill else Text(skill_id)
        yield LearningEvent(reached.id, kind, pseudonym, skill_id, named, reached.reached_at, success=True)

"""The question that suits a learner now, from everything kept about them; and how any choice of one is kept."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import numpy as np
from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library
from adaptive.mastery.model import Asked, LearnerState, Shared, Weights, explain, predict
from adaptive.reason import because
from adaptive.selection import choosing
from adaptive.selection.choosing import Moment, Rejected
from adaptive.selection.policy import Wish, policy_for
from adaptive.selection.pool import Pool, SharedColumns, pool_of
from adaptive.selection.prospects import Learner, Prospects, prospects
from adaptive.store import answers, decisions, plans, preferences, states, terms
from adaptive.store.tables import Decision, LearningPreference

PLACE = "practice"
KEPT_OPEN = timedelta(hours=12)
"""A choice older than this is made anew: the learner has forgotten and rested since."""
TERMS_AGE = timedelta(seconds=60)
RECENT = 5
Order = Literal["suited", "own", "again"]


class Choices:
    """What there is to choose from: a library's questions as columns, made once; the shared terms read each minute."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.graph = SkillGraph(library.skills)
        self._lock = threading.Lock()
        self._pools: dict[str, Pool] = {}
        self._columns: dict[str, tuple[datetime, str, SharedColumns]] = {}

    def pool(self, scope: str) -> Pool:
        """The questions of a course, or with an empty scope of the whole library."""
        with self._lock:
            if scope not in self._pools:
                self._pools[scope] = pool_of(self.library, self.graph, [scope] if scope else None)
            return self._pools[scope]

    def columns(self, session: Session, scope: str, weights: Weights, now: datetime) -> SharedColumns:
        """The shared terms of those questions, at most a minute old."""
        read_at, version, found = self._columns.get(scope, (None, "", None))
        if found is None or read_at is None or version != weights.version or abs(now - read_at) > TERMS_AGE:
            shared = terms.everything(session, weights)
            found = SharedColumns.of(self.pool(scope), shared.items, shared.skills)
            self._columns[scope] = (now, weights.version, found)
        return found


@dataclass(frozen=True, slots=True)
class Practice:
    """What is practised: ``scope`` is a course, an item (``course/item``) or empty for the whole library.

    ``order`` is suited to the learner, the authors' own, or theirs once ``again``; ``gentle`` asks for the gentle band
    where the learner set nothing (the elder view does).
    """

    scope: str = ""
    order: Order = "suited"
    gentle: bool = False

    @property
    def is_item(self) -> bool:
        """Whether one item is practised; its questions then come in their own order."""
        return "/" in self.scope


def suited(
    session: Session,
    learning: Learning,
    choices: Choices,
    learner_id: UUID,
    practice: Practice,
    wishes: LearningPreference,
    now: datetime,
) -> Decision | None:
    """The question that suits; without one its reasons say why. None where all of a course is still locked."""
    state = states.whole(session, learner_id)
    pool = choices.pool(practice.scope)
    columns = choices.columns(session, practice.scope, learning.weights, now)
    placed = [subject for subject, row in preferences.marks(session, learner_id, now).items() if row.mark == "can"]
    known = prospects(pool, columns, Shared(learning.weights), Learner(state, now.timestamp(), placed))
    setting = "easier" if practice.gentle and wishes.band == "standard" else wishes.band
    policy = policy_for(
        setting,  # type: ignore[arg-type] # one of the bands, checked where it is stored
        first_session=state.overall.answers < 10,
        after_failure=state.overall.last == 0,
    )
    moment = _moment(session, learning, learner_id, practice, now, pool, known)
    made = choosing.choose(pool, known, policy, moment)
    if made.question_id is None and moment.wish:
        # Nothing is easier or harder: rather what suits than nothing at all, and say so.
        instead = choosing.choose(pool, known, policy, _without_wish(moment))
        if instead.question_id:
            told = because(f"choose.nothing_{moment.wish}")
            made = choosing.Decision(
                instead.question_id, instead.p, (told, *instead.reasons), instead.rejected, band=instead.band,
                runners_up=instead.runners_up,
            )  # fmt: skip
    if made.question_id is None and made.reasons[0].code == "choose.locked" and practice.scope:
        return None
    return as_kept(
        learning, learner_id, practice, made, now, state, Shared(learning.weights, columns.items, columns.skills)
    )


def _without_wish(moment: Moment) -> Moment:
    return Moment(
        moment.now,
        not_now=moment.not_now,
        goal=moment.goal,
        recent_skills=moment.recent_skills,
        recent_kinds=moment.recent_kinds,
    )


def _moment(
    session: Session,
    learning: Learning,
    learner_id: UUID,
    practice: Practice,
    now: datetime,
    pool: Pool,
    known: Prospects,
) -> Moment:
    wish, reference = _wish(session, learner_id, practice, now, pool, known)
    plan = plans.current(session, learner_id)
    goal: Collection[str] = plan.goal.get("skills", ()) if plan else ()
    recent = list(reversed(answers.recent(session, learner_id, RECENT)))
    questions = learning.library.questions
    return Moment(
        now.timestamp(),
        wish=wish,
        reference=reference,
        not_now=unwanted(session, learner_id, now),
        goal=goal,
        recent_skills=tuple(row.skill_ids[0] for row in recent if row.skill_ids),
        recent_kinds=tuple(questions[row.question_id].kind for row in recent if row.question_id in questions),
    )


def _wish(
    session: Session, learner_id: UUID, practice: Practice, now: datetime, pool: Pool, known: Prospects
) -> tuple[Wish | None, float | None]:
    """Whether the learner just asked for something easier or harder, and the prediction for what they had then."""
    for row in decisions.newest(session, learner_id, 3):
        if row.place != PLACE or row.scope != practice.scope:
            continue
        place = pool.row.get(row.question_id or "")
        if row.set_aside in ("easier", "harder") and place is not None and now - row.chosen_at < KEPT_OPEN:
            wish: Wish = "easier" if row.set_aside == "easier" else "harder"
            return wish, float(known.p(np.array([place]))[0])
        break
    return None, None


def unwanted(session: Session, learner_id: UUID, now: datetime) -> frozenset[str]:
    """What the learner does not want, for now or at all."""
    found = preferences.marks(session, learner_id, now)
    return frozenset(subject for subject, row in found.items() if row.mark in ("not_now", "not_for_me"))


def as_kept(
    learning: Learning,
    learner_id: UUID,
    practice: Practice,
    made: choosing.Decision,
    now: datetime,
    state: LearnerState | None = None,
    shared: Shared | None = None,
) -> Decision:
    """The choice as it is kept, with the interval of its prediction and the terms that add up to it."""
    low = high = None
    facts: dict[str, Any] = {"runners_up": list(made.runners_up), "band": list(made.band) if made.band else None}
    if made.question_id and state is not None and shared is not None:
        question = learning.library.questions[made.question_id]
        asked = Asked(question.id, question.skills, now.timestamp(), question.difficulty)
        predicted = predict(state, shared, asked)
        low, high = predicted.low, predicted.high
        facts["terms"] = [[r.group, round(r.logits, 4), round(r.effect, 4)] for r in explain(predicted, shared.weights)]
    counts = made.rejected.counts() if isinstance(made.rejected, Rejected) else {}
    return Decision(
        learner_id=learner_id,
        id=learning.new_id(),
        chosen_at=now,
        place=PLACE,
        scope=practice.scope,
        item_id=made.item_id,
        question_id=made.question_id,
        policy=made.policy,
        predicted=made.p,
        low=low,
        high=high,
        reasons=[reason.as_json() for reason in made.reasons],
        rejected=[[code, number] for code, number in counts.items()],
        facts=facts,
        weights_version=learning.weights.version,
        library_digest=learning.library.digest,
    )

"""Practising: what comes next for a learner and why, and what the learner wishes instead.

A choice is kept until it is answered or set aside, so that coming back to it (another page, a lost network, another
device) shows the same question for the same reasons.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import numpy as np
from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library
from adaptive.errors import Missing
from adaptive.mastery.model import Asked, LearnerState, Shared, Weights, explain, predict
from adaptive.reason import because
from adaptive.selection import choosing, neutral
from adaptive.selection.choosing import Moment, Rejected
from adaptive.selection.policy import Wish, policy_for
from adaptive.selection.pool import Pool, SharedColumns, pool_of
from adaptive.selection.prospects import Learner, Prospects, prospects
from adaptive.store import answers, decisions, fairness, plans, preferences, sittings, states, terms
from adaptive.store.tables import Answer, Decision, LearningPreference

PLACE = "practice"
KEPT_OPEN = timedelta(hours=12)
"""A choice older than this is made anew: the learner has forgotten and rested since."""
NOT_NOW = timedelta(hours=20)
TERMS_AGE = timedelta(seconds=60)
RECENT = 5
Order = Literal["suited", "own", "again"]
WISHES = ("easier", "harder", "not_now")


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


def next_question(
    session: Session, learning: Learning, choices: Choices, learner_id: UUID, practice: Practice
) -> Decision:
    """The question that comes next, as a choice that is kept; without a question its reasons say why.

    Raises Missing ``content.course_unknown`` or ``content.item_unknown``.
    """
    check_scope(learning.library, practice.scope)
    now = learning.clock()
    sitting = sittings.begin(session, learner_id, learning.new_id(), practice.scope, now)
    sitting.last_at = now
    session.add(sitting)
    wishes = preferences.get(session, learner_id, now)
    own = practice.order != "suited" or practice.is_item or not wishes.personalised
    policy = fairness.policy_in_force(session)
    neutral_for_all = policy is not None and policy.policy == "neutral"
    kept = decisions.open_choice(session, learner_id, PLACE, practice.scope, now - KEPT_OPEN)
    wanted = "own" if own else "neutral" if neutral_for_all else "adaptive"
    if kept is not None and kept.policy == wanted and kept.question_id in learning.library.questions:
        return kept
    if kept is not None:
        decisions.set_aside(session, learner_id, kept.id, "changed")
    if wanted == "adaptive":
        made = _suited(session, learning, choices, learner_id, practice, wishes, now)
    else:
        made = _in_order(session, learning, learner_id, practice, now, sitting.started_at)
    made.policy = wanted
    return decisions.add(session, made) if made.question_id else made


def check_scope(library: Library, scope: str) -> None:
    """Raise Missing unless the scope is empty, a course or an item of the library."""
    if "/" in scope:
        if scope not in library.items:
            raise Missing("content.item_unknown")
    elif scope and scope not in library.courses:
        raise Missing("content.course_unknown")


def order_of(library: Library, scope: str) -> tuple[str, ...]:
    """The questions of a scope in the order of the authors."""
    if "/" in scope:
        return tuple(question.id for question in library.items[scope].questions)
    return neutral.neutral_order(library, [scope] if scope else None)


def _in_order(
    session: Session, learning: Learning, learner_id: UUID, practice: Practice, now: datetime, begun: datetime
) -> Decision:
    """The first question of the authors' order that was not answered; when all were, what this sitting has not had, or,
    asked for once again, what was answered longest ago."""
    order = order_of(learning.library, practice.scope)
    aside = _set_aside(session, learner_id, now)
    made = neutral.choose_neutral(order, answers.questions_answered(session, learner_id), aside)
    if made.question_id is None and practice.order == "again":
        last = answers.last_numbers(session, learner_id)
        made = neutral.choose_neutral(sorted(order, key=lambda question: last.get(question, 0)), (), aside)
    elif made.question_id is None:
        today = {row.question_id for row in answers.recent(session, learner_id, 500) if row.answered_at >= begun}
        made = neutral.choose_neutral(order, today, aside)
    return _row(learning, learner_id, practice, made, now)


def _suited(
    session: Session,
    learning: Learning,
    choices: Choices,
    learner_id: UUID,
    practice: Practice,
    wishes: LearningPreference,
    now: datetime,
) -> Decision:
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
        # Whoever opens a course may practise it, whatever they have shown of what comes before.
        return _in_order(session, learning, learner_id, practice, now, now)
    return _row(
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
        not_now=_set_aside(session, learner_id, now),
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


def _set_aside(session: Session, learner_id: UUID, now: datetime) -> frozenset[str]:
    found = preferences.marks(session, learner_id, now)
    return frozenset(subject for subject, row in found.items() if row.mark in ("not_now", "not_for_me"))


def _row(
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


def wish(session: Session, learning: Learning, learner_id: UUID, decision_id: UUID, asked: str) -> None:
    """The learner wants something easier, harder, or not this now: it outranks the model.

    Raises Missing ``decision.unknown`` for another's choice or an unknown wish.
    """
    chosen = decisions.get(session, learner_id, decision_id)
    if asked not in WISHES or chosen.question_id is None:
        raise Missing("decision.unknown")
    now = learning.clock()
    until = now + NOT_NOW if asked == "not_now" else None
    preferences.mark(session, learner_id, learning.new_id(), chosen.question_id, asked, now, until)  # type: ignore[arg-type] # one of WISHES
    decisions.set_aside(session, learner_id, decision_id, asked)


def hinted(session: Session, learner_id: UUID, decision_id: UUID, hints: int) -> None:
    """Keep how many hints were shown with a choice, so that none is forgotten when its page is opened anew.

    Raises Missing ``decision.unknown``.
    """
    chosen = decisions.get(session, learner_id, decision_id)
    if hints > hints_of(chosen):
        chosen.facts = {**chosen.facts, "hints": hints}
        session.add(chosen)
        session.flush()


def hints_of(chosen: Decision) -> int:
    """How many hints were shown with a choice."""
    return int(chosen.facts.get("hints", 0))


@dataclass(frozen=True, slots=True)
class Sitting:
    """What was done in a sitting: counts of answers by outcome, minutes, the skills that were mastered in it."""

    answers: int
    outcomes: Mapping[str, int]
    minutes: int
    rows: Sequence[Answer]


def stop(session: Session, learning: Learning, learner_id: UUID, scope: str) -> Sitting:
    """End the sitting, and say what was done in it."""
    now = learning.clock()
    ended = sittings.end(session, learner_id, scope, now)
    if ended is None:
        return Sitting(0, {}, 0, ())
    rows = [row for row in answers.recent(session, learner_id, 500) if row.answered_at >= ended.started_at]
    outcomes: dict[str, int] = {}
    for row in rows:
        outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
    ended.answers = len(rows)
    session.add(ended)
    session.flush()
    return Sitting(len(rows), outcomes, max(1, round((now - ended.started_at).total_seconds() / 60)), rows)

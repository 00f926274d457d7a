"""Practising: what comes next for a learner and why, and what the learner wishes instead.

A choice is kept until it is answered or set aside, so that coming back to it (another page, a lost network, another
device) shows the same question for the same reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.content.model import Library
from adaptive.errors import Missing
from adaptive.selection import neutral
from adaptive.store import answers, decisions, fairness, preferences, sittings
from adaptive.store.tables import Answer, Decision, LearningPreference
from adaptive.suiting import KEPT_OPEN, PLACE, Choices, Practice, as_kept, suited, unwanted

NOT_NOW = timedelta(hours=20)
WISHES = ("easier", "harder", "not_now")


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
    wanted = _policy(session, practice, wishes)
    kept = decisions.open_choice(session, learner_id, PLACE, practice.scope, now - KEPT_OPEN)
    if kept is not None and kept.policy == wanted and kept.question_id in learning.library.questions:
        return kept
    if kept is not None:
        decisions.set_aside(session, learner_id, kept.id, "changed")
    if wanted == "adaptive":
        made = _suited_or_open(session, learning, choices, learner_id, practice, wishes, now)
    else:
        made = _in_order(session, learning, learner_id, practice, now, sitting.started_at)
    made.policy = wanted
    return decisions.add(session, made) if made.question_id else made


def nothing_due(
    session: Session, learning: Learning, choices: Choices, learner_id: UUID, practice: Practice
) -> Decision | None:
    """What ``next_question`` would answer if it has no question that suits, its reasons say why; None if it has one.

    For a page that leads to practice: nothing is kept, and no sitting begins. Whoever asks in an order that is not
    chosen for them always has a question.
    """
    now = learning.clock()
    wishes = preferences.get(session, learner_id, now)
    if _policy(session, practice, wishes) != "adaptive":
        return None
    kept = decisions.open_choice(session, learner_id, PLACE, practice.scope, now - KEPT_OPEN)
    if kept is not None and kept.policy == "adaptive" and kept.question_id in learning.library.questions:
        return None
    made = _suited_or_open(session, learning, choices, learner_id, practice, wishes, now)
    return made if made.question_id is None else None


def _policy(session: Session, practice: Practice, wishes: LearningPreference) -> str:
    if practice.order != "suited" or practice.is_item or not wishes.personalised:
        return "own"
    policy = fairness.policy_in_force(session)
    return "neutral" if policy is not None and policy.policy == "neutral" else "adaptive"


def _suited_or_open(
    session: Session,
    learning: Learning,
    choices: Choices,
    learner_id: UUID,
    practice: Practice,
    wishes: LearningPreference,
    now: datetime,
) -> Decision:
    """Whoever opens a course may practise it, whatever they have shown of what comes before."""
    made = suited(session, learning, choices, learner_id, practice, wishes, now)
    return made or _in_order(session, learning, learner_id, practice, now, now)


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
    aside = unwanted(session, learner_id, now)
    made = neutral.choose_neutral(order, answers.questions_answered(session, learner_id), aside)
    if made.question_id is None and practice.order == "again":
        last = answers.last_numbers(session, learner_id)
        made = neutral.choose_neutral(sorted(order, key=lambda question: last.get(question, 0)), (), aside)
    elif made.question_id is None:
        today = {row.question_id for row in answers.recent(session, learner_id, 500) if row.answered_at >= begun}
        made = neutral.choose_neutral(order, today, aside)
    return as_kept(learning, learner_id, practice, made, now)


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

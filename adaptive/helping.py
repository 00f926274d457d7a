"""When an answer shows that something does not get on: another approach is offered, never "again".

An offer is kept as a choice of the place ``approach``, its scope the skill, so that the next one is another rung.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import get_args
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.answering import Learning
from adaptive.content.graph import SkillGraph
from adaptive.content.model import FormKind
from adaptive.mastery.model import Asked, LearnerState, mastery, predict
from adaptive.reason import Reason
from adaptive.selection.policy import Policy
from adaptive.standing import standings
from adaptive.store import answers, states, terms, visits
from adaptive.store.tables import Answer, Decision
from adaptive.struggle.ladder import FORM_ORDER, Approach, ApproachKind, Offers, next_approach
from adaptive.struggle.signals import ACROSS_LAST, Attempt, Signal, across_skills, notice, spinning
from adaptive.struggle.ways import Been, Way, ways
from adaptive.struggle.wheel_spinning import IN_A_ROW, shipped

PLACE = "approach"
LOOKED_AT = 30
"""Answers that are looked back at."""
LATELY = timedelta(days=1)


def offer(session: Session, learning: Learning, learner_id: UUID, answer_id: UUID) -> Decision | None:
    """The approach to offer after an answer, kept as a choice; None when there is no sign that one is needed.

    Asked again for the same answer it gives the same offer.
    """
    row = answers.get(session, learner_id, answer_id)
    if row is None or row.outcome not in ("wrong", "unknown"):
        return None
    kept = offered(session, learner_id, answer_id)
    if kept is not None:
        return kept
    recent = list(reversed(answers.recent(session, learner_id, LOOKED_AT)))
    found = _stuck(session, learning, learner_id, row, recent)
    if found is None:
        return None
    skill_id, signal = found
    used = _used(session, learner_id, skill_id, recent)
    offers = _offers(session, learning, learner_id, row, skill_id)
    approach = next_approach(skill_id, used, offers, _form(row), _lately(session, learner_id, recent))
    return _keep(session, learning, learner_id, row, skill_id, approach, signal.reason)


def offered(session: Session, learner_id: UUID, answer_id: UUID) -> Decision | None:
    """What was offered after an answer."""
    return session.exec(
        select(Decision).where(
            Decision.learner_id == learner_id, Decision.place == PLACE, col(Decision.answer_id) == answer_id
        )
    ).first()


def ways_on(session: Session, learning: Learning, learner_id: UUID, scope: str) -> tuple[Way, ...]:
    """What there is to do where practice of a scope (a course, an item, empty) has nothing to ask: at least a rest."""
    now = learning.clock()
    rows = [row for row in answers.recent(session, learner_id, LOOKED_AT) if now - row.answered_at < LATELY]
    inside = [row for row in rows if row.outcome in ("wrong", "unknown") and row.item_id.startswith(scope)]
    where = standings(session, learning, learner_id)
    rest = timedelta(seconds=Policy().rest_wrong)
    waits = [left for row in inside if (left := row.answered_at + rest - now) > timedelta()]
    been = Been(
        list(dict.fromkeys(row.item_id for row in inside)),
        {key: seen.p for key, seen in where.skills.items()},
        visits.forms_seen(session, learner_id),
        ceil(min(waits) / timedelta(minutes=1)) if waits else None,
    )
    return ways(learning.library, scope, been)


def _stuck(
    session: Session, learning: Learning, learner_id: UUID, row: Answer, recent: Sequence[Answer]
) -> tuple[str, Signal] | None:
    """The skill that does not get on, and by which sign: three wrong in a row, most wrong on several skills, or
    wheel-spinning foreseen."""
    attempts = [_attempt(answer) for answer in recent]
    for skill_id in row.skill_ids:
        for signal in notice(attempts, skill_id):
            if signal.kind == "stuck":
                return skill_id, signal
    everywhere = across_skills(attempts)
    if everywhere is not None and row.skill_ids:
        return row.skill_ids[0], everywhere
    state = states.whole(session, learner_id)
    shared = terms.shared(session.connection(), learning.weights, (), row.skill_ids)
    for skill_id in row.skill_ids:
        if skill_id not in state.skills:
            continue
        expected = predict(state, shared, Asked("", (skill_id,), learning.clock().timestamp()))
        sign = spinning(state.overall, state.skills[skill_id], skill_id, expected.logit, expected.p, shipped())
        if sign is not None:
            return skill_id, sign
    return None


def _attempt(row: Answer) -> Attempt:
    seconds = (row.answered_at - row.presented_at).total_seconds() if row.presented_at else None
    return Attempt(
        row.question_id,
        tuple(row.skill_ids),
        row.outcome in ("right", "unsure"),
        p=row.predicted,
        seconds=seconds,
        hinted=row.hints > 0,
    )


def _form(row: Answer) -> FormKind | None:
    kind: FormKind
    for kind in get_args(FormKind):
        if kind == row.form:
            return kind
    return None


def _used(session: Session, learner_id: UUID, skill_id: str, recent: Sequence[Answer]) -> list[Approach]:
    """The approaches taken for a skill since it last came three times in a row, the oldest first."""
    since, run = None, 0
    for answer in recent:
        if skill_id in answer.skill_ids and answer.outcome != "unsure":
            run = run + 1 if answer.outcome == "right" else 0
            since = answer.answered_at if run >= IN_A_ROW else since
    statement = select(Decision).where(
        Decision.learner_id == learner_id, Decision.place == PLACE, Decision.scope == skill_id
    )
    if since is not None:
        statement = statement.where(col(Decision.chosen_at) > since)
    rows = session.exec(statement.order_by(col(Decision.chosen_at), col(Decision.id))).all()
    return [
        Approach(
            row.facts["kind"],
            tuple(Reason.from_json(reason) for reason in row.reasons),
            form=row.facts.get("form"),
            skill_id=row.facts.get("skill"),
            question_id=row.question_id,
        )
        for row in rows[-10:]
    ]


def _lately(session: Session, learner_id: UUID, recent: Sequence[Answer]) -> list[ApproachKind] | None:
    """The kinds of approach offered on any skill since the answers that fail across skills; None if they do not."""
    if across_skills([_attempt(answer) for answer in recent]) is None:
        return None
    rows = session.exec(
        select(Decision).where(
            Decision.learner_id == learner_id,
            Decision.place == PLACE,
            col(Decision.chosen_at) >= recent[-ACROSS_LAST:][0].answered_at,
        )
    )
    return [row.facts["kind"] for row in rows]


def _offers(session: Session, learning: Learning, learner_id: UUID, row: Answer, skill_id: str) -> Offers:
    library = learning.library
    item = library.items.get(row.item_id)
    seen = visits.forms_seen(session, learner_id).get(row.item_id, frozenset())
    forms = sorted(item.forms, key=lambda kind: (kind in seen, FORM_ORDER.index(kind))) if item else []
    examples = [q.id for q in library.questions.values() if skill_id in q.skills and q.id != row.question_id]
    graph = SkillGraph(library.skills)
    before = graph.requires(skill_id) if skill_id in library.skills else ()
    state: LearnerState = states.whole(session, learner_id)
    shared = terms.shared(session.connection(), learning.weights, (), before)
    now = learning.clock().timestamp()
    return Offers(forms, examples, {key: mastery(state, shared, key, now).p for key in before})


def _keep(
    session: Session,
    learning: Learning,
    learner_id: UUID,
    row: Answer,
    skill_id: str,
    approach: Approach,
    sign: Reason,
) -> Decision:
    kept = Decision(
        learner_id=learner_id,
        id=learning.new_id(),
        chosen_at=learning.clock(),
        place=PLACE,
        scope=skill_id,
        item_id=row.item_id,
        question_id=approach.question_id,
        policy="adaptive",
        reasons=[reason.as_json() for reason in (*approach.reasons, sign)],
        facts={"kind": approach.kind, "form": approach.form, "skill": approach.skill_id},
        weights_version=learning.weights.version,
        library_digest=learning.library.digest,
        answer_id=row.id,
    )
    session.add(kept)
    session.flush()
    return kept

"""How long a session should be for a person, and when to offer stopping. Short by default, and never a must."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from adaptive.reason import Reason, because

DEFAULT_MINUTES = 15
SHORTEST, LONGEST = 5, 30
PER_WEEK = 3  # sessions proposed a week unless the person wants otherwise
KNOWN = 3  # own sessions before their median counts
QUESTION_SECONDS = 60.0  # until the person's own pace is known
TIRED = 1.5  # times one's own median seconds a question, over the last answers
LAST = 4


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session as proposed: minutes, about how many questions, and why."""

    minutes: int
    questions: int
    reasons: tuple[Reason, ...]


def propose_session(
    own_minutes: Sequence[float], question_seconds: float | None = None, wanted_minutes: int | None = None
) -> SessionPlan:
    """What a session may be: what the person asked for, else their own median, else fifteen minutes.

    ``own_minutes`` are the lengths of earlier sessions, ``question_seconds`` the person's own median a question.
    """
    if wanted_minutes is not None:
        minutes, reason = wanted_minutes, because("session.wanted", minutes=wanted_minutes)
    elif len(own_minutes) >= KNOWN:
        minutes = round(min(LONGEST, max(SHORTEST, median(own_minutes))))
        reason = because("session.own_median", minutes=minutes)
    else:
        minutes = DEFAULT_MINUTES
        reason = because("session.short", minutes=minutes)
    pace = question_seconds or QUESTION_SECONDS
    return SessionPlan(minutes, max(3, round(minutes * 60 / max(10.0, pace))), (reason,))


def offer_stop(
    plan: SessionPlan,
    elapsed_minutes: float,
    outcomes: Sequence[bool],
    seconds: Sequence[float] = (),
    own_median_seconds: float | None = None,
) -> Reason | None:
    """Why stopping should be offered after an answer, or None. It is an offer: going on is as easy as stopping.

    ``outcomes`` and ``seconds`` are those of this session, the newest last. A good moment is after a right answer, so
    that a session ends well; only what would tire further is said at once.
    """
    ends_well = bool(outcomes) and outcomes[-1]
    if elapsed_minutes >= 1.5 * plan.minutes or (elapsed_minutes >= plan.minutes and ends_well):
        return because("stop.time", minutes=int(elapsed_minutes))
    if own_median_seconds and len(seconds) >= LAST and median(seconds[-LAST:]) > TIRED * own_median_seconds:
        late = elapsed_minutes >= plan.minutes / 2
        if late and sum(outcomes[-LAST:]) <= LAST // 2:
            return because("stop.tired")
    return None


def offer_pause_until(sessions_this_week: int, wanted: int = PER_WEEK) -> Reason | None:
    """What to say when the week's sessions are done: enough for this week, more if they like."""
    return because("stop.week", count=sessions_this_week) if sessions_this_week >= wanted else None

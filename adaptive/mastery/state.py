"""A learner's state as plain values: what is kept of all answers, of each skill and of each question.

Every part is a tuple of numbers with its neutral start as default, is updated in O(1), and goes through JSON unchanged.
Times are unix seconds; a time that nobody recorded is ``None``.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

START = 0.65  # where a decayed success rate begins, before the first answer


class Memory(NamedTuple):
    """An FSRS-6 memory: ``stability`` in days, ``difficulty`` 1 to 10, the moment of the last review."""

    stability: float
    difficulty: float
    reviewed_at: float


class OverallState(NamedTuple):
    """All answers of a learner.

    ``ability`` is an Elo rating in logits; ``fast``, ``middle`` and ``slow`` are success rates that forget by .7, .9
    and .98 an answer; ``surprise`` is the mean of (answer - Elo's expectation), forgetting by .9; ``last`` is the last
    outcome (1, 0, or -1 before the first); ``streak`` counts equal outcomes in a row, negative when wrong;
    ``latencies`` counts those whose time taken is known, ``log_latency`` is the mean of its logarithm (of
    seconds) and ``pace`` a running median of the same.
    """

    answers: int = 0
    wins: int = 0
    ability: float = 0.0
    fast: float = START
    middle: float = START
    slow: float = START
    surprise: float = 0.0
    last: int = -1
    last_at: float | None = None
    streak: int = 0
    latencies: int = 0
    log_latency: float = 0.0
    pace: float = 0.0


class SkillState(NamedTuple):
    """A learner's answers on one skill.

    ``offset`` is an Elo rating added to ``OverallState.ability``; ``last_index`` the learner's answer count at the last
    try; ``items`` how many different questions were met; ``streak`` as overall and ``best_streak`` the longest run of
    right answers; ``hinted`` how many answers came after a hint; ``tries_hour`` … ``wins_week`` are counts that fade
    with time constants of an hour, a day and seven days, as of ``last_at``; ``mastered_at`` is when mastery was
    first reached, from when on ``memory`` is kept.
    """

    answers: int = 0
    wins: int = 0
    offset: float = 0.0
    fast: float = START
    middle: float = START
    surprise: float = 0.0
    last: int = -1
    last_at: float | None = None
    last_index: int = 0
    items: int = 0
    streak: int = 0
    best_streak: int = 0
    hinted: int = 0
    tries_hour: float = 0.0
    tries_day: float = 0.0
    tries_week: float = 0.0
    wins_hour: float = 0.0
    wins_day: float = 0.0
    wins_week: float = 0.0
    mastered_at: float | None = None
    memory: Memory | None = None


class ItemState(NamedTuple):
    """A learner's answers on one question; the fields as in ``SkillState``."""

    answers: int = 0
    wins: int = 0
    last: int = -1
    last_at: float | None = None
    last_index: int = 0


NO_OVERALL = OverallState()
NO_SKILL = SkillState()
NO_ITEM = ItemState()


class LearnerState(NamedTuple):
    """A learner, or the part of a learner that a question touches; what is missing counts as never met."""

    overall: OverallState = NO_OVERALL
    skills: Mapping[str, SkillState] = {}
    items: Mapping[str, ItemState] = {}

    def updated(self, change: "LearnerState") -> "LearnerState":
        """This state with the parts of ``change`` in place of its own."""
        return LearnerState(change.overall, {**self.skills, **change.skills}, {**self.items, **change.items})

    def as_json(self) -> dict[str, Any]:
        """The state as JSON values, named, for storing, showing and exporting."""
        return {
            "overall": self.overall._asdict(),
            "skills": {key: skill_as_json(skill) for key, skill in self.skills.items()},
            "items": {key: item._asdict() for key, item in self.items.items()},
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "LearnerState":
        """Read what ``as_json`` wrote. Fields that are missing take their start, so older states stay readable."""
        return cls(
            OverallState(**given["overall"]),
            {key: skill_from_json(skill) for key, skill in given["skills"].items()},
            {key: ItemState(**item) for key, item in given["items"].items()},
        )


def skill_as_json(skill: SkillState) -> dict[str, Any]:
    """One skill as JSON values."""
    return {**skill._asdict(), "memory": None if skill.memory is None else skill.memory._asdict()}


def skill_from_json(given: Mapping[str, Any]) -> SkillState:
    """Read what ``skill_as_json`` wrote."""
    memory = given.get("memory")
    return SkillState(**{**given, "memory": None if memory is None else Memory(**memory)})

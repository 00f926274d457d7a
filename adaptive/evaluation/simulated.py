"""Simulated learners: what they truly know, how they answer, learn, forget, tire and lose patience.

They are assumptions, stated here in full, and no evidence about people. Nothing in them knows the band of success that
a policy aims at: a right answer teaches more than a wrong one, a harder success more than an easy one, what builds on
missing ground hardly sticks, and several failures in a row end the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from random import Random

import numpy as np

from adaptive.mastery.prediction import sigmoid
from adaptive.selection.pool import Pool, filled

HELD = 0.8  # true chance of a right answer to a middling question from which a skill is truly held
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of learner.

    ``learning`` is the gain of a right answer in logits; ``forgetting`` the share of what was gained that goes in a day
    without practice, falling with practice; ``guess`` and ``slip`` the chance of a right answer without knowing and of
    a wrong one with knowing; ``tiring`` the logits lost with each question of a session; ``patience`` how many failures
    in a row end it.
    """

    name: str
    learning: float
    forgetting: float
    guess: float
    slip: float
    tiring: float
    patience: int
    start: float


KINDS = (
    Kind("slow_and_sure", learning=0.35, forgetting=0.03, guess=0.10, slip=0.03, tiring=0.00, patience=4, start=-0.6),
    Kind("forgetful", learning=0.75, forgetting=0.25, guess=0.10, slip=0.05, tiring=0.02, patience=3, start=-0.4),
    Kind("guessing", learning=0.50, forgetting=0.08, guess=0.35, slip=0.08, tiring=0.02, patience=5, start=-0.8),
    Kind("tiring", learning=0.65, forgetting=0.08, guess=0.10, slip=0.04, tiring=0.15, patience=3, start=-0.2),
    Kind("lost", learning=0.10, forgetting=0.25, guess=0.05, slip=0.10, tiring=0.05, patience=6, start=-3.0),
)


@dataclass(frozen=True, slots=True)
class World:
    """What is to be learned: a pool in its neutral order, the prerequisites by number, and true difficulties."""

    pool: Pool
    before: tuple[tuple[int, ...], ...]
    difficulty: tuple[float, ...]

    def skill_of(self, row: int) -> int:
        """The skill of a question; here each has one."""
        return int(self.pool.teaches[row, 0])


def make_world(rng: Random, skills: int = 24, questions: int = 8) -> World:
    """A graph of skills in four courses, each building on one or two before, with questions from easy to hard.

    The authors' difficulty is the true one with an error, as it is in life.
    """
    ids = tuple(f"area{n % 4}.skill{n:02}" for n in range(skills))
    before: list[tuple[int, ...]] = []
    for n in range(skills):
        earlier = [n - 4] if n >= 4 else []
        if n >= 8 and rng.random() < 0.3:
            earlier.append(rng.randrange(n - 7))
        before.append(tuple(sorted(set(earlier))))
    order = sorted(range(skills), key=lambda n: (n % 4, n))
    names, teaches, needs, said, truth = [], [], [], [], []
    for n in order:
        for q in range(questions):
            level = rng.gauss(0.9 * (q - (questions - 1) / 2) / questions * 2, 0.3)
            names.append(f"course{n % 4}/skill{n:02}#q{q}")
            teaches.append([n])
            needs.append(list(before[n]))
            said.append(min(5, max(1, round(3 + level / 0.6 + rng.gauss(0, 0.5)))))
            truth.append(level)
    pool = Pool(
        tuple(names),
        ids,
        filled(teaches, skills),
        filled(needs, skills),
        np.array(said, dtype=np.int8),
        tuple("choice" if n % 3 else "number" for n in range(len(names))),
    )
    return World(pool, tuple(before), tuple(truth))


@dataclass
class Simulated:
    """One learner in the world: the true logits of each skill, moved by every answer and every day."""

    kind: Kind
    world: World
    rng: Random
    gained: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    practised: list[int] = field(default_factory=list)
    last_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Everyone begins a little differently."""
        count = len(self.world.pool.skill_ids)
        general = self.kind.start + self.rng.gauss(0, 0.4)
        self.start = [general + self.rng.gauss(0, 0.5) for _ in range(count)]
        self.gained, self.practised, self.last_at = [0.0] * count, [0] * count, [0.0] * count

    def logit(self, skill: int, now: float) -> float:
        """What is known of a skill now, forgetting included."""
        days = max(0.0, now - self.last_at[skill]) / DAY
        kept = exp(-self.kind.forgetting * days / (1 + 0.5 * self.practised[skill]))
        return self.start[skill] + self.gained[skill] * kept

    def knows(self, skill: int, now: float) -> float:
        """The true chance of a right answer to a middling question, without guessing, slipping or being tired."""
        return sigmoid(self.logit(skill, now))

    def answer(self, row: int, now: float, asked_today: int) -> bool:
        """Answer a question, and learn from it."""
        skill = self.world.skill_of(row)
        known = sigmoid(self.logit(skill, now) - self.world.difficulty[row] - self.kind.tiring * asked_today)
        right = self.rng.random() < self.kind.guess + (1 - self.kind.guess - self.kind.slip) * known
        ground = min((self.knows(n, now) for n in self.world.before[skill]), default=1.0)
        effort = 1.0 if right else 0.4
        gain = self.kind.learning * effort * (1.5 - known) * ground * ground
        self.gained[skill] = self.logit(skill, now) - self.start[skill] + gain
        self.practised[skill] += 1
        self.last_at[skill] = now
        return right

    def loses_patience(self, today: Sequence[bool]) -> bool:
        """Whether the session ends here: too many failures in a row."""
        patience = self.kind.patience
        return len(today) >= patience and not any(today[-patience:])

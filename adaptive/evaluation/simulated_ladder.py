"""The ladder of approaches beside a simulated learner: what would be offered after each answer, and when a person is.

Offers change nothing in a simulated learner. This tells how soon a person is offered, and to whom, not what it helps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adaptive.content.model import FORM_KINDS
from adaptive.struggle.ladder import Approach, ApproachKind, Offers, next_approach
from adaptive.struggle.signals import ACROSS_LAST, Attempt, across_skills, wrong_in_a_row
from adaptive.struggle.wheel_spinning import IN_A_ROW


@dataclass
class Ladder:
    """What was answered and offered so far; ``person_after`` the wrong answers until a person was first offered."""

    attempts: list[Attempt] = field(default_factory=list)
    used: dict[str, list[Approach]] = field(default_factory=dict)
    kinds: list[tuple[int, ApproachKind]] = field(default_factory=list)
    person_after: int | None = None

    def after(self, question: str, skill: str, right: bool, prerequisites: Mapping[str, float]) -> None:
        """Take an answer; ``prerequisites`` are the model's probabilities of what the skill builds on.

        Wheel-spinning is left out here: three wrong in a row and failing across skills are what brings an offer.
        """
        self.attempts.append(Attempt(question, (skill,), right))
        if right:
            own = [attempt.correct for attempt in self.attempts if attempt.skill_ids == (skill,)]
            if all(own[-IN_A_ROW:]) and len(own) >= IN_A_ROW:
                self.used.pop(skill, None)
            return
        everywhere = across_skills(self.attempts)
        if everywhere is None and wrong_in_a_row(self.attempts, skill) is None:
            return
        since = len(self.attempts) - ACROSS_LAST
        lately = [kind for at, kind in self.kinds if at >= since] if everywhere else None
        used = self.used.setdefault(skill, [])
        offers = Offers(FORM_KINDS, ("another question",), prerequisites)
        found = next_approach(skill, used, offers, "standard", lately)
        used.append(found)
        self.kinds.append((len(self.attempts) - 1, found.kind))
        if found.kind == "person" and self.person_after is None:
            self.person_after = sum(not attempt.correct for attempt in self.attempts)

"""The values that a choice follows: the band of success aimed at, what counts how much, what waits."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from adaptive.reason import Reason, because

Wish = Literal["easier", "harder"]
Setting = Literal["standard", "easier", "harder"]


class Band(NamedTuple):
    """Predicted probabilities of success between which a question is neither too hard nor too easy."""

    low: float
    high: float

    def distance(self, p: float) -> float:
        """How far a prediction lies outside, 0 inside."""
        return max(self.low - p, p - self.high, 0.0)


STANDARD = Band(0.75, 0.85)
# For elders by their own setting, a first session, after a failure, or on request. There is no trial evidence for
# elders in particular: it is a setting, and the learner can change it.
GENTLE = Band(0.85, 0.92)
BRISK = Band(0.65, 0.75)
BANDS: dict[Setting, Band] = {"standard": STANDARD, "easier": GENTLE, "harder": BRISK}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a choice follows.

    Answers given less than ``rest_right`` seconds ago (right) or ``rest_wrong`` (wrong) are not asked again yet. The
    weights multiply what is 0 to 1, ``distance`` what the prediction lies outside the band; ``begun`` is for what was
    begun and is not mastered, ``thread`` for what is of the same area as the last answer, so that nobody is sent from
    one thing to another.
    """

    band: Band = STANDARD
    rest_right: float = 20 * 3600.0
    rest_wrong: float = 15 * 60.0
    gain: float = 1.0
    distance: float = 5.0
    due: float = 0.8
    goal: float = 0.6
    variety: float = 0.3
    begun: float = 0.35
    thread: float = 0.35
    reasons: tuple[Reason, ...] = ()
    """Why the band is what it is, where it is not the standard one."""


def policy_for(
    setting: Setting = "standard",
    *,
    first_session: bool = False,
    after_failure: bool = False,
    base: Policy | None = None,
) -> Policy:
    """The policy for a moment.

    What the person set is never made harder: a first session and a failure only move a standard band to the gentle one.
    """
    policy = base or Policy()
    if setting == "easier":
        return replace(policy, band=GENTLE, reasons=(because("band.asked_easier"),))
    if setting == "harder":
        return replace(policy, band=BRISK, reasons=(because("band.asked_harder"),))
    if first_session:
        return replace(policy, band=GENTLE, reasons=(because("band.first_session"),))
    if after_failure:
        return replace(policy, band=GENTLE, reasons=(because("band.after_failure"),))
    return policy

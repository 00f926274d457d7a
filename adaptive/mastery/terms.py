"""What all learners share: the weights, and the terms of questions and skills."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

SLOPES = 5
NO_SLOPES = (0.0,) * SLOPES


class Term(NamedTuple):
    """What was learned about a question or a skill from everybody's answers.

    ``answers`` counts them; ``difficulty`` is an Elo rating in logits; ``bias`` and five ``slopes`` (on the features
    ``ITEM_SLOPES`` or ``SKILL_SLOPES``) are terms of the logit, each with its ``information`` (its precision is the
    information + the prior's, which is in the weights). All start at 0 and only ever have numbers added, so that the
    changes of several processes can be added in any order.
    """

    answers: int = 0
    difficulty: float = 0.0
    bias: float = 0.0
    information: float = 0.0
    slopes: tuple[float, ...] = NO_SLOPES
    slope_information: tuple[float, ...] = NO_SLOPES


ItemTerm = Term
SkillTerm = Term
NO_TERM = NO_ITEM_TERM = NO_SKILL_TERM = Term()


class Precisions(NamedTuple):
    """The precisions of the priors of the terms: of the bias and of the five slopes, of questions and of skills."""

    item_bias: float
    item_slopes: tuple[float, ...]
    skill_bias: float
    skill_slopes: tuple[float, ...]


class Weights(NamedTuple):
    """A version of the model: an intercept and, feature by feature, a weight, its standard deviation, and the mean and
    scale (1 / standard deviation) by which the raw feature is standardised. ``origin`` says what it was fitted on.
    """

    version: str
    origin: str
    intercept: float
    values: tuple[float, ...]
    deviations: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    precisions: Precisions

    def as_json(self) -> dict[str, Any]:
        """As JSON values, one object a feature."""
        from adaptive.mastery.features import NAMES

        columns = zip(NAMES, self.values, self.deviations, self.means, self.scales, strict=True)
        return {
            "version": self.version,
            "origin": self.origin,
            "intercept": self.intercept,
            "precisions": self.precisions._asdict(),
            "features": {
                name: {"weight": weight, "deviation": deviation, "mean": mean, "scale": scale}
                for name, weight, deviation, mean, scale in columns
            },
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Weights":
        """Read what ``as_json`` wrote; a feature that is not in it has the weight 0."""
        from adaptive.mastery.features import NAMES

        nothing = {"weight": 0.0, "deviation": 0.0, "mean": 0.0, "scale": 1.0}
        rows = [given["features"].get(name, nothing) for name in NAMES]
        values, deviations, means, scales = (
            tuple(float(row[key]) for row in rows) for key in ("weight", "deviation", "mean", "scale")
        )
        priors = given["precisions"]
        precisions = Precisions(
            float(priors["item_bias"]),
            tuple(map(float, priors["item_slopes"])),
            float(priors["skill_bias"]),
            tuple(map(float, priors["skill_slopes"])),
        )
        intercept = float(given["intercept"])
        return cls(given["version"], given["origin"], intercept, values, deviations, means, scales, precisions)


@cache
def default_weights() -> Weights:
    """The weights that are shipped, for the first day."""
    return Weights.from_json(json.loads((files("adaptive.mastery") / "weights.json").read_text("utf-8")))


class Shared(NamedTuple):
    """The weights with the terms of the questions and skills at hand; a missing term is one without answers yet."""

    weights: Weights
    items: Mapping[str, ItemTerm] = {}
    skills: Mapping[str, SkillTerm] = {}

    def plus(self, change: "SharedChange") -> "Shared":
        """With a change added."""
        items = {key: add(self.items.get(key, NO_TERM), term) for key, term in change.items.items()}
        skills = {key: add(self.skills.get(key, NO_TERM), term) for key, term in change.skills.items()}
        return Shared(self.weights, {**self.items, **items}, {**self.skills, **skills})


class SharedChange(NamedTuple):
    """What one answer adds to the terms of its question and its skills; fields are to be added one by one."""

    items: Mapping[str, ItemTerm]
    skills: Mapping[str, SkillTerm]


def add(term: Term, change: Term) -> Term:
    """Their sum, field by field."""
    a, b, c, d, e = term[4]
    f, g, h, i, j = change[4]
    k, l, m, n, o = term[5]  # noqa: E741
    p, q, r, s, t = change[5]
    return Term(
        term[0] + change[0],
        term[1] + change[1],
        term[2] + change[2],
        term[3] + change[3],
        (a + f, b + g, c + h, d + i, e + j),
        (k + p, l + q, m + r, n + s, o + t),
    )


add_item = add_skill = add

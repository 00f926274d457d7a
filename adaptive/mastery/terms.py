"""What all learners share: the weights, and the terms of questions and skills."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

SLOPES = 5
NO_SLOPES = (0.0,) * SLOPES


class ItemTerm(NamedTuple):
    """What was learned about a question: Elo ``difficulty`` (logits), number of ``answers``, ``bias`` and its
    ``information`` (the precision of the bias is ``information`` + the prior's). All start at 0 and only ever have
    numbers added, so that changes from several processes can be added in any order.
    """

    answers: int = 0
    difficulty: float = 0.0
    bias: float = 0.0
    information: float = 0.0


class SkillTerm(NamedTuple):
    """The same of a skill, with ``slopes`` on five features and their information."""

    answers: int = 0
    difficulty: float = 0.0
    bias: float = 0.0
    information: float = 0.0
    slopes: tuple[float, ...] = NO_SLOPES
    slope_information: tuple[float, ...] = NO_SLOPES


NO_ITEM_TERM = ItemTerm()
NO_SKILL_TERM = SkillTerm()


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

    def as_json(self) -> dict[str, Any]:
        """As JSON values, one object a feature."""
        from adaptive.mastery.features import NAMES

        columns = zip(NAMES, self.values, self.deviations, self.means, self.scales, strict=True)
        return {
            "version": self.version,
            "origin": self.origin,
            "intercept": self.intercept,
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
        columns = (tuple(float(row[key]) for row in rows) for key in ("weight", "deviation", "mean", "scale"))
        return cls(given["version"], given["origin"], float(given["intercept"]), *columns)


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
        items = {key: add_item(self.items.get(key, NO_ITEM_TERM), term) for key, term in change.items.items()}
        skills = {key: add_skill(self.skills.get(key, NO_SKILL_TERM), term) for key, term in change.skills.items()}
        return Shared(self.weights, {**self.items, **items}, {**self.skills, **skills})


class SharedChange(NamedTuple):
    """What one answer adds to the terms of its question and its skills; fields are to be added one by one."""

    items: Mapping[str, ItemTerm]
    skills: Mapping[str, SkillTerm]


def add_item(term: ItemTerm, change: ItemTerm) -> ItemTerm:
    """Their sum."""
    return ItemTerm(
        term[0] + change[0],
        term[1] + change[1],
        term[2] + change[2],
        term[3] + change[3],
    )


def add_skill(term: SkillTerm, change: SkillTerm) -> SkillTerm:
    """Their sum."""
    return SkillTerm(
        term[0] + change[0],
        term[1] + change[1],
        term[2] + change[2],
        term[3] + change[3],
        tuple([a + b for a, b in zip(term[4], change[4], strict=True)]),
        tuple([a + b for a, b in zip(term[5], change[5], strict=True)]),
    )

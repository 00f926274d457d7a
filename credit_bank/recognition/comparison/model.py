"""How features are weighed and how sure that makes: one model for text alone, one for text with precedents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from credit_bank.recognition.comparison.features import NAMES
from credit_bank.recognition.comparison.ranker import Calibration


@dataclass(frozen=True, slots=True)
class Model:
    """A weight for each feature, in the order of ``NAMES``, and what makes a first candidate's confidence.

    ``backing`` is what the share of precedents behind it is worth (``ranker.sureness``).
    """

    weights: tuple[float, ...]
    calibration: Calibration
    backing: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As JSON values, the weights by name."""
        return {
            "weights": dict(zip(NAMES, (round(weight, 4) for weight in self.weights), strict=True)),
            "backing": round(self.backing, 4),
            "at": [round(value, 6) for value in self.calibration.at],
            "confidence": [round(value, 4) for value in self.calibration.confidence],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Model":
        """Read what ``as_json`` wrote; a feature that is not in it weighs nothing."""
        weights = tuple(float(given["weights"].get(name, 0.0)) for name in NAMES)
        calibration = Calibration(tuple(map(float, given["at"])), tuple(map(float, given["confidence"])))
        return cls(weights, calibration, float(given.get("backing", 0.0)))


@dataclass(frozen=True, slots=True)
class Models:
    """The model where no precedent speaks, and the one where some do."""

    text: Model
    precedents: Model

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"text": self.text.as_json(), "precedents": self.precedents.as_json()}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Models":
        """Read what ``as_json`` wrote."""
        return cls(Model.from_json(given["text"]), Model.from_json(given["precedents"]))


@cache
def shipped_models() -> Models:
    """The models that are shipped: ``docs/explanation/comparison.md`` says what they were fitted on."""
    return Models.from_json(json.loads((files("credit_bank.recognition.comparison") / "model.json").read_text("utf-8")))

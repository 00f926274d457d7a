"""A finding before publication, and the places that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from credit_bank.errors import Parameter

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A rule set, or a rule, limit, table, scale or level map of it by its id."""

    ruleset: str
    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Lint:
    """One finding; ``code`` keys its sentence ``lint.<code>``."""

    code: str
    severity: Severity
    places: tuple[Place, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The finding as plain JSON values."""
        places = [{"ruleset": one.ruleset, "kind": one.kind, "id": one.id} for one in self.places]
        return {
            "code": self.code,
            "severity": self.severity,
            "places": places,
            "parameters": dict(self.parameters),
        }

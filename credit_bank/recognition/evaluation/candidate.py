"""A candidate: one way to use some of a learner's outcomes by one rule, with every reason for and against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from credit_bank.errors import Parameter
from credit_bank.recognition.rules.rule import Bridge, Result
from credit_bank.recognition.rules.ruleset import Basis
from credit_bank.report import Outcome as Finding


@dataclass(frozen=True, slots=True)
class RuleReference:
    """The rule that a candidate follows, by the hash of the set it stands in (rule R19)."""

    ruleset: str
    sha256: str
    rule: str
    basis: Basis
    priority: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at. ``rule`` is the number of the rule of recognition ("R4") that asks for it.

    ``code`` keys the sentence ``finding.<code>``; ``outcome`` is the id of the outcome it is about, or empty.
    """

    rule: str
    finding: Finding
    code: str
    outcome: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The reason as plain JSON values."""
        return {
            "rule": self.rule,
            "finding": self.finding.value,
            "code": self.code,
            "outcome": self.outcome,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True, slots=True)
class Given:
    """Credit that a candidate would give: for ``course``, or elective in ``component``.

    ``credits`` in the receiving framework's smallest step, those at once; ``bridged`` come when the bridge is done.
    ``grade`` is a suggestion until somebody approves it (rule R5); empty where none is recorded.
    """

    course: str
    component: str
    credits: int
    bridged: int = 0
    grade: str = ""
    counts_in_gpa: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one rule would make of these outcomes. ``spends`` says how many steps of each outcome it takes.

    ``eligible``: no reason fails and none that is needed could not be checked. Limits, single use among candidates and
    duplicate content are for whoever chooses among them.
    """

    id: str
    rule: RuleReference
    spends: Mapping[str, int]
    given: tuple[Given, ...]
    result: Result
    use: str
    reasons: tuple[Reason, ...]
    eligible: bool
    bridge: Bridge | None = None
    share: Fraction = Fraction(1)

    @property
    def credits(self) -> int:
        """The credits that it gives at once, in the receiving framework's smallest step."""
        return sum(one.credits for one in self.given)

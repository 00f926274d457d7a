"""The best use of a learner's outcomes: for one programme, for several apart, or for several at once.

The first aim is the credits that count towards graduation. Among choices that count as much, in this order: more
credit behind bridges; fewer outcomes spent; those that would be lost sooner; rules that go before in the order of R17.
With several programmes at once it is the sum of their credits, and an outcome spent for one is not there for another.
No plan counts less than the greedy answer, and the same input gives the same plan unless time ran out (``proven``,
``settled``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from credit_bank.recognition.evaluation.case import Case, Choice
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.evaluation.proposing import greedy, proposal_of
from credit_bank.recognition.planning.model import build
from credit_bank.recognition.planning.solving import choices, counted, solve

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The best choice for some programmes together, one proposal for each, beside what the greedy answer counts.

    ``credits`` and ``greedy`` are sums over the programmes in steps. ``proven``: no choice counts more; otherwise none
    counts more than ``most``. ``settled``: the order among choices that count as much was decided too.
    """

    proposals: tuple[Proposal, ...]
    credits: int
    greedy: int
    most: int
    proven: bool
    settled: bool

    @property
    def gap(self) -> int:
        """By how many steps a better choice could exceed this one at most; 0 where it is proven."""
        return self.most - self.credits


def best(cases: Sequence[Case], seconds: float = SECONDS) -> Plan:
    """The best choice for these programmes at once; one case for one programme. It stops after ``seconds``."""
    start = greedy_together(cases)
    model = build(cases, [case.open for case in cases])
    found = solve(model, cases, [choice.taken for choice in start], seconds)
    made = choices(cases, found.chosen)
    assert made is not None  # checked by the solver
    return Plan(
        proposals=tuple(proposal_of(choice.case, choice) for choice in made),
        credits=found.credits,
        greedy=counted(cases, [choice.taken for choice in start])[0],
        most=found.most,
        proven=found.proven,
        settled=found.settled,
    )


def closest(cases: Sequence[Case], seconds: float = SECONDS) -> tuple[Plan, ...]:
    """A plan for each programme by itself, first the one that lacks least for graduation."""
    plans = [best([case], seconds) for case in cases]
    return tuple(sorted(plans, key=lambda plan: (plan.proposals[0].missing, plan.proposals[0].programme)))


def greedy_together(cases: Sequence[Case]) -> list[Choice]:
    """The greedy answer of each programme in turn, with what the ones before have left."""
    spent: dict[tuple[str, str], int] = {}
    return [greedy(case, spent) for case in cases]

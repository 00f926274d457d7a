"""The greedy answer: candidates taken one by one in the order of precedence (rule R17), under every limit.

It is what a careful clerk would do with the published rules, and what the best plan is held against.
"""

from collections.abc import Collection, Iterable
from datetime import date

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.case import Case, Choice, make_case, precedence
from credit_bank.recognition.evaluation.explaining import explain
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.ruleset import RuleSet


def propose(
    outcomes: Iterable[HeldOutcome],
    programme: Programme,
    rulesets: Iterable[RuleSet],
    candidates: Iterable[Candidate],
    on: date,
    completed: Collection[str] = (),
) -> Proposal:
    """What the published rules make of the outcomes, in the order of R17. Nothing is kept of it.

    ``candidates`` are what the rules allow for these outcomes on that day, ``completed`` the courses that the learner
    has passed in the programme. Raises InvalidInput for a course or component that the programme has not.
    """
    case = make_case(outcomes, programme, rulesets, candidates, on, completed)
    return proposal_of(case, greedy(case))


def greedy(case: Case, spent: dict[tuple[str, str], int] | None = None) -> Choice:
    """Take what goes before, if nothing stands in its way and it adds credit, until nothing more can be added.

    Among equals what is lost sooner goes first, then the lower id. ``spent`` is as in ``Choice``.
    """
    choice = Choice(case, spent)
    waiting = sorted(case.open, key=lambda id: (precedence(case.by_id[id]), _life(case, id), id))
    while True:
        left = []
        for id in waiting:
            if choice.obstacles(id):
                continue  # what is in its way stays there
            if choice.gain(id) > (0, 0):
                choice.take(id)
            else:
                left.append(id)
        if len(left) == len(waiting):
            return choice
        waiting = left


def proposal_of(case: Case, choice: Choice) -> Proposal:
    """A choice as a proposal, with all reasons."""
    now, later = choice.counts()
    reasons, courses = explain(case, choice)
    return Proposal(
        programme=case.programme.id,
        on=case.on,
        candidates=case.candidates,
        chosen=tuple(choice.taken),
        reasons=reasons,
        counters=case.counters,
        credits=now,
        missing=case.total - now,
        rulesets=case.rulesets,
        bridged=later - now,
        courses=courses,
    )


def _life(case: Case, id: str) -> date:
    """Until when the first of a candidate's outcomes is good."""
    return min((case.outcomes[one].valid_until or date.max for one in case.by_id[id].spends), default=date.max)

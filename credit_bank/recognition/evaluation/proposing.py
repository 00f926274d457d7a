"""The greedy answer: candidates taken one by one in the order of precedence (rule R17), under every limit.

It is what a careful clerk would do with the published rules, and what the best plan is held against.
"""

from collections.abc import Collection, Sequence
from datetime import date

from credit_bank.recognition.evaluation.book import RuleBook, course_key
from credit_bank.recognition.evaluation.case import Case, Choice, make_case
from credit_bank.recognition.evaluation.explaining import explain
from credit_bank.recognition.evaluation.matching import candidates
from credit_bank.recognition.evaluation.precedence import rank
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState
from credit_bank.recognition.programme import Programme


def prepare(
    outcomes: Sequence[HeldOutcome],
    programme: Programme,
    book: RuleBook,
    on: date,
    identity: str,
    completed: Collection[str] = (),
) -> Case:
    """The case of these outcomes by the rules in force on that day.

    ``completed`` are courses passed in the programme, beside recognised outcomes of its own institution that carry a
    course's code and are not converted into it by a rule. Raises KeyError where the book does not know the
    programme's framework, InvalidInput for a course or component that the programme has not.
    """
    found = candidates(outcomes, programme, book, on, identity)
    convertible = {given.course for one in found if one.eligible for given in one.given}
    codes = {course_key("", course.code): course.code for course in programme.courses}
    passed = {
        codes[key]
        for one in outcomes
        if one.institution == programme.institution and one.state is OutcomeState.RECOGNISED
        if (key := course_key("", one.code)) in codes
    }
    return make_case(
        outcomes,
        programme,
        book.in_force(programme, on),
        found,
        on,
        {*completed, *(passed - convertible)},
        book.frameworks[programme.framework],
    )


def propose(
    outcomes: Sequence[HeldOutcome],
    programme: Programme,
    book: RuleBook,
    on: date,
    identity: str,
    completed: Collection[str] = (),
) -> Proposal:
    """What the published rules make of the outcomes, in the order of R17. Nothing is kept of it.

    Arguments and errors are those of ``prepare``.
    """
    case = prepare(outcomes, programme, book, on, identity, completed)
    return proposal_of(case, greedy(case))


def greedy(case: Case, spent: dict[tuple[str, str], int] | None = None) -> Choice:
    """Take what goes before, if nothing stands in its way and it adds credit, until nothing more can be added.

    Among equals what is lost sooner goes first, then the lower id. ``spent`` is as in ``Choice``.
    """
    choice = Choice(case, spent)
    waiting = sorted(case.open, key=lambda id: (rank(case.by_id[id]), _life(case, id), id))
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
        rulesets=tuple(f"{one.id}@{one.version}" for one in case.rulesets),
        bridged=later - now,
        courses=courses,
    )


def _life(case: Case, id: str) -> date:
    """Until when the first of a candidate's outcomes is good."""
    return min((case.outcomes[one].valid_until or date.max for one in case.by_id[id].spends), default=date.max)

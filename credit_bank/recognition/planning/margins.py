"""What would change the plan: caps that bind, and the courses and outcomes that would bring most next.

Each is found by solving again with that one thing changed, for the first aim only. Most need no solver: what can be
added to the plan as it stands, and counts in full there, cannot bring more. The rest is bounded in number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from credit_bank.recognition.evaluation.candidate import Candidate, Given, Reason, RuleReference
from credit_bank.recognition.evaluation.case import Case, Choice, make_case
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.planning.model import build
from credit_bank.recognition.planning.solving import most_credits
from credit_bank.recognition.rules.rule import Result
from credit_bank.recognition.rules.ruleset import Basis
from credit_bank.report import Outcome as Finding

STUDY = "study:"


@dataclass(frozen=True, slots=True)
class Next:
    """One more thing a learner could do, and the credits by which the best plan would then count more, in steps.

    A ``course`` is taken in the programme itself; an ``outcome`` is planned elsewhere and then converted. Not
    ``exact``: at least that many; it was not solved again.
    """

    kind: Literal["course", "outcome"]
    id: str
    title: str
    credits: int
    gain: int
    exact: bool = True


def binding_limits(case: Case, proposal: Proposal, most: int = 6, seconds: float = 2.0) -> tuple[Reason, ...]:
    """For each cap that keeps a candidate out of the plan: what the plan would count if the cap were a little higher.

    It is raised by one credit, course or outcome, or by as much as lets in the candidate that lacks least; told is the
    part of it that a better plan takes. Caps that would change nothing are told as such. At most ``most`` are looked
    at, those that keep out most candidates first.
    """
    choice = _rebuilt(case, proposal.chosen)
    lacking: dict[int, list[int]] = {}
    for id in set(case.open) - set(proposal.chosen):
        for obstacle in choice.obstacles(id):
            if obstacle.counter is not None:
                number = case.counters.index(obstacle.counter)
                lacking.setdefault(number, []).append(obstacle.needed - obstacle.left)
    found = []
    for number in sorted(lacking, key=lambda one: (-len(lacking[one]), one))[:most]:
        shown = case.counters[number].parameters
        in_steps = shown["unit"] == "credits"
        step = case.framework.steps_per_credit if in_steps else 1
        more = max(step, min(lacking[number]))
        higher = _raised(case, number, more)
        afresh = most_credits(build([higher], [higher.open]), [higher], [proposal.chosen], seconds)
        gain = max(afresh.credits - proposal.credits, 0)
        code = "plan.limit_higher" if gain else "plan.limit_no_matter" if afresh.proven else "plan.limit_unknown"
        if gain:
            counter = case.counters[number]
            more = counter.already + sum(counter.weights.get(id, 0) for id in afresh.chosen[0]) - counter.bound
        found.append(
            Reason(
                "R10" if shown["base"] == "total" and not shown["narrowed"] else "R11",
                Finding.FAIL if gain else Finding.NOT_APPLICABLE,
                f"{code}_{shown['unit']}" if gain else code,
                "",
                {
                    "limit": str(shown["title"]),
                    "limit_en": str(shown["title_en"] or shown["title"]),
                    "more": case.framework.credits(more) if in_steps else more,
                    "gain": case.framework.credits(gain),
                },
            )
        )
    return tuple(found)


def _raised(case: Case, number: int, more: int) -> Case:
    counters = list(case.counters)
    counters[number] = replace(counters[number], bound=counters[number].bound + more)
    return replace(case, counters=tuple(counters))


def next_steps(
    case: Case,
    proposal: Proposal,
    planned: Sequence[HeldOutcome] = (),
    candidates: Iterable[Candidate] = (),
    *,
    solves: int = 12,
    seconds: float = 1.0,
) -> tuple[Next, ...]:
    """The courses of the programme and the planned outcomes that would bring something, the most first.

    ``proposal`` is the best plan of the case. ``candidates`` are what the rules make of the planned outcomes, alone
    and with those of the case. At most ``solves`` are solved again, those that could bring most; each stops after
    ``seconds``.
    """
    extra = {one.id for one in planned}
    extended = make_case(
        [*case.outcomes.values(), *planned],
        case.programme,
        case.rulesets,
        [
            *case.candidates,
            *(one for one in candidates if extra & one.spends.keys()),
            *_studies(case, proposal),
        ],
        case.on,
        case.completed,
        case.framework,
    )
    plan = _rebuilt(extended, proposal.chosen)
    options = _options(extended, planned)
    base = [id for id in extended.open if not id.startswith(STUDY) and extra.isdisjoint(extended.by_id[id].spends)]
    found: list[Next] = []
    for option, ids in sorted(options, key=lambda one: (-one[0].gain, one[0].kind, one[0].id)):
        adds = max((plan.gain(id)[0] for id in ids if not plan.obstacles(id)), default=0)
        most = min(option.gain, proposal.missing)
        exact = adds >= most
        if not exact and solves > 0:
            solves -= 1
            model = build([extended], [{*base, *ids}])
            afresh = most_credits(model, [extended], [proposal.chosen], seconds)
            adds, exact = max(adds, afresh.credits - proposal.credits), afresh.proven
        if adds > 0:
            found.append(Next(option.kind, option.id, option.title, option.credits, adds, exact))
    return tuple(sorted(found, key=lambda one: (-one.gain, one.kind, one.id)))


def _options(case: Case, planned: Sequence[HeldOutcome]) -> list[tuple[Next, list[str]]]:
    """What could be done next with its candidates; ``gain`` is the most that these could give."""
    open = set(case.open)
    options = []
    for course in case.programme.courses:
        if STUDY + course.code in open:
            ids = [STUDY + course.code]
            options.append((Next("course", course.code, course.title, course.credits, course.credits), ids))
    held = {one.id for one in planned}
    for outcome in planned:
        ids = [id for id in case.open if held & case.by_id[id].spends.keys() == {outcome.id}]
        uses = {case.by_id[id].use for id in ids}
        splits = len(uses) > 1 or any(case.by_id[id].spends[outcome.id] < outcome.credits for id in ids)
        given = [case.by_id[id].credits for id in ids]
        most = sum(given) if splits else max(given, default=0)
        if ids:
            options.append((Next("outcome", outcome.id, outcome.title, outcome.credits, most), ids))
    return options


def _studies(case: Case, proposal: Proposal) -> list[Candidate]:
    """The courses that the plan does not give, each as something the learner could still take in the programme."""
    have = {given.course for id in proposal.chosen for given in case.by_id[id].given} | set(case.completed)
    return [
        Candidate(
            id=STUDY + course.code,
            rule=RuleReference("", "", "", Basis.PROGRAMME, 0),
            spends={},
            given=(Given(course.code, course.component, course.credits),),
            result=Result.EQUIVALENT,
            use="study",
            reasons=(),
            eligible=True,
        )
        for course in case.programme.courses
        if course.code not in have
    ]


def _rebuilt(case: Case, chosen: Iterable[str]) -> Choice:
    choice = Choice(case)
    for id in chosen:
        choice.take(id)
    return choice

"""``plan``: the best use of outcomes in one programme or several, beside the answer by the order of rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.case import Case
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.evaluation.proposing import greedy, prepare, proposal_of
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState
from credit_bank.recognition.planning.best import Plan, best, closest
from credit_bank.recognition.planning.margins import Next, binding_limits, next_steps
from credit_bank.recognition.programme import Programme
from web.cli.command import Command, json_option, option
from web.cli.ruling import SIGNS, RuleFiles, day_of, outcomes_of, programme_of, read_files, tell_refused
from web.cli.terminal import terminal

STEPS = 8


@dataclass(frozen=True)
class _Planned:
    """What is told of one programme."""

    case: Case
    best: Proposal
    ordered: Proposal
    limits: tuple[Reason, ...]
    next: tuple[Next, ...]


@click.command("plan", cls=Command, help="plan")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…")
@option("--programme", "wanted", multiple=True, required=True, metavar="FILE|ID", help="plan_programme")
@option(
    "--outcomes", "outcomes_file", required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="rules_outcomes",
)  # fmt: skip
@option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="rules_on")
@option("--identity", default="document-seen", show_default=True, metavar="LEVEL", help="rules_identity")
@option("--together", is_flag=True, help="plan_together")
@option("--seconds", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="plan_seconds")
@json_option
def plan(
    files: tuple[str, ...],
    wanted: tuple[str, ...],
    outcomes_file: str,
    on: datetime | None,
    identity: str,
    together: bool,
    seconds: float,
    as_json: bool,
) -> None:
    """Print the best plan of each programme, what lacks least first. Exit code 1: nothing counts."""
    read = read_files([*files, *(one for one in wanted if Path(one).is_file() and one not in files)])
    outcomes = outcomes_of(outcomes_file, read)
    if read.refused or outcomes is None:
        tell_refused(read, as_json=as_json)
        click.get_current_context().exit(1)
    book = RuleBook(read.rulesets, read.frameworks)
    now = [one for one in outcomes if one.state is not OutcomeState.PLANNED]
    later = [one for one in outcomes if one.state is OutcomeState.PLANNED]
    programmes = [programme_of(read, one) for one in wanted]
    cases = [prepare(now, one, book, day_of(on), identity) for one in programmes]
    plans = [best(cases, seconds)] if together else list(closest(cases, seconds))
    by_id = {case.programme.id: case for case in cases}
    told = [
        _planned(by_id[proposal.programme], proposal, later, book, identity)
        for one in plans
        for proposal in one.proposals
    ]
    if as_json:
        terminal().json({"plans": [_plan_as_json(one) for one in plans], "programmes": [_as_json(one) for one in told]})
    else:
        _tell(told, plans, read)
    click.get_current_context().exit(0 if any(one.best.credits for one in told) else 1)


def _planned(case: Case, proposal: Proposal, later: Sequence[HeldOutcome], book: RuleBook, identity: str) -> _Planned:
    more: tuple[Candidate, ...] = ()
    if later:
        everything = prepare([*case.outcomes.values(), *later], case.programme, book, case.on, identity)
        more = everything.candidates
    return _Planned(
        case,
        proposal,
        proposal_of(case, greedy(case)),
        binding_limits(case, proposal),
        next_steps(case, proposal, later, more),
    )


def _tell(told: Sequence[_Planned], plans: Sequence[Plan], read: RuleFiles) -> None:
    out = terminal()
    for one in told:
        programme, credits = one.case.programme, one.case.framework.credits
        out.say("plan.programme", programme=_title(programme), id=programme.id, total=credits(one.case.total))
        out.say("plan.best", credits=credits(one.best.credits), missing=credits(one.best.missing))
        if one.best.bridged:
            out.say("plan.bridged", credits=credits(one.best.bridged))
        out.say("plan.ordered", credits=credits(one.ordered.credits), missing=credits(one.ordered.missing))
        out.line()
        for id, outcome in one.case.outcomes.items():
            same = one.best.reasons[id] == one.ordered.reasons[id]
            out.line(f"{id}  {outcome.title}")
            _reasons(one.best.reasons[id])
            if not same:
                out.line(f"  {out.text('plan.by_order')}")
                _reasons(one.ordered.reasons[id], "    ")
        _reasons(one.limits, "")
        if one.next:
            out.line()
            out.say("plan.next")
        for step in one.next[:STEPS]:
            gain = credits(step.gain)
            out.line(f"  {out.text(f'plan.next_{step.kind}', id=step.id, title=step.title, gain=gain)}")
        out.line()
    for each in plans:
        if not each.proven:
            out.say("plan.not_proven", gap=read.frameworks[told[0].case.framework.id].credits(each.gap))
    out.say("rules.a_person_decides")


def _title(programme: Programme) -> str:
    return (programme.title_en if terminal().locale == "en" else "") or programme.title


def _reasons(reasons: Sequence[Reason], indent: str = "  ") -> None:
    out = terminal()
    for one in reasons:
        out.line(
            f"{indent}{SIGNS[one.finding.value]} {one.rule:<4}{out.library(f'finding.{one.code}', one.parameters)}"
        )


def _plan_as_json(one: Plan) -> dict[str, object]:
    return {
        "programmes": [proposal.programme for proposal in one.proposals],
        "credits": one.credits,
        "by_order": one.greedy,
        "at_most": one.most,
        "proven": one.proven,
        "settled": one.settled,
    }


def _as_json(one: _Planned) -> dict[str, object]:
    return {
        "programme": one.case.programme.id,
        "best": _proposal_as_json(one.best),
        "by_order": _proposal_as_json(one.ordered),
        "limits": [reason.as_dict() for reason in one.limits],
        "next": [
            {"kind": step.kind, "id": step.id, "title": step.title, "gain": step.gain, "exact": step.exact}
            for step in one.next
        ],
    }


def _proposal_as_json(proposal: Proposal) -> Mapping[str, object]:
    return {
        "chosen": list(proposal.chosen),
        "credits": proposal.credits,
        "bridged": proposal.bridged,
        "missing": proposal.missing,
        "outcomes": {id: [one.as_dict() for one in reasons] for id, reasons in proposal.reasons.items()},
        "courses": {code: [one.as_dict() for one in reasons] for code, reasons in proposal.courses.items()},
    }

"""The blueprint of plans, and how a plan is put into words on every page that shows one."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint

from credit_bank.evaluating import Evaluated
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.proposal import Counter
from credit_bank.recognition.outcome import OutcomeState
from credit_bank.recognition.planning.margins import binding_limits, next_steps
from credit_bank.recognition.programme import Programme
from credit_bank.report import Outcome as Finding
from credit_bank.sentences import sentence
from web.charts import Stretch, stretches
from web.messages import locale, number, t
from web.views.cases.blueprint import Choice, reason

blueprint = Blueprint("plans", __name__)

NEXT = 6


@dataclass(frozen=True, slots=True)
class Amount:
    """A part of what graduation takes: which, how many credits, and its stretch of the bar."""

    kind: str
    credits: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Sum:
    """What counts already, would be converted and is still missing, which add up to the total.

    ``later`` are credits that come when a bridge is done, or None; ``more`` is what the plan counts beyond the answer
    by the order of rules, or None; ``gap`` by how much a better plan could exceed this one where time ran out.
    """

    parts: tuple[Amount, ...]
    total: str
    gives: str
    later: str | None
    more: str | None
    gap: str | None


def sum_of(found: Evaluated) -> Sum:
    """The sum of a plan, in credits."""
    proposal, already = found.proposal, found.already
    steps = (already, max(proposal.credits - already, 0), proposal.missing)
    kinds = ("already", "converted", "missing")
    parts = zip(kinds, steps, stretches(steps), strict=True)
    ahead = found.plan.credits - found.plan.greedy
    return Sum(
        parts=tuple(Amount(kind, _credits(found, amount), stretch) for kind, amount, stretch in parts),
        total=_credits(found, found.case.total),
        gives=_credits(found, steps[1]),
        later=_credits(found, proposal.bridged) if proposal.bridged else None,
        more=_credits(found, ahead) if ahead > 0 else None,
        gap=None if found.plan.proven else _credits(found, found.plan.gap),
    )


@dataclass(frozen=True, slots=True)
class Limited:
    """A limit with how much of it was used before and by the plan; ``left`` says what is left, or still asked for."""

    title: str
    bound: str
    before: str
    used: str
    left: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan in words: outcomes used and not used, limits, which of them bind, and what to do next.

    ``unrecognised``: an outcome is not used that nobody has recognised yet.
    """

    uses: tuple[Choice, ...]
    unused: tuple[tuple[str, tuple[str, ...]], ...]
    unrecognised: bool
    limits: tuple[Limited, ...]
    binding: tuple[str, ...]
    next: tuple[str, ...]


def shown(found: Evaluated, *, seconds: float = 0.5) -> Shown:
    """The plan in words. Each question of what else would bring something stops after ``seconds``."""
    case, proposal = found.case, found.proposal
    chosen = [case.by_id[id] for id in proposal.chosen]
    spent = {id for one in chosen for id in one.spends}
    return Shown(
        uses=tuple(_use(found, one) for one in chosen),
        unused=_unused(found, spent),
        unrecognised=any(case.outcomes[id].state is OutcomeState.RECORDED for id in case.outcomes.keys() - spent),
        limits=tuple(_limited(found, counter) for counter in proposal.counters),
        binding=_words(binding_limits(case, proposal, seconds=seconds)),
        next=tuple(
            t(
                "plans.next.exactly" if step.exact else "plans.next.at_least",
                title=step.title,
                credits=_credits(found, step.gain),
            )
            for step in next_steps(case, proposal, seconds=seconds)[:NEXT]
        ),
    )


def title_of(programme: Programme) -> str:
    """The title of a programme in the reader's language."""
    return (programme.title_en if locale() == "en" else "") or programme.title


def _credits(found: Evaluated, steps: int) -> str:
    return number(found.case.framework.credits(steps))


def _words(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(sentence(f"finding.{one.code}", locale(), **one.parameters) for one in reasons)


def _unused(found: Evaluated, spent: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The outcomes that are not used with what is against each; those of which the same is said stand together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for id, outcome in found.case.outcomes.items():
        if id not in spent:
            together.setdefault(_words(_against(found.proposal.reasons[id])), []).append(outcome.title)
    return tuple((t("plans.list").join(titles), words) for words, titles in together.items())


def _against(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that speak against a use; what was only noted on the way is left out where there are any."""
    every = list(reasons)
    grave = [one for one in every if one.finding in (Finding.FAIL, Finding.UNCHECKED) or one.code.startswith("choice.")]
    return grave or every


def _use(found: Evaluated, one: Candidate) -> Choice:
    """A chosen candidate as the pages of applications show one, its reason in plain words first."""
    other = [r for id in one.spends for r in found.proposal.reasons[id] if not r.code.startswith("choice.used")]
    titles = {course.code: course.title for course in found.programme.courses}
    titles |= {part.id: part.title for part in found.programme.components}
    return Choice(
        id=one.id,
        uses=tuple(found.case.outcomes[id].title for id in one.spends),
        gives=tuple(
            t(
                "cases.award",
                name=titles.get(given.course or given.component, given.course or given.component),
                credits=_credits(found, given.credits),
            )
            for given in one.given
        ),
        rule=one.rule.rule,
        ruleset=one.rule.ruleset,
        sha256=one.rule.sha256,
        reasons=tuple((r.finding.value, reason(r.as_dict())) for r in (*other, *one.reasons)),
        eligible=True,
    )


def _limited(found: Evaluated, counter: Counter) -> Limited:
    shown = counter.parameters
    unit = str(shown["unit"])

    def amount(value: int) -> str:
        return t(f"plans.unit.{unit}", count=_credits(found, value) if unit == "credits" else number(value))

    used = sum(counter.weights.get(id, 0) for id in found.proposal.chosen)
    rest = counter.bound - counter.already - used
    capped = counter.sense == "at-most"
    where = " ".join(str(part) for part in (shown["window"], shown["institution"]) if part)
    title = str((shown["title_en"] if locale() == "en" else "") or shown["title"] or counter.limit)
    return Limited(
        title=f"{title} {where}".strip(),
        bound=t("plans.limits.most" if capped else "plans.limits.least", amount=amount(counter.bound)),
        before=amount(counter.already),
        used=amount(used),
        left=t("plans.limits.left" if capped or rest <= 0 else "plans.limits.lacking", amount=amount(max(rest, 0))),
    )

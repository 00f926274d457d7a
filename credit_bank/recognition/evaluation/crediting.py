"""How much credit a rule gives and what it takes of each source (rules R6, R9 and R20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from credit_bank.recognition.evaluation.candidate import Given, Reason
from credit_bank.recognition.evaluation.finding import beside, failed, passed, unchecked
from credit_bank.recognition.evaluation.hours import convert, convert_amount
from credit_bank.recognition.evaluation.item_check import available
from credit_bank.recognition.evaluation.situation import Situation
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import TargetCourse
from credit_bank.recognition.rules.rule import Award, CreditSource, Rule
from credit_bank.recognition.rules.ruleset import RuleSet

Target = tuple[Award, TargetCourse | None]


@dataclass(frozen=True, slots=True)
class Credited:
    """What is given, what it takes, and why so much."""

    given: tuple[Given, ...]
    spends: Mapping[str, int]
    reasons: tuple[Reason, ...]


def credit(
    rule: Rule, ruleset: RuleSet, targets: Sequence[Target], sources: Sequence[HeldOutcome], at: Situation
) -> Credited:
    """Credit for the targets out of the sources; nothing is given where the amount cannot be told."""
    reasons: list[Reason] = []
    wanted = [_wanted(award, course, ruleset, at) for award, course in targets]
    bring = {one.id: available(rule, one) for one in sources}
    brought = _brought(rule, wanted, sources, bring, at, reasons)
    taken: Mapping[str, int] = bring
    amounts = _amounts(rule, wanted, brought, reasons)
    if amounts is None:
        return Credited((), taken, tuple(reasons))
    ceiling = _ceiling(rule, ruleset, sources, at)
    if ceiling is not None and sum(amounts) > ceiling[0]:
        reasons.append(ceiling[1])
        amounts = shared(ceiling[0], amounts)
    total = sum(amounts)
    given = [
        Given(course.code if course else "", course.component if course else _place(award.component, at), amount)
        for (award, course), amount in zip(targets, amounts, strict=True)
    ]
    most = brought if ceiling is None or brought is None else min(brought, ceiling[0])
    if rule.credit_source is CreditSource.CONSERVE and most is not None and most > total:
        rest, reason = _residue(rule, most - total, at)
        given, reasons = given + rest, [*reasons, reason]
        total += sum(one.credits for one in rest)
    if rule.splits and brought and total < brought:
        taken = {id: -(-amount * total // brought) for id, amount in bring.items()}
    reasons.append(passed("R6", f"credits.by_{rule.credit_source.value}", credits=at.framework.credits(total)))
    return Credited(tuple(_bridged(rule, one) for one in given), taken, tuple(reasons))


def _wanted(award: Award, course: TargetCourse | None, ruleset: RuleSet, at: Situation) -> int | None:
    """The credits that a target has by itself: those that the rule fixes, else its course's."""
    if award.credits is None:
        return None if course is None else course.credits
    source = at.frameworks.get(ruleset.framework)
    return None if source is None else convert_amount(award.credits, source, at.framework)


def _brought(
    rule: Rule,
    wanted: Sequence[int | None],
    sources: Sequence[HeldOutcome],
    bring: Mapping[str, int],
    at: Situation,
    reasons: list[Reason],
) -> int | None:
    """What the sources bring in the programme's steps, where the rule needs to know it or it costs nothing to know."""
    needed = (
        rule.not_less
        or rule.credit_source not in (CreditSource.TARGET, CreditSource.FIXED)
        or (None in wanted and rule.credit_source is CreditSource.TARGET)
        or any(one.earned is not None for one in sources)
    )
    if not needed and not rule.splits:
        return None
    found = [convert(one, bring[one.id], at.frameworks, at.framework) for one in sources]
    if needed:
        reasons += [one.reason for one in found if one.reason is not None]
    known = [one.amount for one in found if one.amount is not None]
    brought = sum(known) if len(known) == len(found) else None
    if rule.not_less and brought is not None and None not in wanted:
        least, credits = sum(one or 0 for one in wanted), at.framework.credits
        if brought < least:
            reasons.append(failed("R6", "credits.less_than_target", credits=credits(brought), minimum=credits(least)))
        else:
            reasons.append(passed("R6", "credits.not_less", credits=credits(brought), minimum=credits(least)))
    return brought


def _amounts(rule: Rule, wanted: Sequence[int | None], brought: int | None, reasons: list[Reason]) -> list[int] | None:
    known = [one for one in wanted if one is not None]
    complete = len(known) == len(wanted)
    if rule.credit_source is CreditSource.FIXED or (rule.credit_source is CreditSource.TARGET and complete):
        if not complete:
            reasons.append(unchecked("R6", "credits.not_fixed"))
            return None
        return known
    if brought is None:
        if all(one.rule != "R1" for one in reasons):
            reasons.append(unchecked("R6", "credits.unknown"))
        return None
    if not complete:
        # Credit that stands for no course has no size of its own: it takes what the courses leave.
        rest = max(0, brought - sum(known))
        open_places = len(wanted) - len(known)
        parts = iter(shared(rest, [1] * open_places))
        wanted = [next(parts) if one is None else one for one in wanted]
        known = [one for one in wanted if one is not None]
    if rule.credit_source is CreditSource.SOURCE:
        return shared(brought, known)
    return shared(min(brought, sum(known)), known)


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in whole parts as nearly as the weights have it; the parts sum to the total."""
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def _ceiling(rule: Rule, ruleset: RuleSet, sources: Sequence[HeldOutcome], at: Situation) -> tuple[int, Reason] | None:
    """The most that may be given: what the rule allows, and never more than was earned before the first conversion."""
    found: list[tuple[int, Reason]] = []
    own = at.frameworks.get(ruleset.framework)
    if rule.credit_limit is not None and own is not None:
        limit = convert_amount(rule.credit_limit, own, at.framework)
        if limit is not None:
            found.append((limit, beside("R6", "credits.limited", maximum=at.framework.credits(limit))))
    if any(one.conversions for one in sources):
        first = [
            convert(one, one.credits if one.earned is None else one.earned, at.frameworks, at.framework).amount
            for one in sources
        ]
        known = [one for one in first if one is not None]
        if len(known) == len(first):
            found.append((sum(known), beside("R20", "chain.limited", maximum=at.framework.credits(sum(known)))))
    return min(found, key=lambda pair: pair[0]) if found else None


def _place(component: str, at: Situation) -> str:
    """The component that elective credit goes to: the one named, else the programme's first that takes some."""
    if component:
        return component
    return next((one.id for one in at.programme.components if one.elective and one.convertible), "")


def _residue(rule: Rule, amount: int, at: Situation) -> tuple[list[Given], Reason]:
    id = _place(rule.residue_component, at)
    component = at.components.get(id)
    credits = at.framework.credits(amount)
    if component is None or not component.elective or not component.convertible:
        return [], beside("R6", "credits.residue_lost", credits=credits)
    return [Given("", id, amount)], passed("R6", "credits.residue", credits=credits, component=component.title)


def _bridged(rule: Rule, given: Given) -> Given:
    if rule.bridge is None:
        return given
    at_once = given.credits * rule.bridge.share.numerator // rule.bridge.share.denominator
    return replace(given, credits=at_once, bridged=given.credits - at_once)

"""One rule, filled with outcomes, becomes one candidate with every reason for and against it."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from credit_bank.recognition.evaluation.book import Filed
from credit_bank.recognition.evaluation.candidate import Candidate, Reason, RuleReference
from credit_bank.recognition.evaluation.crediting import Target, credit
from credit_bank.recognition.evaluation.finding import beside, failed, passed, stands, unchecked
from credit_bank.recognition.evaluation.grading import suggest_grade
from credit_bank.recognition.evaluation.hours import decimal_text
from credit_bank.recognition.evaluation.item_check import available, check_applies, check_gives
from credit_bank.recognition.evaluation.situation import NEAR_MATCH, Situation
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import TargetCourse
from credit_bank.recognition.rules.rule import GradeStrategy, Item, Result, Rule
from credit_bank.recognition.rules.ruleset import IDENTITY_LEVELS


def judge(
    filed: Filed, items: Sequence[Item], chosen: Sequence[HeldOutcome], targets: Sequence[Target], at: Situation
) -> Candidate:
    """The candidate of a rule whose items are met by the chosen outcomes, for these targets."""
    rule, ruleset = filed.rule, filed.ruleset
    courses = [course for _award, course in targets if course is not None]
    reasons = _of_set(filed, at)
    for item, outcome in zip(items, chosen, strict=True):
        reasons += check_applies(item, outcome, ruleset, at)
        reasons += check_gives(item, outcome, rule, ruleset, courses, at)
    reasons += _shape(rule, chosen)
    reasons += _of_targets(targets, at)
    reasons += at.earned.check(chosen, courses)
    credited = credit(rule, ruleset, targets, chosen, at)
    reasons += credited.reasons
    grade, why = suggest_grade(rule, ruleset, chosen)
    given = credited.given
    if given and any(one.course for one in given):
        reasons.append(why)
        given = tuple(
            replace(one, grade=grade, counts_in_gpa=rule.counts_in_gpa) if one.course else one for one in given
        )
    reasons += _told(rule, at)
    if not given and stands(reasons):
        reasons.append(unchecked("R6", "credits.none"))
    kept = _once(reasons)
    return Candidate(
        id=_id(filed, chosen, targets),
        rule=_reference(filed),
        spends=dict(sorted(credited.spends.items())),
        given=given,
        result=rule.result,
        use=rule.use,
        reasons=kept,
        eligible=stands(kept),
        bridge=rule.bridge,
        share=rule.bridge.share if rule.bridge else Fraction(1),
    )


def stopped(filed: Filed, items: Sequence[Item], chosen: Sequence[HeldOutcome], at: Situation) -> Candidate | None:
    """The candidate that says no, nothing, or not yet; None where the rule does not speak of these outcomes."""
    reasons = _of_set(filed, at, identity=False)
    for item, outcome in zip(items, chosen, strict=True):
        reasons += check_applies(item, outcome, filed.ruleset, at)
    if any(one.finding.value == "fail" for one in reasons):
        return None
    rule = filed.rule
    parameters = {"reason": rule.reason or rule.title or None, "rule": rule.id}
    told = unchecked if rule.result is Result.PENDING else failed
    reasons.append(told("R8", f"result.{rule.result.value}", **parameters))
    return Candidate(
        id=_id(filed, chosen, [(award, None) for award in rule.awards]),
        rule=_reference(filed),
        spends={one.id: available(rule, one) for one in chosen},
        given=(),
        result=rule.result,
        use=rule.use,
        reasons=_once(reasons),
        eligible=False,
    )


def incomplete(
    filed: Filed,
    items: Sequence[Item],
    fitting: Sequence[Sequence[HeldOutcome]],
    targets: Sequence[Target],
    at: Situation,
) -> Candidate:
    """The candidate of a rule of which some outcomes are there and others are not, with what is missing."""
    reasons = _of_set(filed, at)
    courses = [course for _award, course in targets if course is not None]
    chosen: list[HeldOutcome] = []
    for item, found in zip(items, fitting, strict=True):
        outcome = next((one for one in found if one not in chosen), None)
        if outcome is None:
            reasons.append(failed("R7", "shape.incomplete", institution=item.institution, course=_named(item)))
            continue
        chosen.append(outcome)
        reasons += check_applies(item, outcome, filed.ruleset, at)
        reasons += check_gives(item, outcome, filed.rule, filed.ruleset, courses, at)
    reasons += _of_targets(targets, at)
    return Candidate(
        id=_id(filed, chosen, targets) + "…",
        rule=_reference(filed),
        spends={one.id: available(filed.rule, one) for one in chosen},
        given=(),
        result=filed.rule.result,
        use=filed.rule.use,
        reasons=_once(reasons),
        eligible=False,
        bridge=filed.rule.bridge,
    )


def _id(filed: Filed, chosen: Sequence[HeldOutcome], targets: Sequence[Target]) -> str:
    sources = "+".join(sorted(one.id for one in chosen))
    into = "+".join(award.course or award.component for award, _course in targets)
    return f"{filed.ruleset.id}/{filed.rule.id}:{sources}>{into}"


def _reference(filed: Filed) -> RuleReference:
    return RuleReference(
        filed.ruleset.id, filed.ruleset.sha256, filed.rule.id, filed.ruleset.basis, filed.rule.priority
    )


def _named(item: Item) -> str:
    return item.course or item.unit or (item.category.value if item.category else "") or (item.source or "")


def _of_set(filed: Filed, at: Situation, *, identity: bool = True) -> list[Reason]:
    """What holds for the whole set: that it is in force, what it rests on, and who the learner must be."""
    ruleset = filed.ruleset
    until = ruleset.valid_until.isoformat() if ruleset.valid_until else None
    reasons = [
        passed(
            "R19", "version.in_force", ruleset=ruleset.id, version=ruleset.version,
            since=ruleset.valid_from.isoformat(), until=until,
        )
    ]  # fmt: skip
    if ruleset.parties:
        reasons.append(passed("R21", "agreement.party", ruleset=ruleset.title))
    if not identity:
        return reasons
    wanted = ruleset.policy.identity
    if at.identity == NEAR_MATCH:
        reasons.append(unchecked("R30", "identity.near_match"))
    elif at.identity not in IDENTITY_LEVELS:
        reasons.append(unchecked("R30", "identity.unknown", identity=at.identity))
    elif IDENTITY_LEVELS.index(at.identity) < IDENTITY_LEVELS.index(wanted):
        reasons.append(failed("R30", "identity.too_low", identity=at.identity, wanted=wanted))
    else:
        reasons.append(passed("R30", "identity.enough", identity=at.identity))
    return reasons


def _shape(rule: Rule, chosen: Sequence[HeldOutcome]) -> list[Reason]:
    if len(chosen) == 1:
        return []
    reasons = [passed("R7", "shape.complete", count=len(chosen))]
    institutions = sorted({one.institution for one in chosen})
    if rule.one_institution and len(institutions) > 1:
        reasons.append(failed("R7", "shape.institutions_differ", institutions=", ".join(institutions)))
    return reasons


def _of_targets(targets: Sequence[Target], at: Situation) -> list[Reason]:
    """Whether the programme has what is given, and takes credit for it (rule R13)."""
    reasons: list[Reason] = []
    for award, course in targets:
        if award.course and course is None:
            reasons.append(failed("R13", "target.not_in_programme", course=award.course, programme=at.programme.title))
        elif course is not None:
            reasons.append(_of_course(course, at))
        else:
            reasons.append(_of_component(award.component, at))
    return reasons


def _of_course(course: TargetCourse, at: Situation) -> Reason:
    component = at.components.get(course.component)
    if not course.convertible:
        return failed("R13", "target.not_convertible", course=course.code, title=course.title)
    if component is not None and not component.convertible:
        return failed("R13", "target.component_closed", course=course.code, component=component.title)
    return passed("R13", "target.convertible", course=course.code, title=course.title)


def _of_component(id: str, at: Situation) -> Reason:
    component = at.components.get(id)
    if component is None and id:
        return failed("R13", "target.no_component", component=id)
    if component is None:
        component = next((one for one in at.programme.components if one.elective and one.convertible), None)
    if component is None or not component.elective:
        return failed("R8", "target.not_elective", component=component.title if component else None)
    if not component.convertible:
        return failed("R13", "target.component_shut", component=component.title)
    return passed("R8", "target.elective", component=component.title)


def _told(rule: Rule, at: Situation) -> list[Reason]:
    """What a person is told beside: a supplement that is asked for, what is still to be done of a block."""
    reasons = []
    if rule.bridge is not None:
        share = decimal_text(rule.bridge.share * 100)
        reasons.append(beside("R9", "bridge.needed", task=rule.bridge.task, task_en=rule.bridge.task_en, share=share))
    if rule.result is Result.BLOCK:
        titles = [at.courses[code].title if code in at.courses else code for code in rule.remaining]
        reasons.append(beside("R22", "block.remaining", count=len(titles), courses="、".join(titles) or None))
    if rule.grade is not GradeStrategy.KEEP and not rule.counts_in_gpa:
        reasons.append(beside("R5", "suggestion.not_in_gpa"))
    return reasons


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Each reason once, in the order in which they were found."""
    kept = {(one.rule, one.code, one.outcome, *one.parameters.values()): one for one in reasons}
    return tuple(kept.values())

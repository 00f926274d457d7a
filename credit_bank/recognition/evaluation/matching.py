"""From outcomes, a programme and rules to candidates: every way in which a rule may use some of the outcomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from credit_bank.recognition.evaluation.book import Filed, RuleBook, selects, units_asked
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.crediting import Target
from credit_bank.recognition.evaluation.duplicates import title_key
from credit_bank.recognition.evaluation.finding import against
from credit_bank.recognition.evaluation.judging import incomplete, judge, stopped
from credit_bank.recognition.evaluation.precedence import in_order, settle
from credit_bank.recognition.evaluation.situation import Situation, situation
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.rule import Award, Item, Result

MAX_COMBINATIONS = 64
"""Ways to fill one rule with outcomes that are looked at, for one choice of its groups."""
MAX_SELECTIONS = 64
"""Choices of groups of one rule that are looked at."""
NEAR_MISSES = 6
"""For each outcome, the candidates that are kept though they are not eligible: those with the least against them."""
_STOPS = (Result.DENIED, Result.NONE, Result.PENDING)


@dataclass(frozen=True, slots=True)
class _Found:
    candidate: Candidate
    about: frozenset[str]


def candidates(
    outcomes: Sequence[HeldOutcome], programme: Programme, book: RuleBook, on: date, identity: str
) -> tuple[Candidate, ...]:
    """Every candidate by the rules in force ``on`` the day of application, in order of precedence, with all reasons.

    Pure, and the same whatever the order of ``outcomes``. ``identity`` is the learner's identity level, or
    "near-match". Candidates that are not eligible say why; of those that could not be, each outcome has a few.
    Raises KeyError where the programme's framework is not among the book's.
    """
    held = sorted(outcomes, key=lambda one: one.id)
    at = situation(held, programme, book.frameworks, on, identity)
    found: dict[str, _Found] = {}
    for filed, touched in book.may_apply(held, programme, on):
        for one in _of_rule(filed, touched, at):
            found.setdefault(one.candidate.id, one)
    listed = list(found.values())
    settled = settle([one.candidate for one in listed], [one.about for one in listed])
    return tuple(in_order(_worth_telling(settled)))


def _of_rule(filed: Filed, touched: Sequence[HeldOutcome], at: Situation) -> Iterator[_Found]:
    """The candidates of one rule: each choice of its groups, filled with each combination of outcomes."""
    best: tuple[int, tuple[Item, ...], list[list[HeldOutcome]]] | None = None
    complete = False
    for groups in islice(product(*filed.rule.clauses), MAX_SELECTIONS):
        items = tuple(item for group in groups for item in group)
        fitting = [[one for one in touched if selects(item, one, filed.ruleset)] for item in items]
        number = sum(bool(one) for one in fitting)
        if number < len(items):
            if number and (best is None or number / len(items) > best[0] / len(best[1])):
                best = (number, items, fitting)
            continue
        complete = True
        for chosen in islice(product(*fitting), MAX_COMBINATIONS):
            if len({one.id for one in chosen}) == len(chosen):
                yield from _filled(filed, items, chosen, at)
    if not complete and best is not None and filed.rule.result not in _STOPS:
        targets = _targets(filed, (), at)
        if targets is not None:
            yield _Found(incomplete(filed, best[1], best[2], targets, at), frozenset())


def _filled(filed: Filed, items: Sequence[Item], chosen: Sequence[HeldOutcome], at: Situation) -> Iterator[_Found]:
    if filed.rule.result in _STOPS:
        candidate = stopped(filed, items, chosen, at)
        if candidate is not None:
            yield _Found(candidate, frozenset(award.course or award.component for award in filed.rule.awards))
        return
    for targets in _opened(filed, items, chosen, at):
        if not all(_title_fits(item, one, targets) for item, one in zip(items, chosen, strict=True)):
            continue
        candidate = judge(filed, items, chosen, targets, at)
        yield _Found(candidate, frozenset(award.course or award.component for award, _course in targets))


def _targets(filed: Filed, opened: Sequence[Target], at: Situation) -> Sequence[Target] | None:
    """The rule's awards with the programme's courses; ``opened`` stand in the place of "*". None where "*" stays."""
    if any(award.course == "*" for award in filed.rule.awards):
        return opened or None
    return [(award, at.courses.get(award.course)) for award in filed.rule.awards]


def _opened(
    filed: Filed, items: Sequence[Item], chosen: Sequence[HeldOutcome], at: Situation
) -> Iterator[Sequence[Target]]:
    """The rule's targets; "*" becomes, one by one, each course with the title or a unit of the rule's one source."""
    if not any(award.course == "*" for award in filed.rule.awards):
        targets = _targets(filed, (), at)
        if targets is not None:
            yield targets
        return
    if len(chosen) != 1:
        return
    award, outcome, item = filed.rule.awards[0], chosen[0], items[0]
    courses = list(at.by_title.get(title_key(outcome.title), ())) if item.same_title else []
    if item.unit:
        courses += [course for unit in units_asked(item, outcome) for course in at.by_unit.get(unit, ())]
    for course in {course.code: course for course in courses}.values():
        yield [(Award(course.code, award.component, award.credits), course)]


def _title_fits(item: Item, outcome: HeldOutcome, targets: Sequence[Target]) -> bool:
    if not item.same_title:
        return True
    key = title_key(outcome.title)
    return bool(key) and any(course is not None and title_key(course.title) == key for _award, course in targets)


def _worth_telling(settled: Sequence[Candidate]) -> list[Candidate]:
    """All that are eligible, denied, open or set aside by another rule, and for each outcome its nearest misses."""
    kept = [one for one in settled if one.eligible or one.result in _STOPS or _competes(one.reasons)]
    told: dict[str, int] = {}
    rest = [one for one in settled if not (one.eligible or one.result in _STOPS or _competes(one.reasons))]
    for one in sorted(rest, key=lambda one: (against(one.reasons), one.id)):
        if any(told.get(id, 0) < NEAR_MISSES for id in one.spends):
            kept.append(one)
            for id in one.spends:
                told[id] = told.get(id, 0) + 1
    return kept


def _competes(reasons: Sequence[Reason]) -> bool:
    return any(one.rule == "R17" for one in reasons)

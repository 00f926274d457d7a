"""Which questions mislead: classical item statistics, each with an interval, and codes of what they mean.

Each learner counts once for a question, with the first answer to it. Ability is the share of right first answers to the
other questions at hand (the corrected total, so that a question does not vouch for itself). Nothing is concluded from
few people, and a group is compared only where it is large enough that nobody stands out.

The statistics and their sources are in ``item_statistics``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from statistics import median
from typing import NamedTuple

from adaptive.evaluation.item_statistics import (
    Interval,
    Table,
    common_odds_ratio,
    correlation,
    difference,
    ets_class,
    middle,
    share,
)

FEWEST = 30  # people from which anything is said of a question
FEWEST_OF_GROUP = 20  # people of each group that are compared
FEWEST_OTHERS = 3  # other questions that an ability needs
STRATA = 5
TOO_HARD, TOO_EASY = 0.40, 0.97
WEAK = 0.10  # a correlation that lies below this tells the able from the others hardly at all
SLOW = 2.5  # times the median of the other questions
GAP = 0.10
MANY_LOOKS = 2.576  # 99 %: every question is looked at for every group


class Reply(NamedTuple):
    """An answer to a question: whose, whether right, how many seconds it took, after which form of the item, which
    option was chosen (its index), and what the person told for this purpose (attribute → value).
    """

    user: str
    question: str
    correct: bool
    seconds: float | None = None
    form: str | None = None
    option: int | None = None
    told: Mapping[str, str] = {}


class Between(NamedTuple):
    """Two groups of people compared: who, how many there are, and the difference."""

    attribute: str
    group: str
    people: int
    difference: Interval


class Attraction(NamedTuple):
    """A wrong option: how many of all chose it, and how its choosers' ability compares (correlation)."""

    option: int
    share: Interval
    ability: Interval | None


class Finding(NamedTuple):
    """Something an author should look at: a code, how urgent (3 most), and numbers for its sentence."""

    code: str
    urgency: int
    facts: Mapping[str, str | int] = {}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a question; None where too few people answered. ``forms`` are differences from other readers,
    ``bias`` odds ratios of groups against everybody else of the same ability (1: none).
    """

    question: str
    people: int
    success: Interval | None = None
    discrimination: Interval | None = None
    seconds: Interval | None = None
    forms: tuple[Between, ...] = ()
    bias: tuple[Between, ...] = ()
    options: tuple[Attraction, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def need(self) -> int:
        """How much it needs attention: the sum of the squared urgencies of what was found."""
        return sum(finding.urgency**2 for finding in self.findings)


def analyse(replies: Iterable[Reply]) -> tuple[Analysis, ...]:
    """Every question, the one in most need of attention first; in the order of a question's answers the first of each
    person counts.
    """
    first: dict[str, dict[str, Reply]] = {}
    for reply in replies:
        first.setdefault(reply.question, {}).setdefault(reply.user, reply)
    usual = {key: m for key, own in first.items() if (m := _median_seconds(own.values())) is not None}

    def all_of(impure: frozenset[str]) -> list[Analysis]:
        totals = _totals(first, impure)
        others = {key: [v for k, v in usual.items() if k != key] for key in first}
        return [_question(key, own, totals, key not in impure, others[key]) for key, own in first.items()]

    # What misleads would also spoil the measure of ability, so the measure is taken anew without it (purification).
    impure = frozenset(a.question for a in all_of(frozenset()) if _spoils(a))
    if len(first) - len(impure) > FEWEST_OTHERS:
        found = all_of(impure)
    else:
        found = all_of(frozenset())
    return tuple(sorted(found, key=lambda a: (-a.need, -a.people, a.question)))


def _spoils(found: Analysis) -> bool:
    turned = found.discrimination is not None and found.discrimination.high < 0
    return turned or any(ets_class(one.difference) != "A" for one in found.bias)


def _totals(first: Mapping[str, Mapping[str, Reply]], impure: frozenset[str]) -> dict[str, tuple[int, int]]:
    """How many right, of how many answers, each person has to the questions that measure."""
    totals: dict[str, tuple[int, int]] = {}
    for key, own in first.items():
        if key not in impure:
            for user, reply in own.items():
                right, count = totals.get(user, (0, 0))
                totals[user] = right + reply.correct, count + 1
    return totals


def _median_seconds(replies: Iterable[Reply]) -> float | None:
    known = [r.seconds for r in replies if r.seconds is not None]
    return median(known) if len(known) >= FEWEST else None


def _question(
    key: str, own: Mapping[str, Reply], totals: Mapping[str, tuple[int, int]], counted: bool, usual: Sequence[float]
) -> Analysis:
    """``counted``: this question is among those of ``totals``."""
    people = len(own)
    if people < FEWEST:
        return Analysis(key, people)
    replies = list(own.values())
    success = share(sum(r.correct for r in replies), people)
    able = {}
    for user, reply in own.items():
        right, count = totals.get(user, (0, 0))
        right, count = (right - reply.correct, count - 1) if counted else (right, count)
        if count >= FEWEST_OTHERS:
            able[user] = right / count
    told = correlation([float(own[u].correct) for u in able], list(able.values())) if len(able) >= FEWEST else None
    seconds = middle([r.seconds for r in replies if r.seconds is not None])
    forms = tuple(_forms(replies))
    bias = tuple(_bias(own, able))
    options = tuple(_options(own, able))
    found = Analysis(key, people, success, told, seconds, forms, bias, options)
    return Analysis(key, people, success, told, seconds, forms, bias, options, tuple(_findings(found, usual)))


def _forms(replies: Sequence[Reply]) -> Iterable[Between]:
    for form in sorted({r.form for r in replies if r.form}):
        here = [r.correct for r in replies if r.form == form]
        there = [r.correct for r in replies if r.form and r.form != form]
        if min(len(here), len(there)) >= FEWEST_OF_GROUP:
            away = difference(share(sum(here), len(here)), share(sum(there), len(there)))
            yield Between("form", form, len(here), away)


def _bias(own: Mapping[str, Reply], able: Mapping[str, float]) -> Iterable[Between]:
    """Differential item functioning: of equal ability, does a group answer differently?"""
    for attribute in sorted({name for reply in own.values() for name in reply.told}):
        known = {u: own[u].told[attribute] for u in able if attribute in own[u].told}
        bounds = _bounds([able[u] for u in known])
        sizes = Counter(known.values())
        for group, size in sorted(sizes.items()):
            if size < FEWEST_OF_GROUP or len(known) - size < FEWEST_OF_GROUP:
                continue
            strata: dict[int, list[int]] = {}
            for user, told in known.items():
                cell = strata.setdefault(sum(able[user] > b for b in bounds), [0, 0, 0, 0])
                cell[(0 if told == group else 2) + (0 if own[user].correct else 1)] += 1
            ratio = common_odds_ratio((Table(*cell) for cell in strata.values()), MANY_LOOKS)
            if ratio is not None and isfinite(ratio.high):
                yield Between(attribute, group, size, ratio)


def _bounds(abilities: Sequence[float]) -> list[float]:
    """The bounds of ``STRATA`` groups of about equal size."""
    ordered = sorted(abilities)
    return sorted({ordered[len(ordered) * n // STRATA] for n in range(1, STRATA)}) if ordered else []


def _options(own: Mapping[str, Reply], able: Mapping[str, float]) -> Iterable[Attraction]:
    wrong = Counter(r.option for r in own.values() if r.option is not None and not r.correct)
    for option, count in sorted(wrong.items()):
        users = [u for u in able if own[u].option is not None]
        ability = correlation([float(own[u].option == option) for u in users], [able[u] for u in users])
        yield Attraction(option, share(count, len(own)), ability if len(users) >= FEWEST else None)


def _findings(found: Analysis, usual: Sequence[float]) -> Iterable[Finding]:
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: _of_discrimination(found),
        lambda: _of_options(found),
        lambda: _of_groups(found),
        lambda: _of_success(found),
        lambda: _of_time(found, usual),
    )
    for check in checks:
        yield from check()


def _percent(value: float) -> int:
    return round(100 * value)


def _of_success(found: Analysis) -> Iterable[Finding]:
    if found.success is None:
        return
    if found.success.high < TOO_HARD:
        yield Finding("too_hard", 2, {"percent": _percent(found.success.value)})
    elif found.success.low > TOO_EASY:
        yield Finding("too_easy", 1, {"percent": _percent(found.success.value)})


def _of_discrimination(found: Analysis) -> Iterable[Finding]:
    told = found.discrimination
    if told is not None and told.high < 0:
        yield Finding("misleads_the_able", 3)
    elif told is not None and told.high < WEAK:
        yield Finding("tells_nothing", 2)


def _of_options(found: Analysis) -> Iterable[Finding]:
    for one in found.options:
        if one.ability is not None and one.ability.low > 0:
            yield Finding("option_attracts_the_able", 3, {"option": one.option, "percent": _percent(one.share.value)})
        elif found.success is not None and one.share.low > found.success.high:
            yield Finding("option_beats_the_answer", 3, {"option": one.option, "percent": _percent(one.share.value)})


def _of_groups(found: Analysis) -> Iterable[Finding]:
    compared = Counter(one.attribute for one in found.bias)
    for one in found.bias:
        grade = ets_class(one.difference)
        side = "harder" if one.difference.value < 1 else "easier"
        # Of two groups one finds it easier because the other finds it harder: said once.
        if grade != "A" and (side == "harder" or compared[one.attribute] > 2):
            facts = {"attribute": one.attribute, "group": one.group}
            yield Finding(f"bias_{side}", 3 if grade == "C" else 2, facts)
    for one in found.forms:
        if one.difference.high < -GAP:
            yield Finding("form_worse", 2, {"form": one.group, "points": _percent(-one.difference.value)})


def _of_time(found: Analysis, usual: Sequence[float]) -> Iterable[Finding]:
    if found.seconds is None or len(usual) < 3:
        return
    times = found.seconds.low / median(usual) if median(usual) > 0 else 0.0
    if times > SLOW:
        yield Finding("slow", 1, {"seconds": round(found.seconds.value), "usual": round(median(usual))})

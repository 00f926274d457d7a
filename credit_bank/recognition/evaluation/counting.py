"""Limits made concrete: what each candidate would take of every cap, count, window and minimum (rules R10 to R12).

A limit becomes one counter, a cap one for each window and institution it tells apart. Credit that several outcomes
bring together is split among them by the steps that each spends, and rounded so that a limit is never kept by rounding:
up under a cap, down towards a minimum. Credit that comes only after a bridge (rule R9) counts under a cap and not yet
towards a minimum.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from credit_bank.errors import InvalidInput
from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.proposal import Counter
from credit_bank.recognition.framework import Category, Framework
from credit_bank.recognition.outcome import HeldOutcome, SourceType
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.limit import Limit
from credit_bank.recognition.rules.ruleset import RuleSet

_YEAR = re.compile(r"\d{4}")
_Group = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """Credit that counts in ``component``, for ``course`` where it stands for one; ``bridged`` comes later."""

    course: str
    component: str
    required: bool
    credits: int
    bridged: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What counters look at: outcomes with the steps they spend, and what these give.

    A candidate is one, and so is what was decided before (without a rule). One without sources is a course of the
    programme itself that the learner has passed: it counts towards minimums alone.
    """

    sources: Mapping[str, int]
    targets: tuple[Target, ...]
    ruleset: str = ""
    rule: str = ""


def entry_of(candidate: Candidate, programme: Programme) -> Entry:
    """A candidate as counters look at it. Raises InvalidInput for a course or component the programme has not."""
    targets = []
    for given in candidate.given:
        course = programme.course(given.course) if given.course else None
        component = given.component or (course.component if course else "")
        if component:
            programme.component(component)
        required = course is not None and course.required
        targets.append(Target(given.course, component, required, given.credits, given.bridged))
    return Entry(dict(candidate.spends), tuple(targets), candidate.rule.ruleset, candidate.rule.rule)


def decided_before(outcomes: Iterable[HeldOutcome], programme: Programme, completed: Iterable[str]) -> list[Entry]:
    """What counts already: earlier uses in this programme, one entry for each course, and courses passed in it.

    A use of a course gives its credits once, however many outcomes went into it; a use in a component, its steps.
    Raises InvalidInput ``programme.course_unknown`` for a completed course that the programme has not.
    """
    courses = {course.code: course for course in programme.courses}
    components = {component.id for component in programme.components}
    found: list[Entry] = []
    together: dict[str, dict[str, int]] = {}
    for outcome in sorted(outcomes, key=lambda one: one.id):
        for use in outcome.uses:
            if use.programme != programme.id:
                continue
            if use.course in courses:
                sources = together.setdefault(use.course, {})
                sources[outcome.id] = sources.get(outcome.id, 0) + use.amount
            else:
                component = use.course if use.course in components else ""
                found.append(Entry({outcome.id: use.amount}, (Target("", component, False, use.amount),)))
    for code, sources in sorted(together.items()):
        course = courses[code]
        found.append(Entry(sources, (Target(code, course.component, course.required, course.credits),)))
    for code in sorted(set(completed) - together.keys()):
        course = programme.course(code)
        found.append(Entry({}, (Target(code, course.component, course.required, course.credits),)))
    return found


def counters(
    programme: Programme,
    framework: Framework,
    outcomes: Mapping[str, HeldOutcome],
    rulesets: Iterable[RuleSet],
    entries: Mapping[str, Entry],
    decided: Sequence[Entry],
) -> tuple[Counter, ...]:
    """One counter for each limit of these rule sets, and for each of its windows and institutions that occurs.

    ``framework`` is the programme's, ``entries`` those of the candidates by id; amounts in its smallest step.
    Raises InvalidInput ``framework.level_unknown`` or ``limit.base_component_missing``.
    """
    found = []
    for ruleset in rulesets:
        for limit in ruleset.limits:
            scope = _Scope(programme, framework, outcomes, ruleset, limit)
            before = [scope.weights(entry) for entry in decided]
            weights = {id: scope.weights(entry) for id, entry in entries.items()}
            groups = {group for one in (*before, *weights.values()) for group in one}
            apart = (limit.window or limit.per) and limit.sense == "at-most"
            for group in sorted(groups if apart else {("", "")}):
                found.append(
                    Counter(
                        limit=limit.id,
                        ruleset=ruleset.id,
                        sense=limit.sense,
                        bound=bound_of(limit, programme),
                        already=sum(one.get(group, 0) for one in before),
                        weights={id: one[group] for id, one in sorted(weights.items()) if one.get(group)},
                        parameters=_parameters(limit, group),
                    )
                )
    return tuple(found)


def bound_of(limit: Limit, programme: Programme) -> int:
    """The bound as a whole number: of smallest steps, or of courses or outcomes (a share of the number of courses).

    Raises InvalidInput ``programme.component_unknown`` or ``limit.base_component_missing``.
    """
    exact = limit.bound
    if limit.base:
        if limit.base == "component" and not limit.base_component:
            raise InvalidInput("limit.base_component_missing", limit=limit.id)
        courses = [
            course
            for course in programme.courses
            if (limit.base != "required" or course.required)
            and (limit.base != "component" or course.component == limit.base_component)
        ]
        if limit.unit != "credits":
            exact *= len(courses)
        elif limit.base == "total":
            exact *= programme.total
        elif limit.base == "component":
            exact *= programme.component(limit.base_component).minimum
        else:
            exact *= sum(course.credits for course in courses)
    return floor(exact) if limit.sense == "at-most" else ceil(exact)


def _parameters(limit: Limit, group: _Group) -> dict[str, str | int]:
    return {
        "title": limit.title,
        "title_en": limit.title_en,
        "unit": limit.unit,
        "base": limit.base,
        "narrowed": int(limit.counted != type(limit.counted)() or bool(limit.window or limit.per)),
        "window": group[0],
        "institution": group[1],
    }


@dataclass(frozen=True, slots=True)
class _Scope:
    """A limit held against entries: whom it counts, and how much of each."""

    programme: Programme
    framework: Framework
    outcomes: Mapping[str, HeldOutcome]
    ruleset: RuleSet
    limit: Limit

    def weights(self, entry: Entry) -> dict[_Group, int]:
        """What the entry takes of the limit in each window and institution; nothing where it is not counted."""
        if not self._by_its_rules(entry):
            return {}
        capped = self.limit.sense == "at-most"
        targets = [target for target in entry.targets if self._counts_target(target)]
        if not targets or (not entry.sources and capped):
            return {}
        if self.limit.unit == "courses":
            amount = sum(bool(target.course) for target in targets)
        else:
            amount = sum(target.credits + (target.bridged if capped else 0) for target in targets)
        if not entry.sources:
            return {("", ""): amount} if self._counts_own_course(targets[0]) and self.limit.unit != "outcomes" else {}
        spent = sum(entry.sources.values())
        steps: dict[_Group, int] = {}
        heads: dict[_Group, int] = {}
        for id, own in entry.sources.items():
            if self._counts_source(self.outcomes[id]):
                group = self._group(self.outcomes[id])
                steps[group] = steps.get(group, 0) + (own if spent else 1)
                heads[group] = heads.get(group, 0) + 1
        if self.limit.unit == "outcomes":
            return heads
        whole = spent or len(entry.sources)
        turn = ceil if capped else floor
        return {group: turn(Fraction(amount * own, whole)) for group, own in steps.items()}

    def _by_its_rules(self, entry: Entry) -> bool:
        rules = self.limit.counted.rules
        return not rules or (entry.ruleset == self.ruleset.id and entry.rule in rules)

    def _counts_target(self, target: Target) -> bool:
        counted = self.limit.counted
        return counted.component in ("", target.component) and counted.required in (None, target.required)

    def _counts_source(self, outcome: HeldOutcome) -> bool:
        counted = self.limit.counted
        return (
            (not counted.categories or outcome.category in counted.categories)
            and (not counted.sources or outcome.source in counted.sources)
            and (not counted.institutions or outcome.institution in counted.institutions)
            and counted.own in (None, outcome.institution == self.programme.institution)
            and self._high_enough(outcome.framework, outcome.level)
        )

    def _counts_own_course(self, target: Target) -> bool:
        counted = self.limit.counted
        level = self.programme.course(target.course).level or self.programme.level
        return (
            (not counted.categories or Category.ACADEMIC in counted.categories)
            and (not counted.sources or SourceType.OWN in counted.sources)
            and (not counted.institutions or self.programme.institution in counted.institutions)
            and counted.own is not False
            and self._high_enough(self.programme.framework, level)
        )

    def _high_enough(self, framework: str, level: str) -> bool:
        """Whether the level, in the receiving framework, is at least the one asked for; what is not known is not."""
        least = self.limit.counted.min_level
        if least is None:
            return True
        if framework != self.programme.framework:
            maps = [one for one in self.ruleset.level_maps if one.source == framework]
            level = next((one.levels.get(level, "") for one in maps if one.target == self.programme.framework), "")
        return bool(level) and self.framework.level(level).rank >= least

    def _group(self, outcome: HeldOutcome) -> _Group:
        """The window and the institution that the outcome counts in; a term without a year is one of its year."""
        if self.limit.sense == "at-least":
            return "", ""
        window = ""
        if self.limit.window == "year":
            window = f"{outcome.awarded_on.year}"
        elif self.limit.window == "term":
            named = bool(_YEAR.search(outcome.term))
            window = outcome.term if named else f"{outcome.awarded_on.year} {outcome.term}".strip()
        return window, outcome.institution if self.limit.per else ""

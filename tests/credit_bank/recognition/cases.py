"""Programmes, outcomes, limits and candidates in few words, and whole cases by Hypothesis. One credit: 20 steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from credit_bank.recognition.evaluation.candidate import Candidate, Given, RuleReference
from credit_bank.recognition.evaluation.case import Case, Choice, make_case
from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import HeldOutcome, SourceType
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.limit import Counted, Limit
from credit_bank.recognition.rules.rule import Result
from credit_bank.recognition.rules.ruleset import Basis, RuleSet

DAY = date(2026, 9, 1)
CREDIT = 20


def outcome(id: str, credits: int = 4, **more: Any) -> HeldOutcome:
    """An outcome of another college with a title of its own."""
    given = {
        "institution": "other",
        "code": id.upper(),
        "title": f"Subject {id}",
        "category": Category.ACADEMIC,
        "framework": "evergreen-1",
        "credits": credits * CREDIT,
        "awarded_on": date(2025, 7, 1),
        "level": "5",
    }
    return HeldOutcome(id=id, **(given | more))


def course(code: str, credits: int = 4, component: str = "core", **more: Any) -> TargetCourse:
    """A course of the programme."""
    return TargetCourse(code, more.pop("title", f"Course {code}"), component, credits * CREDIT, **more)


def programme(
    courses: Sequence[TargetCourse], total: int = 40, components: Sequence[Component] | None = None
) -> Programme:
    """A programme of the college "home" with a core and an elective part."""
    parts = components or (Component("core", "必修", "Core"), Component("free", "选修", "Free", elective=True))
    return Programme(
        "home-1", "1", "home", "会计", "Accounting", "evergreen-1", "5", total * CREDIT, tuple(parts), tuple(courses)
    )


def limit(id: str, bound: int | Fraction | str, **more: Any) -> Limit:
    """A cap in credits, or a share where ``base`` is given."""
    counted = Counted(**more.pop("counted", {}))
    exact = Fraction(bound)
    if more.get("unit", "credits") == "credits" and not more.get("base"):
        exact *= CREDIT
    given = {"sense": "at-most", "unit": "credits"} | more
    return Limit(id, f"上限 {id}", f"Cap {id}", bound=exact, counted=counted, **given)


def ruleset(*limits: Limit, **more: Any) -> RuleSet:
    """The programme's own rule set, of which only the limits matter here."""
    given = {"receiver": "home", "basis": Basis.PROGRAMME, "framework": "evergreen-1", "valid_from": date(2026, 1, 1)}
    return RuleSet("set", "1", "规则", "Rules", rules=(), limits=limits, **(given | more))


def candidate(
    id: str,
    spends: Mapping[str, int],
    *given: tuple[str, int],
    priority: int = 100,
    basis: Basis = Basis.PROGRAMME,
    rule: str = "",
    bridged: int = 0,
    **more: Any,
) -> Candidate:
    """What a rule of the same id would make: ``given`` pairs a course, or "free", with credits."""
    return Candidate(
        id=id,
        rule=RuleReference("set", "", rule or id, basis, priority),
        spends={one: credits * CREDIT for one, credits in spends.items()},
        given=tuple(
            Given("" if code == "free" else code, "free" if code == "free" else "", credits * CREDIT, bridged * CREDIT)
            for code, credits in given
        ),
        **({"result": Result.EQUIVALENT, "use": "conversion", "reasons": (), "eligible": True} | more),
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A drawn case in its parts."""

    outcomes: tuple[HeldOutcome, ...]
    programme: Programme
    rulesets: tuple[RuleSet, ...]
    candidates: tuple[Candidate, ...]
    completed: tuple[str, ...]

    def case(self) -> Case:
        """The parts put together."""
        return make_case(self.outcomes, self.programme, self.rulesets, self.candidates, DAY, self.completed)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """Caps and minimums of every kind."""
    unit = draw(st.sampled_from(["credits", "credits", "courses", "outcomes"]))
    base = draw(st.sampled_from(["", "total", "required"])) if unit == "credits" else ""
    counted: dict[str, Any] = {"own": draw(st.sampled_from([None, None, False, True]))}
    if draw(st.booleans()):
        counted["sources"] = frozenset([draw(st.sampled_from(list(SourceType)[:4]))])
    if draw(st.integers(0, 3)) == 0:
        counted["component"] = draw(st.sampled_from(["core", "free"]))
    bound: int | Fraction = draw(st.integers(0, 14)) if unit == "credits" else draw(st.integers(0, 3))
    if base:
        bound = draw(st.fractions(0, 1, max_denominator=8))
    return limit(
        f"l{draw(st.integers(0, 10**6))}",
        bound,
        unit=unit,
        base=base,
        counted=counted,
        sense=draw(st.sampled_from(["at-most", "at-most", "at-least"])),
        window=draw(st.sampled_from(["", "", "year", "term"])),
        per=draw(st.sampled_from(["", "", "institution"])),
    )


@st.composite
def cases(draw: st.DrawFn, most: int = 7) -> Made:
    """A learner with up to six outcomes, and up to ``most`` candidates that compete for them in every way."""
    held = []
    for n in range(draw(st.integers(1, 6))):
        title = draw(st.sampled_from([f"Subject {n}", "Calculus II", "Calculus 2", "Statistics"]))
        held.append(
            outcome(
                f"o{n}",
                draw(st.integers(0, 6)),
                title=title,
                institution=draw(st.sampled_from(["home", "other", "third"])),
                source=draw(st.sampled_from(list(SourceType)[:4])),
                awarded_on=date(draw(st.integers(2022, 2025)), 7, 1),
                valid_until=draw(st.sampled_from([None, date(2027, 1, 1), date(2029, 1, 1)])),
                term=draw(st.sampled_from(["", "2025-1", "2025-2"])),
                units=frozenset(draw(st.lists(st.sampled_from(["u1@1", "u2@1", "u1@2"]), max_size=1))),
            )
        )
    codes = [f"C{n}" for n in range(4)]
    courses = [course(code, draw(st.integers(1, 5)), required=draw(st.booleans())) for code in codes]
    core = draw(st.integers(0, 12))
    parts = (
        Component("core", "必修", "Core", core * CREDIT, draw(st.sampled_from([None, (core + 4) * CREDIT]))),
        Component("free", "选修", "Free", 0, draw(st.sampled_from([None, 5 * CREDIT])), elective=True),
    )
    made = []
    for n in range(draw(st.integers(0, most))):
        sources = draw(st.lists(st.sampled_from([one.id for one in held]), min_size=1, max_size=2, unique=True))
        targets = draw(st.lists(st.sampled_from([*codes, "free"]), min_size=1, max_size=2, unique=True))
        whole = {one.id: one.credits // CREDIT for one in held}
        split = draw(st.integers(0, 4)) == 0
        made.append(
            candidate(
                f"c{n}",
                {id: max(1, whole[id] // 2) if split and whole[id] else whole[id] for id in sources},
                *((code, draw(st.integers(0, 6))) for code in targets),
                priority=draw(st.sampled_from([90, 100, 110])),
                basis=draw(st.sampled_from([Basis.PROGRAMME, Basis.AGREEMENT, Basis.ELECTIVE])),
                rule=f"r{draw(st.integers(0, 6))}",
                bridged=draw(st.sampled_from([0, 0, 0, 2])),
                eligible=draw(st.integers(0, 9)) > 0,
            )
        )
    return Made(
        tuple(held),
        programme(courses, draw(st.integers(4, 24)), parts),
        (ruleset(*draw(st.lists(limits(), max_size=4))),),
        tuple(made),
        tuple(draw(st.lists(st.sampled_from(codes), max_size=1))),
    )


def allowed(case: Case, ids: Sequence[str]) -> Choice | None:
    """These candidates taken together, or None where they may not be."""
    choice = Choice(case)
    for id in ids:
        if choice.obstacles(id):
            return None
        choice.take(id)
    return choice


def best_by_force(case: Case) -> tuple[int, int]:
    """The most credits that any allowed set of candidates counts, at once and later; every set is tried."""
    best = (-1, -1)
    for size in range(len(case.open) + 1):
        for ids in combinations(case.open, size):
            if choice := allowed(case, ids):
                best = max(best, choice.counts())
    return best

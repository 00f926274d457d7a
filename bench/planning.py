"""The best use of 200 outcomes in three programmes: time, memory, what it brings beside the greedy answer, the gap.

Times are of the process's CPU, so that other work on the machine does not count.

The cases are drawn as institutions write their rules: one course for one, series of two that must both be there, a part
of a large outcome, elective credit as the last resort; several outcomes that could become the same course; caps on the
whole, on self-taught exams, on certificates and courses in number, on each year and each institution; a minimum that
must be earned at home; subjects that come twice.
"""

import random
import statistics
import time
from datetime import date
from fractions import Fraction

from bench import measuring
from credit_bank.recognition.evaluation.candidate import Candidate, Given, RuleReference
from credit_bank.recognition.evaluation.case import Case, make_case
from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState, SourceType
from credit_bank.recognition.planning.best import Plan, best, closest
from credit_bank.recognition.planning.margins import binding_limits, next_steps
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.limit import Counted, Limit
from credit_bank.recognition.rules.rule import Result
from credit_bank.recognition.rules.ruleset import Basis, RuleSet

AIM = 1.0  # s
DAY = date(2026, 9, 1)
STEP = 20  # of a credit
SEEDS = 8


def run(quick: bool) -> None:
    """Print seconds a learner, MiB, credits of the plan against greedy, and what is not proven, over several seeds."""
    count, seeds = (60, 2) if quick else (200, SEEDS)
    before = measuring.memory()
    closest([_case(random.Random(0), _outcomes(random.Random(0), 10), 0)])
    print(f"SciPy and HiGHS loaded: +{measuring.memory() - before:.0f} MiB")
    apart: list[float] = []
    waited: list[float] = []
    worst = 0
    for seed in range(1, seeds + 1):
        chance = random.Random(seed)
        held = _outcomes(chance, count)
        cases = [_case(chance, held, number) for number in range(3)]
        began, clock = time.process_time(), time.perf_counter()
        plans = closest(cases)
        apart.append(time.process_time() - began)
        waited.append(time.perf_counter() - clock)
        began = time.process_time()
        both = best(cases[:2])
        together = time.process_time() - began
        worst = max(worst, *(plan.gap for plan in plans), both.gap)
        print(
            f"seed {seed}: {count} outcomes, {sum(len(case.open) for case in cases)} candidates, "
            f"{sum(len(case.counters) for case in cases)} counters; three plans {apart[-1]:.2f} s of CPU: "
            f"{', '.join(map(_told, plans))}; two awards at once {together:.2f} s: {_told(both)}"
        )
    _margins(cases[0], plans, held)
    print(
        f"three programmes: median {statistics.median(apart):.2f} s of CPU, longest {max(apart):.2f} s "
        f"(aim {AIM:.0f} s), by the clock {statistics.median(waited):.2f} s; "
        f"largest gap {worst / STEP:g} credits; the process holds {measuring.memory():.0f} MiB, "
        f"at most {measuring.memory('VmHWM'):.0f}"
    )


def _told(plan: Plan) -> str:
    more = f"{plan.credits / max(plan.greedy, 1):.3f}"
    proven = "" if plan.proven else f" (not proven, gap {plan.gap / STEP:g})"
    proven += "" if plan.settled else " (the order among equals not settled in time)"
    return f"{plan.credits / STEP:g} credits, {more} × greedy{proven}"


def _margins(case: Case, plans: tuple[Plan, ...], held: list[HeldOutcome]) -> None:
    plan = next(one for one in plans if one.proposals[0].programme == case.programme.id)
    began = time.process_time()
    limits = binding_limits(case, plan.proposals[0])
    caps = time.process_time() - began
    planned = [_planned(number, held) for number in range(5)]
    candidates = [
        _candidate(f"next{n}", [one], [(_code(n), 4 * STEP)], 100, Basis.AGREEMENT) for n, one in enumerate(planned)
    ]
    began = time.process_time()
    steps = next_steps(case, plan.proposals[0], planned, candidates)
    print(
        f"what binds: {len(limits)} caps solved again in {caps:.2f} s of CPU; what comes next: {len(steps)} courses "
        f"and planned outcomes in {time.process_time() - began:.2f} s"
    )


def _planned(number: int, held: list[HeldOutcome]) -> HeldOutcome:
    like = held[number]
    return HeldOutcome(
        f"planned{number}",
        like.institution,
        f"P{number}",
        f"Planned {chr(97 + number)}w",
        Category.ACADEMIC,
        "evergreen-1",
        4 * STEP,
        DAY,
        state=OutcomeState.PLANNED,
    )


def _outcomes(chance: random.Random, count: int) -> list[HeldOutcome]:
    held = []
    for n in range(count):
        twin = chance.randrange(n) if n and chance.random() < 0.08 else n
        held.append(
            HeldOutcome(
                id=f"o{n:03}",
                institution=f"college-{chance.randrange(12)}",
                code=f"X{n}",
                title=f"Subject {chr(65 + twin % 26)}{chr(65 + twin // 26)}x",
                category=chance.choice(list(Category)),
                framework="evergreen-1",
                credits=chance.choice([2, 2, 3, 3, 4, 5, 6]) * STEP,
                awarded_on=date(chance.randrange(2019, 2026), chance.choice([1, 7]), 10),
                level=str(chance.randrange(3, 8)),
                valid_until=chance.choice([None, date(2027, 6, 1), date(2029, 6, 1)]),
                source=chance.choice(list(SourceType)),
            )
        )
    return held


def _case(chance: random.Random, held: list[HeldOutcome], number: int) -> Case:
    courses = [
        TargetCourse(
            _code(n),
            f"Lecture {chr(97 + n % 26)}{chr(97 + n // 26)}q",
            "core" if n < 30 else "major",
            chance.choice([2, 3, 4, 5]) * STEP,
        )
        for n in range(45)
    ]
    parts = (
        Component("core", "公共课", "Core", 50 * STEP),
        Component("major", "专业课", "Major", 40 * STEP, 60 * STEP),
        Component("free", "选修", "Electives", 10 * STEP, 20 * STEP, elective=True),
    )
    programme = Programme(
        f"p{number}",
        "1",
        "home",
        f"专业{number}",
        f"Programme {number}",
        "evergreen-1",
        "6",
        140 * STEP,
        parts,
        tuple(courses),
    )
    return make_case(held, programme, [_rules()], _candidates(chance, held, courses), DAY)


def _rules() -> RuleSet:
    def cap(id: str, bound: int | Fraction, unit: str = "credits", **more: object) -> Limit:
        return Limit(id, id, id, "at-most", unit, Fraction(bound), **more)  # type: ignore[arg-type]

    limits = (
        cap("half", Fraction(1, 2), base="total"),
        cap(
            "exams", Fraction(2, 5), base="required", counted=Counted(sources=frozenset([SourceType.SELF_TAUGHT_EXAM]))
        ),
        cap("certificates", 5, "outcomes", counted=Counted(sources=frozenset([SourceType.CERTIFICATE]))),
        cap("courses", 18, "courses"),
        cap("year", 20 * STEP, window="year"),
        cap("institution", 15 * STEP, per="institution"),
        Limit("home", "home", "home", "at-least", "credits", Fraction(30 * STEP), counted=Counted(own=True)),
    )
    return RuleSet("set", "1", "", "", "home", Basis.PROGRAMME, "evergreen-1", date(2026, 1, 1), (), limits)


def _candidates(chance: random.Random, held: list[HeldOutcome], courses: list[TargetCourse]) -> list[Candidate]:
    made = []
    for n, one in enumerate(held):
        for course in chance.sample(courses, chance.choice([0, 1, 1, 2, 3])):
            basis = chance.choice([Basis.PROGRAMME, Basis.AGREEMENT, Basis.UNIT])
            made.append(_candidate(f"one{n:03}{course.code}", [one], [(course.code, course.credits)], 100, basis))
        if chance.random() < 0.2:
            pair, course = [one, held[n - 1]], chance.choice(courses)
            made.append(_candidate(f"two{n:03}", pair, [(course.code, course.credits)], 90, Basis.AGREEMENT))
        if one.credits >= 5 * STEP:
            both = [(course.code, course.credits) for course in chance.sample(courses, 2)]
            made.append(_candidate(f"big{n:03}", [one], both, 110, Basis.AGREEMENT))
        if chance.random() < 0.5:
            made.append(_candidate(f"free{n:03}", [one], [("", one.credits)], 100, Basis.ELECTIVE))
    return made


def _candidate(
    id: str, sources: list[HeldOutcome], given: list[tuple[str, int]], priority: int, basis: Basis
) -> Candidate:
    return Candidate(
        id=id,
        rule=RuleReference("set", "", id, basis, priority),
        spends={one.id: one.credits for one in sources},
        given=tuple(Given(code, "" if code else "free", credits) for code, credits in given),
        result=Result.EQUIVALENT,
        use="conversion",
        reasons=(),
        eligible=True,
    )


def _code(number: int) -> str:
    return f"C{number:02}"

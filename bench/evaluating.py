"""A learner's 200 outcomes against 100,000 rules, by the index and by looking at every rule; their file, its lint."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from itertools import product

from bench import measuring
from credit_bank.recognition.evaluation.book import RuleBook, selects
from credit_bank.recognition.evaluation.matching import candidates
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.file import read_ruleset, write_ruleset
from credit_bank.recognition.rules.lint import Surroundings, lint
from credit_bank.recognition.rules.rule import Award, CreditSource, Item, Rule
from credit_bank.recognition.rules.ruleset import Basis, RuleSet

AIM = 100  # ms
DAY = date(2026, 11, 1)
COURSES = 60
INSTITUTIONS = 100


def run(quick: bool) -> None:
    """Print CPU of an evaluation, the ratio to the plain scan, MiB, and seconds of reading and of the lint."""
    count = 10_000 if quick else 100_000
    chance = random.Random(11)
    programme = _programme()
    rulesets = [_ruleset(chance, count)]
    before, began = measuring.memory(), time.process_time()
    book = RuleBook(rulesets)
    made, held = time.process_time() - began, measuring.memory() - before
    outcomes = _outcomes(chance, count)
    found = candidates(outcomes, programme, book, DAY, "document-seen")
    whole = _median(lambda: candidates(outcomes, programme, book, DAY, "document-seen"), 7)
    scan = _median(lambda: _scan(outcomes, rulesets), 1)
    eligible = sum(one.eligible for one in found)
    print(f"{count:,} rules filed in {made:.2f} s, +{held:.0f} MiB")
    print(
        f"{len(outcomes)} outcomes evaluated: {whole:.1f} ms of CPU (aim {AIM}); {len(found)} candidates, "
        f"{eligible} eligible; "
        f"which rules every outcome may be for, by looking at each: {scan:,.0f} ms; ratio {whole / scan:.4f}"
    )
    text = write_ruleset(rulesets[0], EVERGREEN)
    reading = _median(lambda: read_ruleset(text), 1) / 1000
    print(f"their file, {len(text) / 2**20:.1f} MiB, read and hashed: {reading:.1f} s")
    looking = _median(lambda: lint(rulesets, Surroundings(DAY, (programme,))), 1) / 1000
    print(f"looked through before publication: {looking:.1f} s")


def _ruleset(chance: random.Random, count: int) -> RuleSet:
    """As CUNY's: 99.5 in a hundred are one course for another; the rest take or give several, and a few are wide."""
    rules = [
        Rule(
            f"wide-{category}", "", "", (((Item(category=category, level="any"),),),), (Award(component="free"),),
            credit_source=CreditSource.SOURCE, priority=900,
        )
        for category in Category
    ]  # fmt: skip
    for n in range(count - len(rules)):
        institution = f"school-{n % INSTITUTIONS}"
        size = 2 if chance.random() < 0.005 else 1
        items = tuple(Item(institution, f"C{n}-{part}") for part in range(size))
        rules.append(Rule(f"r{n}", "", "", ((items,),), (Award(f"M{n % (COURSES * 20)}"),)))
    return RuleSet("bench", "1", "bench", "", "receiver", Basis.PROGRAMME, EVERGREEN.id, date(2026, 1, 1), tuple(rules))


def _programme() -> Programme:
    courses = tuple(TargetCourse(f"M{n}", f"Course {n}", "core", 60, "5") for n in range(COURSES))
    components = (Component("core", "core", "core"), Component("free", "free", "free", elective=True))
    return Programme(
        "programme", "1", "receiver", "programme", "programme", EVERGREEN.id, "5", 76 * 20, components, courses
    )


def _outcomes(chance: random.Random, count: int) -> list[HeldOutcome]:
    """Outcomes of which most have a rule, many of them for courses of another programme."""
    return [
        HeldOutcome(
            f"o{n}", f"school-{place % INSTITUTIONS}", f"C{place}-0", f"Subject {n} of {place}", Category.ACADEMIC,
            EVERGREEN.id, 60, date(2025, 1, 1), level="6",
        )
        for n, place in enumerate(chance.sample(range(count - 3), 200))
    ]  # fmt: skip


def _scan(outcomes: list[HeldOutcome], rulesets: list[RuleSet]) -> int:
    """What the index saves: every item of every rule held against every outcome."""
    return sum(
        selects(item, outcome, ruleset)
        for ruleset in rulesets
        for rule in ruleset.rules
        for groups in product(*rule.clauses)
        for group in groups
        for item in group
        for outcome in outcomes
    )


def _median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)

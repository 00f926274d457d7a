"""Short ways to set up cases of conversion: outcomes, programmes and rules in the file format."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.matching import candidates
from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Category, Framework, Level
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.file import read_ruleset
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.report import Outcome as Finding
from credit_bank.sentences import sentence

TODAY = date(2026, 11, 1)


def framework(id: str, hours: int, kind: Any, most: int | None = None, levels: Iterable[str] = ()) -> Framework:
    """A framework of that many hours a credit."""
    listed = tuple(Level(code, int(Fraction(code) * 10), code, code) for code in levels)
    return Framework(id, id, id, 20, hours, kind, listed, hours_per_credit_most=most)


OUC = framework("ouc", 18, "contact", levels=[str(n) for n in range(1, 11)])
HKQF = framework("hkqf", 10, "notional", levels=[str(n) for n in range(1, 8)])
SCQF = framework("scqf", 10, "notional", levels=[str(n) for n in range(1, 13)])
ECTS = framework("ects", 25, "notional", most=30)
NCRF = framework("ncrf", 30, "notional", levels=["1", "2", "3", "4", "4.5", "5", "5.5", "6", "7", "8"])
KNOWN = {**FRAMEWORKS, **{one.id: one for one in (OUC, HKQF, SCQF, ECTS, NCRF)}}


def held(id: str = "o1", /, **given: Any) -> HeldOutcome:
    """An outcome: 3 credits of course X at A, level 5, recognised, unless given otherwise; credits as text."""
    whole: dict[str, Any] = {
        "institution": "A", "code": "X", "title": "高等数学", "category": Category.ACADEMIC,
        "framework": EVERGREEN.id, "credits": "3", "awarded_on": date(2025, 7, 1), "level": "5", **given,
    }  # fmt: skip
    whole["credits"] = KNOWN[whole["framework"]].amount(whole["credits"])
    return HeldOutcome(id=id, **whole)


def course(code: str, credits: str = "3", /, **given: Any) -> TargetCourse:
    """A course of the component "core"."""
    whole: dict[str, Any] = {"title": f"课程{code}", "component": "core", **given}
    return TargetCourse(code=code, credits=EVERGREEN.amount(credits), **whole)


def programme(*courses: TargetCourse, **given: Any) -> Programme:
    """A programme of institution R with those courses: a core, electives that take credit, a thesis that takes none."""
    whole: dict[str, Any] = {
        "id": "P", "version": "1", "institution": "R", "title": "会计", "title_en": "Accounting",
        "framework": EVERGREEN.id, "level": "5", "total": EVERGREEN.amount("76"),
        "components": (
            Component("core", "必修课", "Required"),
            Component("free", "选修课", "Electives", elective=True),
            Component("thesis", "毕业论文", "Thesis", convertible=False),
        ),
        **given,
    }  # fmt: skip
    return Programme(courses=courses or (course("M"),), **whole)


def rules(text: str, /, **given: str) -> RuleSet:
    """A rule set of receiver R out of the tables of a file; what is given goes into its head."""
    head = {
        "id": '"set"', "version": '"1"', "title": '"规则"', "receiver": '"R"', "basis": '"programme"',
        "framework": '"evergreen-1"', "valid_from": "2026-01-01", **given,
    }  # fmt: skip
    lines = [f"{key} = {value}" for key, value in head.items()]
    return read_ruleset("\n".join(['format = "evergreen-rules-1"', *lines, text]), KNOWN)


def found(
    outcomes: Iterable[HeldOutcome],
    *sets: RuleSet,
    into: Programme | None = None,
    on: date = TODAY,
    identity: str = "document-seen",
) -> tuple[Candidate, ...]:
    """The candidates of a case, each reason of which can be said in both languages."""
    all = candidates(tuple(outcomes), into or programme(), RuleBook(sets, KNOWN), on, identity)
    for reason in (reason for one in all for reason in one.reasons):
        for locale in ("zh-CN", "en"):
            assert sentence(f"finding.{reason.code}", locale, **reason.parameters)
    return all


def only(all: tuple[Candidate, ...]) -> Candidate:
    """The one candidate."""
    assert len(all) == 1, [one.id for one in all]
    return all[0]


def reasons(candidate: Candidate, rule: str) -> list[str]:
    """The codes of a candidate's reasons of one rule."""
    return [one.code for one in candidate.reasons if one.rule == rule]


def against(candidate: Candidate) -> list[Reason]:
    """The reasons that fail or could not be checked."""
    return [one for one in candidate.reasons if one.finding in (Finding.FAIL, Finding.UNCHECKED)]


def why_not(candidate: Candidate) -> list[str]:
    """The codes of what stands against a candidate."""
    return [one.code for one in against(candidate)]


def credits(candidate: Candidate) -> str:
    """The credits given at once, as people write them."""
    return EVERGREEN.credits(candidate.credits)

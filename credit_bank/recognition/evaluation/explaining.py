"""Why each outcome is used or not, and why each course is given or not, in a choice that is made.

Whatever is not chosen has something in its way, or would add nothing: candidates only exclude each other and use up
limits, so this holds against the choice as it stands.
"""

from collections.abc import Iterable, Mapping

from credit_bank.errors import Parameter
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.case import Case, Choice, Obstacle
from credit_bank.recognition.evaluation.precedence import rank
from credit_bank.report import Outcome as Finding


def explain(case: Case, choice: Choice) -> tuple[dict[str, tuple[Reason, ...]], dict[str, tuple[Reason, ...]]]:
    """The reasons of every outcome by its id, and of every course by its code."""
    chosen = set(choice.taken)
    touching: dict[str, list[Candidate]] = {id: [] for id in case.outcomes}
    giving: dict[str, list[Candidate]] = {course.code: [] for course in case.programme.courses}
    for one in sorted(case.candidates, key=lambda one: (one.id not in chosen, rank(one), one.id)):
        for id in one.spends:
            touching[id].append(one)
        for code in {given.course for given in one.given if given.course}:
            giving.setdefault(code, []).append(one)
    outcomes = {id: tuple(_unique(_of_outcome(case, choice, id, some))) for id, some in touching.items()}
    known = [course.code for course in case.programme.courses]  # a rule may still name a course that is gone
    courses = {code: tuple(_unique(_of_course(case, choice, code, giving[code]))) for code in known}
    return outcomes, courses


def _of_outcome(case: Case, choice: Choice, id: str, candidates: list[Candidate]) -> Iterable[Reason]:
    if not candidates:
        yield Reason("R8", Finding.FAIL, "choice.no_rule", id)
    used = any(one.id in choice.taken for one in candidates)
    for one in candidates:
        if one.id in choice.taken:
            yield _used(case, one, id)
        elif one.id not in case.entries:
            yield from (each for each in one.reasons if each.finding is not Finding.PASS and each.outcome in ("", id))
        elif used:
            yield Reason("R15", Finding.NOT_APPLICABLE, "choice.other_way", id, _what(case, one))
        else:
            yield from _not_chosen(case, choice, one, id)


def _of_course(case: Case, choice: Choice, code: str, candidates: list[Candidate]) -> Iterable[Reason]:
    programme = case.programme
    course = programme.course(code)
    named: dict[str, Parameter] = {"course": code, "title": course.title}
    parts = [part for part in programme.components if part.id == course.component]
    before = any(target.course == code for entry in case.decided for target in entry.targets)
    if before:
        yield Reason("R15", Finding.PASS, "course.before", "", named)
    elif not course.convertible or any(not part.convertible for part in parts):
        yield Reason("R13", Finding.NOT_APPLICABLE, "course.not_convertible", "", named)
    elif not candidates:
        yield Reason("R8", Finding.FAIL, "course.no_outcome", "", named)
    for one in candidates:
        first = next(iter(one.spends), "")
        if one.id in choice.taken:
            yield _used(case, one, first)
        elif before or any(other.id in choice.taken for other in candidates):
            continue
        elif one.id not in case.entries:
            yield from (each for each in one.reasons if each.finding is not Finding.PASS)
        else:
            yield from _not_chosen(case, choice, one, first)


def _used(case: Case, one: Candidate, id: str) -> Reason:
    later = sum(given.bridged for given in one.given)
    code = "choice.used_with_bridge" if later else "choice.used"
    return Reason("R17", Finding.PASS, code, id, _what(case, one))


def _not_chosen(case: Case, choice: Choice, one: Candidate, id: str) -> Iterable[Reason]:
    obstacles = choice.obstacles(one.id)
    for obstacle in obstacles:
        yield _reason(case, one, obstacle, id)
    if not obstacles:
        yield Reason("R10", Finding.NOT_APPLICABLE, "choice.adds_nothing", id, _what(case, one))


def _reason(case: Case, one: Candidate, obstacle: Obstacle, id: str) -> Reason:
    shared = _what(case, one)
    by = case.by_id.get(obstacle.by)
    if by is not None:
        other = _what(case, by)
        shared |= {"other": other["target"], "other_en": other["target_en"], "by": other["from"]}
    suffix = "" if by is not None else f"_{obstacle.by or 'before'}"
    if obstacle.kind == "outcome":
        title = case.outcomes[obstacle.key].title
        return Reason("R15", Finding.FAIL, f"choice.outcome_spent{suffix}", id, {**shared, "title": title})
    if obstacle.kind == "course":
        title = case.programme.course(obstacle.key).title
        return Reason("R15", Finding.FAIL, f"choice.course_given{suffix}", id, {**shared, "title": title})
    if obstacle.kind == "content":
        return Reason("R16", Finding.FAIL, f"choice.same_content{suffix}", id, {**shared, "content": obstacle.key})
    assert obstacle.counter is not None  # a limit
    counted = obstacle.counter.parameters
    credits = counted["unit"] == "credits"
    shown = {
        name: case.framework.credits(amount) if credits else amount
        for name, amount in (("left", obstacle.left), ("needed", obstacle.needed), ("bound", obstacle.counter.bound))
    }
    shared |= shown | {"limit": counted["title"], "limit_en": counted["title_en"] or counted["title"]}
    where = " ".join(str(part) for part in (counted["window"], counted["institution"]) if part)
    rule = "R10" if counted["base"] == "total" and not counted["narrowed"] else "R11"
    return Reason(rule, Finding.FAIL, f"choice.limit_{counted['unit']}", id, {**shared, "where": where})


def _what(case: Case, one: Candidate) -> dict[str, Parameter]:
    """What a candidate is, in words: what it becomes, from what, by which rule, for how much."""
    courses = {course.code: course.title for course in case.programme.courses}
    parts = {part.id: part for part in case.programme.components}
    zh, en = [], []
    for given in one.given:
        part = parts.get(given.component)
        zh.append(courses.get(given.course) or (part.title if part else case.programme.title))
        en.append(courses.get(given.course) or ((part.title_en or part.title) if part else case.programme.title_en))
    return {
        "target": "、".join(zh),
        "target_en": ", ".join(en),
        "from": "、".join(case.outcomes[id].title for id in one.spends),
        "rule": one.rule.rule,
        "ruleset": one.rule.ruleset,
        "credits": case.framework.credits(one.credits),
        "later": case.framework.credits(sum(given.bridged for given in one.given)),
        "task": one.bridge.task if one.bridge else None,
        "task_en": one.bridge.task_en if one.bridge else None,
    }


def _unique(reasons: Iterable[Reason]) -> Iterable[Reason]:
    seen: list[Mapping[str, object]] = []
    for reason in reasons:
        if (plain := reason.as_dict()) not in seen:
            seen.append(plain)
            yield reason

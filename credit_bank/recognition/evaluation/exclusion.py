"""What excludes what: a course is given once, the same content counts once (rule R16), an outcome is spent once (R15).

Content is the same where two titles say the same in other spellings, or where both cover the same 认证单元 whole. It is
compared among outcomes and the courses they would become.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.counting import Entry
from credit_bank.recognition.evaluation.duplicates import marks
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme, TargetCourse

BEFORE = "before"
_Item = tuple[str, str]
_OUTCOME, _COURSE = "outcome", "course"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The steps of an outcome that are left for one kind of use; ``loads`` says what each candidate would take.

    An outcome without credits has one use instead of steps.
    """

    outcome: str
    use: str
    left: int
    loads: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Sides of which one may be chosen; candidates of one side do not exclude each other.

    ``sides`` maps a side to its candidates; ``taken`` is the side that an earlier decision, or a course passed, took.
    """

    kind: Literal["course", "content"]
    key: str
    sides: Mapping[str, tuple[str, ...]]
    taken: str = ""


def capacities(candidates: Sequence[Candidate], outcomes: Mapping[str, HeldOutcome]) -> tuple[Capacity, ...]:
    """What is left of each outcome for each kind of use, after its uses in any programme (rule R15)."""
    loads: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for candidate in candidates:
        for id, steps in candidate.spends.items():
            loads[id, candidate.use][candidate.id] = steps or outcomes[id].credits or 1
    found = []
    for (id, use), each in sorted(loads.items()):
        outcome = outcomes[id]
        used = [one.amount for one in outcome.uses if one.purpose == use]
        left = outcome.credits - sum(used) if outcome.credits else int(not used)
        found.append(Capacity(id, use, max(left, 0), each))
    return tuple(found)


def exclusions(
    candidates: Sequence[Candidate],
    outcomes: Mapping[str, HeldOutcome],
    programme: Programme,
    decided: Sequence[Entry],
) -> tuple[Exclusion, ...]:
    """Every course that more than one candidate gives, or that is given already, and every content that comes twice."""
    return (*_courses(candidates, decided), *_contents(candidates, outcomes, programme, decided))


def _courses(candidates: Sequence[Candidate], decided: Sequence[Entry]) -> list[Exclusion]:
    before = {target.course for entry in decided for target in entry.targets if target.course}
    givers: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for candidate in candidates:
        for course in sorted({given.course for given in candidate.given if given.course}):
            givers[course][candidate.id] = (candidate.id,)
    return [
        Exclusion("course", course, sides, BEFORE if course in before else "")
        for course, sides in sorted(givers.items())
        if len(sides) > 1 or course in before
    ]


def _contents(
    candidates: Sequence[Candidate], outcomes: Mapping[str, HeldOutcome], programme: Programme, decided: Sequence[Entry]
) -> list[Exclusion]:
    courses = {course.code: course for course in programme.courses}
    touched = {
        candidate.id: _touched(candidate.spends, [one.course for one in candidate.given]) for candidate in candidates
    }
    earlier = [_touched(entry.sources, [one.course for one in entry.targets]) for entry in decided]
    described: dict[_Item, HeldOutcome | TargetCourse] = {}
    for item in {item for items in (*touched.values(), *earlier) for item in items}:
        kind, id = item
        described[item] = outcomes[id] if kind == _OUTCOME else courses[id]
    found = []
    by_item: dict[_Item, list[str]] = defaultdict(list)
    for id, items in touched.items():
        for item in items:
            by_item[item].append(id)
    for key, group in _alike(described):
        sides: dict[str, list[str]] = defaultdict(list)
        for id in sorted({id for item in group for id in by_item[item]}):
            sides[_side(touched[id], group)].append(id)
        taken = sorted(_side(items, group) for items in earlier if items & group)
        if len(sides) > 1 or (taken and sides.keys() != set(taken)):
            whole = {side: tuple(ids) for side, ids in sorted(sides.items())}
            found.append(Exclusion("content", key, whole, taken[0] if taken else ""))
    return found


def _touched(sources: Iterable[str], courses: Iterable[str]) -> frozenset[_Item]:
    return frozenset([*((_OUTCOME, id) for id in sources), *((_COURSE, code) for code in courses if code)])


def _side(items: frozenset[_Item], group: frozenset[_Item]) -> str:
    """By which outcomes a candidate touches the group; by all of its outcomes where only its course belongs to it."""
    all_of_it = sorted(id for kind, id in items if kind == _OUTCOME)
    inside = sorted(id for kind, id in items & group if kind == _OUTCOME)
    return " ".join(inside or all_of_it) or BEFORE


def _alike(described: Mapping[_Item, HeldOutcome | TargetCourse]) -> list[tuple[str, frozenset[_Item]]]:
    """Groups of two or more that share a mark, with a name for each, in a stable order."""
    marked: dict[str, set[_Item]] = defaultdict(set)
    for item, one in described.items():
        for mark in marks(one):
            marked[mark].add(item)
    groups: dict[frozenset[_Item], str] = {}
    for mark, items in sorted(marked.items()):
        kind, _, name = mark.partition(":")
        if len(items) > 1:
            named = described[min(items)].title if kind == "title" else name
            groups.setdefault(frozenset(items), named)
    return sorted(((name, group) for group, name in groups.items()), key=lambda one: (one[0], sorted(one[1])))

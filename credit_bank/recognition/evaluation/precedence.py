"""Which rule goes before which (rule R17), and what to do where that leaves two: refuse to decide, and name both.

Learner's own decision, programme, agreement, alliance, unit, elective; then the rule's priority; then the larger set of
sources; then credit for a course before credit for none.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.finding import failed, unchecked
from credit_bank.recognition.rules.rule import Result
from credit_bank.recognition.rules.ruleset import Basis
from credit_bank.report import Outcome as Finding

Rank = tuple[int, int, int, int]
STOPPING = (Result.DENIED, Result.PENDING)


def rank(candidate: Candidate) -> Rank:
    """The place of a candidate in the total order; the lower goes before."""
    blanket = bool(candidate.given) and not any(given.course for given in candidate.given)
    return (candidate.rule.basis, candidate.rule.priority, -len(candidate.spends), int(blanket))


def settle(found: Sequence[Candidate], targets: Sequence[frozenset[str]]) -> list[Candidate]:
    """The candidates, those marked that another one goes before or that nothing decides between.

    ``targets`` are the courses or components that each speaks of; none is all. Candidates compete where they take the
    same sources for the same use, and a lower one is set aside where the higher speaks of the same targets.
    """
    by_sources: dict[tuple[frozenset[str], str], list[int]] = defaultdict(list)
    for n, candidate in enumerate(found):
        if candidate.eligible or _applies(candidate):
            by_sources[frozenset(candidate.spends), candidate.use].append(n)
    settled = list(found)
    for rivals in by_sources.values():
        if len(rivals) > 1:
            for n, reasons in _among([(n, found[n], targets[n]) for n in rivals]).items():
                settled[n] = replace(found[n], reasons=found[n].reasons + tuple(reasons), eligible=False)
    return settled


def _applies(candidate: Candidate) -> bool:
    """Whether a denial or an open question is in effect: nothing but itself stands against it."""
    return candidate.result in STOPPING and all(
        one.rule == "R8" or one.finding in (Finding.PASS, Finding.NOT_APPLICABLE) for one in candidate.reasons
    )


def _among(rivals: Sequence[tuple[int, Candidate, frozenset[str]]]) -> dict[int, list[Reason]]:
    """What precedence says about candidates of the same sources, by their numbers."""
    ordered = sorted(rivals, key=lambda one: (rank(one[1]), one[1].id))
    said: dict[int, list[Reason]] = defaultdict(list)
    set_aside: set[int] = set()
    for place, (n, mine, about) in enumerate(ordered):
        for m, other, others in ordered[:place]:
            if m in set_aside:
                continue
            same = about == others or (other.result in STOPPING and (not others or bool(others & about)))
            name = {"ruleset": other.rule.ruleset, "by": other.rule.rule}
            if rank(mine) > rank(other):
                if same:
                    code = f"precedence.{other.result.value}" if other.result in STOPPING else "precedence.overruled"
                    told = unchecked if other.result is Result.PENDING else failed
                    said[n].append(told("R17", code, **name))
                    set_aside.add(n)
            elif other.rule == mine.rule or _beside(mine, about, other, others):
                continue
            elif about == others and _alike(mine, other):
                said[n].append(failed("R17", "precedence.same", **name))
                set_aside.add(n)
            else:
                said[n].append(unchecked("R17", "precedence.tie", **name))
                said[m].append(unchecked("R17", "precedence.tie", ruleset=mine.rule.ruleset, by=mine.rule.rule))
    return said


def _beside(mine: Candidate, about: frozenset[str], other: Candidate, others: frozenset[str]) -> bool:
    """Whether both may stand: a denial of another target, or two units of one outcome, each with its own target."""
    apart = bool(about) and bool(others) and not about & others
    stops = mine.result in STOPPING or other.result in STOPPING
    return apart and (stops or mine.rule.basis is Basis.UNIT)


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates give the same."""
    return (one.result, one.given, one.bridge, one.spends) == (other.result, other.given, other.bridge, other.spends)


def in_order(found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates by precedence, those of the same rank by id."""
    return sorted(found, key=lambda one: (rank(one), one.id))

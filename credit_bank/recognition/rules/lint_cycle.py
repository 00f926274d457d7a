"""Conversions that lead back to where they began, and credit that grows on the way round."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.lint_rule import GIVING, items_of
from credit_bank.recognition.rules.rule import CreditSource, Rule
from credit_bank.recognition.rules.ruleset import RuleSet

Node = tuple[str, str]
LONGEST = 6
"""Conversions after one another that are followed."""
MOST = 200
"""Cycles that are told."""


@dataclass(frozen=True, slots=True)
class _Edge:
    ruleset: RuleSet
    rule: Rule
    target: Node
    fixed: int | None  # the credits that arrive, whatever sets out; None: what sets out
    least: int | None = None  # at most that much arrives


def cycles(
    rulesets: Sequence[RuleSet],
    programmes: Sequence[Programme],
    catalogue: Mapping[Node, int | None],
) -> Iterator[Lint]:
    """Each cycle of single courses between institutions, once.

    Recognising each other's courses is no fault; a cycle is told where a policy lets conversions follow one another,
    and as an error where more credit comes back than set out.
    """
    own = {
        (programme.institution, course.code): course.credits for programme in programmes for course in programme.courses
    }
    credits = {**{node: amount for node, amount in catalogue.items() if amount is not None}, **own}
    graph = _graph(rulesets, credits)
    told = 0
    for start in sorted(graph):
        for path in _round(start, graph):
            if told >= MOST:
                return
            grown = _grown(start, path, credits)
            if not grown and not any(edge.ruleset.policy.chain for edge in path):
                continue
            told += 1
            places = tuple(Place(edge.ruleset.id, "rule", edge.rule.id) for edge in path)
            named = {"institution": start[0], "course": start[1]}
            yield Lint("cycle.inflated" if grown else "cycle.chain", "error" if grown else "warning", places, named)


def _graph(rulesets: Sequence[RuleSet], credits: Mapping[Node, int]) -> dict[Node, list[_Edge]]:
    """Edges between courses that stand on both sides of some rule; the others lead into no cycle."""
    sources: set[Node] = set()
    targets: set[Node] = set()
    for ruleset in rulesets:
        for rule in ruleset.rules:
            sources.update((item.institution, item.course) for item in items_of(rule) if item.course)
            targets.update((ruleset.receiver, award.course) for award in rule.awards if award.course)
    both = sources & targets
    graph: dict[Node, list[_Edge]] = defaultdict(list)
    for ruleset in rulesets:
        for rule in ruleset.rules if both else ():
            if rule.result not in GIVING or len(rule.awards) != 1:
                continue
            target = (ruleset.receiver, rule.awards[0].course)
            if target not in both:
                continue
            for clause in rule.clauses if len(rule.clauses) == 1 else ():
                for group in clause:
                    if len(group) == 1 and (node := (group[0].institution, group[0].course)) in both:
                        graph[node].append(_edge(ruleset, rule, target, credits))
    return dict(graph)


def _edge(ruleset: RuleSet, rule: Rule, target: Node, credits: Mapping[Node, int]) -> _Edge:
    award = rule.awards[0]
    worth = award.credits if award.credits is not None else credits.get(target)
    if rule.credit_source in (CreditSource.FIXED, CreditSource.TARGET):
        return _Edge(ruleset, rule, target, worth, rule.credit_limit)
    if rule.credit_source is CreditSource.LESSER:
        return _Edge(ruleset, rule, target, None, worth)
    return _Edge(ruleset, rule, target, None, rule.credit_limit)


def _round(start: Node, graph: Mapping[Node, Sequence[_Edge]]) -> Iterator[tuple[_Edge, ...]]:
    """Ways from a node back to it through larger nodes only, so that each cycle is found once."""
    waiting: list[tuple[_Edge, ...]] = [(edge,) for edge in graph[start] if edge.target >= start]
    while waiting:
        path = waiting.pop()
        at = path[-1].target
        if at == start:
            yield path
            continue
        if len(path) < LONGEST:
            been = {edge.target for edge in path}
            waiting += [
                (*path, edge)
                for edge in graph.get(at, ())
                if edge.target >= start and (edge.target == start or edge.target not in been)
            ]


def _grown(start: Node, path: Sequence[_Edge], credits: Mapping[Node, int]) -> bool:
    """Whether more comes back than set out, for a course whose credits are known, from any point of the way round."""
    if len({edge.ruleset.framework for edge in path}) > 1:
        return False  # rounding down between frameworks never gains, and hours decide the rest
    places = [start, *(edge.target for edge in path[:-1])]
    for turn in range(len(path)):
        set_out = credits.get(places[turn])
        if set_out is None:
            continue
        amount = set_out
        for edge in [*path[turn:], *path[:turn]]:
            amount = amount if edge.fixed is None else edge.fixed
            amount = amount if edge.least is None else min(amount, edge.least)
        if amount > set_out:
            return True
    return False

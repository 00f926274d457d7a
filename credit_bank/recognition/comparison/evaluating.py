"""How well comparisons find what was published: hits, reciprocal ranks, and coverage at a precision.

Nothing that is asked about is learned from: source institutions are put into five parts, and the questions of one part
are ranked with weights fitted on the others, by precedents of the others. Where there are too few institutions, rows
are put into parts instead, and the result says so. The threshold of a part comes from the other parts as well.
"""

import random
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from credit_bank.recognition.comparison.comparing import look, of_text_alone
from credit_bank.recognition.comparison.course import Described, Equivalence, known
from credit_bank.recognition.comparison.features import SHARE
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import Model, Models
from credit_bank.recognition.comparison.precedent import Precedents, Voter
from credit_bank.recognition.comparison.ranker import (
    Array,
    Calibration,
    Example,
    fit,
    fit_backing,
    probabilities,
    sureness,
    threshold,
)

PARTS = 5
FEWEST_INSTITUTIONS = 10
"""With fewer source institutions, rows are held out and not institutions."""
LEARNED_FROM = 3_000
"""Examples that weights are fitted on at most."""
RESAMPLES = 500
Progress = Callable[[int, int], None]
Places = NDArray[np.intp]


class Question(NamedTuple):
    """Courses of one institution and all that another was published to take them as."""

    sources: tuple[Described, ...]
    right: frozenset[str]
    target_institution: str
    family: str
    part: int


class Ranked(NamedTuple):
    """A question answered: the rank of the first right course (0: not among the candidates), how likely the first
    candidate seemed, the share of precedents behind it, and how sure both make it."""

    question: Question
    rank: int
    probability: float
    share: float
    sure: float


class Interval(NamedTuple):
    """A figure with the 95 % interval of a bootstrap over source institutions."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out for some questions. ``coverage`` is the part answered at the precision asked for by a threshold
    that was chosen on other parts, ``precision`` what that threshold then reached; ``best_coverage`` the same by
    the threshold that fits these very answers best."""

    questions: int
    hit_1: Interval
    hit_5: Interval
    hit_10: Interval
    mrr: Interval
    coverage: Interval
    precision: Interval
    best_coverage: Interval


@dataclass(frozen=True, slots=True)
class Evaluation:
    """By text alone and with precedents: all questions, and each family. ``held_out`` says what was.

    ``targets`` counts the candidates of each target institution; ``models`` were fitted on everything, their confidence
    on what was held out.
    """

    held_out: Literal["institutions", "rows"]
    targets: Mapping[str, int]
    all: Mapping[str, Figures]
    families: Mapping[str, Mapping[str, Figures]]
    models: Models


@dataclass(frozen=True, slots=True)
class _Parts:
    """Which decisions are held out together: those of some institutions or, where these are few, some rows."""

    by_institution: bool

    def of(self, decision: Equivalence) -> int:
        """The part of a decision; the same sources are always in one."""
        named = decision.source_institution if self.by_institution else "|".join(_codes(decision))
        return zlib.crc32(named.encode()) % PARTS

    def voter(self, decision: Equivalence) -> Voter:
        """Whose vote it is as a precedent."""
        return Voter(decision.source_institution, self.of(decision))


def _codes(decision: Equivalence) -> tuple[str, ...]:
    return tuple(sorted(source.code or source.title for source in decision.sources))


def _questions(decisions: Sequence[Equivalence], parts: _Parts) -> list[Question]:
    """What decisions answer: the same sources asked of the same institution are one question."""
    together: dict[tuple[str, str, tuple[str, ...]], list[Equivalence]] = defaultdict(list)
    for one in decisions:
        together[one.target_institution, one.source_institution, _codes(one)].append(one)
    return [
        Question(
            same[0].sources,
            frozenset(course.code for one in same for course in one.targets),
            target,
            same[0].family or target,
            parts.of(same[0]),
        )
        for (target, _source, _sent), same in together.items()
    ]


def evaluate(
    decisions: Sequence[Equivalence],
    prior: Models,
    *,
    catalogues: Mapping[str, Sequence[Described]] | None = None,
    precision: float = 0.95,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask about every published decision without what is asked about.

    Candidates are the target institution's courses as the decisions name them, with those of ``catalogues``.
    """
    parts = _Parts(len({one.source_institution for one in decisions}) >= FEWEST_INSTITUTIONS)
    questions = _questions(decisions, parts)
    away: dict[int, set[Voter]] = defaultdict(set)
    for one in decisions:
        away[parts.of(one)].add(parts.voter(one))
    by_target: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        by_target[question.target_institution].append(place)
    examples: dict[int, Example] = {}
    targets: dict[str, int] = {}
    for target, places in by_target.items():
        own = [one for one in decisions if one.target_institution == target]
        index = CourseIndex(known(own, (catalogues or {}).get(target, ())))
        targets[target] = len(index.courses)
        precedents = Precedents(own, parts.voter)
        for place in places:
            question = questions[place]
            looked = look(question.sources, index, precedents, frozenset(away[question.part]))
            right = [index.courses[n].code in question.right for n in looked.places]
            examples[place] = Example(looked.features, np.array(right))
            if progress:
                progress(len(examples), len(questions))
    with_all = [examples[place] for place in range(len(questions))]
    ways = {"text": [Example(of_text_alone(x), right) for x, right in with_all], "precedents": with_all}
    priors = {"text": np.array(prior.text.weights), "precedents": np.array(prior.precedents.weights)}
    backing = {"text": prior.text.backing, "precedents": prior.precedents.backing}
    ranked = {way: _sure(_ranked(questions, found, priors[way]), backing[way]) for way, found in ways.items()}
    models = Models(*(_model(ways[way], priors[way], ranked[way], backing[way]) for way in ("text", "precedents")))
    families = sorted({question.family for question in questions})
    return Evaluation(
        "institutions" if parts.by_institution else "rows",
        targets,
        {way: _figures(found, precision) for way, found in ranked.items()},
        {
            family: {
                way: _figures(found, precision, [one.question.family == family for one in found])
                for way, found in ranked.items()
            }
            for family in (families if len(families) > 1 else ())
        },
        models,
    )


def _ranked(questions: Sequence[Question], examples: Sequence[Example], prior: Array) -> list[Ranked]:
    """Each part ranked with the weights of the others."""
    found: dict[int, Ranked] = {}
    for part in range(PARTS):
        others = [example for example, question in zip(examples, questions, strict=True) if question.part != part]
        weights = fit(_some(others, part), prior)
        for place, (question, (features, right)) in enumerate(zip(questions, examples, strict=True)):
            if question.part == part:
                likely = probabilities(features, weights)
                order = np.argsort(-likely, kind="stable")
                hits = np.flatnonzero(right[order])
                rank = int(hits[0]) + 1 if len(hits) else 0
                top = float(likely[order[0]])
                found[place] = Ranked(question, rank, top, float(features[order[0], SHARE]), top)
    return [found[place] for place in range(len(questions))]


def _sure(ranked: list[Ranked], prior: float) -> list[Ranked]:
    """The same, each part as sure as what precedents were worth in the others makes it."""
    found = list(ranked)
    for part in range(PARTS):
        worth = _backing([one for one in ranked if one.question.part != part], prior)
        for place, one in enumerate(ranked):
            if one.question.part == part:
                found[place] = one._replace(sure=float(_sureness([one], worth)[0]))
    return found


def _backing(ranked: Sequence[Ranked], prior: float) -> float:
    right = np.array([one.rank == 1 for one in ranked], dtype=bool)
    return fit_backing(np.array([o.probability for o in ranked]), np.array([o.share for o in ranked]), right, prior)


def _sureness(ranked: Sequence[Ranked], backing: float) -> Array:
    return sureness(np.array([one.probability for one in ranked]), np.array([one.share for one in ranked]), backing)


def _some(examples: list[Example], seed: int) -> list[Example]:
    if len(examples) <= LEARNED_FROM:
        return examples
    return random.Random(seed).sample(examples, LEARNED_FROM)  # noqa: S311 - a sample, no secret


def _model(examples: list[Example], prior: Array, ranked: Sequence[Ranked], backing: float) -> Model:
    backing = _backing(ranked, backing)
    calibration = Calibration.fitted(_sureness(ranked, backing).tolist(), [one.rank == 1 for one in ranked])
    return Model(tuple(fit(_some(examples, PARTS), prior).tolist()), calibration, backing)


def _figures(ranked: Sequence[Ranked], precision: float, mine: Sequence[bool] | None = None) -> Figures:
    """The figures of those that are ``mine`` (all, if None); thresholds are chosen on all."""
    ranks = np.array([one.rank for one in ranked])
    found = np.array([one.sure for one in ranked])
    parts = np.array([one.question.part for one in ranked])
    right = ranks == 1
    least = np.full(len(ranked), 2.0)
    for part in range(PARTS):
        least[parts == part] = threshold(found[parts != part], right[parts != part], precision)
    chosen = np.ones(len(ranked), dtype=bool) if mine is None else np.array(mine, dtype=bool)
    answered = found >= least
    groups = _groups([one.question.sources[0].institution for one in ranked], chosen)

    def best_coverage(rows: Places) -> float:
        return float((found[rows] >= threshold(found[rows], right[rows], precision)).mean())

    def measured(of: Callable[[Places], float]) -> Interval:
        return _bootstrapped(groups, of)

    reciprocal = np.divide(1.0, ranks, out=np.zeros(len(ranks)), where=ranks > 0)
    return Figures(
        int(chosen.sum()),
        measured(lambda rows: float(right[rows].mean())),
        measured(lambda rows: float(((ranks[rows] > 0) & (ranks[rows] <= 5)).mean())),
        measured(lambda rows: float(((ranks[rows] > 0) & (ranks[rows] <= 10)).mean())),
        measured(lambda rows: float(reciprocal[rows].mean())),
        measured(lambda rows: float(answered[rows].mean())),
        measured(lambda rows: float(right[rows][answered[rows]].mean()) if answered[rows].any() else 0.0),
        measured(best_coverage),
    )


def _groups(institutions: Sequence[str], chosen: NDArray[np.bool_]) -> list[Places]:
    """The rows that are drawn together: those of an institution or, where there is only one, each row by itself."""
    found: dict[str, list[int]] = defaultdict(list)
    for place in np.flatnonzero(chosen):
        found[institutions[int(place)]].append(int(place))
    if len(found) == 1:
        [rows] = found.values()
        return [np.array([row]) for row in rows]
    return [np.array(rows) for rows in found.values()]


def _bootstrapped(groups: Sequence[Places], of: Callable[[Places], float]) -> Interval:
    draw = np.random.default_rng(2026)
    drawn = [
        of(np.concatenate([groups[n] for n in draw.integers(0, len(groups), len(groups))])) for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(of(np.concatenate(groups)), float(low), float(high))

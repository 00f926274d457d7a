"""Which courses of an institution a course may be: ranked, each with its confidence and what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_bank.recognition.comparison.course import Described
from credit_bank.recognition.comparison.features import NAMES, SHARE, TEXT, candidates, features
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import Models
from credit_bank.recognition.comparison.precedent import Precedents, Vote, Voter
from credit_bank.recognition.comparison.ranker import probabilities, sureness

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A course that may be it. ``probability`` is its part among all candidates; ``vote`` what precedents say of it.

    ``confidence`` is how often a candidate like this was right: measured for the first, what that leaves for the rest.

    ``reasons`` are the features that speak for it and by how much, the largest first.
    """

    course: Described
    probability: float
    confidence: float
    vote: Vote | None
    reasons: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The candidates, likeliest first, and the confidence in the first. A person decides (rule R31)."""

    candidates: tuple[Candidate, ...]
    confidence: float

    def suggested(self, precision: float) -> Candidate | None:
        """The first candidate if the confidence in it is enough; None is "no suggestion"."""
        return self.candidates[0] if self.candidates and self.confidence >= precision else None


@dataclass(frozen=True, slots=True)
class Looked:
    """The candidates of a question and their features."""

    places: NDArray[np.intp]
    features: Array
    votes: dict[str, Vote]


def look(
    sources: Sequence[Described],
    index: CourseIndex,
    precedents: Precedents | None,
    without: frozenset[Voter] = frozenset(),
) -> Looked:
    """Gather what speaks for each candidate; precedents of ``without`` do not count."""
    likenesses = index.likenesses(sources)
    votes = precedents.votes(sources, without) if precedents else {}
    subjects = precedents.subjects(sources, without) if precedents else {}
    places = candidates(likenesses, votes, index)
    return Looked(places, features(sources, index, places, likenesses, votes, subjects), votes)


def compare(
    sources: Sequence[Described], index: CourseIndex, precedents: Precedents | None, models: Models, limit: int = 10
) -> Compared:
    """Rank the index's courses for one course, or for several that go together."""
    looked = look(sources, index, precedents)
    if not len(looked.places):
        return Compared((), 0.0)
    model = models.precedents if looked.votes else models.text
    weights = np.array(model.weights)
    found = probabilities(looked.features, weights)
    best = np.argsort(-found, kind="stable")[:limit]
    share = looked.features[best[:1], SHARE]
    first = model.calibration.of(float(sureness(found[best[:1]], share, model.backing)[0]))
    confidences = _confidences(found[best], first)
    listed = tuple(
        _candidate(index, looked, place, (float(found[place]), sure), weights)
        for place, sure in zip(best, confidences, strict=True)
    )
    return Compared(listed, confidences[0])


def _confidences(found: Array, first: float) -> list[float]:
    """Of candidates by their probabilities, the likeliest first; none is surer than the one before it."""
    left = (1.0 - first) / max(1.0 - float(found[0]), 1e-9)
    return [first, *(min(first, left * float(probability)) for probability in found[1:])]


def _candidate(index: CourseIndex, looked: Looked, place: int, sure: tuple[float, float], weights: Array) -> Candidate:
    course = index.courses[looked.places[place]]
    worth = looked.features[place] * weights
    reasons = tuple((NAMES[n], float(worth[n])) for n in np.argsort(-worth, kind="stable") if worth[n] > 0)
    return Candidate(course, *sure, looked.votes.get(course.code), reasons)


def of_text_alone(found: Array) -> Array:
    """Features as they would be without any precedent."""
    alone = np.zeros_like(found)
    alone[:, TEXT] = found[:, TEXT]
    return alone

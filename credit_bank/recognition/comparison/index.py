"""An inverted index over courses: the likeliest few of a hundred thousand, by the words of title and description.

Three fields stand beside each other: the words of the title, its letter triples (which forgive spelling), and the words
of the description. Each is a cosine of tf·idf vectors, so that 1 is the same text.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from credit_bank.recognition.comparison.course import Described
from credit_bank.recognition.comparison.title import places_in_series, read_title

Array = NDArray[np.float64]
_DESCRIPTION_WORDS = 200


class Field:
    """One field of an index: for each term, the documents that have it and how much it weighs in each."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        found: dict[str, list[tuple[int, int]]] = {}
        for number, terms in enumerate(documents):
            for term, times in Counter(terms).items():
                found.setdefault(term, []).append((number, times))
        self._idf = {term: log(1 + self.size / len(places)) for term, places in found.items()}
        norms = np.zeros(self.size)
        made: dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        for term, places in found.items():
            ids = np.fromiter((place for place, _times in places), np.int32, len(places))
            weights = np.fromiter((1 + log(times) for _place, times in places), np.float32, len(places))
            weights *= self._idf[term]
            np.add.at(norms, ids, np.square(weights, dtype=np.float64))
            made[term] = ids, weights
        self._rarest = log(1 + self.size) if self.size else 1.0
        scale = np.divide(1.0, np.sqrt(norms), out=np.zeros(self.size), where=norms > 0).astype(np.float32)
        self._postings = {term: (ids, weights * scale[ids]) for term, (ids, weights) in made.items()}

    def cosines(self, terms: Iterable[str]) -> Array:
        """The cosine of each document with these terms, an array of ``size``; 0 where nothing is shared."""
        asked = {term: (1 + log(times)) * self._idf.get(term, self._rarest) for term, times in Counter(terms).items()}
        scores = np.zeros(self.size)
        norm = sqrt(sum(weight * weight for weight in asked.values()))
        if not norm:
            return scores
        for term, weight in asked.items():
            posting = self._postings.get(term)
            if posting is not None:
                ids, weights = posting
                scores[ids] += weights * (weight / norm)  # a document stands once in a posting
        return scores


def grams(words: Iterable[str]) -> list[str]:
    """The letter triples of words, their edges marked; of Chinese, single characters and pairs."""
    found: list[str] = []
    for word in words:
        if word[0] > "\u3000":
            found += [*word, *(word[n : n + 2] for n in range(len(word) - 1))]
        else:
            edged = f"^{word}$"
            found += [edged[n : n + 3] for n in range(len(edged) - 2)]
    return found


def title_words(courses: Iterable[Described]) -> list[str]:
    """The words of the titles, one course after the other."""
    return [word for course in courses for word in read_title(course.title).words]


def description_words(courses: Iterable[Described]) -> list[str]:
    """The words of the descriptions, the first two hundred of each."""
    return [word for course in courses for word in read_title(course.description[:2000]).words[:_DESCRIPTION_WORDS]]


class CourseIndex:
    """The courses of one institution, or of many, to be found by their texts."""

    def __init__(self, courses: Sequence[Described]) -> None:
        self.courses = tuple(courses)
        self.places: Mapping[str, int] = {course.code: n for n, course in enumerate(self.courses)}
        self.series = places_in_series([(course.code, course.title) for course in self.courses])
        words = [title_words([course]) for course in self.courses]
        self.titles = Field(words)
        self.grams = Field([grams(found) for found in words])
        self.described = any(course.description for course in self.courses)
        self.descriptions = Field(
            [[*found, *description_words([c])] for found, c in zip(words, self.courses, strict=True)]
        )

    def likenesses(self, sources: Sequence[Described]) -> Array:
        """The three cosines of each course with what was asked: an array of 3 × the number of courses."""
        words = title_words(sources)
        rows = [self.titles.cosines(words), self.grams.cosines(grams(words))]
        rows.append(self.descriptions.cosines([*words, *description_words(sources)]) if self.described else rows[0])
        return np.stack(rows)

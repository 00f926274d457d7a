"""What there is to choose from, as columns: made once for a library, used for every choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library
from adaptive.mastery.terms import SLOPES, Term

Indices = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
DIFFICULTY = 3


@dataclass(frozen=True)
class Pool:
    """Questions as rows, in the neutral order; skills as numbers.

    ``teaches`` and ``needs`` have a row for each question, filled up with the number of skills (one beyond the last),
    so that a column added at the end stands for "nothing". ``needs`` are the prerequisites of its skills in the graph
    and what its item requires, without its own skills.
    """

    question_ids: tuple[str, ...]
    skill_ids: tuple[str, ...]
    teaches: Indices
    needs: Indices
    difficulty: NDArray[np.int8]
    kinds: tuple[str, ...]

    @cached_property
    def row(self) -> Mapping[str, int]:
        """The row of a question."""
        return {key: number for number, key in enumerate(self.question_ids)}

    @cached_property
    def skill(self) -> Mapping[str, int]:
        """The number of a skill."""
        return {key: number for number, key in enumerate(self.skill_ids)}

    @cached_property
    def of_subject(self) -> Mapping[str, Indices]:
        """The rows of an item (``course/item``), of a course and of a single question."""
        found: dict[str, list[int]] = {}
        for number, key in enumerate(self.question_ids):
            item = key.partition("#")[0]
            for name in {key, item, item.partition("/")[0]}:
                found.setdefault(name, []).append(number)
        return {name: np.array(rows, dtype=np.int32) for name, rows in found.items()}

    @cached_property
    def groups(self) -> tuple[Indices, Indices]:
        """Every set of skills that occurs, a row each as in ``teaches``; and each question's set by its number."""
        keys, which = np.unique(self.teaches, axis=0, return_inverse=True)
        return keys.astype(np.int32), which.reshape(-1).astype(np.int32)

    @cached_property
    def areas(self) -> Mapping[str, Flags]:
        """For each area (what stands before the dot) which skills are in it; one entry more, for "no skill"."""
        names = [key.partition(".")[0] for key in self.skill_ids]
        return {area: np.array([*(name == area for name in names), False]) for area in dict.fromkeys(names)}

    @cached_property
    def skilled(self) -> Indices:
        """How many skills each question has."""
        counts: Indices = np.count_nonzero(self.teaches < len(self.skill_ids), axis=1).astype(np.int32)
        return counts

    @cached_property
    def kinds_met(self) -> tuple[str, ...]:
        """The kinds of question that occur, in the order of their first appearance."""
        return tuple(dict.fromkeys(self.kinds))

    @cached_property
    def kind_codes(self) -> Indices:
        """The kinds as numbers, as in ``kinds_met``."""
        return np.array([self.kinds_met.index(kind) for kind in self.kinds], dtype=np.int32)


def pool_of(library: Library, graph: SkillGraph | None = None, course_ids: Sequence[str] | None = None) -> Pool:
    """The questions of a library, or of some of its courses, in the neutral order."""
    graph = graph or SkillGraph(library.skills)
    skill_ids = graph.order
    number = {key: index for index, key in enumerate(skill_ids)}
    ids, teaches, needs, difficulty, kinds = [], [], [], [], []
    for course_id in library.courses if course_ids is None else course_ids:
        for item_id in library.courses[course_id].items:
            item = library.items[item_id]
            for question in item.questions:
                own = [skill for skill in question.skills if skill in number]
                before = {p for skill in own for p in graph.requires(skill)} | (set(item.requires) & number.keys())
                ids.append(question.id)
                teaches.append([number[skill] for skill in own])
                needs.append(sorted(number[skill] for skill in before - set(own)))
                difficulty.append(question.difficulty)
                kinds.append(question.kind)
    return Pool(
        tuple(ids),
        skill_ids,
        filled(teaches, len(skill_ids)),
        filled(needs, len(skill_ids)),
        np.array(difficulty, dtype=np.int8),
        tuple(kinds),
    )


def filled(rows: Sequence[Sequence[int]], empty: int) -> Indices:
    """Rows of different lengths as one table, filled up with ``empty``; at least one column wide."""
    width = max((len(row) for row in rows), default=0) or 1
    table = np.full((len(rows), width), empty, dtype=np.int32)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def together(how: np.ufunc, values: NDArray[Any], table: Indices) -> NDArray[Any]:
    """The values of each row's entries put together (``np.add``, ``np.maximum``, …), column by column: the rows are
    many and short, and NumPy's own reductions along a short axis cost several times as much."""
    found = values[table[:, 0]]
    for column in range(1, table.shape[1]):
        found = how(found, values[table[:, column]])
    return found


@dataclass(frozen=True)
class SharedColumns:
    """The shared terms of a pool as columns; to be made anew when the terms were read anew.

    The columns of skills have one entry more, zero, for "no skill".
    """

    item_bias: Floats
    item_slopes: Floats
    skill_difficulty: Floats
    skill_bias: Floats
    skill_slopes: Floats
    items: Mapping[str, Term]
    skills: Mapping[str, Term]

    @classmethod
    def of(cls, pool: Pool, items: Mapping[str, Term], skills: Mapping[str, Term]) -> "SharedColumns":
        """From the terms by id; a missing one is a question or skill without answers."""
        biases, item_slopes = np.zeros(len(pool.question_ids)), np.zeros((len(pool.question_ids), SLOPES))
        for key, item in items.items():
            if key in pool.row:
                biases[pool.row[key]], item_slopes[pool.row[key]] = item.bias, item.slopes
        of_skills, skill_slopes = np.zeros((len(pool.skill_ids) + 1, 2)), np.zeros((len(pool.skill_ids) + 1, SLOPES))
        for key, skill in skills.items():
            if key in pool.skill:
                of_skills[pool.skill[key]] = skill.difficulty, skill.bias
                skill_slopes[pool.skill[key]] = skill.slopes
        return cls(biases, item_slopes, of_skills[:, 0], of_skills[:, 1], skill_slopes, dict(items), dict(skills))

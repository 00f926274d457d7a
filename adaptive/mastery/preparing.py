"""From histories of answers to rows that a fit can use: the features that stood before each answer.

The histories are lived through again, learner by learner, with the same code as an answer online (``features`` and
``moved``); what is kept of a learner is dropped when the next one begins.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adaptive.mastery.features import NAMES, features
from adaptive.mastery.model import Event
from adaptive.mastery.prediction import AUTHOR_STEP
from adaptive.mastery.state import NO_ITEM, NO_OVERALL, NO_SKILL, ItemState, SkillState
from adaptive.mastery.terms import NO_TERM, Term
from adaptive.mastery.updating import log_latency, moved, shift

BLOCK = 32_768


@dataclass(slots=True)
class Prepared:
    """Rows in blocks: raw features (float32, rows × features, NaN where there was no clock), and for all rows together
    the answers (0, 1), the question's code, the author's offset (logits), and the codes of the skills of row ``i`` at
    ``skills[starts[i]:starts[i + 1]]``. ``item_ids`` and ``skill_ids`` name the codes; ``item_terms`` and
    ``skill_terms`` hold how often each was answered, and its Elo difficulty.
    """

    blocks: list[NDArray[np.float32]]
    correct: NDArray[np.int8]
    items: NDArray[np.int32]
    offsets: NDArray[np.float32]
    starts: NDArray[np.int64]
    skills: NDArray[np.int32]
    item_ids: list[str]
    skill_ids: list[str]
    item_terms: list[Term]
    skill_terms: list[Term]

    def __len__(self) -> int:
        return len(self.correct)


class _Terms:
    """Codes and Elo terms of ids, in order of appearance."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.terms: list[Term] = []

    def code(self, key: str) -> int:
        found = self.codes.get(key)
        if found is None:
            found = self.codes[key] = len(self.terms)
            self.terms.append(NO_TERM)
        return found

    def answered(self, code: int, error: float) -> None:
        term = self.terms[code]
        self.terms[code] = Term(term[0] + 1, term[1] + shift(term, error))


def prepare(histories: Iterable[Iterable[Event]]) -> Prepared:
    """Live through the histories, one iterable of events (in order) a learner."""
    items, skills = _Terms(), _Terms()
    blocks: list[NDArray[np.float32]] = []
    waiting: list[list[float]] = []
    correct, codes, offsets = array("b"), array("i"), array("f")
    starts, of_rows = array("q", [0]), array("i")
    for history in histories:
        overall, own_skills, own_items = NO_OVERALL, dict[str, SkillState](), dict[str, ItemState]()
        for event in history:
            (item_id, skill_ids, at, difficulty), right, answered_at, hinted, _form = event
            code, skill_codes = items.code(item_id), [skills.code(key) for key in skill_ids]
            item_term, skill_terms = items.terms[code], [skills.terms[c] for c in skill_codes]
            states = [own_skills.get(key, NO_SKILL) for key in skill_ids]
            item = own_items.get(item_id, NO_ITEM)
            waiting.append(features(overall, states, item, skill_terms, at))
            y = 1 if right else 0
            latency = log_latency(at, answered_at)
            overall, after, own_items[item_id], error = moved(
                overall, states, item, item_term, skill_terms, y, at, latency, hinted
            )
            for key, state in zip(skill_ids, after, strict=True):
                own_skills[key] = state
            items.answered(code, error)
            for c in skill_codes:
                skills.answered(c, error / len(skill_codes))
            correct.append(y)
            codes.append(code)
            offsets.append(0.0 if difficulty is None else AUTHOR_STEP * (3 - difficulty))
            of_rows.extend(skill_codes)
            starts.append(len(of_rows))
            if len(waiting) == BLOCK:
                blocks.append(_block(waiting))
                waiting = []
    if waiting:
        blocks.append(_block(waiting))
    return Prepared(
        blocks,
        np.frombuffer(correct, np.int8) if correct else np.zeros(0, np.int8),
        np.frombuffer(codes, np.int32) if codes else np.zeros(0, np.int32),
        np.frombuffer(offsets, np.float32) if offsets else np.zeros(0, np.float32),
        np.frombuffer(starts, np.int64),
        np.frombuffer(of_rows, np.int32) if of_rows else np.zeros(0, np.int32),
        list(items.codes),
        list(skills.codes),
        items.terms,
        skills.terms,
    )


def _block(rows: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    block = np.full((len(rows), len(NAMES)), np.nan, np.float32)
    lengths = {len(row) for row in rows}
    if len(lengths) == 1:
        block[:, : lengths.pop()] = rows
        return block
    for place, row in enumerate(rows):
        block[place, : len(row)] = row
    return block

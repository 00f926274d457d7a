"""A choice explained: the parts of its estimate, that add up, and what else was considered."""

from dataclasses import dataclass
from math import log
from typing import Any

from adaptive.mastery.prediction import sigmoid
from adaptive.store.tables import Decision
from web import learning
from web.languages import named
from web.libraries import catalogue, sentence
from web.messages import locale, t


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an estimate: from which whole percent it leads to which; ``points`` are the difference."""

    group: str
    before: int
    after: int

    @property
    def points(self) -> int:
        """How many percentage points it adds."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is usual, the seven parts, and what comes of it, in whole percents: usual plus all points is ``percent``."""

    usual: int
    parts: tuple[Part, ...]
    percent: int


def estimate_of(chosen: Decision) -> Estimate | None:
    """The estimate of a choice, part by part, the weightiest first; None where nothing was estimated.

    The parts add up in logits. Taken in this order they lead from the usual chance to the estimate in percents too.
    """
    terms: list[Any] = chosen.facts.get("terms", [])
    if chosen.predicted is None or not terms or not 0 < chosen.predicted < 1:
        return None
    logit = log(chosen.predicted / (1 - chosen.predicted))
    at = logit - sum(logits for _group, logits, _effect in terms)
    usual = percent = round(100 * sigmoid(at))
    parts = []
    for group, logits, _effect in terms:
        at += logits
        following = round(100 * sigmoid(at))
        parts.append(Part(group, percent, following))
        percent = following
    return Estimate(usual, tuple(parts), percent)


def in_a_sentence(estimate: Estimate) -> str:
    """The estimate in one plain sentence: what helps most and what counts against it most."""
    helps = max(estimate.parts, key=lambda part: part.points)
    hinders = min(estimate.parts, key=lambda part: part.points)
    words = t("why.sum.usual", percent=estimate.usual)
    if helps.points > 0:
        words += t("why.sum.helps", part=t(f"practice.term.{helps.group}"), points=helps.points)
    if hinders.points < 0:
        words += t("why.sum.hinders", part=t(f"practice.term.{hinders.group}"), points=-hinders.points)
    return words + t("why.sum.total", percent=estimate.percent)


def left_out(chosen: Decision) -> list[tuple[int, str]]:
    """How many others were left out for which reason, in words, the most frequent first."""
    found = []
    for code, number in chosen.rejected:
        key = f"reason.rejected.{code}"
        own = f"why.left_out.{code}"
        if key in catalogue():
            found.append((number, sentence(key, locale())))
        elif code in LISTED:
            found.append((number, t(own)))
    return sorted(found, key=lambda row: -row[0])


LISTED = ("not_for_me", "taken", "over", "mastered", "shown_often", "others_first")
"""Reasons for which a list leaves something out."""


def runners_up(chosen: Decision) -> list[tuple[str, str]]:
    """The next best questions by their prompts, with the lesson that each belongs to."""
    library = learning.library()
    found = []
    for key in chosen.facts.get("runners_up", []):
        question = library.questions.get(key)
        if question is not None:
            found.append((question.prompt, named(library.items[question.item_id].title)))
    return found

"""Comparisons as people and programs read them: the indexes of this process, and a candidate's evidence in words."""

from collections.abc import Sequence
from fractions import Fraction

from flask import current_app

from credit_bank.comparing_courses import Comparisons
from credit_bank.recognition.comparison.comparing import Candidate
from credit_bank.recognition.comparison.course import Described
from web.messages import locale, t

LEAST_WORTH = 0.3
"""What a reason must add to the logit to be told."""
TITLES_TOLD = 3
# Precedents, units, levels and hours are told by what they are, not by the name of their feature.
_TOLD_APART = ("precedent_share", "precedent_count", "precedent_denied", "units", "level", "credits", "hours")


def comparisons() -> Comparisons:
    """The indexes of this process, made with the first question about an institution."""
    found: Comparisons | None = current_app.extensions.get("evergreen_comparisons")
    if found is None:
        found = current_app.extensions.setdefault("evergreen_comparisons", Comparisons())
    return found


def evidence(sources: Sequence[Described], candidate: Candidate) -> list[str]:
    """What speaks for a candidate and against it, a sentence each, precedents first."""
    found = _precedents(candidate)
    course = candidate.course
    units = sorted(course.units & frozenset().union(*(source.units for source in sources)))
    if units:
        found.append(t("comparing.why.units", units=_joined(units[:5])))
    words = [name for name, worth in candidate.reasons if worth >= LEAST_WORTH and name not in _TOLD_APART]
    if words:
        found.append(t("comparing.why.text", reasons=_joined([t(f"comparing.reason.{name}") for name in words[:4]])))
    levels = sorted({source.level for source in sources if source.level})
    if levels and course.level:
        same = "same_level" if levels == [course.level] else "other_level"
        found.append(t(f"comparing.why.{same}", ours=course.level, theirs=_joined(levels)))
    for kind in ("credits", "hours"):
        theirs: Fraction = sum((getattr(source, kind) or Fraction(0) for source in sources), start=Fraction(0))
        ours: Fraction | None = getattr(course, kind)
        if theirs and ours:
            found.append(t(f"comparing.why.{kind}", ours=_number(ours), theirs=_number(theirs)))
    return found


def _precedents(candidate: Candidate) -> list[str]:
    vote = candidate.vote
    found = []
    for key, said in (("decided", vote.decided_by), ("denied", vote.denied_by)) if vote else ():
        if said:
            schools = sorted({school for school, _title in said})
            titles = sorted({title for _school, title in said})
            told = "".join(f"《{title}》" for title in titles[:TITLES_TOLD])
            if locale() == "en":
                told = ", ".join(f"“{title}”" for title in titles[:TITLES_TOLD])
            found.append(
                t(
                    f"comparing.why.{key}{'_more' if len(titles) > TITLES_TOLD else ''}",
                    count=len(schools),
                    titles=told,
                    code=candidate.course.code,
                    schools=_joined(schools[:3]),
                )
            )
    return found


def _joined(parts: Sequence[str]) -> str:
    return (", " if locale() == "en" else "、").join(parts)


def _number(value: Fraction) -> str:
    return f"{float(value):g}"

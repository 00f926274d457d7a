"""The blueprint of mastery and credit, and what its pages share: evidence, reasons and rules in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint

from adaptive.content.model import Course
from adaptive.mastering import Evidence, Proposal, Rule, SkillFinding
from adaptive.reason import Reason
from web import learning
from web.languages import named
from web.messages import t
from web.operations.mastery_tables import MasteryRequest
from web.reasons import reason_sentence

blueprint = Blueprint("mastery", __name__)
REASONS_LEFT_OUT = ("wrong", "unknown", "unsure", "hinted", "companion", "elsewhere", "same_day")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer that counts, as a page shows it."""

    question: str
    day: date
    form: str


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill of the evidence, as a page shows it."""

    name: str
    finding: SkillFinding
    answers: tuple[AnswerRow, ...]


def skill_name(skill_id: str) -> str:
    """A skill's name in the reader's language."""
    found = learning.library().skills.get(skill_id)
    return named(found.name) if found else skill_id


def course_title(course_id: str) -> str:
    """The title of a course of the library; its id when it is there no more."""
    found = learning.library().courses.get(course_id)
    return named(found.title) if found else course_id


def course_named(course_id: str) -> Course | None:
    """The course of the library when it proposes a credential."""
    found = learning.library().courses.get(course_id)
    return found if found is not None and found.credential is not None else None


def skill_rows(evidence: Evidence, proposal: Proposal) -> list[SkillRow]:
    """The evidence by skill, in the order of the rule."""
    return [
        SkillRow(
            skill_name(found.skill_id),
            found,
            tuple(_answer(a.question_id, a.day, a.form) for a in evidence.of_skill(found.skill_id)),
        )
        for found in proposal.skills
    ]


def _answer(question_id: str, day: date, form: str | None) -> AnswerRow:
    question = learning.library().questions.get(question_id)
    return AnswerRow(
        question.prompt if question else t("mastery.evidence.question_gone"),
        day,
        t(f"library.form.{form}") if form else t("mastery.evidence.no_form"),
    )


def left_out(evidence: Evidence) -> list[str]:
    """How many answers do not count, and why, a sentence each."""
    return [
        t(f"mastery.evidence.reason.{why}", count=evidence.left_out[why])
        for why in REASONS_LEFT_OUT
        if evidence.left_out.get(why)
    ]


def said(reasons: Sequence[Reason]) -> list[str]:
    """Reasons as sentences."""
    return [sentence for reason in reasons if (sentence := reason_sentence(reason.as_json()))]


def rule_words(rule: Rule) -> list[str]:
    """A rule in plain words, a sentence for each of its parts."""
    return [
        t("mastery.rule.skills", count=len(rule.skills)),
        t("mastery.rule.answers", count=rule.right_answers),
        t("mastery.rule.days", count=rule.days),
        t("mastery.rule.percent", count=rule.percent),
        t("mastery.rule.unaided"),
        t(f"mastery.rule.decides_{rule.decides}"),
    ]


def state_badge(row: MasteryRequest) -> tuple[str, str]:
    """A request's state: words and kind of badge."""
    kinds = {"waiting": "", "issued": "good", "declined": "warn", "withdrawn": ""}
    return t(f"mastery.request.state.{row.state}"), kinds[row.state]

"""From mastery to a proposal: what a learner's own answers show, held against the rule of whoever gives the credit.

``propose`` is pure: evidence and rule in, a proposal with all its reasons out. Which answers count is said of each one:
a right answer, given unaided (no hint, no language model asked meanwhile), here, and not to a question whose solution
was shown earlier that day. Persons decide or have decided by their rule; nothing is awarded here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.answering import Learning
from adaptive.mastery.progress import mastery
from adaptive.reason import Reason, because
from adaptive.store import answers, mastered, states, terms
from adaptive.store.tables import Answer, CompanionQuestion

OWN_SOURCES = frozenset({"practice", "placement"})
"""Where an answer was given that the library saw itself; what another platform reports is not evidence here."""
RULE_FORMAT = 1

Decider = Literal["rule", "person"]
Verdict = Literal["rule", "person", "not_yet"]
DayOf = Callable[[datetime], date]
"""The civil date of a moment, where the learners live."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a course's credit is due, as one institution has it.

    ``award`` is what it gives (its own course code, opaque here). Each of ``skills`` needs right answers that count to
    ``right_answers`` different questions, the answers together at least ``days`` different days, and each skill a
    probability of mastery of at least ``percent``. ``decides``: the rule itself, or a person to whom the same is shown.
    """

    course_id: str
    award: str
    skills: tuple[str, ...]
    right_answers: int = 2
    days: int = 2
    percent: int = 80
    decides: Decider = "rule"

    def as_json(self) -> dict[str, Any]:
        """The rule as JSON values, with the version of its meaning."""
        return {"format": RULE_FORMAT, **asdict(self), "skills": list(self.skills)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Rule":
        """Read what ``as_json`` wrote."""
        values = {name: value for name, value in given.items() if name != "format"}
        return cls(**{**values, "skills": tuple(given["skills"])})

    @property
    def canonical(self) -> str:
        """The rule as JSON text, the keys sorted, without spaces."""
        return _canonical(self.as_json())

    @property
    def digest(self) -> str:
        """What names this version of the rule: SHA-256 (hex) of its canonical text in UTF-8."""
        return _digest(self.as_json())


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer that counts: which question, which of the skills it shows, when, and in which form it was read."""

    answer_id: str
    question_id: str
    skills: tuple[str, ...]
    answered_at: datetime
    day: date
    form: str | None


@dataclass(frozen=True, slots=True)
class SkillShown:
    """A skill as the model sees it: when it was first mastered (None: not yet), and P(mastery) now in percent."""

    skill_id: str
    mastered_on: date | None
    percent: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a learner shows: the skills, the answers that count in order, and how many others there were, by why not.

    ``left_out`` has codes: wrong, unknown, unsure, hinted, companion, elsewhere, same_day.
    """

    skills: tuple[SkillShown, ...]
    answers: tuple[ShownAnswer, ...]
    left_out: Mapping[str, int]
    weights_version: str
    library_digest: str

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which answers that count were given, in order."""
        return tuple(sorted({answer.day for answer in self.answers}))

    @property
    def digest(self) -> str:
        """What names the evidence: SHA-256 (hex) over answers and skills, not the estimate, which fades by itself."""
        plain = self.as_json()
        return _digest(
            {"answers": plain["answers"], "left_out": plain["left_out"], "skills": [s.skill_id for s in self.skills]}
        )

    def of_skill(self, skill_id: str) -> tuple[ShownAnswer, ...]:
        """The answers that show one skill."""
        return tuple(answer for answer in self.answers if skill_id in answer.skills)

    def as_json(self) -> dict[str, Any]:
        """The evidence as JSON values."""
        return {
            "skills": [
                {"skill": s.skill_id, "mastered_on": s.mastered_on and s.mastered_on.isoformat(), "percent": s.percent}
                for s in self.skills
            ],
            "answers": [
                {
                    "answer": a.answer_id,
                    "question": a.question_id,
                    "skills": list(a.skills),
                    "at": a.answered_at.isoformat(),
                    "day": a.day.isoformat(),
                    "form": a.form,
                }
                for a in self.answers
            ],
            "left_out": dict(sorted(self.left_out.items())),
            "weights": self.weights_version,
            "library": self.library_digest,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Evidence":
        """Read what ``as_json`` wrote."""
        return cls(
            tuple(
                SkillShown(s["skill"], date.fromisoformat(s["mastered_on"]) if s["mastered_on"] else None, s["percent"])
                for s in given["skills"]
            ),
            tuple(
                ShownAnswer(
                    a["answer"],
                    a["question"],
                    tuple(a["skills"]),
                    datetime.fromisoformat(a["at"]),
                    date.fromisoformat(a["day"]),
                    a["form"],
                )
                for a in given["answers"]
            ),
            given["left_out"],
            given["weights"],
            given["library"],
        )


@dataclass(frozen=True, slots=True)
class SkillFinding:
    """How a skill stands against the rule: right answers that count, to how many different questions, and P in percent.

    ``met``: the rule asks nothing more of it.
    """

    skill_id: str
    questions: int
    percent: int
    mastered_on: date | None
    met: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows from evidence and rule: the rule grants it, a person is to look, or it is not yet time.

    ``reasons`` are all of them, those that speak for it and those that are missing; ``missing`` only the latter.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[Reason, ...]
    skills: tuple[SkillFinding, ...]
    days: int


def propose(evidence: Evidence, rule: Rule) -> Proposal:
    """Hold evidence against a rule.

    The rule grants it when nothing is missing. A person may be asked as soon as every skill was mastered once, and sees
    what is missing beside it; before that it is too early for both.
    """
    shown = {skill.skill_id: skill for skill in evidence.skills}
    findings = tuple(_finding(skill, shown.get(skill), evidence, rule) for skill in rule.skills)
    days = len(evidence.days)
    missing = [reason for found in findings for reason in _missing(found, rule)]
    if days < rule.days:
        missing.append(because("credit.days_few", count=days, wanted=rule.days))
    ready = bool(rule.skills) and all(found.mastered_on is not None for found in findings)
    verdict: Verdict = "not_yet"
    if ready and rule.decides == "person":
        verdict = "person"
    elif ready and not missing:
        verdict = "rule"
    questions = len({answer.question_id for answer in evidence.answers})
    held = sum(found.mastered_on is not None for found in findings)
    speaking = [
        because("credit.skills", count=held, wanted=len(rule.skills)),
        because("credit.answers", count=len(evidence.answers), questions=questions, days=days),
        because(f"credit.decides_{rule.decides}"),
    ]
    return Proposal(verdict, (*speaking, *missing), tuple(missing), findings, days)


def _finding(skill_id: str, shown: SkillShown | None, evidence: Evidence, rule: Rule) -> SkillFinding:
    questions = len({answer.question_id for answer in evidence.of_skill(skill_id)})
    percent = shown.percent if shown else 0
    mastered_on = shown.mastered_on if shown else None
    met = mastered_on is not None and questions >= rule.right_answers and percent >= rule.percent
    return SkillFinding(skill_id, questions, percent, mastered_on, met)


def _missing(found: SkillFinding, rule: Rule) -> list[Reason]:
    if found.mastered_on is None:
        return [because("credit.skill_open", skill=found.skill_id)]
    reasons = []
    if found.questions < rule.right_answers:
        reasons.append(
            because("credit.answers_few", skill=found.skill_id, count=found.questions, wanted=rule.right_answers)
        )
    if found.percent < rule.percent:
        reasons.append(because("credit.faded", skill=found.skill_id, percent=found.percent, wanted=rule.percent))
    return reasons


def evidence_of(
    session: Session, learning: Learning, learner_id: UUID, skills: Sequence[str], day_of: DayOf
) -> Evidence:
    """What a learner's kept answers show of some skills, now. Reads only."""
    now = learning.clock()
    state = states.whole(session, learner_id)
    shared = terms.shared(session.connection(), learning.weights, (), skills)
    reached = mastered.of_learner(session, learner_id)
    shown = tuple(
        SkillShown(
            skill,
            day_of(reached[skill].reached_at) if skill in reached else None,
            round(100 * mastery(state, shared, skill, now.timestamp()).p),
        )
        for skill in skills
    )
    rows = [row for row in answers.in_order(session, learner_id) if not set(skills).isdisjoint(row.skill_ids)]
    counted, left_out = sift(rows, asked_a_model(session, learner_id), skills, day_of)
    return Evidence(shown, counted, left_out, learning.weights.version, learning.library.digest)


def asked_a_model(session: Session, learner_id: UUID) -> tuple[datetime, ...]:
    """The moments at which the learner had a language model answer something."""
    statement = select(CompanionQuestion.asked_at).where(
        CompanionQuestion.learner_id == learner_id, col(CompanionQuestion.model).is_not(None)
    )
    return tuple(session.exec(statement.order_by(col(CompanionQuestion.asked_at))))


def sift(
    rows: Iterable[Answer], asked_at: Sequence[datetime], skills: Sequence[str], day_of: DayOf
) -> tuple[tuple[ShownAnswer, ...], dict[str, int]]:
    """Which answers count, and how many do not, by the first thing that speaks against each."""
    counted: list[ShownAnswer] = []
    left_out: Counter[str] = Counter()
    met: set[tuple[str, date]] = set()
    for row in rows:
        day = day_of(row.answered_at)
        against = _against(row, asked_at, again=(row.question_id, day) in met)
        met.add((row.question_id, day))
        if against:
            left_out[against] += 1
            continue
        named = tuple(skill for skill in row.skill_ids if skill in skills)
        counted.append(ShownAnswer(str(row.id), row.question_id, named, row.answered_at, day, row.form))
    return tuple(counted), dict(left_out)


def _against(row: Answer, asked_at: Sequence[datetime], *, again: bool) -> str | None:
    if row.source not in OWN_SOURCES:
        return "elsewhere"
    if row.outcome != "right":
        return row.outcome
    if row.hints:
        return "hinted"
    begun = row.presented_at or row.answered_at
    if any(begun <= moment <= row.answered_at for moment in asked_at):
        return "companion"
    return "same_day" if again else None


def _digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

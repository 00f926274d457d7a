"""From mastery to a proposal: which answers count, what a rule asks, and that the words are there for all of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive import sentences
from adaptive.mastering import (
    Evidence,
    Rule,
    ShownAnswer,
    SkillShown,
    evidence_of,
    propose,
    sift,
)
from adaptive.reason import codes
from adaptive.store import personal_data
from adaptive.store.tables import Answer, CompanionQuestion
from tests.adaptive.lessons import Somebody, learning_of
from tests.banks import Clock
from web.database import Database

CITY = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)
RULE = Rule("kitchen-safety", "KD-1", ("a", "b"))


def day_of(moment: datetime) -> date:
    return moment.astimezone(CITY).date()


def shown(question: str, skill: str, day: int) -> ShownAnswer:
    moment = NOON + timedelta(days=day)
    return ShownAnswer(str(uuid4()), question, (skill,), moment, day_of(moment), "easy")


def evidence(*answers: ShownAnswer, percents: tuple[int, int] = (90, 90), mastered: str = "ab") -> Evidence:
    skills = tuple(
        SkillShown(skill, day_of(NOON) if skill in mastered else None, percent)
        for skill, percent in zip("ab", percents, strict=True)
    )
    return Evidence(skills, answers, {"wrong": 1}, "shipped", "0" * 64)


ENOUGH = (shown("a1", "a", 0), shown("a2", "a", 0), shown("b1", "b", 0), shown("b2", "b", 1))


def test_the_rule_grants_what_meets_it() -> None:
    proposal = propose(evidence(*ENOUGH), RULE)
    assert (proposal.verdict, proposal.missing, proposal.days) == ("rule", (), 2)
    assert codes(proposal.reasons) == ("credit.skills", "credit.answers", "credit.decides_rule")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (evidence(*ENOUGH[:3]), "credit.answers_few"),
        (evidence(*ENOUGH[:3], shown("b2", "b", 0)), "credit.days_few"),
        (evidence(*ENOUGH, percents=(90, 79)), "credit.faded"),
        (evidence(*ENOUGH, mastered="a"), "credit.skill_open"),
        (evidence(*ENOUGH[:3], shown("b1", "b", 1)), "credit.answers_few"),  # the same question on two days is one
        (evidence(), "credit.answers_few"),
    ],
)
def test_what_is_missing_is_named(given: Evidence, code: str) -> None:
    proposal = propose(given, RULE)
    assert proposal.verdict == "not_yet"
    assert code in codes(proposal.missing)
    assert set(proposal.missing) <= set(proposal.reasons)
    by_person = propose(given, replace(RULE, decides="person"))
    # A person may be asked once every skill was mastered, and sees what is missing.
    assert by_person.verdict == ("not_yet" if code == "credit.skill_open" else "person")
    assert by_person.missing == proposal.missing


def test_a_rule_without_skills_grants_nothing() -> None:
    assert propose(evidence(*ENOUGH), replace(RULE, skills=())).verdict == "not_yet"


def test_every_reason_has_its_sentence() -> None:
    said = {key for key in sentences.catalogue() if key.startswith("reason.credit.")}
    for held in (evidence(*ENOUGH), evidence(*ENOUGH[:1], percents=(10, 10)), evidence(mastered="")):
        for decides in ("rule", "person"):
            for reason in propose(held, replace(RULE, decides=decides)).reasons:  # type: ignore[arg-type]
                for locale in ("zh-CN", "en"):
                    assert sentences.sentence(f"reason.{reason.code}", locale, **reason.values)
                said.discard(f"reason.{reason.code}")
    assert said == set()


ANSWERS = st.lists(
    st.builds(shown, st.sampled_from(["a1", "a2", "b1", "b2", "b3"]), st.sampled_from("ab"), st.integers(0, 4)),
    max_size=12,
)
RULES = st.builds(
    Rule,
    st.just("c"),
    st.just("k"),
    st.just(("a", "b")),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(60, 95),
    st.sampled_from(["rule", "person"]),
)


@given(rule=RULES, answers=ANSWERS, more=ANSWERS, percents=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_more_evidence_never_takes_a_grant_away(
    rule: Rule, answers: Sequence[ShownAnswer], more: Sequence[ShownAnswer], percents: tuple[int, int]
) -> None:
    less, all_of_it = evidence(*answers, percents=percents), evidence(*answers, *more, percents=percents)
    if propose(less, rule).verdict != "not_yet":
        assert propose(all_of_it, rule).verdict == propose(less, rule).verdict
    assert len(propose(all_of_it, rule).missing) <= len(propose(less, rule).missing)
    assert (propose(less, replace(rule, decides="rule")).verdict == "rule") == (not propose(less, rule).missing)


@given(rule=RULES, answers=ANSWERS)
def test_rule_and_evidence_survive_json_and_keep_their_names(rule: Rule, answers: Sequence[ShownAnswer]) -> None:
    assert Rule.from_json(rule.as_json()) == rule
    assert Rule.from_json(rule.as_json()).digest == rule.digest
    whole = evidence(*answers)
    assert Evidence.from_json(whole.as_json()) == whole
    assert Evidence.from_json(whole.as_json()).digest == whole.digest


def test_any_change_of_a_rule_is_another_version() -> None:
    changes: list[dict[str, object]] = [
        {"course_id": "x"},
        {"award": "x"},
        {"skills": ("b", "a")},
        {"right_answers": 3},
        {"days": 3},
        {"percent": 85},
        {"decides": "person"},
    ]
    versions = {RULE.digest, *(replace(RULE, **change).digest for change in changes)}  # type: ignore[arg-type]
    assert len(versions) == 1 + len(changes)
    # What names the rule can be computed by anyone from the text that is published.
    assert RULE.digest == hashlib.sha256(RULE.canonical.encode()).hexdigest()


def test_the_estimate_fades_without_changing_the_evidences_name() -> None:
    assert evidence(*ENOUGH, percents=(90, 90)).digest == evidence(*ENOUGH, percents=(70, 80)).digest
    assert evidence(*ENOUGH).digest != evidence(*ENOUGH[:3]).digest


def row(number: int, **changes: object) -> Answer:
    values: dict[str, object] = {
        "learner_id": UUID(int=1),
        "id": UUID(int=number),
        "number": number,
        "client_key": str(number),
        "question_id": f"c/i#q{number}",
        "item_id": "c/i",
        "skill_ids": ["a"],
        "form": None,
        "presented_at": NOON + timedelta(minutes=number),
        "answered_at": NOON + timedelta(minutes=number, seconds=30),
        "outcome": "right",
        "score": 1.0,
        "weights_version": "w",
    }
    return Answer(**{**values, **changes})


def test_only_unaided_right_answers_given_here_count() -> None:
    asked = (NOON + timedelta(minutes=7, seconds=10),)
    rows = [
        row(1),
        row(2, outcome="wrong"),
        row(3, outcome="unknown"),
        row(4, outcome="unsure"),
        row(5, hints=1),
        row(6, source="other-platform"),
        row(7),  # a language model was asked while this question stood there
        row(8, question_id="c/i#q2"),  # its solution was shown a few minutes before
        row(9, question_id="c/i#q2", answered_at=NOON + timedelta(days=1), presented_at=None),
        row(10, skill_ids=["a", "z"], source="placement"),
    ]
    counted, left_out = sift(rows, asked, ["a", "b"], day_of)
    assert [a.answer_id for a in counted] == [str(UUID(int=n)) for n in (1, 9, 10)]
    assert counted[-1].skills == ("a",)
    assert left_out == {
        "wrong": 1, "unknown": 1, "unsure": 1, "hinted": 1, "elsewhere": 1, "companion": 1, "same_day": 1,
    }  # fmt: skip


def test_evidence_is_read_from_the_log(db: Database, clock: Clock) -> None:
    somebody = Somebody(learning_of(clock), clock)
    gas = ["kitchen-safety/gas#first", "kitchen-safety/gas#not-to-do", "kitchen-safety/gas#in-order"]
    with db.writing() as session:
        for _day in range(3):
            for question in gas:
                somebody.answers(session, question, form="easy")
            clock.advance(days=1)
        session.add(
            CompanionQuestion(
                learner_id=somebody.learner_id,
                id=uuid4(),
                asked_at=clock() + timedelta(seconds=57),
                question="阀门怎么关",
                outcome="phrased",
                model="local",
            )
        )
        session.flush()
        somebody.answers(session, gas[0])
    with db.reading() as session:
        found = evidence_of(session, somebody.learning, somebody.learner_id, ["home.gas", "home.fire"], day_of)
    assert len(found.answers) == 9 and len(found.days) == 3
    assert found.left_out == {"companion": 1}
    assert {answer.form for answer in found.answers} == {"easy"}
    gas_shown, fire_shown = found.skills
    assert gas_shown.mastered_on is not None and gas_shown.percent >= 80
    assert fire_shown.mastered_on is None
    rule = Rule("kitchen-safety", "KD-1", ("home.gas",))
    assert propose(found, rule).verdict == "rule"
    with db.writing() as session:
        personal_data.erase_learner(session, somebody.learner_id)
    with db.reading() as session:
        empty = evidence_of(session, somebody.learning, somebody.learner_id, ["home.gas"], day_of)
    assert empty.answers == () and propose(empty, rule).verdict == "not_yet"

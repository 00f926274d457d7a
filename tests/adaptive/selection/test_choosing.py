"""Choosing: laws over any pool and any learner, and the plain cases."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.reason import Reason, codes
from adaptive.selection.choosing import REJECTIONS, Moment, Rejected, choose
from adaptive.selection.policy import BRISK, GENTLE, STANDARD, Policy, policy_for
from adaptive.selection.prospects import Prospects
from adaptive.sentences import sentence
from tests.adaptive.selection.worlds import Case, cases, pool_of_size

NOW = 100_000.0
wishes = st.sampled_from([None, "easier", "harder"])


def said(reason: Reason, locale: str = "zh-CN") -> str:
    return sentence(f"reason.{reason.code}", locale, **reason.values)


@settings(deadline=None)
@given(cases(), wishes, st.floats(0.05, 0.95))
def test_every_decision_has_a_reason_and_every_other_question_too(
    case: Case, wish: str | None, reference: float
) -> None:
    decision = choose(case.pool, case.known, Policy(), Moment(NOW, wish=wish, reference=reference))
    assert decision.reasons
    for reason in decision.reasons:
        assert said(reason) and said(reason, "en")
    others = set(case.pool.question_ids) - {decision.question_id}
    assert set(decision.rejected) == others
    assert len(decision.rejected) == len(others)
    for question in others:
        assert said(decision.rejected[question])
    assert isinstance(decision.rejected, Rejected)
    assert sum(decision.rejected.counts().values()) == len(others)


@settings(deadline=None)
@given(cases(), st.floats(0.05, 0.95))
def test_easier_never_yields_a_harder_choice_nor_harder_an_easier_one(case: Case, reference: float) -> None:
    for wish in ("easier", "harder"):
        decision = choose(case.pool, case.known, Policy(), Moment(NOW, wish=wish, reference=reference))
        if decision.p is not None:
            assert decision.p > reference if wish == "easier" else decision.p < reference


@settings(deadline=None)
@given(cases())
def test_what_may_not_be_chosen_is_not_chosen(case: Case) -> None:
    pool, known = case.pool, case.known
    aside = pool.question_ids[0].partition("#")[0]
    decision = choose(pool, known, Policy(), Moment(NOW, not_now=[aside]))
    if decision.question_id is None:
        return
    row = pool.row[decision.question_id]
    due = known.due[pool.teaches[row]].max() > 0
    assert decision.item_id != aside
    assert due or known.held[pool.needs[row]].all()
    skills = [s for s in pool.teaches[row] if s < len(pool.skill_ids)]
    assert due or not (all(known.mastered[s] for s in skills) if skills else known.right[row])
    rest = Policy().rest_right if known.right[row] else Policy().rest_wrong
    assert NOW - known.answered_at[row] >= rest


@settings(deadline=None)
@given(cases())
def test_nothing_better_was_passed_over(case: Case) -> None:
    """Alike in everything else, the question nearer to the band is chosen."""
    pool = case.pool
    flat = replace(
        case.known,
        skill_p=np.append(np.full(len(pool.skill_ids), 0.5), 1.0),
        due=np.zeros(len(pool.skill_ids) + 1),
    )
    decision = choose(pool, flat, Policy(gain=0.0, variety=0.0, begun=0.0), Moment(NOW))
    if decision.question_id is not None:
        chosen = STANDARD.distance(decision.p or 0.0)
        rivals = [q for q, reason in decision.rejected.items() if reason.code == "rejected.outscored"]
        assert all(STANDARD.distance(float(case.p[pool.row[q]])) >= chosen - 1e-6 for q in rivals)


@settings(deadline=None)
@given(cases())
def test_the_same_moment_gives_the_same_choice(case: Case) -> None:
    first, second = (choose(case.pool, case.known, Policy(), Moment(NOW)) for _ in range(2))
    assert first.as_json() == second.as_json()


def plain(**changes: object) -> Prospects:
    """Two skills, the second needs the first; four questions, two of each."""
    p = np.array([0.9, 0.8, 0.8, 0.6])
    known = Prospects(
        lambda rows: p[rows],
        np.full(4, -np.inf),
        np.zeros(4, dtype=bool),
        np.array([0.7, 0.6, 1.0]),
        np.zeros(3, dtype=bool),
        np.array([False, False, True]),
        np.zeros(3, dtype=bool),
        np.zeros(3),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


POOL = pool_of_size(4, 2, [[0], [0], [1], [1]], [[], [], [0], [0]])


def test_a_beginner_gets_what_has_no_prerequisites_in_the_band() -> None:
    decision = choose(POOL, plain(), Policy(), Moment(NOW))
    assert decision.question_id == POOL.question_ids[1]
    assert codes(decision.reasons) == ("choose.ready", "choose.in_band")
    assert decision.rejected[POOL.question_ids[2]].code == "rejected.prerequisite"
    assert decision.rejected[POOL.question_ids[0]].code == "rejected.outscored"


def test_a_due_review_comes_before_more_of_the_same() -> None:
    known = plain(held=np.array([True, False, True]), due=np.array([0.0, 1.0, 0.0]))
    decision = choose(POOL, known, Policy(), Moment(NOW))
    assert decision.question_id == POOL.question_ids[2]
    assert decision.reasons[0].code == "choose.due"


def test_a_goal_counts() -> None:
    known = plain(held=np.array([True, False, True]), skill_p=np.array([0.6, 0.6, 1.0]))
    assert choose(POOL, known, Policy(), Moment(NOW)).question_id == POOL.question_ids[1]
    decision = choose(POOL, known, Policy(), Moment(NOW, goal=["area.s1"]))
    assert decision.question_id == POOL.question_ids[2]
    assert "choose.goal" in codes(decision.reasons)


def test_something_different_after_much_of_the_same() -> None:
    known = plain(held=np.array([True, False, True]), skill_p=np.array([0.6, 0.6, 1.0]))
    moment = Moment(NOW, recent_skills=("area.s0",) * 5, recent_kinds=("order", "order"))
    decision = choose(POOL, known, Policy(), moment)
    assert decision.question_id == POOL.question_ids[2]
    assert "choose.thread" in codes(decision.reasons)


def test_nobody_is_sent_from_one_thing_to_another() -> None:
    """With two areas alike in everything, one goes on where one is, and finishes what was begun."""
    pool = replace(POOL, skill_ids=("phone.call", "garden.pot"), needs=pool_of_size(4, 2, [[]] * 4, [[]] * 4).needs)
    p = np.array([0.8, 0.8, 0.8, 0.8])
    known = plain(p=lambda rows: p[rows], skill_p=np.array([0.6, 0.6, 1.0]))
    for skill, rows in (("phone.call", {0, 1}), ("garden.pot", {2, 3})):
        decision = choose(pool, known, Policy(), Moment(NOW, recent_skills=(skill,)))
        assert pool.row[decision.question_id or ""] in rows
    begun = replace(known, begun=np.array([False, True, False]))
    decision = choose(pool, begun, Policy(), Moment(NOW))
    assert pool.row[decision.question_id or ""] in {2, 3}
    assert "choose.go_on" in codes(decision.reasons)


@pytest.mark.parametrize(
    ("known", "moment", "code"),
    [
        (plain(mastered=np.array([True, True, False]), held=np.array([True, True, True])), Moment(NOW), "all_mastered"),
        (plain(answered_at=np.full(4, NOW - 60)), Moment(NOW), "rest"),
        (plain(), Moment(NOW, wish="easier", reference=0.95), "nothing_easier"),
        (plain(), Moment(NOW, wish="harder", reference=0.3), "nothing_harder"),
        (plain(), Moment(NOW, not_now=["course0", "course1", "course2"]), "set_aside"),
        (plain(mastered=np.array([True, False, False])), Moment(NOW), "locked"),
    ],
)
def test_where_there_is_nothing_it_says_why(known: Prospects, moment: Moment, code: str) -> None:
    decision = choose(POOL, known, Policy(), moment)
    assert decision.question_id is None
    assert codes(decision.reasons) == (f"choose.{code}",)
    assert said(decision.reasons[0])


def test_questions_of_no_skill_are_chosen_until_they_were_answered_right() -> None:
    pool = pool_of_size(2, 1, [[], []], [[], []])
    p = np.array([0.8, 0.8])
    flags = np.zeros(2, dtype=bool)
    known = Prospects(
        lambda rows: p[rows],
        np.array([0.0, -np.inf]),
        np.array([True, False]),
        np.array([0.5, 1.0]),
        flags,
        np.array([False, True]),
        flags,
        np.zeros(2),
    )
    decision = choose(pool, known, Policy(), Moment(NOW))
    assert decision.question_id == pool.question_ids[1]
    assert decision.reasons
    assert decision.rejected[pool.question_ids[0]].code == "rejected.mastered"


def test_an_empty_pool_is_no_fault() -> None:
    empty = pool_of_size(0, 1, [], [])
    nothing = np.zeros(0)
    known = Prospects(
        lambda rows: nothing, nothing, np.zeros(0, bool), *(np.zeros(2), *(np.zeros(2, bool),) * 3), np.zeros(2)
    )
    assert codes(choose(empty, known, Policy(), Moment(NOW)).reasons) == ("choose.empty",)


@pytest.mark.parametrize("setting", ["standard", "easier", "harder"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("failed", [True, False])
def test_what_the_person_set_outranks_the_occasion(setting: str, first: bool, failed: bool) -> None:
    policy = policy_for(setting, first_session=first, after_failure=failed)  # type: ignore[arg-type]
    wanted = {"easier": GENTLE, "harder": BRISK, "standard": GENTLE if first or failed else STANDARD}[setting]
    assert policy.band == wanted
    assert all(said(reason) for reason in policy.reasons)
    assert bool(policy.reasons) == (policy.band != STANDARD)


def test_the_codes_of_rejection_have_their_sentences() -> None:
    for code in REJECTIONS[1:]:
        assert sentence(f"reason.rejected.{code}", "zh-CN")

"""The neutral order, the form of an item, the length of a session."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.content.model import FORM_KINDS, FormKind
from adaptive.selection.form import choose_form
from adaptive.selection.neutral import choose_neutral, neutral_order
from adaptive.selection.pool import pool_of
from adaptive.selection.session import LONGEST, SHORTEST, SessionPlan, offer_pause_until, offer_stop, propose_session
from adaptive.sentences import sentence
from tests.adaptive.libraries import small_library

LIBRARY = small_library()
ORDER = neutral_order(LIBRARY)
forms = st.sets(st.sampled_from(FORM_KINDS), min_size=1)
records = st.dictionaries(
    st.sampled_from(FORM_KINDS), st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
)


def test_the_order_is_the_authors() -> None:
    assert ORDER[:2] == ("phone/power#q0", "phone/power#q1")
    assert pool_of(LIBRARY).question_ids == ORDER
    assert neutral_order(LIBRARY, ["pay"])[0].startswith("pay/")


@settings(deadline=None)
@given(st.sets(st.sampled_from(ORDER)), st.sets(st.sampled_from(ORDER)))
def test_the_neutral_choice_depends_on_what_was_answered_alone(done: set[str], aside: set[str]) -> None:
    decision = choose_neutral(ORDER, done, aside)
    left = [question for question in ORDER if question not in done and question not in aside]
    assert decision.question_id == (left[0] if left else None)
    assert decision.policy == "neutral"
    assert decision.p is None
    assert set(decision.rejected) == set(ORDER) - {decision.question_id}
    for reason in (*decision.reasons, *decision.rejected.values()):
        assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


@settings(deadline=None)
@given(forms, st.none() | st.sampled_from(FORM_KINDS), records, st.sets(st.sampled_from(FORM_KINDS)))
def test_every_form_stays_on_offer_and_the_preference_outranks(
    available: set[FormKind],
    preferred: FormKind | None,
    worked: dict[FormKind, tuple[int, int]],
    used: set[FormKind],
) -> None:
    choice = choose_form(available, preferred, worked, used)
    assert {choice.kind, *choice.others} == available
    assert len(choice.others) == len(available) - 1
    if preferred in available and preferred not in used:
        assert choice.kind == preferred
    if available - used:
        assert choice.kind not in used or (choice.kind == "standard" and not used & available)
    for reason in choice.reasons:
        assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


def test_a_form_that_worked_clearly_better_is_shown_first() -> None:
    worked: dict[FormKind, tuple[int, int]] = {"standard": (5, 12), "steps": (12, 12)}
    assert choose_form(FORM_KINDS, None, worked).kind == "steps"
    assert choose_form(FORM_KINDS, None, {"steps": (3, 3)}).kind == "standard"
    assert choose_form(FORM_KINDS, "audio", worked).kind == "audio"


def test_an_item_without_forms_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="form"):
        choose_form((), None, {})


@settings(deadline=None)
@given(st.lists(st.floats(0.5, 300), max_size=9), st.none() | st.floats(1, 600), st.none() | st.integers(5, 120))
def test_a_session_is_what_was_wanted_or_short(own: list[float], pace: float | None, wanted: int | None) -> None:
    plan = propose_session(own, pace, wanted)
    assert plan.minutes == wanted if wanted is not None else SHORTEST <= plan.minutes <= LONGEST
    assert plan.questions >= 3
    assert sentence(f"reason.{plan.reasons[0].code}", "zh-CN", **plan.reasons[0].values)


def test_ones_own_median_counts_from_three_sessions_on() -> None:
    assert propose_session([8, 9]).minutes == 15
    assert propose_session([8, 9, 22]).minutes == 9


def test_stopping_is_offered_at_a_good_moment() -> None:
    plan = SessionPlan(15, 15, ())
    assert offer_stop(plan, 10, [True] * 5) is None
    assert offer_stop(plan, 16, [True, False]) is None
    for minutes, outcomes, seconds in ((16, [False, True], []), (23, [False], []), (9, [False] * 4, [80.0] * 4)):
        reason = offer_stop(plan, minutes, outcomes, seconds, 40.0)
        assert reason is not None
        assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)
    assert offer_stop(plan, 9, [True] * 4, [80.0] * 4, 40.0) is None
    assert offer_pause_until(2) is None
    assert offer_pause_until(3) is not None

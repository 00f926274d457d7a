"""From what was noticed to what is proposed: each signal, and laws that hold whatever was noticed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.adjust.proposing import (
    AFTER_UNDOING,
    LADDERS,
    RESTS,
    RULES,
    Answer,
    Rule,
    may_be_done,
    proposal,
    upwards,
)
from accessibility.adjust.signal import KINDS, MOST_A_DAY, WINDOW, Noticed, add, slowing
from accessibility.preference.model import VALUES, Preference

TODAY = date(2026, 9, 1)
QUICK = Preference(speech_rate="200")


def often(rule: Rule, times: int | None = None, day: date = TODAY) -> list[Noticed]:
    """What is just enough for a rule, on as many pages as it asks for."""
    if rule.ratio:
        before = [Noticed(day - WINDOW - timedelta(days=n + 1), "lingered", f"p{n}", 1, 10.0) for n in range(5)]
        return before + [Noticed(day, "lingered", f"p{n}", 1, 10.0 * rule.ratio) for n in range(3)]
    return [Noticed(day, rule.kind, f"p{n % rule.pages}") for n in range(rule.count if times is None else times)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_signal_leads_to_its_change_and_one_less_does_not(rule: Rule) -> None:
    found = proposal(often(rule), QUICK, [], TODAY)
    assert found is not None and found.rule == rule.id and found.preference == rule.preferences[0]
    assert upwards(found.preference, found.before, found.after)
    assert found.evidence.kind == rule.kind and found.evidence.count >= rule.count
    fewer = often(rule)[:-1] if rule.ratio else often(rule, rule.count - 1)
    assert proposal(fewer, QUICK, [], TODAY) is None


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.pages > 1 and not rule.ratio], ids=lambda rule: rule.id
)
def test_one_page_that_is_hard_to_use_is_no_reason_to_change_all(rule: Rule) -> None:
    assert proposal([Noticed(TODAY, rule.kind, "one", rule.count)], QUICK, [], TODAY) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_no_is_heard_for_longer_each_time(rule: Rule) -> None:
    answers, day = [], TODAY
    for rest in RESTS:
        assert proposal(often(rule, day=day), QUICK, answers, day) is not None
        answers.append(Answer(rule.id, "declined", day))
        assert (
            proposal(often(rule, day=day + rest - timedelta(days=1)), QUICK, answers, day + rest - timedelta(1)) is None
        )
        day += rest + timedelta(days=1)
    assert proposal(often(rule, day=day), QUICK, answers, day) is not None


def test_what_spoke_for_a_change_does_not_speak_for_the_next() -> None:
    rule = RULES[0]
    larger = replace(QUICK, target_size="52")
    assert proposal(often(rule), larger, [Answer(rule.id, "accepted", TODAY)], TODAY) is None
    later = TODAY + timedelta(days=3)
    found = proposal(often(rule) + often(rule, day=later), larger, [Answer(rule.id, "accepted", TODAY)], later)
    assert found is not None and (found.before, found.after) == ("52", "60")


def test_what_was_undone_is_not_done_again_unasked() -> None:
    rule = RULES[0]
    answers = [Answer(rule.id, "done", TODAY), Answer(rule.id, "undone", TODAY)]
    assert may_be_done(rule.id, answers[:1]) and not may_be_done(rule.id, answers)
    rested = TODAY + AFTER_UNDOING
    assert proposal(often(rule, day=rested - timedelta(days=1)), QUICK, answers, rested - timedelta(days=1)) is None
    assert proposal(often(rule, day=rested), QUICK, answers, rested) is not None


def test_who_has_the_most_help_already_is_offered_the_next_kind_or_nothing() -> None:
    rule = RULES[0]
    most = replace(QUICK, target_size="72")
    found = proposal(often(rule), most, [], TODAY)
    assert found is not None and found.preference == "help_button"
    assert proposal(often(rule), replace(most, help_button="large"), [], TODAY) is None


def test_slow_readers_are_not_slow_against_anybody_but_themselves() -> None:
    before = [Noticed(TODAY - timedelta(days=20 + n), "lingered", f"p{n}", 1, 60.0) for n in range(8)]
    now = [Noticed(TODAY, "lingered", f"p{n}", 1, 62.0) for n in range(4)]
    assert slowing(before + now, TODAY - WINDOW).ratio == pytest.approx(62 / 60)
    assert proposal(before + now, QUICK, [], TODAY) is None
    assert slowing(now, TODAY - WINDOW).ratio is None  # a newcomer has no usual pace yet


def test_who_is_here_every_day_is_not_asked_sooner() -> None:
    rule = next(rule for rule in RULES if rule.id == "goes_back")
    days = [TODAY - timedelta(days=n) for n in range(14)]
    rows = [Noticed(day, "refused_form", "x") for day in days] + often(rule, 10)
    assert proposal(rows, replace(QUICK, one_thing="on", symbols="on"), [], TODAY) is None


NOTICED = st.builds(
    Noticed,
    st.dates(TODAY - timedelta(days=60), TODAY),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from("abcde"),
    st.integers(1, 20),
    st.floats(0, 100),
)
PREFERENCES = st.builds(Preference, **{name: st.sampled_from(VALUES[name]) for name in LADDERS})
ANSWERS = st.builds(
    Answer,
    st.sampled_from([rule.id for rule in RULES]),
    st.sampled_from(["accepted", "declined", "done", "undone"]),
    st.dates(TODAY - timedelta(days=400), TODAY),
)


@given(st.lists(NOTICED, max_size=40), PREFERENCES, st.lists(ANSWERS, max_size=6), st.randoms())
def test_never_downwards_and_the_order_is_irrelevant(noticed, preference, answers, random) -> None:  # type: ignore[no-untyped-def]
    found = proposal(noticed, preference, answers, TODAY)
    shuffled = random.sample(noticed, len(noticed)), random.sample(answers, len(answers))
    assert proposal(shuffled[0], preference, shuffled[1], TODAY) == found
    if found is not None:
        assert upwards(found.preference, found.before, found.after)
        assert getattr(preference, found.preference) == found.before


def test_the_ladders_hold_every_value_of_their_preference() -> None:
    for name, ladder in LADDERS.items():
        assert set(ladder) == set(VALUES[name])
    assert {name for rule in RULES for name in rule.preferences} <= set(LADDERS)
    assert {rule.kind for rule in RULES} == KINDS


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_script_that_tells_too_much_is_not_believed(one: int, two: int) -> None:
    first = add(None, Noticed(TODAY, "missed", "p", one))
    assert add(first, Noticed(TODAY, "missed", "p", two)).count == min(min(one, MOST_A_DAY) + two, MOST_A_DAY)


@pytest.mark.parametrize(
    "bad", [Noticed(TODAY, "typed", "p"), Noticed(TODAY, "missed", "p", 0), Noticed(TODAY, "lingered", "p", 1, 1e9)]
)
def test_what_is_not_kept_is_refused(bad: Noticed) -> None:
    with pytest.raises(ValueError, match="not something that is kept"):
        add(None, bad)

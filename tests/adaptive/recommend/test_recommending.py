"""Recommendations: reasons for all, what is not wanted never comes, different from each other, without popularity."""

from collections import Counter
from dataclasses import fields, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.recommend.activity import Activity, Interests, areas_of
from adaptive.recommend.recommending import Weights, in_own_order, likeness, recommend
from adaptive.sentences import sentence

NOW = 1_700_000_000.0
DAY = 86_400.0
SKILLS = ("phone.call", "phone.lock", "pay.scan", "garden.pot")
activities = st.builds(
    Activity,
    id=st.integers(0, 10**6).map(lambda n: f"a{n}"),
    kind=st.sampled_from(["course", "class", "event", "online", "group"]),
    title=st.sampled_from(["甲", "乙", "丙"]),
    skills=st.lists(st.sampled_from(SKILLS), max_size=2, unique=True).map(tuple),
    district=st.sampled_from([None, "东城", "海淀"]),
    starts_at=st.sampled_from([None, NOW - DAY, NOW + DAY, NOW + 40 * DAY]),
    source=st.sampled_from(["", "社区", "大学"]),
)
lists = st.lists(activities, max_size=12, unique_by=lambda activity: activity.id)
interests = st.builds(
    Interests,
    goal=st.sets(st.sampled_from(SKILLS)),
    ready=st.sets(st.sampled_from(SKILLS)),
    mastered=st.sets(st.sampled_from(SKILLS)),
    areas_of_interest=st.sets(st.sampled_from(["phone", "garden"])),
    not_for_me=st.sets(st.sampled_from(["kind:class", "source:大学", "area:garden", "a3"])),
    district=st.sampled_from([None, "东城"]),
)


@settings(max_examples=120, deadline=None)
@given(lists, interests, st.integers(0, 9), st.integers(1, 5))
def test_every_activity_is_shown_or_has_a_reason_against_it(
    given_activities: list[Activity], wishes: Interests, seed: int, count: int
) -> None:
    for found in (
        recommend(given_activities, wishes, NOW, Random(seed), count),
        in_own_order(given_activities, wishes, NOW, count),
    ):
        shown = [entry.activity.id for entry in found.shown]
        assert len(shown) <= count
        assert sorted([*shown, *found.rejected]) == sorted(activity.id for activity in given_activities)
        for entry in found.shown:
            assert 0 < entry.propensity <= 1
            assert entry.reasons
            for reason in entry.reasons:
                assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)
            activity = entry.activity
            names = {activity.id, f"kind:{activity.kind}", f"source:{activity.source}"}
            names |= {f"area:{area}" for area in areas_of(activity)}
            assert not names & set(wishes.not_for_me)
            assert activity.starts_at is None or activity.starts_at >= NOW
        for reason in found.rejected.values():
            assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


def test_nothing_that_is_looked_at_counts_people() -> None:
    names = {field.name for field in (*fields(Activity), *fields(Interests), *fields(Weights))}
    assert not {
        name for name in names for word in ("popular", "rating", "enrol", "likes", "age", "sex") if word in name
    }


def activity(key: str, *skills: str, **more: object) -> Activity:
    return replace(Activity(key, "class", key, skills), **more)  # type: ignore[arg-type]


def test_nearness_counts_only_with_a_district_given_for_it() -> None:
    offered = [activity("a", "phone.call", district="海淀"), activity("b", "phone.call", district="东城")]
    calm = Weights(exploring=0.0)
    assert recommend(offered, Interests(), NOW, Random(1), 1, calm).shown[0].activity.id == "a"
    near = recommend(offered, Interests(district="东城"), NOW, Random(1), 1, calm).shown[0]
    assert near.activity.id == "b"
    assert "recommend.near" in [reason.code for reason in near.reasons]


def test_the_list_is_not_five_times_the_same() -> None:
    alike = [activity(f"p{n}", "phone.call") for n in range(5)]
    other = activity("z", "garden.pot", kind="group", source="社区")
    wishes = Interests(goal={"phone.call"}, ready={"phone.call", "garden.pot"})
    found = recommend([*alike, other], wishes, NOW, Random(1), 2, Weights(exploring=0.0))
    assert [entry.activity.id for entry in found.shown] == ["p0", "z"]
    assert likeness(alike[0], alike[1]) == pytest.approx(1.0)
    assert likeness(alike[0], other) == 0.0


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (Interests(taken={"a"}), "taken"),
        (Interests(mastered={"phone.call"}), "mastered"),
        (Interests(seen={"a": 3}), "shown_often"),
        (Interests(not_for_me={"a"}), "not_for_me"),
        (Interests(not_for_me={"area:phone"}), "not_for_me"),
    ],
)
def test_what_rests_and_why(wishes: Interests, code: str) -> None:
    found = recommend([activity("a", "phone.call")], wishes, NOW, Random(1))
    assert found.shown == ()
    assert found.rejected["a"].code == f"recommend.{code}"


def test_the_kept_probabilities_are_the_true_ones() -> None:
    offered = [activity(f"a{n}", SKILLS[n]) for n in range(4)]
    wishes = Interests(goal={"pay.scan"})
    weights = Weights(exploring=0.4)
    told: dict[str, float] = {}
    met: Counter[str] = Counter()
    for seed in range(4000):
        first = recommend(offered, wishes, NOW, Random(seed), 1, weights).shown[0]
        told[first.activity.id] = first.propensity
        met[first.activity.id] += 1
    assert sum(told.values()) == pytest.approx(1)
    for key, propensity in told.items():
        assert met[key] / 4000 == pytest.approx(propensity, abs=0.03)


def test_the_own_order_is_by_date_and_the_same_for_everybody() -> None:
    offered = [activity("late", starts_at=NOW + 9 * DAY), activity("always"), activity("soon", starts_at=NOW + DAY)]
    for wishes in (Interests(), Interests(goal={"phone.call"}, district="东城", mastered={"pay.scan"})):
        found = in_own_order(offered, wishes, NOW)
        assert [entry.activity.id for entry in found.shown] == ["soon", "late", "always"]
        assert not found.personalised

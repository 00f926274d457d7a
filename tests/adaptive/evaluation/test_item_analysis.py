"""Item analysis: the statistics against textbooks and oracles, and a question that misleads is found."""

import random
from collections.abc import Iterator
from math import exp, inf, isclose, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive.evaluation.item_analysis import FEWEST, Analysis, Reply, analyse
from adaptive.evaluation.item_statistics import (
    Interval,
    Table,
    common_odds_ratio,
    correlation,
    difference,
    ets_class,
    middle,
    share,
)

COUNTS = st.integers(0, 60)
TABLES = st.lists(st.builds(Table, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=6)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_inside_its_interval_and_the_interval_inside_0_to_1(given: tuple[int, int]) -> None:
    value, low, high = share(*given)
    assert 0 <= low <= value <= high <= 1


@pytest.mark.parametrize(("right", "count"), [(0, 10), (3, 10), (10, 10), (81, 263), (15, 148)])
def test_wilson_as_scipy_has_it(right: int, count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(right, count).proportion_ci(method="wilson")
    found = share(right, count)
    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


def test_nobody_has_no_share() -> None:
    with pytest.raises(ValueError, match="nobody"):
        share(0, 0)


def test_the_difference_of_newcombes_paper() -> None:
    """Newcombe 1998, Table II, example (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339."""
    found = difference(share(56, 70), share(48, 80))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


@given(st.integers(1, 80), st.integers(1, 80), st.randoms(use_true_random=False))
def test_a_difference_turns_round_with_its_sides(m: int, n: int, draw: random.Random) -> None:
    a, b = share(draw.randint(0, m), m), share(draw.randint(0, n), n)
    there, back = difference(a, b), difference(b, a)
    assert there.low <= there.value <= there.high
    assert there.low == pytest.approx(-back.high) and there.high == pytest.approx(-back.low)


@given(st.lists(st.tuples(st.booleans(), st.floats(-5, 5)), min_size=4, max_size=80))
def test_point_biserial_as_numpy_has_it(pairs: list[tuple[bool, float]]) -> None:
    x, y = [float(a) for a, _ in pairs], [b for _, b in pairs]
    found = correlation(x, y)
    if np.std(x) < 1e-3 or np.std(y) < 1e-3:
        return
    assert found is not None
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx(float(np.corrcoef(x, y)[0, 1]), abs=1e-6)


def test_fishers_interval_as_scipy_has_it() -> None:
    stats = pytest.importorskip("scipy.stats")
    draw = random.Random(3)
    x = [float(draw.random() < 0.6) for _ in range(90)]
    y = [a * 0.4 + draw.gauss(0, 1) for a in x]
    result = stats.pearsonr(x, y)
    found = correlation(x, y)
    assert found is not None
    assert found.value == pytest.approx(stats.pointbiserialr(x, y).statistic)
    interval = result.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


@given(st.lists(st.floats(0.1, 500), min_size=6, max_size=200))
def test_the_median_lies_between_two_of_the_values(values: list[float]) -> None:
    found = middle(values)
    assert found is not None and found.low <= found.value <= found.high
    assert {found.low, found.high} <= set(values)


def test_the_medians_interval_covers_the_median() -> None:
    draw = random.Random(11)
    found = [middle([draw.lognormvariate(3, 0.7) for _ in range(60)]) for _ in range(400)]
    covered = sum(one is not None and one.low <= exp(3) <= one.high for one in found)
    assert covered / len(found) > 0.92


def strata_of(seed: int, people: int) -> tuple[list[Table], "np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Answers in five strata to a question that is harder for one of two groups (log odds -0.7)."""
    draw = np.random.default_rng(seed)
    stratum, group = draw.integers(0, 5, people), draw.integers(0, 2, people)
    right = draw.random(people) < 1 / (1 + np.exp(1.0 - 0.6 * stratum + 0.7 * group))
    cells = ((1, 1), (1, 0), (0, 1), (0, 0))
    tables = [Table(*(int(((stratum == s) & (group == g) & (right == r)).sum()) for g, r in cells)) for s in range(5)]
    return tables, np.column_stack([group, *(stratum == s for s in range(5))]).astype(float), right


def test_mantel_and_haenszel_against_a_logistic_regression() -> None:
    """Of many people the common odds ratio and the coefficient of the group, strata as dummies, tell the same."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    for seed in (5, 6):
        tables, design, right = strata_of(seed, 8000)
        found = common_odds_ratio(tables)
        model = linear_model.LogisticRegression(C=inf, fit_intercept=False, max_iter=500, tol=1e-8).fit(design, right)
        assert found is not None and log(found.value) == pytest.approx(float(model.coef_[0][0]), abs=0.02)


def test_the_interval_of_the_odds_ratio_covers_it() -> None:
    found = [common_odds_ratio(strata_of(seed, 400)[0]) for seed in range(400)]
    covered = sum(one is not None and one.low <= exp(-0.7) <= one.high for one in found)
    assert 0.92 <= covered / len(found) <= 0.98


@given(TABLES)
def test_an_odds_ratio_turns_over_with_the_groups(tables: list[Table]) -> None:
    found = common_odds_ratio(tables)
    turned = common_odds_ratio([Table(c, d, a, b) for a, b, c, d in tables])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found.low <= found.value <= found.high
        assert isclose(found.value * turned.value, 1, rel_tol=1e-9)
        assert isclose(found.low * turned.high, 1, rel_tol=1e-6)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 20), st.integers(1, 6))
def test_strata_of_one_ratio_have_that_ratio(a: int, b: int, factor: int, strata: int) -> None:
    tables = [Table(a * factor * n, b * n, a * n, b * n) for n in range(1, strata + 1)]
    found = common_odds_ratio(tables)
    assert found is not None and found.value == pytest.approx(factor)


@pytest.mark.parametrize(
    ("ratio", "grade"),
    [
        (Interval(1.0, 0.9, 1.1), "A"),
        (Interval(1.5, 1.2, 1.9), "A"),
        (Interval(0.6, 0.5, 0.75), "B"),
        (Interval(0.4, 0.3, 0.5), "C"),
        (Interval(0.4, 0.1, 1.6), "A"),
    ],
)
def test_classes_of_ets(ratio: Interval, grade: str) -> None:
    assert ets_class(ratio) == grade


def world(people: int = 400, seed: int = 7) -> Iterator[Reply]:
    """Ten sound questions and five that mislead, each in its own way."""
    draw = random.Random(seed)
    for n in range(people):
        ability = draw.gauss(0, 1)
        told = {"sex": "female" if n % 2 else "male"}
        form = "easy" if n % 3 == 0 else "standard"
        for q in range(10):
            right = draw.random() < 1 / (1 + exp(-(1.4 * ability + 0.9 - 0.15 * q)))
            yield Reply(f"u{n}", f"sound{q}", right, draw.lognormvariate(3, 0.5), form, 0 if right else 1 + n % 3, told)
        able = 1 / (1 + exp(-(1.5 * ability)))
        turned = draw.random() > able
        yield Reply(f"u{n}", "turned", turned, 20.0, form, 0 if turned else 2, told)
        biased = draw.random() < 1 / (1 + exp(-(1.4 * ability + (1.4 if n % 2 else -0.6))))
        yield Reply(f"u{n}", "biased", biased, 20.0, form, None, told)
        badly = draw.random() < (0.35 if form == "easy" else 0.8)
        yield Reply(f"u{n}", "bad-form", badly, 20.0, form, None, told)
        yield Reply(f"u{n}", "hard", draw.random() < 0.15, 20.0, form, None, told)
        yield Reply(f"u{n}", "slow", draw.random() < able, draw.lognormvariate(5, 0.3), form, None, told)


def codes_of(found: tuple[Analysis, ...], question: str) -> set[str]:
    return {f.code for a in found if a.question == question for f in a.findings}


def test_what_misleads_is_found_and_comes_first() -> None:
    found = analyse(world())
    assert {"misleads_the_able", "option_attracts_the_able"} <= codes_of(found, "turned")
    assert found[0].question == "turned"
    assert codes_of(found, "biased") == {"bias_harder"}
    [group] = [f.facts["group"] for a in found if a.question == "biased" for f in a.findings]
    assert group == "male"
    assert "form_worse" in codes_of(found, "bad-form")
    assert {"too_hard", "tells_nothing"} <= codes_of(found, "hard") | codes_of(found, "bad-form")
    assert "slow" in codes_of(found, "slow")
    assert [a.need for a in found] == sorted((a.need for a in found), reverse=True)


def test_sound_questions_are_left_alone() -> None:
    false = 0
    for seed in range(5):
        found = analyse(world(seed=seed))
        false += sum(bool(a.findings) for a in found if a.question.startswith("sound"))
    assert false <= 3  # of fifty: each is looked at in many ways, every one of which errs now and then


def test_nothing_is_said_of_few_people() -> None:
    found = analyse(world(people=FEWEST - 1))
    assert all(a.success is None and not a.findings and not a.bias and not a.options for a in found)


def test_only_the_first_answer_of_a_person_counts() -> None:
    once = [r for r in world() if r.question == "sound0"]
    again = [r._replace(correct=True) for r in once]
    (alone,), (both,) = analyse(once), analyse([*once, *again])
    assert alone == both


def test_the_order_of_people_does_not_matter() -> None:
    rows = list(world(120))
    by_person: dict[str, list[Reply]] = {}
    for row in rows:
        by_person.setdefault(row.user, []).append(row)
    people = list(by_person.values())
    random.Random(1).shuffle(people)
    shuffled = {a.question: a for a in analyse(row for own in people for row in own)}
    for one in analyse(rows):
        other = shuffled[one.question]
        assert one.success == other.success and one.findings == other.findings and one.seconds == other.seconds

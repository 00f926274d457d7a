"""Fairness: what is alike passes, what is not is found, small groups are neither judged nor shown."""

import csv
import gzip
import io
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.errors import AdaptiveError
from adaptive.evaluation.fairness import Judged, fairness, lines, wilson
from adaptive.evaluation.fairness_file import fairness_of_file
from adaptive.sentences import sentence


def answers(group: str, learners: int, each: int, bias: float, seed: int, shift: float = 0.0) -> list[Judged]:
    """Answers whose true chance lies ``bias`` away from what was predicted."""
    luck = Random(seed)
    rows = []
    for learner in range(learners):
        own = luck.uniform(0.5, 0.9) + shift
        for _ in range(each):
            p = min(0.95, max(0.05, own + luck.uniform(-0.1, 0.1)))
            rows.append(Judged(f"{group}{learner}", group, p, luck.random() < min(1.0, max(0.0, p + bias))))
    return rows


def test_groups_that_are_served_alike_pass() -> None:
    report = fairness(answers("a", 60, 40, 0.0, 1) + answers("b", 50, 40, 0.0, 2), "district")
    assert report.verdict == "fine"
    assert report.action == "none"
    assert [group.name for group in report.groups] == ["a", "b"]


def test_a_group_that_is_predicted_wrongly_brings_the_neutral_policy() -> None:
    report = fairness(answers("a", 80, 40, 0.0, 1) + answers("b", 60, 40, -0.15, 2), "age_band")
    assert report.verdict == "passed"
    assert report.action == "neutral_policy"
    found = {group.name: group for group in report.groups}
    assert found["b"].verdict == "passed"
    assert found["b"].calibration is not None
    assert found["b"].calibration.value == pytest.approx(-0.15, abs=0.04)
    assert found["b"].reasons[0].code == "fairness.calibration"
    assert "neutral policy" in lines(report)[-1]
    for reason in (*report.reasons, *(reason for group in report.groups for reason in group.reasons)):
        assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


def test_a_group_that_succeeds_much_less_is_found_though_predicted_rightly() -> None:
    report = fairness(answers("a", 80, 40, 0.0, 1) + answers("b", 60, 40, 0.0, 2, shift=-0.3), "sex")
    assert report.verdict == "passed"
    assert {reason.code for group in report.groups for reason in group.reasons} == {"fairness.success"}


def test_few_learners_are_not_judged_and_very_few_not_shown() -> None:
    rows = answers("a", 60, 40, 0.0, 1) + answers("few", 12, 40, -0.3, 2) + answers("rare", 3, 40, -0.3, 3)
    found = {group.name: group for group in fairness(rows, "ethnicity").groups}
    assert found["few"].verdict == found["rare"].verdict == "too_few"
    assert found["few"].calibration is not None
    assert found["rare"].calibration is None
    shown = {group["name"]: group for group in fairness(rows, "ethnicity").as_json()["groups"]}
    assert shown["rare"]["learners"] is None and shown["rare"]["answers"] is None
    assert "<5" in "\n".join(lines(fairness(rows, "ethnicity")))


def test_chance_alone_seldom_passes_a_threshold() -> None:
    alarms = 0
    for seed in range(40):
        rows = [row for n in range(4) for row in answers(f"g{n}", 25, 20, 0.0, 1000 * seed + n)]
        alarms += fairness(rows, "district", seed).verdict == "passed"
    assert alarms <= 2


def test_nobody_has_to_say() -> None:
    rows = answers("a", 30, 10, 0.0, 1)
    silent = [row._replace(user_id="x" + row.user_id, group="", correct=False) for row in rows]
    assert fairness(rows + silent, "sex") == fairness(rows, "sex")
    with pytest.raises(ValueError, match="group"):
        fairness(silent, "sex")


counts = st.integers(1, 50).flatmap(lambda n: st.tuples(st.just(float(n)), st.integers(0, n).map(float)))


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=1, max_size=30))
def test_a_wilson_interval_holds_the_share_and_stays_between_0_and_1(own: list[tuple[float, float]]) -> None:
    import numpy as np

    found = wilson(np.array(own), 0.05)
    assert 0 <= found.low <= found.value + 1e-9 and found.value - 1e-9 <= found.high <= 1


def written(path: Path, rows: list[dict[str, object]], *, zipped: bool = False) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if zipped else data)
    return path


def rows_of(judged: list[Judged], *, predicted: bool) -> list[dict[str, object]]:
    return [
        {"user_id": j.user_id, "item_id": f"q{n % 7}", "skill_ids": "s", "correct": int(j.correct), "band": j.group}
        | ({"predicted": round(j.predicted, 6)} if predicted else {})
        for n, j in enumerate(judged)
    ]


def test_a_file_with_predictions_and_one_without(tmp_path: Path) -> None:
    judged = answers("a", 30, 12, 0.0, 1) + answers("b", 30, 12, 0.0, 2)
    given_predictions = written(tmp_path / "a.csv", rows_of(judged, predicted=True))
    report = fairness_of_file(given_predictions, "band")
    rounded = fairness([j._replace(predicted=round(j.predicted, 6)) for j in judged], "band")
    assert report == rounded
    packed = written(tmp_path / "b.csv.gz", rows_of(judged, predicted=False), zipped=True)
    now = fairness_of_file(packed, "band")
    assert [group.answers for group in now.groups] == [360, 360]
    assert now.groups[0].success == report.groups[0].success


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({}, "no_such", "log.column_missing"),
        ({"band": ""}, "band", "log.attribute_empty"),
        ({"predicted": "often"}, "band", "log.value_wrong"),
        ({"predicted": "1.2"}, "band", "log.value_wrong"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, change: dict[str, object], column: str, code: str) -> None:
    rows = [row | change for row in rows_of(answers("a", 3, 3, 0.0, 1), predicted=True)]
    with pytest.raises(AdaptiveError) as caught:
        fairness_of_file(written(tmp_path / "a.csv", rows), column)
    assert caught.value.code == code
    assert sentence(f"error.{code}", "zh-CN", **caught.value.parameters)


def test_a_learner_in_two_groups_is_a_mistake_in_the_file(tmp_path: Path) -> None:
    rows = rows_of(answers("a", 2, 2, 0.0, 1), predicted=True)
    rows[1]["band"] = "b"
    with pytest.raises(AdaptiveError) as caught:
        fairness_of_file(written(tmp_path / "a.csv", rows), "band")
    assert caught.value.code == "log.attribute_mixed"
    assert caught.value.parameters["row"] == 3
    assert sentence("error.log.attribute_mixed", "zh-CN", **caught.value.parameters)

"""Foreseeing wheel-spinning: on a log made here, and the target on the public one where it is at hand."""

import csv
import os
from pathlib import Path
from random import Random

import pytest

from adaptive.evaluation.log_file import read_log
from adaptive.evaluation.wheel_spinning import episodes, fit, lines, wheel_spinning_auc
from adaptive.struggle.wheel_spinning import SIGNS, TRIES
from tests.architecture.repository import ROOT

PUBLIC = ROOT.parent / "shared" / "data" / "learning" / "assistments-2009.csv.gz"


def made(path: Path, learners: int, seed: int, flipped_after: int | None = None) -> Path:
    """Learners of different strength, skills of different weight, twelve tries at each."""
    luck = Random(seed)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["user_id", "item_id", "skill_ids", "correct", "fold"])
        for learner in range(learners):
            strength = luck.gauss(0.5, 0.25)
            for skill in range(4):
                for n in range(12):
                    right = luck.random() < min(0.95, max(0.05, strength - 0.12 * skill))
                    if flipped_after is not None and n >= flipped_after:
                        right = not right
                    row = [f"u{learner}", f"i{skill}-{n}", f"s{skill}", int(right)]
                    writer.writerow([*row, "test" if learner % 4 == 0 else "train"])
    return path


def test_it_foresees_better_than_counting_on_learners_not_seen(tmp_path: Path) -> None:
    found = wheel_spinning_auc(read_log(made(tmp_path / "log.csv", 160, 1)))
    assert found.low <= found.auc <= found.high
    assert found.auc > found.auc_counting
    assert found.auc > 0.65
    assert set(found.coefficients.skills) == {"s0", "s1", "s2", "s3"}
    assert found.coefficients.skills["s3"] > found.coefficients.skills["s0"]
    assert "AUC" in lines(found)[0]


def test_signs_know_nothing_of_what_comes_after_four_tries(tmp_path: Path) -> None:
    """The learner's own later answers to a skill are turned round; the signs of the first skill stay as they were."""
    one = episodes(read_log(made(tmp_path / "a.csv", 1, 7)))
    other = episodes(read_log(made(tmp_path / "b.csv", 1, 7, flipped_after=TRIES)))
    first = [{e.skill_id: e.signs for e in found}.get("s0") for found in (one, other)]
    if None not in first:
        assert first[0] == first[1]
    assert one and all(len(episode.signs) == len(SIGNS) for episode in one)


def test_a_fold_without_both_endings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="folds"):
        wheel_spinning_auc(read_log(made(tmp_path / "log.csv", 1, 1)))


def test_the_fit_does_not_depend_on_the_order_of_its_rows(tmp_path: Path) -> None:
    found = episodes(read_log(made(tmp_path / "log.csv", 40, 3)))
    one, other = fit(found, "test"), fit(found[::-1], "test")
    assert one.weights == pytest.approx(other.weights, abs=1e-6)
    assert one.skills == pytest.approx(other.skills, abs=1e-6)


@pytest.mark.full
@pytest.mark.skipif(not os.environ.get("FULL"), reason="only with FULL=1")
@pytest.mark.skipif(not PUBLIC.exists(), reason="NOT RUN: the public response logs are not at hand")
def test_the_target_on_the_public_log() -> None:
    found = wheel_spinning_auc(read_log(PUBLIC))
    assert found.episodes == 2244
    assert found.auc >= 0.816

"""``python -m adaptive evaluate``: the whole of it on made-up logs, and the figures on the real ones with FULL=1."""

import json
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adaptive import __main__ as command
from adaptive.evaluation import replay
from adaptive.evaluation.baselines import NAMES, baseline
from adaptive.evaluation.log_file import read_log
from adaptive.evaluation.metrics import auc, scores
from adaptive.mastery.calibration import log_loss
from adaptive.mastery.following import Learner
from adaptive.mastery.model import Event, default_weights
from adaptive.mastery.terms import Weights
from tests.adaptive.synthetic import HEADER, histories, truths, write_log

LOGS = Path(__file__).parents[4] / "shared" / "data" / "learning"
TARGETS = {
    "assistments-2009": {"adapting": (0.7818, 0.5199), "frozen": (0.7802, 0.5214), "seconds": 15.0},
    "statics-2011": {"adapting": (0.8338, 0.3992), "frozen": (0.8339, 0.3991), "seconds": 15.0},
}


def test_every_part_of_the_report_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_log(tmp_path / "log.csv", histories(60, 40), tests_from=45)
    assert command.main(["evaluate", str(path), "--resamples", "20"]) == 0
    text = capsys.readouterr().out
    for part in ("2,400 answers, 60 learners", "adapting", "frozen", "leak check: none", "µs", "CPU s", *NAMES):
        assert part in text
    assert "ahead of" in text and "wheel-spinning" in text


def test_baselines_are_run_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_log(tmp_path / "log.csv", histories(20, 10, timed=False))
    assert command.main(["evaluate", str(path), "--baselines", "Elo", "--no-wheel-spinning", "--resamples", "5"]) == 0
    text = capsys.readouterr().out
    assert "Elo" in text and "PFA" not in text and "wheel" not in text
    assert "no folds given" in text and "without a time: 100.0%" in text


def _odd(kind: str) -> list[str]:
    """Rows that are allowed and unusual."""
    draw = random.Random(2)
    rows = []
    for user in range(30):
        for _ in range(12):
            right = 1 if kind == "all right" else int(draw.random() < 0.6)
            skills = "" if kind == "no skills" else f"s{draw.randrange(3)};s9"
            at = {"ties": "100", "wild times": draw.choice(["-5", "1e18", "1e-300", "3"])}.get(kind, "")
            rows.append(f"{user},{draw.randrange(9)},{skills},{right},{at},{at},{'test' if user > 20 else 'train'}")
    return rows[:2] + rows[-1:] if kind == "three rows" else rows


@pytest.mark.parametrize("kind", ["no skills", "all right", "ties", "wild times", "three rows"])
def test_odd_logs_are_measured_as_far_as_that_is_possible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *_odd(kind)]), "utf-8")
    assert command.main(["evaluate", str(path), "--resamples", "5"]) == 0
    text = capsys.readouterr().out
    assert "leak check: none" in text and "BestLR" in text


@pytest.mark.parametrize(
    ("rows", "says"), [(["a,1,s,7,,,"], "Row 2"), (["a,1,s,1,,,train"], "nothing can be measured")]
)
def test_what_is_wrong_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rows: list[str], says: str
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["user_id,item_id,skill_ids,correct,presented_at,answered_at,fold", *rows]), "utf-8")
    assert command.main(["evaluate", str(path)]) == 2
    assert says in capsys.readouterr().err
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert command.main(["evaluate", str(path)]) == 2
    assert "。" in capsys.readouterr().err


def test_default_weights_are_fitted_by_a_command(tmp_path: Path) -> None:
    logs = [write_log(tmp_path / f"{n}.csv", histories(30, 30, seed=n), tests_from=25) for n in (1, 2)]
    out = tmp_path / "weights.json"
    given = ["fit", *map(str, logs), "--out", str(out), "--weights-version", "7", "--origin", "made up"]
    assert command.main(given) == 0
    weights = Weights.from_json(json.loads(out.read_text("utf-8")))
    assert (weights.version, weights.origin) == ("7", "made up")
    assert any(weights.values)


def test_the_model_is_ahead_of_simple_baselines_and_near_the_truth(tmp_path: Path) -> None:
    known = truths(150, 60, seed=4)
    log = read_log(write_log(tmp_path / "log.csv", [[e for e, _p in own] for own in known], tests_from=110))
    fitted = replay.fit(log, None, "1", "made up")
    y = log.correct[log.first_test_row :]
    p = replay.predict_test(log, fitted.shared, adapting=True).p
    frozen = replay.predict_test(log, fitted.shared, adapting=False).p
    best = log_loss(y, np.array([p for own in known[110:] for _e, p in own]))
    for name in ("majority", "item mean", "Elo"):
        assert log_loss(y, baseline(name, log).p) > log_loss(y, p)
    assert best < log_loss(y, p) < best + 0.04
    assert best < log_loss(y, frozen) < best + 0.04


def test_baselines_predict_something_proper(tmp_path: Path) -> None:
    log = read_log(write_log(tmp_path / "log.csv", histories(60, 40), tests_from=45))
    for name in NAMES:
        p = baseline(name, log).p
        assert len(p) == 600 and ((p > 0) & (p < 1)).all()
    y = log.correct[log.first_test_row :]
    assert auc(y, baseline("BestLR", log).p) > auc(y, baseline("PFA", log).p) > 0.5


def test_the_leak_check_finds_a_leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = read_log(write_log(tmp_path / "log.csv", histories(12, 20), tests_from=6))
    shared = replay.fit(log, None, "1", "made up").shared
    clean = replay.leaks(log, shared)
    assert (clean.checked, clean.by_label, clean.by_time, clean.heard) == (6, 0, 0, clean.followed)

    class Peeking(Learner):
        def follow(self, events: Any, *, adapting: bool) -> list[float]:
            given: list[Event] = list(events)
            own = super().follow(given, adapting=adapting)
            return [p + 1e-3 * e.correct + 1e-12 * (e.answered_at or 0) for p, e in zip(own, given, strict=True)]

    monkeypatch.setattr(replay, "Learner", Peeking)
    found = replay.leaks(log, shared)
    assert found.by_label == found.by_time == 6


def test_a_frozen_run_leaves_the_terms_alone_and_an_adapting_one_its_source(tmp_path: Path) -> None:
    log = read_log(write_log(tmp_path / "log.csv", histories(12, 20), tests_from=6))
    shared = replay.fit(log, None, "1", "made up").shared
    before = (dict(shared.items), dict(shared.skills))
    one = replay.predict_test(log, shared, adapting=True).p
    two = replay.predict_test(log, shared, adapting=False).p
    assert (shared.items, shared.skills) == before
    assert not np.array_equal(one, two)
    assert np.array_equal(one, replay.predict_test(log, shared, adapting=True).p)


def test_the_shipped_weights_say_where_they_come_from() -> None:
    weights = default_weights()
    assert "ASSISTments" in weights.origin and "Statics" in weights.origin and weights.version
    assert 30 <= len(weights.values) <= 60


@pytest.mark.full
@pytest.mark.skipif(os.environ.get("FULL") != "1", reason="FULL=1 measures on the real logs")
@pytest.mark.parametrize("name", TARGETS)
def test_the_figures_on_the_real_logs(name: str) -> None:
    path = LOGS / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    targets: dict[str, Any] = TARGETS[name]
    log = read_log(path)
    fitted = replay.fit(log, None, "1", name)
    assert fitted.prepare_seconds + fitted.newton_seconds <= targets["seconds"]
    first = log.first_test_row
    y, number = log.correct[first:], np.arange(first, len(log)) - log.bounds[log.users[first:]]
    for way in ("adapting", "frozen"):
        found = scores(y, replay.predict_test(log, fitted.shared, adapting=way == "adapting").p, number)
        least, most = targets[way]
        assert found.auc >= least and found.log_loss <= most
        assert found.ece <= 0.015 and abs(found.band - 0.8) <= 0.02

"""``credit-bank learning``: refit, report, check, for people and for programs."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from adaptive.mastery.terms import default_weights
from adaptive.store import fairness, terms
from adaptive.store.tables import Answer, LearnerModel
from credit_bank.store.types import new_id
from tests.adaptive.lessons import Somebody, learning_of, question_ids
from tests.banks import Clock
from tests.web.cli.conftest import invoke
from web.cli import deployment
from web.database import Database

QUESTIONS = sorted(question_ids())


def lived(*, people: int = 50, days: int = 18, told: bool = False) -> Database:
    """Learners who answered for weeks until now, right or wrong by the question alone; with ``told`` the old fail."""
    db = deployment.open_deployment().db
    clock, draw = Clock(datetime.now(UTC) - timedelta(days=25)), random.Random(3)
    learning = learning_of(clock)
    with db.writing() as session:
        for day in range(days):
            for n in range(people):
                who = Somebody(learning, clock, UUID(int=n + 1))
                question = QUESTIONS[(day + n) % len(QUESTIONS)]
                right = QUESTIONS.index(question) % 2 == 0
                if told:
                    right = draw.random() < (0.3 if n % 2 else 0.8)
                who.answers(session, question, right)
                if told and day == 0:
                    band = "80-and-over" if n % 2 else "45-59"
                    fairness.tell(session, who.learner_id, new_id(), "age_band", band, clock())
            clock.advance(days=1)
    return db


def test_of_few_answers_nothing_is_fitted(empty_bank: Path) -> None:
    lived(people=2, days=3)
    result = invoke("learning", "refit")
    assert result.exit_code == 0 and "答题记录还太少" in result.stdout
    assert invoke("learning", "report").exit_code == 0


def test_a_refit_takes_over_and_again_changes_nothing(empty_bank: Path) -> None:
    db = lived()
    dry = json.loads(invoke("learning", "refit", "--dry-run", "--json").stdout)
    assert dry["verdict"] == "accepted" and dry["dry_run"]
    with db.reading() as session:
        assert terms.weights(session) == default_weights()
    result = invoke("learning", "refit", "--workers", "2")
    assert result.exit_code == 0 and "已经换上" in result.stdout and "对数损失" in result.stdout
    with db.reading() as session:
        assert terms.weights(session).version == dry["version"]
    assert "没有新的答题记录" in invoke("learning", "refit").stdout
    told = json.loads(invoke("learning", "report", "--json").stdout)
    assert told["in_force"] == dry["version"] and told["versions"][0]["accepted"] and told["policy"] == "normal"
    shown = invoke("learning", "report", "--lang", "en")
    assert "accepted" in shown.stdout and "Nobody has told anything" in shown.stdout


def test_a_threshold_that_is_passed_is_an_exit_code_and_the_neutral_order(empty_bank: Path) -> None:
    db = lived(told=True, days=10)
    dry = invoke("learning", "report", "--dry-run")
    assert dry.exit_code == 0 and "超出了界限" in dry.stdout
    with db.reading() as session:
        assert fairness.policy_in_force(session) is None and not fairness.newest_checks(session)
    result = invoke("learning", "report")
    assert result.exit_code == 1 and "刚刚改用统一的顺序" in result.stdout and "年龄段" in result.stdout
    with db.reading() as session:
        state = fairness.policy_in_force(session)
        assert state is not None and state.policy == "neutral"
    assert "80-and-over" in result.stdout
    again = invoke("learning", "report", "--json")
    assert again.exit_code == 1 and not json.loads(again.stdout)["tripped"]


def test_the_check_passes_and_finds_what_does_not_fit(empty_bank: Path) -> None:
    db = lived(people=4, days=4)
    result = invoke("learning", "check")
    assert result.exit_code == 0 and "核对了 4 名学员的 16 次答题" in result.stdout
    with db.writing() as session:
        row = session.get_one(LearnerModel, UUID(int=2))
        row.overall = {**row.overall, "wins": row.overall["wins"] + 1}
        session.add(row)
    result = invoke("learning", "check", "--sample", "10", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["differing"] == [str(UUID(int=2))]


def test_the_log_is_only_read(empty_bank: Path) -> None:
    db = lived(people=3, days=3)

    def everything() -> list[object]:
        with db.reading() as session:
            return [row.model_dump() for row in session.exec(select(Answer).order_by(Answer.id))]  # type: ignore[arg-type]

    before = everything()
    for command in (("refit",), ("report",), ("check",)):
        invoke("learning", *command)
    assert everything() == before


def test_recommendations_of_an_empty_site(empty_bank: Path) -> None:
    assert "还没有可看的推荐单" in invoke("learning", "evaluate-recommendations").stdout
    told = json.loads(invoke("learning", "evaluate-recommendations", "--json").stdout)
    assert told["lists"] == 0 and told["taken_up"] is None

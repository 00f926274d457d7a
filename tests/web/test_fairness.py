"""What I tell for checking fairness: with its own consent, deleted at once; and the administrator's page."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlmodel import select

from adaptive.mastery.terms import default_weights
from adaptive.store import fairness, terms
from credit_bank.store.types import new_id
from tests.web.client import ClientRequest
from tests.web.learners import reader
from tests.web.people import Town
from web.accounts import consents
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent

NOW = datetime.now(UTC)


def test_nothing_is_kept_without_the_consent(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get("/progress/fairness")
    answer = browser.submit(page, {"age_band": "70-79"}, status=422)
    assert any("打个勾" in error for error in answer.errors)
    with town.database.reading() as session:
        assert fairness.told(session, holder.learner_id) == {}


def test_told_changed_and_deleted(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get("/progress/fairness")
    browser.submit(page, {"age_band": "70-79", "district": "haidian", "agreed": "y"})
    with town.database.reading() as session:
        assert fairness.told(session, holder.learner_id) == {"age_band": "70-79", "district": "haidian"}
        assert consents.learner_agrees(session, holder.learner_id, "fairness")
    page = browser.get("/progress/fairness")
    browser.submit(page, {"age_band": ""})
    with town.database.reading() as session:
        assert fairness.told(session, holder.learner_id) == {"district": "haidian"}
    page = browser.get(page.link("全部删除"))
    browser.submit(page)
    with town.database.reading() as session:
        assert fairness.told(session, holder.learner_id) == {}
        assert not consents.learner_agrees(session, holder.learner_id, "fairness")
        actions = {row.action for row in session.exec(select(AuditEvent))}
        values = [row.details for row in session.exec(select(AuditEvent)) if row.action == "fairness.told"]
    assert {"fairness.told", "consent.withdrawn"} <= actions
    assert all("haidian" not in str(details) for details in values)  # the trail does not repeat what was told


def test_withdrawing_the_consent_on_the_account_page_deletes_too(app: Flask) -> None:
    town, holder, browser = reader(app)
    browser.submit(browser.get("/progress/fairness"), {"sex": "female", "agreed": "y"})
    browser.submit(browser.get("/account/consents/fairness/withdraw"))
    with town.database.reading() as session:
        assert fairness.told(session, holder.learner_id) == {}


def test_an_account_is_opened_without_these_consents(app: Flask) -> None:
    page = Town(app).browser().get("/open-account")
    assert "检查是否公平" not in page.text and "学习小组" not in page.text


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def administrator(town: Town) -> ClientRequest:
    centre = town.institution("centre", name="示例市学分银行中心", tier="centre")
    return town.browser(town.staff("bank-admin", centre, Role.ADMINISTRATOR))


def test_the_policy_is_put_back_by_a_person_with_a_reason(town: Town) -> None:
    browser = administrator(town)
    group = {
        "name": "70-79", "learners": 30, "answers": 300, "calibration": [-0.2, -0.25, -0.15],
        "success": [0.5, 0.4, 0.6], "difference": [-0.2, -0.3, -0.12], "verdict": "passed",
        "reasons": [{"code": "fairness.calibration", "parameters": {"points": -20}}],
    }  # fmt: skip
    small = {
        **group, "name": "80-and-over", "learners": None, "answers": None, "calibration": None, "success": None,
        "difference": None, "verdict": "too_few", "reasons": [{"code": "fairness.group_few", "parameters": {}}],
    }  # fmt: skip
    with town.writing() as session:
        body = {"attribute": "age_band", "verdict": "passed", "groups": [group, small]}
        fairness.keep_check(session, new_id(), "age_band", "passed", body, since=NOW, now=NOW)
        fairness.set_policy(session, new_id(), "neutral", NOW, decided_by=None, reason="fairness.passed")
        terms.keep_weights(
            session, default_weights()._replace(version="fit-1"), NOW, accepted=False, answers=900,
            report={"candidate": {"log_loss": 0.61, "ece": 0.05}, "current": {"log_loss": 0.6, "ece": 0.04}},
        )  # fmt: skip
    page = browser.get("/admin/learning")
    assert "正在对所有人使用统一的顺序" in page.text and "70到79岁" in page.text and "不足 5 人" in page.text
    assert "0.6100（原来 0.6000）" in page.text and "没换上" in page.text
    refused = browser.submit(page, {"reason": "  "}, status=422)
    assert refused.errors
    browser.submit(page, {"reason": "三道题换了例子。"})
    with town.database.reading() as session:
        state = fairness.policy_in_force(session)
        assert state is not None and state.policy == "normal" and state.reason == "三道题换了例子。"
        assert "fairness.corrected" in {row.action for row in session.exec(select(AuditEvent))}
    again = browser.get("/admin/learning")
    browser.submit(again, {"reason": "有人反映不公平，先停。"})
    with town.database.reading() as session:
        state = fairness.policy_in_force(session)
        assert state is not None and state.policy == "neutral" and state.decided_by is not None
    assert "有人反映不公平" in browser.get("/admin/learning").text


def test_a_bank_without_any_report(town: Town) -> None:
    page = administrator(town).get("/admin/learning")
    assert "还没有检查结果" in page.text and "还没有重新拟合过" in page.text

"""What was learned elsewhere becomes an outcome: mapped, recorded once, taken back, never erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import col, select

from credit_bank.store.tables import ImportBatch
from tests.web.received import ADL, FIRE, Elsewhere, agree, elsewhere, tool_of
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Consent
from web.connections import personal_data
from web.connections.outcome_tables import ActivityMapping
from web.connections.tables import ReceivedEvent
from web.security import limiter


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """No limits on how often: all tests come from one address."""
    before, limiter.enabled = limiter.enabled, False
    yield
    limiter.enabled = before


@pytest.fixture
def place(app: Flask) -> Elsewhere:
    return elsewhere(app)


def test_an_unmapped_event_waits_and_its_rule_makes_it_an_outcome(place: Elsewhere) -> None:
    sent = place.statement()
    place.send(sent)
    assert (place.states(), place.outcomes()) == (["waiting"], [])
    assert "（1）" in place.registrar.get("/desk/own/").text
    page = place.registrar.get("/desk/own/received")
    assert "消防安全课" in page.text
    assert "来自 企业内训平台" in page.text
    assert "机构还没有决定" in place.learner.get("/connect").text
    place.let_count()
    (row,), (outcome,) = place.rows(), place.outcomes()
    assert (row.state, row.outcome_id, row.statement_id) == ("recorded", outcome.id, sent["id"])
    assert (outcome.state, outcome.source, outcome.code, outcome.credits) == ("recorded", "received", "QH-001", 40)
    assert outcome.awarded_on.isoformat() == "2026-11-20"
    assert outcome.learner_id == place.holder.learner_id
    assert "来自 企业内训平台：消防安全课，2026年11月20日" in place.learner.get("/portfolio").text
    assert "已记成学习成果" in place.learner.get("/connect").text
    shown = place.registrar.get(f"/desk/own/outcomes/{outcome.id}")
    assert "来自 企业内训平台：消防安全课" in shown.text
    source = place.registrar.get(shown.link("来源"))
    assert FIRE in source.text
    assert sent["id"] in source.text


def test_later_events_follow_the_rule_once_each(place: Elsewhere) -> None:
    place.send(place.statement(result={"score": {"scaled": 0.3}}))
    place.let_count()
    assert place.states() == ["below"]
    good = place.statement()
    place.send(good)
    place.send(good)
    assert place.states() == ["held", "recorded"]
    place.send(place.statement(timestamp="2026-11-21T03:00:00Z"))
    assert place.states() == ["held", "recorded", "held"]
    assert len(place.outcomes()) == 1
    with place.desk.database.reading() as session:
        (batch,) = session.exec(select(ImportBatch).where(col(ImportBatch.kind) == "outcomes")).all()
        assert batch.file_sha256.hex() == place.rows()[1].digest
        actions = session.exec(select(AuditEvent.action).where(col(AuditEvent.subject_id) == batch.id)).all()
        assert actions == []
        acts = session.exec(select(AuditEvent.action)).all()
        assert acts.count("received.recorded") == 1


@pytest.mark.parametrize(
    ("least", "scaled", "state"),
    [
        ("60", 0.6, "recorded"),
        ("57", 0.57, "recorded"),
        ("60", 0.599, "below"),
        ("", -0.2, "recorded"),
        ("0", -0.2, "below"),
    ],
)
def test_the_least_score(place: Elsewhere, least: str, scaled: float, state: str) -> None:
    place.send(place.statement(result={"score": {"scaled": scaled}}))
    place.let_count(least=least)
    assert place.states() == [state]


def test_a_completion_without_a_score_counts_only_where_no_score_is_asked(place: Elsewhere) -> None:
    place.send(place.statement(verb={"id": ADL + "completed"}, result={"completion": True}))
    place.let_count(least="60")
    assert place.states() == ["below"]
    rule = next(a for a in place.registrar.get("/desk/own/received").tree.iter("a") if "/rules/" in a.attrib["href"])
    page = place.registrar.get(rule.attrib["href"])
    place.registrar.submit(page, {"least_percent": ""})
    assert place.states() == ["recorded"]
    with place.desk.database.reading() as session:
        rules = session.exec(select(ActivityMapping)).all()
        assert sorted(row.ended_at is None for row in rules) == [False, True]


def test_what_says_nothing_of_completing_does_not_wait(place: Elsewhere) -> None:
    no_result = place.statement()
    del no_result["result"]
    place.send(
        no_result,
        place.statement(verb={"id": ADL + "failed"}),
        place.statement(verb={"id": ADL + "answered"}),
        place.statement(verb={"id": ADL + "scored"}),
        place.statement(result={"success": False}, verb={"id": ADL + "completed"}),
        place.statement(result={"completion": False}, verb={"id": ADL + "completed"}),
    )
    assert place.rows() == []


def test_by_hand_it_waits_until_the_registrar_records_it(place: Elsewhere) -> None:
    place.send(place.statement())
    place.let_count(decides="person")
    assert (place.states(), place.outcomes()) == (["waiting"], [])
    here = f"/desk/own/received/{place.rows()[0].id}"
    page = place.registrar.get(here)
    place.registrar.submit(page)
    place.registrar.post(here + "/record")  # pressed twice
    assert (place.states(), len(place.outcomes())) == (["recorded"], 1)
    assert place.rows()[0].decided_by is not None


def test_declined_with_a_reason_that_the_learner_reads(place: Elsewhere) -> None:
    sent = place.statement()
    place.send(sent)
    here = f"/desk/own/received/{place.rows()[0].id}"
    page = place.registrar.get(here + "/decline")
    assert place.registrar.submit(page, {"reason": "  "}, status=422).errors
    place.registrar.submit(page, {"reason": "这门课不属于我校培养方案。"})
    assert place.states() == ["declined"]
    assert "这门课不属于我校培养方案" in place.learner.get("/connect").text
    place.send(sent)
    place.registrar.post(here + "/record", status=409)
    assert (place.states(), place.outcomes()) == (["declined"], [])


def test_taken_back_before_it_is_issued(place: Elsewhere) -> None:
    sent, other = place.statement(), place.statement(object={"id": "https://lms.example/c/4"})
    place.send(sent, other)
    place.let_count()
    place.void(sent)
    place.void(other)
    assert place.states() == ["withdrawn", "withdrawn"]
    (outcome,) = place.outcomes()
    assert (outcome.state, outcome.credential_id) == ("revoked", None)
    page = place.registrar.get(f"/desk/own/outcomes/{outcome.id}")
    assert not page.forms()
    assert "对方收回了这条成绩，所以没有发证书" in page.text
    assert "对方收回了这条成绩" in place.learner.get("/portfolio").text
    place.registrar.post(f"/desk/own/outcomes/{outcome.id}/issue", status=409)
    again = place.statement()  # put right by its sender
    place.send(again)
    assert place.states() == ["withdrawn", "withdrawn", "recorded"]
    assert [o.state for o in place.outcomes()].count("recorded") == 1


def test_taken_back_after_it_was_issued_is_marked_for_a_person(place: Elsewhere) -> None:
    sent = place.statement()
    place.send(sent)
    place.let_count()
    (outcome,) = place.outcomes()
    place.registrar.post(f"/desk/own/outcomes/{outcome.id}/issue")
    place.void(sent)
    (row,), (outcome,) = place.rows(), place.outcomes()
    assert (row.state, row.voided_at is not None, outcome.state) == ("recorded", True, "issued")
    assert "记下以后对方收回了" in place.registrar.get("/desk/own/received").text
    assert "证书那时已经发出" in place.registrar.get(f"/desk/own/received/{row.id}").text
    assert "证书怎么办，由机构决定" in place.learner.get("/portfolio").text
    credential = place.learner.get(f"/portfolio/credentials/{outcome.credential_id}")
    assert "来自 企业内训平台：消防安全课" in credential.text


def test_another_connection_neither_speaks_for_an_activity_nor_takes_back(place: Elsewhere) -> None:
    sent = place.statement()
    place.send(sent)
    place.let_count()
    other = place.more_token()
    place.void(sent, token=other)
    assert place.states() == ["recorded"]
    place.send(place.statement(timestamp="2026-11-21T03:00:00Z"), token=other)
    assert place.states() == ["recorded", "waiting"]


def test_another_institutions_token_reaches_nobody_here(place: Elsewhere) -> None:
    neighbour = place.desk.admitted("next", name="邻校")
    token = place.more_token(neighbour)
    place.send(place.statement(), token=token, handle="next", status=400)
    place.send(place.statement(), token=token, status=404)
    assert place.rows() == []
    place.send(place.statement())
    (row,) = place.rows()
    stranger = place.desk.at(neighbour, Role.REGISTRAR)
    for address in ("", "/rule", "/decline"):
        stranger.get(f"/desk/next/received/{row.id}{address}", status=404)
    stranger.post(f"/desk/next/received/{row.id}/record", status=404)
    assert "消防安全课" not in stranger.get("/desk/next/received").text


def test_a_rule_must_name_a_course_that_may_be_awarded(place: Elsewhere) -> None:
    place.send(place.statement())
    page = place.registrar.get(f"/desk/own/received/{place.rows()[0].id}/rule")
    assert place.registrar.submit(page, {"course": "QH-999", "decides": "rule"}, status=422).errors
    assert place.registrar.submit(page, {"course": "QH-001", "least_percent": "101"}, status=422).errors
    with place.desk.database.reading() as session:
        assert session.exec(select(ActivityMapping)).all() == []


def test_a_date_to_come_is_left_to_a_person(place: Elsewhere) -> None:
    place.send(place.statement(timestamp=(datetime.now(UTC) + timedelta(days=3)).isoformat()))
    place.let_count()
    (row,) = place.rows()
    assert (row.state, row.problem) == ("waiting", "received.future")
    assert "请向对方核实" in place.registrar.get(f"/desk/own/received/{row.id}").text


def test_ended_rules_record_nothing_more(place: Elsewhere) -> None:
    place.send(place.statement())
    place.let_count(course="QH-002")
    page = place.registrar.get(place.registrar.get("/desk/own/received").link("不再认可"))
    place.registrar.submit(page)
    place.send(place.statement(timestamp="2026-11-21T03:00:00Z"))
    assert place.states() == ["recorded", "waiting"]


def test_without_the_present_consent_an_event_is_kept_and_no_more(app: Flask) -> None:
    place = elsewhere(app)
    with place.desk.writing() as session:
        (row,) = session.exec(select(Consent).where(col(Consent.purpose) == "learning"))
        row.version = 1
        session.add(row)
    place.send(place.statement())
    with place.desk.database.reading() as session:
        assert len(session.exec(select(ReceivedEvent)).all()) == 1
    assert place.rows() == []
    page = place.learner.get("/connect")
    place.learner.submit(place.learner.get(page.link("看看说明再决定")))
    assert "看看说明再决定" not in place.learner.get("/connect").text
    place.send(place.statement())
    assert place.states() == ["waiting"]


def test_withdrawing_the_consent_leaves_only_what_was_recorded(place: Elsewhere) -> None:
    place.send(place.statement())
    place.let_count()
    place.send(place.statement(object={"id": "https://lms.example/c/4"}))
    place.learner.submit(place.learner.get("/account/consents/learning/withdraw"))
    assert place.states() == ["recorded"]
    assert "来自 企业内训平台" in place.learner.get("/portfolio").text
    with place.desk.database.reading() as session:
        assert session.exec(select(ReceivedEvent)).all() == []


# Scores of tools


def test_a_final_score_of_a_tool_becomes_an_outcome(place: Elsewhere) -> None:
    tool = tool_of(place)
    tool.score(3, activityProgress="InProgress", gradingProgress="NotReady")
    assert place.rows() == []
    tool.score(5)
    tool.score(9)
    assert place.states() == ["replaced", "waiting"]
    place.let_count(least="80")
    assert place.states() == ["replaced", "recorded"]
    (outcome,) = place.outcomes()
    assert place.rows()[1].source == tool.id
    assert "来自 口语练习" in place.learner.get("/portfolio").text
    tool.score(10)
    assert (place.states(), len(place.outcomes())) == (["replaced", "recorded", "held"], 1)
    assert outcome.state == "recorded"


def test_a_tools_score_needs_the_consent_to_keeping_what_is_learned(app: Flask) -> None:
    place = elsewhere(app, agreed=False)
    tool = tool_of(place)
    tool.score(9)
    assert place.rows() == []
    agree(place.desk, place.holder)
    tool.score(10)
    assert place.states() == ["waiting"]


def test_what_was_never_recorded_is_erased_with_the_learner(place: Elsewhere) -> None:
    tool = tool_of(place)
    tool.score(9)
    with place.desk.writing() as session:
        personal_data.erase_learner(session, UUID(str(place.holder.learner_id)))
    assert place.rows() == []

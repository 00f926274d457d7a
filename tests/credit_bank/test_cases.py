"""From deposit to consumption, and back when what it rests on is revoked: through the use cases, on both databases."""

from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from credit_bank import (
    applying,
    casekeeping,
    correcting,
    deciding,
    establishing,
    evaluating,
    impairing,
    issuing,
    opening,
    redeeming,
    reviewing,
    revoking,
    verifying,
)
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.posting import Account
from credit_bank.applying import PriorLearning, Promise
from credit_bank.bank import Bank
from credit_bank.casekeeping import Item
from credit_bank.deciding import Ruling
from credit_bank.errors import Conflict, CreditBankError, Forbidden, InvalidInput, Missing
from credit_bank.recognition.casework.evidence import Criterion
from credit_bank.recognition.casework.kind import CaseState, Vote
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.report import Outcome as Finding
from credit_bank.reviewing import Say
from credit_bank.store import (
    case_precedents,
    cases,
    credentials,
    documents,
    institutions,
    learners,
    outcomes,
)
from credit_bank.store.case_precedents import Source
from credit_bank.store.tables import Precedent
from tests.banks import Clock
from tests.credit_bank import casework_city as world
from tests.credit_bank import cities
from tests.credit_bank.casework_city import credential, on
from web.database import Database


def test_from_deposit_to_consumption_and_everything_can_be_proved(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        assert on(session, city.learner, Account.EARNED) == 40
        first = world.recognised(session, city, outcome)
        assert (first.state, on(session, city.learner, Account.AVAILABLE)) == ("approved", 40)
        case = world.converted(session, city)
        assert (case.state, on(session, city.learner, Account.HELD)) == ("approved", 40)
        decided = cases.standing_decision(session, case)
        assert decided is not None and decided.decided_by is not None
        with pytest.raises(Forbidden, match="not_your_turn"):
            redeeming.consume(session, bank, case.id, city.staff(city.college))
        redeeming.consume(session, bank, case.id, city.staff(city.university))
        assert (case.state, on(session, city.learner, Account.CONSUMED)) == ("consumed", 40)
    with db.reading() as session:
        row = credentials.get(session, decided.credential_id)
        document = verifying.open_document(session, bank, row)
        assert verifying.verify_document(session, bank, document).outcome is Finding.PASS
        said = document.decode()
        [rules] = documents.in_force(session, date(2026, 9, 1), kind="ruleset")
        assert rules.sha256.hex() in said and credential(session, outcome).id.urn in said
        assert decided.rulesets == [rules.sha256.hex()]
        assert decided.proposal is not None and decided.proposal["candidates"][0]["reasons"]
        # a decision's own credential is in the portfolio and in no total
        assert [t.credits for t in outcomes.totals(session, city.learner, date(2026, 9, 1))] == [40]
        actions = [e.action for e in cases.events(session, case)]
        assert actions == ["submitted", "reviewed", "passed", "reviewed", "approved", "consumed"]


def test_r24_four_eyes_quorum_and_turns(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = applying.recognition(session, bank, city.learner, world.deposited(session, city), by=None)
        who = city.staff(city.district, city.centre)
        with pytest.raises(Forbidden, match="not_your_turn"):
            reviewing.vote(session, bank, case.id, city.staff(city.centre), Say(Vote.AGREE))
        with pytest.raises(Forbidden, match="own_case"):
            reviewing.vote(session, bank, case.id, city.staff(city.district, learner=city.learner), Say(Vote.AGREE))
        with pytest.raises(InvalidInput, match="reason_missing"):
            reviewing.vote(session, bank, case.id, city.staff(city.district), Say(Vote.DISAGREE))
        with pytest.raises(Conflict, match="not_reviewed_now"):
            deciding.decide(session, bank, case.id, who, Ruling(True))
        reviewing.vote(session, bank, case.id, who, Say(Vote.AGREE))
        assert (case.state, case.institution_id) == ("second-review", city.centre)
        with pytest.raises(Forbidden, match="reviewed_already"):
            deciding.decide(session, bank, case.id, who, Ruling(True))
    with db.reading() as session, pytest.raises(CreditBankError, match="quorum_missing"), db.writing() as other:
        deciding.decide(other, bank, case.id, city.staff(city.centre), Ruling(True))
    with db.reading() as session:
        assert len(cases.reviews(session, case)) == 1  # the vote that came too early went with the refusal
        assert on(session, city.learner, Account.AVAILABLE) == 0


def test_a_case_is_due_in_fifteen_working_days_and_the_queue_begins_with_what_is_due(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        early = applying.recognition(session, bank, city.learner, world.deposited(session, city), by=None)
        clock.advance(days=3)
        late = applying.recognition(
            session, bank, city.learner, world.deposited(session, city, "HIST", "书法史"), by=None
        )
        assert early.due_on == date(2026, 9, 21)  # Sunday the 20th is worked
        assert [c.id for c in cases.queue(session, city.district)] == [early.id, late.id]
        with pytest.raises(Conflict, match="open_already"):
            applying.recognition(session, bank, city.learner, cases.sources(session, early)[0], by=None)


def test_a_departure_needs_a_reason_and_is_kept(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = applying.recognition(session, bank, city.learner, world.deposited(session, city), by=None)
        reviewing.vote(session, bank, case.id, city.staff(city.district), Say(Vote.AGREE))
        for _ in range(2):
            reviewing.vote(session, bank, case.id, city.staff(city.centre), Say(Vote.AGREE))
        less = Credit(20, Denomination(EVERGREEN.id, "3", Category.OTHER.value))
        with pytest.raises(InvalidInput, match="departure_reason_missing"), session.begin_nested():
            deciding.decide(session, bank, case.id, city.staff(city.centre), Ruling(True, credit=less))
        deciding.decide(
            session, bank, case.id, city.staff(city.centre), Ruling(True, credit=less, reason="课时只有一半")
        )
        found = cases.standing_decision(session, case)
        assert found is not None and found.departures["added"] == ["credits"]
        assert on(session, city.learner, Account.AVAILABLE) == 20


def test_public_notice_where_the_rules_ask_for_it(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank, "[policy]\nnotice_days = 5")
        world.recognised(session, city, world.deposited(session, city))
        case = world.converted(session, city)
        assert (case.state, case.notice_until) == ("notice", date(2026, 9, 8))
        assert on(session, city.learner, Account.HELD) == 0
        assert deciding.end_notice(session, bank, case.id) is None and case.state == "notice"
        clock.advance(days=8)
        deciding.end_notice(session, bank, case.id)
        assert (case.state, on(session, city.learner, Account.HELD)) == ("approved", 40)


def test_r27_revocation_marks_tells_and_takes_nothing_until_a_person_decides(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        first = world.recognised(session, city, outcome)
        case = world.converted(session, city)
        redeeming.consume(session, bank, case.id, city.staff(city.university))
        found = impairing.reach_of_credentials(session, city.college, [credential(session, outcome).id])
        assert [(r.case.id, r.distance, r.credits, r.awarded) for r in found] == [
            (first.id, 1, 40, False),
            (case.id, 2, 40, True),
        ]
        assert case.state == "consumed"  # a dry run changes nothing
        revoking.change_status(
            session, bank, city.college, credential(session, outcome).id, "revoke", reason="成绩登记有误"
        )
        session.refresh(case)
        assert (first.state, case.state) == ("impaired", "impaired")
        assert on(session, city.learner, Account.CONSUMED) == 40
        [opened] = cases.about(session, case.id)
        assert (opened.kind, opened.institution_id, opened.terms["awarded"]) == ("impairment", city.university, True)
        reviewing.vote(session, bank, opened.id, city.staff(city.university), Say(Vote.AGREE))
        who = city.staff(city.university)
        with pytest.raises(Conflict, match="grace_runs"), session.begin_nested():
            correcting.decide_impairment(session, bank, opened.id, who, "reverse", reason="没有别的成果")
        clock.advance(days=60)
        correcting.decide_impairment(session, bank, opened.id, who, "reverse", reason="没有别的成果")
        assert (case.state, opened.state) == ("reversed", "reversed")
        assert on(session, city.learner, Account.CONSUMED) == on(session, city.learner, Account.HELD) == 0
        assert [e.action for e in cases.events(session, case)][-2:] == ["source-revoked", "reversed"]
        [decision] = cases.decisions(session, case)
        row = credentials.get(session, decision.credential_id)
        assert revoking.standing(credentials.changes(session, row)).state == "revoked"


def test_r27_a_substitute_is_tried_first(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        world.recognised(session, city, outcome)
        case = world.converted(session, city)
        revoking.change_status(session, bank, city.college, credential(session, outcome).id, "revoke", reason="有误")
        [opened] = cases.about(session, case.id)
        assert opened.proposal is not None and opened.proposal["chosen"] == []
        spare = world.deposited(session, city, "SPARE", "书法欣赏")
        world.recognised(session, city, spare)  # brought during the grace
        now = impairing.proposal_now(session, bank, opened)
        assert now is not None
        [offer] = now["chosen"]
        reviewing.vote(session, bank, opened.id, city.staff(city.university), Say(Vote.AGREE))
        correcting.decide_impairment(
            session, bank, opened.id, city.staff(city.university), "substitute", granted=[offer], reason="用另一项代替"
        )
        assert (case.state, opened.state) == ("approved", "substituted")
        old, new = cases.decisions(session, case)
        assert (old.superseded_by, new.supersedes) == (new.id, old.id)
        assert on(session, city.learner, Account.HELD) == 40
        assert cases.sources(session, case) == [spare]


def test_r28_a_suspension_that_is_lifted_restores_what_was_impaired(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        world.recognised(session, city, outcome)
        case = world.converted(session, city)
        of = credential(session, outcome).id
        revoking.change_status(session, bank, city.college, of, "suspend", reason="核查")
        assert case.state == "impaired"
        revoking.change_status(session, bank, city.college, of, "reinstate", reason="核查无误")
        assert case.state == "approved"
        assert [c.state for c in cases.about(session, case.id)] == ["kept"]


def test_r23_prior_learning_is_judged_by_a_panel_of_three(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        item = Item("作品集", "text/plain", "二十幅".encode(), ("用笔", "章法"))
        claim = PriorLearning(
            city.university, "书法实践", Category.OTHER, 40, "3", ("用笔", "章法"), "练了十年", (item,)
        )
        case = applying.prior_learning(session, bank, city.learner, claim, by=None)
        [kept] = cases.evidence(session, case)
        assert kept.sealed is not None and "二十幅".encode() not in kept.sealed
        met = {c.value: "met" for c in Criterion}
        for _ in range(3):
            who = city.staff(city.university)
            reviewing.judge(session, bank, case.id, who, kept.id, met)
            reviewing.vote(session, bank, case.id, who, Say(Vote.AGREE))
        assert case.state == "second-review"
        assert reviewing.coverage(session, case) == {"用笔": True, "章法": True}
        for _ in range(2):
            reviewing.vote(session, bank, case.id, city.staff(city.centre), Say(Vote.AGREE))
        deciding.decide(session, bank, case.id, city.staff(city.centre), Ruling(True))
        assert (case.state, on(session, city.learner, Account.AVAILABLE)) == ("approved", 40)
        [outcome] = applying.outcomes_of(session, case)
        assert (outcome.source, outcome.institution_id, outcome.state) == ("rpl", city.university, "issued")


def test_earlier_decisions_about_the_same_course_are_found(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        first = world.recognised(session, city, world.deposited(session, city))
        earlier = world.converted(session, city)
        city.learner = cities.learner(session, bank, 2, "示例乙").id
        city.account = learners.get(session, city.learner).account_number
        row = cities.row(2, city.account, course_code="INTRO", course_title="书法入门", name="示例乙")
        [second] = cities.record(session, bank, city.college, row).outcome_ids
        issuing.issue(session, bank, city.college, [second])
        case = applying.recognition(session, bank, city.learner, second, by=None)
        name = institutions.get(session, city.college).name
        source = [Source(city.college, name, "INTRO", "书法入门")]
        other = [Source(city.college, name, "HIST", "书法史")]
        assert [c.id for _, c in case_precedents.decided(session, case, source)] == [first.id]
        assert case_precedents.decided(session, case, other) == []
        asked = Promise(city.college, "INTRO", "书法入门", "CAL2", date(2026, 12, 31))
        promise = applying.promise(session, bank, city.learner, city.programme, asked, by=None)
        assert [c.id for _, c in case_precedents.decided(session, promise, source)] == [earlier.id]
        today = date(2026, 9, 1)
        assert case_precedents.published(session, city.university, source, today) == []  # its own cases are above
        assert case_precedents.published(session, city.centre, source, today) == []  # nobody published it
        [precedent] = session.exec(select(Precedent)).all()
        precedent.published_on = today
        session.add(precedent)
        session.flush()
        assert [p.id for p in case_precedents.published(session, city.centre, source, today)] == [precedent.id]
        assert case_precedents.published(session, city.centre, other, today) == []


def test_r15_an_outcome_is_converted_once_whoever_decides(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, world.deposited(session, city))
        document = documents.get(session, city.programme)
        before = evaluating.evaluate(session, bank, city.learner, document).proposal
        world.converted(session, city)
        assert evaluating.evaluate(session, bank, city.learner, document).proposal.chosen == ()
        again = applying.conversion(session, bank, city.learner, city.programme, before, by=None)
        reviewing.vote(session, bank, again.id, city.staff(city.university), Say(Vote.AGREE))
        with pytest.raises(Conflict, match="already_used"):
            deciding.decide(session, bank, again.id, city.staff(city.university), Ruling(True))


def test_returned_handed_in_again_and_withdrawn(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = applying.recognition(session, bank, city.learner, world.deposited(session, city), by=None)
        who = city.staff(city.district)
        reviewing.vote(session, bank, case.id, who, Say(Vote.RETURN, "请补大纲"))
        assert case.state == CaseState.RETURNED
        with pytest.raises(Missing, match="unknown"):
            applying.withdraw(session, bank, cities.learner(session, bank, 2, "示例乙").id, case.id, by=None)
        item = Item("大纲", "text/plain", b"x")
        applying.hand_in_again(session, bank, city.learner, case.id, [item], note="补了大纲", by=None)
        assert (case.state, case.round) == ("first-review", 2)
        reviewing.vote(session, bank, case.id, who, Say(Vote.AGREE))  # a new round: the same person may look again
        applying.withdraw(session, bank, city.learner, case.id, by=None)
        with pytest.raises(Conflict, match="move_not_allowed"):
            applying.withdraw(session, bank, city.learner, case.id, by=None)


def test_cases_and_what_was_handed_in_go_with_a_merged_account(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = applying.recognition(
            session, bank, city.learner, world.deposited(session, city), statement="请看大纲", by=None
        )
        [kept] = casekeeping.add_evidence(session, bank, case, [Item("大纲", "text/plain", b"chapter")], by=None)
        case_id, kept_id = case.id, kept.id
        keep = cities.learner(session, bank, 2, "示例甲").id
        opening.merge_accounts(session, bank, keep=keep, absorb=city.learner, merged_by=None)
    with db.reading() as session:
        case = cases.get(session, case_id)
        assert case.learner_id == keep and casekeeping.statement(session, bank, case) == "请看大纲"
        item = cases.evidence_item(session, case, kept_id)
        assert casekeeping.open_evidence(session, bank, case, item) == b"chapter"
        assert [e.action for e in cases.events(session, case)] == ["submitted", "evidence-added"]


def test_nothing_of_a_case_is_anothers(db: Database, bank: Bank) -> None:
    with db.writing() as session, pytest.raises(Missing, match="unknown"):
        applying.own(session, uuid4(), uuid4())


def test_a_granted_conversion_is_a_precedent_until_it_turns_out_wrong(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        world.recognised(session, city, outcome)
        case = world.converted(session, city)
        [row] = session.exec(select(Precedent)).all()
        assert (row.institution_id, row.decision, row.case_id) == (city.university, "equivalent", case.id)
        assert [(one["code"], one["title"]) for one in row.sources] == [("INTRO", "书法入门")]
        assert [one["code"] for one in row.targets] == ["CAL1"]
        assert row.published_on is None and row.withdrawn_at is None
        establishing.take_back(session, case, reason="认错课程", now=clock.now, by=None)
        session.refresh(row)
        assert (row.withdrawn_at, row.withdrawn_reason) == (clock.now, "认错课程")

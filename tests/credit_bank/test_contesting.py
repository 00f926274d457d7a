"""Appeals and corrections: who may take them, what they change, and what stays out of their reach (R26, R28)."""

import pytest
from sqlmodel import Session, select

from credit_bank import (
    applying,
    contesting,
    correcting,
    deciding,
    redeeming,
    reviewing,
    revoking,
)
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.casekeeping import Item
from credit_bank.deciding import Ruling
from credit_bank.errors import Conflict, Forbidden, InvalidInput
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.reviewing import Say
from credit_bank.store import (
    cases,
    credentials,
    outcomes,
)
from credit_bank.store.tables import Precedent, RecognitionCase
from tests.banks import Clock
from tests.credit_bank import casework_city as world
from tests.credit_bank.casework_city import credential, on
from web.database import Database


def test_r26_an_appeal_goes_to_others_and_can_vary_the_decision(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, world.deposited(session, city))
        case = world.applied(session, city)
        one, two = city.staff(city.university), city.staff(city.university)
        reviewing.vote(session, bank, case.id, one, Say(Vote.AGREE))
        deciding.decide(session, bank, case.id, two, Ruling(False, reason="看不出内容相同"))
        assert case.state == "refused"
        with pytest.raises(InvalidInput, match="grounds_missing"):
            contesting.appeal(session, bank, city.learner, case.id, grounds=" ", by=None)
        item = Item("教学大纲", "text/plain", "第一章".encode())
        appealed = contesting.appeal(
            session, bank, city.learner, case.id, grounds="大纲可以证明", items=[item], by=None
        )
        with pytest.raises(Conflict, match="open_already"):
            contesting.appeal(session, bank, city.learner, case.id, grounds="再说一次", by=None)
        for who in (one, two):
            with pytest.raises(Forbidden, match="decided_before"):
                reviewing.vote(session, bank, appealed.id, who, Say(Vote.AGREE))
        reviewing.vote(session, bank, appealed.id, city.staff(city.university), Say(Vote.AGREE))
        correcting.decide_again(
            session, bank, appealed.id, city.staff(city.university), "vary", Ruling(True, reason="大纲相符")
        )
        assert (case.state, appealed.state) == ("approved", "varied")
        assert on(session, city.learner, Account.HELD) == 40
        refusal, granted = cases.decisions(session, case)
        assert (refusal.verdict, granted.supersedes) == ("refused", refusal.id)


def test_r26_an_appeal_about_a_check_has_it_made_anew_or_lets_a_substitute_in(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        world.recognised(session, city, outcome)
        case = world.converted(session, city)
        redeeming.consume(session, bank, case.id, city.staff(city.university))
        spare = world.deposited(session, city, "SPARE", "书法欣赏")
        world.recognised(session, city, spare)
        revoking.change_status(session, bank, city.college, credential(session, outcome).id, "revoke", reason="有误")
        [check] = cases.about(session, case.id)

        def agreed(about: RecognitionCase) -> Reviewer:
            reviewing.vote(session, bank, about.id, city.staff(city.university), Say(Vote.AGREE))
            return city.staff(city.university)

        def appealed(verdict: correcting.Appealed, ruling: Ruling) -> RecognitionCase:
            row = contesting.appeal(session, bank, city.learner, check.id, grounds="不同意", by=None)
            who = agreed(row)
            with pytest.raises(Conflict, match="move_not_allowed"), session.begin_nested():
                other: correcting.Appealed = "annul" if verdict == "vary" else "vary"
                correcting.decide_again(session, bank, row.id, who, other, ruling)
            return correcting.decide_again(session, bank, row.id, who, verdict, ruling)

        correcting.decide_impairment(session, bank, check.id, agreed(check), "keep", reason="先照旧")
        assert (case.state, check.state) == ("consumed", "kept")
        assert appealed("annul", Ruling(True, reason="再查一次")).state == "annulled"
        assert (case.state, check.state, check.round) == ("impaired", "first-review", 2)
        clock.advance(days=60)
        correcting.decide_impairment(session, bank, check.id, agreed(check), "reverse", reason="没有别的成果")
        assert on(session, city.learner, Account.CONSUMED) == on(session, city.learner, Account.HELD) == 0
        assert check.proposal is not None
        ruling = Ruling(True, granted=tuple(check.proposal["chosen"]), reason="另一项成果可以代替")
        assert appealed("vary", ruling).state == "varied"
        assert (case.state, on(session, city.learner, Account.HELD)) == ("approved", 40)
        assert cases.sources(session, case) == [spare]


def test_r28_a_correction_is_asked_for_by_one_and_decided_by_another(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, world.deposited(session, city))
        case = world.applied(session, city)
        decider = city.staff(city.university)
        reviewing.vote(session, bank, case.id, city.staff(city.university), Say(Vote.AGREE))
        with pytest.raises(Conflict, match=r"correction\.not_decided"):
            contesting.ask_correction(session, bank, case.id, decider, "看错了")
        deciding.decide(session, bank, case.id, decider, Ruling(True))
        redeeming.consume(session, bank, case.id, city.staff(city.university))
        asker = city.staff(city.university)
        with pytest.raises(Forbidden, match="not_your_turn"):
            contesting.ask_correction(session, bank, case.id, city.staff(city.college), "看错了")
        with pytest.raises(Forbidden, match="own_case"):
            own = city.staff(city.university, learner=city.learner)
            contesting.ask_correction(session, bank, case.id, own, "看错了")
        with pytest.raises(InvalidInput, match="reason_missing"):
            contesting.ask_correction(session, bank, case.id, asker, " ")
        asked = contesting.ask_correction(session, bank, case.id, asker, "换错了课程")
        assert (asked.state, asked.due_on is not None, asked.news, case.news) == (
            "second-review", True, "", "correction-asked"
        )  # fmt: skip
        with pytest.raises(Conflict, match=r"correction\.open_already"):
            contesting.ask_correction(session, bank, case.id, asker, "换错了课程")
        ruling = Ruling(True, reason="照原来的规则重新入账")
        for barred in (asker, decider):
            with pytest.raises(Forbidden, match="decided_before"):
                correcting.decide_again(session, bank, asked.id, barred, "vary", ruling)
        clock.advance(days=3)
        correcting.decide_again(session, bank, asked.id, city.staff(city.university), "vary", ruling)
        assert (case.state, asked.state, case.news) == ("consumed", "varied", "corrected")
        assert on(session, city.learner, Account.CONSUMED) == 40  # taken back, and given and consumed anew
        old, new = cases.decisions(session, case)
        assert (old.superseded_by, new.supersedes) == (new.id, old.id)
        row = credentials.get(session, old.credential_id)
        assert revoking.standing(credentials.changes(session, row)).state == "revoked"
        assert case.changed_at == clock.now  # the time to appeal begins again

        again = contesting.ask_correction(session, bank, case.id, asker, "还是不对")
        correcting.decide_again(
            session, bank, again.id, city.staff(city.university), "uphold", Ruling(False, reason="没有错")
        )
        assert (case.state, again.state, case.news) == ("consumed", "upheld", "correction-upheld")
        last = contesting.ask_correction(session, bank, case.id, asker, "依据的规则不适用")
        correcting.decide_again(
            session, bank, last.id, city.staff(city.university), "annul", Ruling(False, reason="确实不适用")
        )
        assert (case.state, case.news) == ("reversed", "correction-annulled")
        assert on(session, city.learner, Account.CONSUMED) == on(session, city.learner, Account.HELD) == 0
        assert on(session, city.learner, Account.AVAILABLE) == 40
        taught = session.exec(select(Precedent)).all()
        assert taught and all(row.withdrawn_at is not None for row in taught)  # what was wrong teaches nothing


def test_r28_a_panels_decision_is_corrected_by_a_panel(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = world.recognised(session, city, world.deposited(session, city))
        asked = contesting.ask_correction(session, bank, case.id, city.staff(city.centre), "课时只有一半")
        less = Credit(20, Denomination(EVERGREEN.id, "3", Category.OTHER.value))
        ruling = Ruling(True, credit=less, reason="课时只有一半")
        with pytest.raises(Conflict, match="quorum_missing"), session.begin_nested():
            correcting.decide_again(session, bank, asked.id, city.staff(city.centre), "vary", ruling)
        for _ in range(2):
            reviewing.vote(session, bank, asked.id, city.staff(city.centre), Say(Vote.AGREE))
        with pytest.raises(Conflict, match="votes_against"), session.begin_nested():
            correcting.decide_again(session, bank, asked.id, city.staff(city.centre), "uphold", ruling)
        correcting.decide_again(session, bank, asked.id, city.staff(city.centre), "vary", ruling)
        assert (case.state, on(session, city.learner, Account.AVAILABLE)) == ("approved", 20)


def corrected(session: Session, city: world.City, case: RecognitionCase, verdict: correcting.Appealed) -> Reviewer:
    """A correction that somebody asks for and somebody else decides, at the body that decided the case; the asker."""
    asker = city.staff(case.decider_id)
    asked = contesting.ask_correction(session, city.bank, case.id, asker, "看错了")
    for _ in range(0 if asked.catalogued else 2):
        reviewing.vote(session, city.bank, asked.id, city.staff(case.decider_id), Say(Vote.AGREE))
    ruling = Ruling(True, reason="确实不对")
    correcting.decide_again(session, city.bank, asked.id, city.staff(case.decider_id), verdict, ruling)
    return asker


def test_r28_learning_that_was_wrongly_recognised_goes_with_its_credential(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = world.claimed(session, city)
        [first] = applying.outcomes_of(session, case)
        corrected(session, city, case, "vary")  # on the same day
        [second] = applying.outcomes_of(session, case)
        session.refresh(first)
        assert (first.state, second.state, case.state) == ("revoked", "issued", "approved")
        assert [t.credits for t in outcomes.totals(session, city.learner, bank.today())] == [40]
        with pytest.raises(Conflict, match="not_issued"):
            applying.recognition(session, bank, city.learner, first.id, by=None)
        corrected(session, city, case, "annul")
        session.refresh(second)
        assert (second.state, case.state, applying.outcomes_of(session, case)) == ("revoked", "reversed", [])
        assert [t.credits for t in outcomes.totals(session, city.learner, bank.today())] == []
        assert [c.kind for c in cases.about(session, case.id)] == ["correction", "correction"]  # nothing is impaired


def test_r26_who_annulled_a_decision_or_asked_for_it_does_not_judge_the_appeal(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, world.deposited(session, city))
        case = world.converted(session, city)
        asker = corrected(session, city, case, "annul")
        [correction] = cases.about(session, case.id)
        annuller = cases.decisions(session, correction)[0].decided_by
        assert annuller is not None and case.state == "reversed"
        appeal = contesting.appeal(session, bank, city.learner, case.id, grounds="没有错", by=None)
        for person in (asker.person, annuller):
            who = Reviewer(person, None, frozenset({city.university}))
            with pytest.raises(Forbidden, match="decided_before"):
                reviewing.vote(session, bank, appeal.id, who, Say(Vote.AGREE))
            day = bank.today()
            assert cases.waiting_for(session, city.university, annuller, None, day, day).count == 0
        reviewing.vote(session, bank, appeal.id, city.staff(city.university), Say(Vote.AGREE))
        assert correcting.verdicts(case) == ("uphold", "vary")
        who = city.staff(city.university)
        with pytest.raises(Conflict, match="move_not_allowed"), session.begin_nested():
            correcting.decide_again(session, bank, appeal.id, who, "annul", Ruling(True, reason="恢复"))
        correcting.decide_again(session, bank, appeal.id, who, "vary", Ruling(True, reason="恢复"))
        assert (case.state, on(session, city.learner, Account.HELD)) == ("approved", 40)


def test_what_is_impaired_waits_for_its_check(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        world.recognised(session, city, outcome)
        case = world.converted(session, city)
        asked = contesting.ask_correction(session, bank, case.id, city.staff(city.university), "看错了")
        with pytest.raises(Conflict, match=r"correction\.open_already"):
            contesting.appeal(session, bank, city.learner, case.id, grounds="不同意", by=None)
        revoking.change_status(session, bank, city.college, credential(session, outcome).id, "suspend", reason="核查")
        assert (case.state, case.news) == ("impaired", "source-suspended")
        ruling = Ruling(True, reason="确实不对")
        for verdict in ("uphold", "vary", "annul"):
            with pytest.raises(Conflict, match="check_first"), session.begin_nested():
                correcting.decide_again(session, bank, asked.id, city.staff(city.university), verdict, ruling)
        revoking.change_status(session, bank, city.college, credential(session, outcome).id, "reinstate", reason="无误")
        correcting.decide_again(session, bank, asked.id, city.staff(city.university), "annul", ruling)
        assert (case.state, on(session, city.learner, Account.HELD)) == ("reversed", 0)

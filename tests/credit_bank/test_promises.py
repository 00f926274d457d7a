"""Promises before a course is taken (R25), and what learners are reminded of."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch
from uuid import UUID

import pytest

from credit_bank import (
    applying,
    contesting,
    correcting,
    deciding,
    redeeming,
    reminding,
    reviewing,
    revoking,
)
from credit_bank.account.posting import Account
from credit_bank.applying import Promise
from credit_bank.bank import Bank
from credit_bank.deciding import Ruling
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.recognition.casework import told, working_days
from credit_bank.recognition.casework.kind import Vote
from credit_bank.reviewing import Say
from tests.banks import Clock
from tests.credit_bank import casework_city as world
from tests.credit_bank.casework_city import credential, on
from web.database import Database


def test_r25_a_promise_binds_and_is_redeemed(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        case = world.promised(session, city)
        other = world.deposited(session, city)
        with pytest.raises(InvalidInput, match="promise_other"):
            redeeming.redeem_promise(session, bank, city.learner, case.id, other, by=None)
        outcome = world.deposited(session, city, "NEW", "篆刻")
        with pytest.raises(Conflict, match="not_recognised"):
            redeeming.redeem_promise(session, bank, city.learner, case.id, outcome, by=None)
        world.recognised(session, city, outcome)
        made = redeeming.redeem_promise(session, bank, city.learner, case.id, outcome, by=None)
        reviewing.vote(session, bank, made.id, city.staff(city.university), Say(Vote.AGREE))
        deciding.decide(session, bank, made.id, city.staff(city.university), Ruling(True))
        assert (case.state, made.state, on(session, city.learner, Account.HELD)) == ("consumed", "approved", 40)


def test_r25_a_promise_is_asked_for_once_and_never_of_what_takes_no_credit(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        asked = Promise(city.college, "NEW", "篆刻", "CAL2", date(2026, 12, 31))
        case = applying.promise(session, bank, city.learner, city.programme, asked, by=None)
        with pytest.raises(Conflict, match="open_already"):
            applying.promise(session, bank, city.learner, city.programme, asked, by=None)
        with pytest.raises(InvalidInput, match="course_unknown"):
            applying.promise(session, bank, city.learner, city.programme, replace(asked, course="CAL9"), by=None)
        with pytest.raises(InvalidInput, match="course_excluded"):
            applying.promise(session, bank, city.learner, city.programme, replace(asked, course="WORK"), by=None)
        assert redeeming.redeemable(session, case) == []
        outcome = world.deposited(session, city, "NEW", "篆刻")
        assert [(o.id, seen) for o, seen in redeeming.redeemable(session, case)] == [(outcome, False)]
        world.recognised(session, city, outcome)
        assert [(o.id, seen) for o, seen in redeeming.redeemable(session, case)] == [(outcome, True)]


def test_a_learner_is_reminded_of_what_is_theirs_to_do(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        promise = world.promised(session, city)
        outcome = world.deposited(session, city)
        first = world.recognised(session, city, outcome)
        returned = applying.recognition(
            session, bank, city.learner, world.deposited(session, city, "HIST", "书法史"), by=None
        )
        reviewing.vote(session, bank, returned.id, city.staff(city.district), Say(Vote.RETURN, "请补大纲"))

        def due() -> list[tuple[str, UUID]]:
            return [(one.what, one.case.id) for one in reminding.deadlines(session, bank, city.learner)]

        assert due() == [("more", returned.id)]
        revoking.change_status(session, bank, city.college, credential(session, outcome).id, "revoke", reason="有误")
        assert (first.news, due()) == ("source-revoked", [("more", returned.id)])  # there are thirty working days
        clock.advance(days=35)
        assert due() == [("more", returned.id), ("grace", first.id)]
        clock.advance(days=50)
        assert due() == [("more", returned.id)]
        clock.advance(days=20)
        assert due() == [("more", returned.id), ("promise", promise.id)]
        applying.withdraw(session, bank, city.learner, returned.id, by=None)
        assert due() == [("promise", promise.id)]
        world.recognised(session, city, world.deposited(session, city, "NEW", "篆刻"))
        assert due() == [("redeem", promise.id)]


def test_r25_a_promise_is_free_again_while_the_application_with_it_came_to_nothing(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        promise = world.promised(session, city)
        outcome = world.deposited(session, city, "NEW", "篆刻")
        world.recognised(session, city, outcome)
        made = redeeming.redeem_promise(session, bank, city.learner, promise.id, outcome, by=None)
        applying.withdraw(session, bank, city.learner, made.id, by=None)
        assert promise.state == "approved"
        made = redeeming.redeem_promise(session, bank, city.learner, promise.id, outcome, by=None)
        assert promise.state == "consumed"
        reviewing.vote(session, bank, made.id, city.staff(city.university), Say(Vote.AGREE))
        deciding.decide(session, bank, made.id, city.staff(city.university), Ruling(False, reason="课程不同"))
        assert (made.state, promise.state) == ("refused", "approved")
        appeal = contesting.appeal(session, bank, city.learner, made.id, grounds="早已约定", by=None)
        reviewing.vote(session, bank, appeal.id, city.staff(city.university), Say(Vote.AGREE))
        ruling = Ruling(True, reason="有约定在先")
        correcting.decide_again(session, bank, appeal.id, city.staff(city.university), "vary", ruling)
        assert (made.state, promise.state, on(session, city.learner, Account.HELD)) == ("approved", "consumed", 40)


def test_r28_a_promise_that_may_be_wrong_is_not_redeemed_meanwhile(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        promise = world.promised(session, city)
        outcome = world.deposited(session, city, "NEW", "篆刻")
        world.recognised(session, city, outcome)
        asked = contesting.ask_correction(session, bank, promise.id, city.staff(city.university), "看错了课程")
        with pytest.raises(Conflict, match=r"correction\.open_already"):
            redeeming.redeem_promise(session, bank, city.learner, promise.id, outcome, by=None)
        assert correcting.verdicts(promise) == ("uphold", "annul")
        ruling = Ruling(True, reason="课程不对应")
        correcting.decide_again(session, bank, asked.id, city.staff(city.university), "annul", ruling)
        assert promise.state == "reversed"


def test_a_day_of_a_far_year_is_looked_at_in_a_moment() -> None:
    with patch.object(working_days, "between", side_effect=AssertionError("walked through every day")):
        assert not told.is_near(date(2026, 9, 1), date(9999, 12, 31), told.PROMISE_NEAR)
    assert told.is_near(date(2026, 9, 1), date(2026, 9, 2), told.PROMISE_NEAR)
    assert not told.is_near(date(2026, 9, 3), date(2026, 9, 2), told.PROMISE_NEAR)

"""What the clock does without anybody: once, one case apart from another, and by one process of several."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from credit_bank import applying, crediting, deciding, evaluating, reviewing, settling
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision
from credit_bank.account.movements import Award
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.crediting import Spend
from credit_bank.deciding import Ruling
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Unavailable
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.reviewing import Say
from credit_bank.store import cases, documents
from credit_bank.store.tables import RecognitionCase
from tests.banks import Clock
from tests.credit_bank import casework_city as world
from tests.credit_bank import cities
from tests.credit_bank.casework_city import City, on
from web.database import Database
from web.operations.tables import ClockWork
from web.workflows import clock_work
from web.workflows.clock_work import Place

NOTICE = "[policy]\nnotice_days = 5"


def noticed(session: Session, city: City, course: str, title: str) -> RecognitionCase:
    """A conversion of one outcome that was granted and is on public notice."""
    outcome = world.deposited(session, city, course, title)
    world.recognised(session, city, outcome)
    document = documents.get(session, city.programme)
    proposal = evaluating.evaluate(session, city.bank, city.learner, document).proposal
    [wanted] = [c.id for c in proposal.candidates if c.eligible and str(outcome) in {str(i) for i in dict(c.spends)}]
    case = applying.conversion(
        session, city.bank, city.learner, city.programme, proposal, wanted=[wanted], notice_days=5, by=None
    )
    reviewing.vote(session, city.bank, case.id, city.staff(city.university), Say(Vote.AGREE))
    return deciding.decide(session, city.bank, case.id, city.staff(city.university), Ruling(True))


def spend_elsewhere(session: Session, city: City, case: RecognitionCase) -> None:
    """What the case was to convert is converted by somebody else meanwhile."""
    [outcome] = cases.sources(session, case)
    award = Award(uuid4(), Credit(40, Denomination("evergreen-1", "3", "academic")))
    decided = Decision(uuid4(), "rule")
    crediting.convert(session, city.bank, city.learner, [Spend(outcome)], [award], decided)


def test_a_notice_ends_by_itself_and_one_that_cannot_keeps_no_other_up(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank, NOTICE)
        stuck = noticed(session, city, "INTRO", "书法入门")
        good = noticed(session, city, "HIST", "书法史")
        spend_elsewhere(session, city, stuck)
        assert stuck.notice_until == good.notice_until == date(2026, 9, 8)
    place = Place(db, bank, private=False)
    assert clock_work.end_notices(place).done == 0
    clock.advance(days=8)
    assert clock_work.end_notices(place).done == 2
    assert clock_work.end_notices(place).done == 0  # done once
    with db.reading() as session:
        stuck, good = cases.get(session, stuck.id), cases.get(session, good.id)
        assert (good.state, good.news) == ("approved", "approved")
        [decision] = cases.decisions(session, good)
        assert decision.decided_by is not None  # the clock carries out what a person decided
        assert (stuck.state, stuck.news, stuck.round, cases.decisions(session, stuck)) == (
            "second-review", "not-posted", 2, []
        )  # fmt: skip
        assert stuck.terms["not_posted"]["code"].startswith("account.")  # type: ignore[index]
        assert stuck.due_on is not None


def test_a_failure_that_may_pass_is_tried_again(
    db: Database, bank: Bank, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.writing() as session:
        city = world.build(session, bank, NOTICE)
        case = noticed(session, city, "INTRO", "书法入门")
    clock.advance(days=8)
    place = Place(db, bank, private=False)

    def busy(*_: object, **__: object) -> None:
        raise Unavailable("database.busy")

    with monkeypatch.context() as patch:
        patch.setattr(deciding, "approve", busy)
        assert clock_work.end_notices(place) == (0, 1)
    with db.reading() as session:
        assert cases.get(session, case.id).state == "notice"
    assert clock_work.end_notices(place).done == 1


def test_after_an_objection_whoever_took_the_first_review_still_does_not_decide(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank, NOTICE)
        case = noticed(session, city, "INTRO", "书法入门")
        [first] = [r.person_id for r in cases.reviews(session, case) if r.stage == "first-review"]
        who = Reviewer(first, None, frozenset({city.university}))
        deciding.object_to_notice(session, bank, case.id, who, "内容不同")
        with pytest.raises(Forbidden, match="reviewed_already"):
            deciding.decide(session, bank, case.id, who, Ruling(False, reason="内容不同"))
        deciding.decide(session, bank, case.id, city.staff(city.university), Ruling(False, reason="内容不同"))
        assert case.state == "refused"


def test_an_objection_brings_a_case_back_and_only_that(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        city = world.build(session, bank, NOTICE)
        case = noticed(session, city, "INTRO", "书法入门")
        who = city.staff(city.university)
        with pytest.raises(InvalidInput, match="reason_missing"):
            deciding.object_to_notice(session, bank, case.id, who, " ")
        with pytest.raises(Forbidden, match="not_your_turn"):
            deciding.object_to_notice(session, bank, case.id, city.staff(city.college), "内容不同")
        deciding.object_to_notice(session, bank, case.id, who, "内容不同")
        assert (case.state, case.notice_until, case.news) == ("second-review", None, "objected")
        with pytest.raises(Conflict, match="move_not_allowed"):
            deciding.object_to_notice(session, bank, case.id, who, "再说一次")


def test_credits_of_others_expire_although_one_learners_cannot(
    db: Database, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = date(2026, 9, 10)
    with db.writing() as session:
        college = cities.found(session, bank).id
        people = [cities.learner(session, bank, n, f"示例{n}") for n in (1, 2, 3)]
        for person in people:
            cities.record(
                session, bank, college, cities.row(2, person.account_number, name=person.name, valid_until=last)
            )
        ids = sorted(person.id for person in people)
    settle, bad = settling.settle, ids[1]

    def failing(session: Session, bank: Bank, named: list[tuple[UUID, UUID]], *rest: object, **more: object) -> int:
        if any(learner == bad for learner, _ in named):
            raise Unavailable("database.busy")
        return settle(session, bank, named, *rest, **more)  # type: ignore[arg-type]

    place = Place(db, bank, private=False)
    with monkeypatch.context() as patch:
        patch.setattr(settling, "settle", failing)
        assert clock_work.expire_credits(place, last + timedelta(days=1)) == (2, 1)
    with db.reading() as session:
        assert [on(session, i, Account.EXPIRED) > 0 for i in ids] == [True, False, True]
    assert clock_work.expire_credits(place, last + timedelta(days=1)).done == 1
    assert clock_work.expire_credits(place, last + timedelta(days=1)).done == 0


def test_one_process_of_several_does_a_piece_of_work_and_another_follows_a_crash(
    db: Database, bank: Bank, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, runs = Place(db, bank, private=False), []

    def work(_: Place) -> int:
        runs.append(clock.now)
        assert clock_work.do_due(place) == []  # another process that looks meanwhile
        with monkeypatch.context() as patch:
            patch.setattr(clock_work, "_is_due", lambda *_: True)
            assert clock_work.do_due(place) == []  # and one that had looked a moment before it was taken
        if len(runs) == 1:
            raise RuntimeError("it crashed")
        return 0

    monkeypatch.setattr(clock_work, "WORK", {"notices": (timedelta(hours=1), work)})
    assert clock_work.do_due(place) == []
    assert clock_work.do_due(place) == [] and len(runs) == 1
    clock.advance(minutes=31)
    assert clock_work.do_due(place) == ["notices"]
    clock.advance(minutes=59)
    assert clock_work.do_due(place) == []
    clock.advance(minutes=1)
    assert clock_work.do_due(place) == ["notices"] and len(runs) == 3
    with db.reading() as session:
        row = session.get_one(ClockWork, "notices")
        assert row.done_at == clock.now and row.next_at == clock.now + timedelta(hours=1)

"""A learner's own view: where they stand, their plan, their placement, what is recommended to them."""

from collections.abc import Callable
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from adaptive import placing, planning, recommending
from adaptive.answering import Given, Learning, take
from adaptive.asking import in_assessment
from adaptive.content.graph import SkillGraph
from adaptive.errors import AdaptiveError, Conflict, InvalidInput, Missing
from adaptive.mastery.terms import default_weights
from adaptive.reason import codes
from adaptive.sentences import sentence
from adaptive.standing import NOBODY, ability, certainty, events, map_statuses, standings, weeks
from adaptive.store import plans, preferences, sittings
from credit_bank.store.types import new_id
from tests.adaptive.libraries import small_library
from tests.banks import Clock
from web.database import Database

LIBRARY = small_library()
CITY = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def learning(clock: Clock) -> Learning:
    return Learning(LIBRARY, default_weights(), clock, new_id)


@pytest.fixture
def me() -> UUID:
    return uuid4()


def practise(session: Session, learning: Learning, clock: Clock, me: UUID, skill: str, *, times: int = 6) -> None:
    """Answer the questions of a skill right, by turns."""
    item = skill.replace(".", "/")
    for number in range(times):
        clock.advance(minutes=1)
        take(session, learning, me, Given(f"{item}#q{number % 2}", 0, uuid4().hex, presented_at=clock()))


def test_nothing_is_known_of_somebody_new(db: Database, learning: Learning, me: UUID) -> None:
    with db.reading() as session:
        where = standings(session, learning, me)
    assert where == NOBODY
    assert {s.status for s in map_statuses(SkillGraph(LIBRARY.skills), where).values()} == {"ready", "locked"}


def test_what_was_shown_is_mastered_then_due_and_leads_on(
    db: Database, learning: Learning, clock: Clock, me: UUID
) -> None:
    graph = SkillGraph(LIBRARY.skills)
    with db.writing() as session:
        practise(session, learning, clock, me, "phone.power")
        where = standings(session, learning, me)
        known = map_statuses(graph, where)
        assert known["phone.power"].status == "mastered" and known["phone.touch"].status == "ready"
        assert "phone.power" in where.held() and known["pay.scan"].status == "locked"
        estimate = where.skills["phone.power"]
        assert ability(estimate.p) == "firm" and certainty(estimate) in ("little", "some", "much")
        clock.advance(days=700)
        later = map_statuses(graph, standings(session, learning, me))
        assert later["phone.power"].status == "due"


def test_weeks_begin_on_monday_and_leave_none_out(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        practise(session, learning, clock, me, "phone.power", times=3)
        clock.advance(days=15)
        practise(session, learning, clock, me, "phone.touch", times=2)
        lived = weeks(session, learning, me, CITY, 4)
    assert [week.monday.weekday() for week in lived] == [0, 0, 0, 0]
    assert [(w.answers, w.right, w.days) for w in lived] == [(0, 0, 0), (3, 3, 1), (0, 0, 0), (2, 2, 1)]


def test_events_name_nobody(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        practise(session, learning, clock, me, "phone.power")
        told = list(events(session, learning, me, "somebody"))
    assert [event.kind for event in told] == ["answered"] * 6 + ["mastered"]
    assert {event.learner for event in told} == {"somebody"}
    assert all(event.success for event in told) and told[-1].object_id == "phone.power"


def test_a_plan_is_kept_until_something_changes(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        assert planning.current(session, learning, me) is None
        made = planning.choose(session, learning, me, "skill:pay.wallet")
        assert [step.skill_id for step in made.plan.steps] == ["phone.power", "phone.lock", "phone.touch", "pay.wallet"]
        clock.advance(days=1)
        same = planning.current(session, learning, me)
        assert same is not None and same.change is None and same.made_at == made.made_at
        assert len(plans.earlier(session, me)) == 1
        practise(session, learning, clock, me, "phone.power")
        after = planning.current(session, learning, me)
        assert after is not None and after.change is not None and after.change.mastered == ("phone.power",)
        assert "replan.mastered" in codes(after.change.reasons)
        again = planning.current(session, learning, me)
        assert again is not None and again.change == after.change and len(plans.earlier(session, me)) == 2


def test_skipping_pace_and_giving_up(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        first = planning.choose(session, learning, me, "area:pay")
        assert planning.goal_in_force(session, me) == "area:pay"
        clock.advance(minutes=1)
        planning.skip(session, learning, me, "pay.refund")
        after = planning.current(session, learning, me)
        assert after is not None and after.plan.skipped.keys() == {"pay.refund"}
        clock.advance(minutes=1)
        planning.take_back(session, learning, me, "pay.refund")
        back = planning.current(session, learning, me)
        assert back is not None and back.plan.steps == first.plan.steps
        clock.advance(days=1)
        planning.set_pace(session, learning, me, 1, 5)
        slow = planning.current(session, learning, me)
        assert slow is not None and slow.plan.weeks > first.plan.weeks and slow.change is not None
        with pytest.raises(InvalidInput):
            planning.set_pace(session, learning, me, 0, 5)
        planning.give_up(session, learning, me)
        assert planning.current(session, learning, me) is None


@pytest.mark.parametrize("goal", ["skill:none", "course:none", "area:none", "", "nonsense"])
def test_a_goal_that_is_not_there_is_refused_in_words(db: Database, learning: Learning, me: UUID, goal: str) -> None:
    with db.writing() as session, pytest.raises(Missing) as refused:
        planning.choose(session, learning, me, goal)
    for locale in ("zh-CN", "en"):
        assert sentence(f"error.{refused.value.code}", locale, **refused.value.parameters)


def test_a_goal_that_left_the_library_is_given_up(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    smaller = small_library({"phone.power": (), "phone.touch": ("phone.power",)})
    with db.writing() as session:
        planning.choose(session, learning, me, "skill:pay.refund")
        assert planning.current(session, Learning(smaller, default_weights(), clock, new_id), me) is None
        assert plans.current(session, me) is None


def ends(session: Session, learning: Learning, clock: Clock, me: UUID, know: Callable[[int], object]) -> placing.Found:
    """Go through a placement, answering what ``know`` says to the question of that number."""
    placing.begin(session, learning, me, "phone")
    for number in range(20):
        following = placing.next_question(session, learning, me, "phone")
        if following is None:
            break
        assert in_assessment(session, me, clock())
        given = Given(following.question.id, know(number), uuid4().hex, source=placing.SOURCE)
        clock.advance(seconds=20)
        placing.answer(session, learning, me, "phone", given)
    placing.end(session, learning, me, "phone")
    assert not in_assessment(session, me, clock())
    found = placing.result(session, learning, me, "phone")
    assert found is not None
    return found


def test_placement_finds_what_need_not_be_learned(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        found = ends(session, learning, clock, me, lambda _number: 0)
        assert found.held and found.answers >= 4
        where = standings(session, learning, me)
        assert where.placed == set(found.held)
        known = map_statuses(SkillGraph(LIBRARY.skills), where)
        assert not any(status.status == "mastered" for key, status in known.items() if key not in where.reached)
        plan = planning.choose(session, learning, me, "course:phone").plan
        assert not {step.skill_id for step in plan.steps} & set(found.held)


@pytest.mark.parametrize("response", [1, None])
def test_placement_of_a_beginner_begins_at_the_beginning(
    db: Database, learning: Learning, clock: Clock, me: UUID, response: int | None
) -> None:
    with db.writing() as session:
        found = ends(session, learning, clock, me, lambda _number: response)
        assert found.held == () and found.placed.level == 1
        assert found.begin is not None and found.begin.id == LIBRARY.courses["phone"].items[0]


def test_placement_can_be_left_alone(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        assert placing.result(session, learning, me, "phone") is None
        placing.begin(session, learning, me, "phone")
        placing.end(session, learning, me, "phone")
        found = placing.result(session, learning, me, "phone")
        assert found is not None and found.answers == 0 and codes(found.placed.reasons) == ("placement.skipped",)
        with pytest.raises(Conflict, match=r"placement\.over"):
            placing.answer(session, learning, me, "phone", Given("phone/power#q0", 0, "k", source=placing.SOURCE))
        with pytest.raises(Missing):
            placing.begin(session, learning, me, "nothing")
        placing.begin(session, learning, me, "phone")
        with pytest.raises(Missing):
            placing.answer(session, learning, me, "phone", Given("pay/scan#q0", 0, "k", source=placing.SOURCE))


def test_placement_goes_on_where_it_stopped(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    with db.writing() as session:
        placing.begin(session, learning, me, "phone")
        first = placing.next_question(session, learning, me, "phone")
        assert first is not None and first.number == 1
        given = Given(first.question.id, 0, "once", source=placing.SOURCE)
        for _ in range(2):
            placing.answer(session, learning, me, "phone", given)
        placing.begin(session, learning, me, "phone")
        second = placing.next_question(session, learning, me, "phone")
        assert second is not None and second.number == 2 and second.question.id != first.question.id
        assert len(sittings.since(session, me, clock())) == 1


def suggested(session: Session, learning: Learning, me: UUID, seed: int = 1) -> recommending.Suggestions:
    activities = recommending.courses_as_activities(LIBRARY)
    return recommending.suggest(session, learning, me, activities, Random(seed))


def test_the_list_of_a_day_stays_and_rests_after_a_while(
    db: Database, learning: Learning, clock: Clock, me: UUID
) -> None:
    with db.writing() as session:
        one = suggested(session, learning, me)
        assert one.personalised and {e.activity.id for e in one.entries} == {"phone", "pay"}
        assert suggested(session, learning, me, seed=2) == one
        for _ in range(3):
            clock.advance(days=1)
            last = suggested(session, learning, me)
        assert last.entries == (), "shown three times without being taken up, it rests"
        clock.advance(days=40)
        assert suggested(session, learning, me).entries


def test_the_goal_comes_first_and_what_is_not_for_me_not_at_all(
    db: Database, learning: Learning, clock: Clock, me: UUID
) -> None:
    with db.writing() as session:
        planning.choose(session, learning, me, "course:pay")
        codes_of = {e.activity.id: codes(e.reasons) for e in suggested(session, learning, me).entries}
        assert "recommend.goal" in codes_of["pay"]
        recommending.not_for_me(session, learning, me, "pay")
        assert [e.activity.id for e in suggested(session, learning, me).entries] == ["phone"]
        assert [row.subject for row in recommending.refused(session, me, clock())] == ["pay"]
        recommending.take_back(session, learning, me, "pay")
        assert "pay" in {e.activity.id for e in suggested(session, learning, me).entries}


def test_whoever_wants_no_choosing_gets_no_choosing(db: Database, learning: Learning, clock: Clock, me: UUID) -> None:
    plain = recommending.neutral(recommending.courses_as_activities(LIBRARY), clock())
    with db.writing() as session:
        preferences.change(session, me, clock(), personalised=False)
        mine = suggested(session, learning, me)
        assert not mine.personalised and mine.entries == plain.entries
        assert mine.decision_id is not None
        assert recommending.of_list(session, me, mine.decision_id).policy == "own"
        with pytest.raises(AdaptiveError):
            recommending.of_list(session, uuid4(), mine.decision_id)

"""Neighbours of a study group: asking, helping, saying something, ending; who sees what; what goes with an account."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from tests.web.people import Holder, Town
from web.accounts import consents
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent
from web.operations import groups, neighbour_endings, neighbours
from web.operations.neighbour_tables import NeighbourRequest, NeighbourWord
from web.workflows import learning_export

NOW = datetime.now(UTC)


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


class Street:
    """A group of three who agreed to help one another, and one member who did not."""

    def __init__(self, town: Town) -> None:
        self.town = town
        place = town.institution("centre", name="社区中心")
        self.tutor = town.staff("teacher", place, Role.TUTOR)
        with town.writing() as session:
            group = groups.make(session, institution_id=place, name="手机班", by=self.tutor, now=NOW)
            self.group, self.code = group.id, group.code
        self.asker, self.helper, self.third, self.quiet = (self.member(f"示例{name}") for name in "甲乙丙丁")
        for holder in (self.asker, self.helper, self.third):
            self.agree(holder)

    def member(self, name: str) -> Holder:
        holder = self.town.learner(name)
        with self.town.writing() as session:
            groups.join(
                session, typed=self.code, person_id=holder.person_id, learner_id=holder.learner_id, language="zh-CN",
                now=NOW,
            )  # fmt: skip
        return holder

    def agree(self, holder: Holder) -> None:
        with self.town.writing() as session:
            consents.give(
                session, person_id=holder.person_id, learner_id=holder.learner_id, purpose=neighbours.CONSENT,
                language="zh-CN", now=NOW,
            )  # fmt: skip

    def ask(self, session: Session, who: Holder | None = None, **given: object) -> NeighbourRequest:
        wanted = {"key": uuid4(), "group_id": self.group, "matter": "phone", "words": "", "now": NOW} | given
        return neighbours.ask(session, learner_id=(who or self.asker).learner_id, **wanted)  # type: ignore[arg-type]


@pytest.fixture
def street(town: Town) -> Street:
    return Street(town)


def rows(town: Town) -> list[NeighbourRequest]:
    with town.database.reading() as session:
        found = list(session.exec(select(NeighbourRequest)))
        session.expunge_all()
        return found


def test_one_asks_another_helps_they_talk_and_it_ends(town: Town, street: Street) -> None:
    asker, helper = town.browser(street.asker.person_id), town.browser(street.helper.person_id)
    page = asker.get("/neighbours/ask")
    assert "“手机班”里的邻居会看到" in page.text
    sent = asker.submit(page, {"matter": "phone", "words": "微信老是打不开"}, action="/neighbours/ask")
    asker.submit(page, {"matter": "phone", "words": "微信老是打不开"}, action="/neighbours/ask")
    [row] = rows(town)
    address = f"/neighbours/{row.id}"
    assert sent.location == address
    assert "邻居想找人帮忙" in helper.get("/today").text
    seen = helper.get(helper.get("/neighbours").link("教我用手机"))
    assert "示例甲" in seen.text and "微信老是打不开" in seen.text
    assert street.asker.number not in seen.text
    helper.submit(seen, {"act": "take", "words": "周三上课前教您"}, action=address)
    told = asker.get("/portfolio")
    answered = asker.get(told.link("邻里互助：有新消息"))
    assert "示例乙愿意帮您" in answered.text and "周三上课前教您" in answered.text
    assert "有新消息" not in asker.get("/portfolio").text
    asker.submit(answered, {"act": "say", "words": "好，九点见"}, action=address)
    assert "好，九点见" in helper.get(address).text
    helper.submit(helper.get(address), {"act": "end"}, action=address)
    assert "示例乙帮过您" in asker.get(address).text
    assert rows(town)[0].state == "done"


def test_nothing_but_name_and_words_is_seen_and_only_by_those_who_agreed(town: Town, street: Street) -> None:
    with town.writing() as session:
        request_id = street.ask(session).id
    address = f"/neighbours/{request_id}"
    for browser in (town.browser(street.quiet.person_id), town.browser(town.learner("示例外人").person_id)):
        browser.get(address, status=404)
        assert "示例甲" not in browser.get("/neighbours").text
    third = town.browser(street.third.person_id)
    third.get(address)
    with town.writing() as session:
        neighbours.take(session, street.helper.learner_id, request_id, "三点见", NOW)
    third.get(address, status=404)
    assert third.post(address, {"act": "take", "words": ""}, status=404)


def test_telephone_numbers_and_the_like_are_refused(town: Town, street: Street) -> None:
    asker = town.browser(street.asker.person_id)
    page = asker.get("/neighbours/ask")
    for words in ("打我电话13812345678", "身份证11010119490101001X", "微信号abc_12345", "看 https://a.example/x"):
        refused = asker.submit(page, {"matter": "talk", "words": words}, action="/neighbours/ask", status=422)
        assert refused.errors == ["请不要写电话、网址、证件号和账号。要见面，就写时间和地方。"]
    assert not rows(town)
    with town.writing() as session:
        row = street.ask(session)
        with pytest.raises(InvalidInput, match=r"neighbours\.no_numbers"):
            neighbours.take(session, street.helper.learner_id, row.id, "打13812345678", NOW)


def test_before_asking_there_is_a_group_to_join_and_a_text_to_agree_to(town: Town, street: Street) -> None:
    alone = town.browser(town.learner("示例戊").person_id)
    assert alone.get("/neighbours/ask").link("加入学习小组") == "/progress/groups"
    quiet = town.browser(street.quiet.person_id)
    before = quiet.get("/neighbours/ask")
    assert "电话、住址、证件和账号，他们都看不到" in before.text
    agreed = quiet.submit(before, {}, action="/account/consents/neighbours/give?next=/neighbours/ask")
    assert agreed.location == "/neighbours/ask"
    assert "想请人帮什么" in quiet.get("/neighbours/ask").text


def test_the_first_who_helps_helps_and_may_put_it_back(town: Town, street: Street) -> None:
    with town.writing() as session:
        row = street.ask(session)
        neighbours.take(session, street.helper.learner_id, row.id, "我来", NOW)
        neighbours.take(session, street.helper.learner_id, row.id, "我来", NOW)
        assert len(neighbours.words_of(session, row.id)) == 1
        with pytest.raises(Conflict, match=r"neighbours\.taken_already"):
            neighbours.take(session, street.third.learner_id, row.id, "", NOW)
        with pytest.raises(Missing, match=r"neighbours\.unknown"):
            neighbours.say(session, street.third.learner_id, row.id, "我也听听", NOW)
        with pytest.raises(Missing, match=r"neighbours\.unknown"):
            neighbours.end(session, street.third.learner_id, row.id, NOW)
        neighbours.give_back(session, street.helper.learner_id, row.id, NOW)
        assert not neighbours.words_of(session, row.id)
        with pytest.raises(Conflict, match=r"neighbours\.not_taken"):
            neighbours.say(session, street.asker.learner_id, row.id, "在吗", NOW)
        neighbours.take(session, street.third.learner_id, row.id, "", NOW)
        assert (row.state, row.helper_id) == ("taken", street.third.learner_id)


def test_nobody_helps_themselves_nor_asks_without_end(town: Town, street: Street) -> None:
    with town.writing() as session:
        first = street.ask(session)
        with pytest.raises(Conflict, match=r"neighbours\.own"):
            neighbours.take(session, street.asker.learner_id, first.id, "", NOW)
        street.ask(session)
        with pytest.raises(Conflict, match=r"neighbours\.too_many"):
            street.ask(session)
        neighbours.end(session, street.asker.learner_id, first.id, NOW)
        assert first.state == "withdrawn"
        street.ask(session)
        with pytest.raises(Missing, match=r"group\.unknown"):
            street.ask(session, street.quiet)
        with pytest.raises(InvalidInput, match=r"neighbours\.matter_missing"):
            street.ask(session, matter="money")
        with pytest.raises(Missing, match=r"neighbours\.unknown"):
            street.ask(session, street.helper, key=first.key)


def test_tutors_see_that_it_happened_and_not_what_was_said(town: Town, street: Street) -> None:
    with town.writing() as session:
        row = street.ask(session, words="眼睛不好")
        neighbours.take(session, street.helper.learner_id, row.id, "周三见", NOW)
    page = town.browser(street.tutor).get(f"/tutor/centre/groups/{street.group}")
    assert "示例甲：教我用手机。示例乙在帮。" in page.text
    assert "周三见" not in page.text and "眼睛不好" not in page.text
    with town.database.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
        assert {(event.action, event.person_id) for event in events} == {
            ("neighbours.asked", street.asker.person_id),
            ("neighbours.taken", street.helper.person_id),
        }


@pytest.mark.parametrize("how", ["leaves", "withdraws", "closes"])
def test_who_steps_out_ends_what_they_asked_and_puts_back_what_they_help_with(
    town: Town, street: Street, how: str
) -> None:
    with town.writing() as session:
        mine = street.ask(session, street.helper)
        helping = street.ask(session)
        neighbours.take(session, street.helper.learner_id, helping.id, "我来", NOW)
        ids = mine.id, helping.id
    browser = town.browser(street.helper.person_id)
    if how == "leaves":
        browser.submit(browser.get(f"/progress/groups/{street.group}/leave"), {})
    else:
        purpose = "neighbours" if how == "withdraws" else "account"
        browser.submit(browser.get(f"/account/consents/{purpose}/withdraw"), {})
    found = {row.id: row for row in rows(town)}
    if how == "closes":
        assert ids[0] not in found
    else:
        assert found[ids[0]].state == "withdrawn"
    assert (found[ids[1]].state, found[ids[1]].helper_id) == ("waiting", None)


def test_a_closed_group_ends_everything_in_it(town: Town, street: Street) -> None:
    with town.writing() as session:
        row = street.ask(session)
        neighbours.take(session, street.helper.learner_id, row.id, "", NOW)
    with town.writing() as session:
        group = groups.led(session, groups.offer(session, street.code).institution.id, street.tutor, street.group)
        groups.close(session, group, street.tutor, NOW)
    assert rows(town)[0].state == "withdrawn"
    assert "已经收回了" in town.browser(street.helper.person_id).get(f"/neighbours/{row.id}").text


def test_words_go_after_thirty_days_and_the_request_after_a_hundred_and_eighty(town: Town, street: Street) -> None:
    with town.writing() as session:
        row = street.ask(session, words="眼睛不好")
        neighbours.take(session, street.helper.learner_id, row.id, "我来", NOW)
        neighbours.end(session, street.asker.learner_id, row.id, NOW)
        assert neighbour_endings.forget_old(session, NOW + timedelta(days=29)) == 0
        assert neighbours.words_of(session, row.id)
        assert neighbour_endings.forget_old(session, NOW + timedelta(days=31)) == 0
    assert rows(town)[0].words == ""
    with town.writing() as session:
        assert not session.exec(select(NeighbourWord)).all()
        assert neighbour_endings.forget_old(session, NOW + timedelta(days=181)) == 1
    assert not rows(town)


def test_it_goes_with_the_account_and_into_the_export(town: Town, street: Street) -> None:
    with town.writing() as session:
        row = street.ask(session, words="眼睛不好")
        neighbours.take(session, street.helper.learner_id, row.id, "我来教", NOW)
    with town.writing() as session:
        mine = learning_export.everything(session, street.asker.learner_id, town.bank.kek)
        [asked] = mine["asked_neighbours"]
        assert asked["words"] == "眼睛不好" and "helper_id" not in asked and not mine["said_to_neighbours"]
        theirs = learning_export.everything(session, street.helper.learner_id, town.bank.kek)
        assert [one["words"] for one in theirs["said_to_neighbours"]] == ["我来教"]
        assert theirs["helped_neighbours"][0]["state"] == "taken"
        neighbour_endings.move(session, absorbed=street.helper.learner_id, kept=street.asker.learner_id)
    [row] = rows(town)
    assert (row.state, row.helper_id) == ("waiting", None), "nobody helps themselves"
    with town.writing() as session:
        neighbour_endings.erase(session, street.asker.learner_id)
        assert not session.exec(select(NeighbourWord)).all()
    assert not rows(town)


def test_another_s_request_is_answered_as_if_it_did_not_exist(town: Town, street: Street) -> None:
    town.browser(street.asker.person_id).get(f"/neighbours/{UUID(int=5)}", status=404)
    assert town.browser().get("/neighbours/ask", status=303).location.startswith("/sign-in")

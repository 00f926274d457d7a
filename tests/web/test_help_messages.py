"""A message left by voice: kept sealed, heard by whom it is for, gone when it was promised."""

import base64
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
import soundfile
import time_machine
from flask import Flask
from sqlmodel import select

from credit_bank.store.tables import Learner
from tests.m4a import m4a
from tests.web.client import ClientRequest, Page
from tests.web.people import Holder, Town
from web.accounts.roles import Role
from web.operations import help_requests, personal_sealing, voice_messages
from web.operations.help_tables import HelpMessage, HelpRequest
from web.workflows import account_merging

RATE = 16_000


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def wav(seconds: float = 2.0, tone: int = 220) -> bytes:
    file = io.BytesIO()
    samples = 0.3 * np.sin(2 * np.pi * tone * np.arange(int(seconds * RATE)) / RATE)
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def says(
    browser: ClientRequest, data: bytes | None = None, *, status: int = 303, page: Page | None = None, **more: str
) -> Page:
    """Say something on the page where a person is asked."""
    sent = {**more, "sound": (io.BytesIO(wav() if data is None else data), "said.wav")}
    page = page or browser.get("/help/ask")
    return browser.submit(page, sent, action="/help/ask", status=status, content_type="multipart/form-data")


def rows(town: Town) -> list[HelpMessage]:
    with town.database.reading() as session:
        found = list(session.exec(select(HelpMessage)).all())
        session.expunge_all()
        return found


def sound_on(page: Page) -> str:
    """The address of the recording on a page."""
    [address] = [one.attrib["src"] for one in page.tree.iter("audio") if "message" in one.attrib["src"]]
    return str(address)


def of_centre(town: Town) -> tuple[Holder, ClientRequest]:
    place = town.institution("liuyin", name="柳荫社区学习中心")
    holder = town.learner()
    with town.writing() as session:
        learner = session.get_one(Learner, holder.learner_id)
        learner.opened_at_institution = place
        session.add(learner)
    return holder, town.browser(town.staff("officer", place, Role.CENTRE_STAFF))


def test_one_recording_is_a_whole_request_and_is_heard_again(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = browser.follow(says(browser))
    assert "想找个人说说" in page.text  # nothing else had to be chosen
    heard = browser.get(sound_on(page), both_languages=False).response
    assert heard.mimetype == "audio/mpeg" and heard.headers["Cache-Control"] == "no-store"
    samples, rate = soundfile.read(io.BytesIO(heard.data))
    assert rate == RATE and len(samples) == pytest.approx(2 * RATE, abs=RATE // 4)
    part = browser.get(sound_on(page), both_languages=False, status=206, headers={"Range": "bytes=0-99"}).response
    assert len(part.data) == 100


def test_it_is_sealed_at_rest_under_the_persons_own_key(town: Town) -> None:
    holder = town.learner()
    says(town.browser(holder.person_id))
    [row] = rows(town)
    kek, use = town.bank.kek, "voice messages"
    plain = personal_sealing.unseal(kek, use, holder.person_id, row.sealed, row.id.bytes)
    assert plain is not None and soundfile.info(io.BytesIO(plain)).format == "MP3"
    assert plain not in row.sealed and plain[:64] not in row.sealed
    assert personal_sealing.unseal(kek, use, uuid4(), row.sealed, row.id.bytes) is None
    assert personal_sealing.unseal(kek, use, holder.person_id, row.sealed, uuid4().bytes) is None
    assert personal_sealing.unseal(kek, "spoken commands", holder.person_id, row.sealed, row.id.bytes) is None
    assert personal_sealing.unseal(b"x" * 32, use, holder.person_id, row.sealed, row.id.bytes) is None


def test_without_a_script_it_is_heard_first_and_then_sent_or_dropped(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = says(browser, act="hear", words="先听一遍", status=200)
    assert "还没有发出去" in page.text and "先听一遍" in page.html
    browser.get(sound_on(page), both_languages=False)
    dropped = browser.submit(page, {"act": "discard"}, action="/help/ask", status=200)
    assert not rows(town) and "还没有发出去" not in dropped.text and "先听一遍" in dropped.html
    again = says(browser, page=dropped, act="hear", status=200)
    browser.submit(again, {}, action="/help/ask")
    assert rows(town)[0].request_id is not None
    assert (
        "请先选一段，再听"
        in browser.submit(browser.get("/help/ask"), {"act": "hear"}, action="/help/ask", status=422).text
    )


def test_a_recording_is_there_still_when_something_else_is_wrong(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = says(browser, phone="不是号码", status=422)
    assert "还没有发出去" in page.text
    browser.submit(page, {"phone": ""}, action="/help/ask")
    assert rows(town)[0].request_id is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"no sound", "打不开"), (wav(61), "60 秒以内"), (wav(1)[:44] + bytes(RATE), "没有听到声音")],
)
def test_what_cannot_be_heard_is_refused_and_nothing_is_kept(town: Town, data: bytes, sentence: str) -> None:
    browser = town.browser(town.learner().person_id)
    page = says(browser, data, matter="how", words="我写的话", status=422)
    assert sentence in page.text and "我写的话" in page.html
    assert rows(town) == []


def test_the_desk_hears_it_only_after_taking_it_on(town: Town) -> None:
    holder, officer = of_centre(town)
    says(town.browser(holder.person_id))
    address = officer.get("/centre/liuyin/help").link("示例学员")
    assert "先按“我来办”" in officer.get(address).text
    officer.get(address + "/message.mp3", status=404)
    officer.post(address, {"act": "take"})
    heard = officer.get(sound_on(officer.get(address)), both_languages=False).response
    assert heard.mimetype == "audio/mpeg" and heard.headers["Cache-Control"] == "no-store" and len(heard.data) > 1000
    place = town.institution("other")
    stranger = town.browser(town.staff("elsewhere", place, Role.CENTRE_STAFF))
    stranger.get(address + "/message.mp3", status=404)
    stranger.get(address.replace("liuyin", "other") + "/message.mp3", status=404)
    with town.database.reading() as session:
        learner = session.get_one(Learner, holder.learner_id)
        assert learner.opened_at_institution is not None
        colleague = town.staff("colleague", learner.opened_at_institution, Role.CENTRE_STAFF)
    town.browser(colleague).get(address + "/message.mp3", status=404)
    town.browser(holder.person_id).get(address + "/message.mp3", status=404)


def test_the_bank_hears_what_it_took_on(town: Town) -> None:
    says(town.browser(town.learner("另一位").person_id))
    bank = town.institution("bank", tier="centre")
    administrator = town.browser(town.staff("bank-admin", bank, Role.ADMINISTRATOR))
    address = administrator.get("/admin/help").link("另一位")
    administrator.post(address, {"act": "take"})
    administrator.get(sound_on(administrator.get(address)), both_languages=False)


def test_nobody_else_hears_it_and_it_is_deleted_at_a_press(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = browser.follow(says(browser))
    address = sound_on(page)
    other = town.browser(town.learner("另一位").person_id)
    other.get(address, status=404)
    other.post(address.replace(".mp3", "/delete"), status=404)
    town.browser(None).get(address, status=303)
    browser.submit(page, {}, action=address.replace(".mp3", "/delete"))
    assert rows(town) == []
    browser.get(address, status=404)


def test_an_answer_can_be_heard(town: Town) -> None:
    holder, officer = of_centre(town)
    browser = town.browser(holder.person_id)
    path = says(browser).location.split("?")[0]
    address = officer.get("/centre/liuyin/help").link("示例学员")
    officer.post(address, {"act": "take"})
    officer.post(address, {"act": "answer", "words": "字" * 500})
    page = browser.get(path)
    [spoken] = [one.attrib["src"] for one in page.tree.iter("audio") if "read-aloud" in one.attrib["src"]]
    assert len(spoken) < 3000 and browser.get(spoken, both_languages=False).response.mimetype == "audio/mpeg"


def test_it_goes_a_week_after_the_matter_is_done_and_sooner_when_it_is_taken_back(town: Town) -> None:
    holder, officer = of_centre(town)
    browser = town.browser(holder.person_id)
    path = says(browser).location.split("?")[0]
    address = officer.get("/centre/liuyin/help").link("示例学员")
    officer.post(address, {"act": "take"})
    officer.post(address, {"act": "done"})
    sound = sound_on(browser.get(path))
    officer.get(address + "/message.mp3", both_languages=False)
    later = datetime.now(UTC) + voice_messages.KEPT + timedelta(minutes=1)
    with time_machine.travel(later, tick=True):
        browser, officer_later = town.browser(holder.person_id), town.browser(taker(town))
        browser.get(sound, status=404)  # also where nobody tidied
        officer_later.get(address + "/message.mp3", status=404)
        assert "audio" not in browser.get(path).html.split("<main")[1].split("</main")[0]
        with town.writing() as session:
            assert voice_messages.forget_old(session, later) == 1
    assert rows(town) == []
    browser = town.browser(holder.person_id)
    path = says(browser).location.split("?")[0]
    browser.post(path + "/take-back")
    assert rows(town) == []


def taker(town: Town) -> UUID | None:
    with town.database.reading() as session:
        return session.exec(select(HelpRequest.taken_by)).first()


def test_a_draft_is_gone_after_a_day_and_there_is_one_for_each_person(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    says(browser, act="hear", status=200)
    says(browser, act="hear", status=200)
    assert len(rows(town)) == 1
    with town.writing() as session:
        assert voice_messages.forget_old(session, datetime.now(UTC) + timedelta(hours=23)) == 0
        assert voice_messages.forget_old(session, datetime.now(UTC) + timedelta(hours=25)) == 1


def test_anothers_draft_is_out_of_reach_and_a_sent_one_stays_as_it_was(town: Town) -> None:
    browser, other = (town.browser(town.learner(name).person_id) for name in ("甲", "乙"))
    page = says(browser, act="hear", status=200)
    key = rows(town)[0].key
    theirs = other.get("/help/ask")
    sent = {"key": str(key), "sound": (io.BytesIO(wav()), "said.wav")}
    other.submit(theirs, sent, action="/help/ask", status=422, content_type="multipart/form-data")
    assert [row.key for row in rows(town)] == [key]
    browser.submit(page, {}, action="/help/ask")
    before = rows(town)[0].sealed
    assert "已经发出去了" in says(browser, wav(1, 300), page=page, status=422).text
    assert rows(town)[0].sealed == before


def test_it_is_in_the_export_as_sound_and_goes_with_the_account(town: Town) -> None:
    holder = town.learner()
    browser = town.browser(holder.person_id)
    says(browser)
    body = browser.get("/portfolio/export.json", both_languages=False).response.json
    [said] = body["learning"]["voice_messages"]  # type: ignore[index]
    assert said["media_type"] == "audio/mpeg" and said["seconds"] == 2
    assert soundfile.info(io.BytesIO(base64.b64decode(said["sound"]))).format == "MP3"
    with town.writing() as session:
        help_requests.erase_person(session, holder.person_id)
    assert rows(town) == []


def test_it_moves_to_the_account_that_goes_on_and_opens_there(town: Town) -> None:
    keep, absorb = town.learner("甲"), town.learner("乙")
    page = says(town.browser(absorb.person_id))
    path = page.location.split("?")[0]
    with town.writing() as session:
        account_merging.merge(
            session,
            town.bank,
            keep=keep.learner_id,
            absorb=absorb.learner_id,
            merged_by=keep.person_id,
            now=datetime.now(UTC),
        )
    browser = town.browser(keep.person_id)
    browser.get(sound_on(browser.get(path)), both_languages=False)


def test_the_page_says_who_hears_it_and_how_long_it_is_kept(town: Town) -> None:
    page = town.browser(town.learner().person_id).get("/help/ask")
    assert "只有接下这件事的工作人员能听到" in page.text and "7 天" in page.text and "60 秒" in page.text


def test_what_a_telephone_recorded_is_heard_as_it_was(town: Town) -> None:
    holder, officer = of_centre(town)
    browser = town.browser(holder.person_id)
    page = browser.follow(says(browser, m4a(4, beside=b"+39.9+116.3/")))
    address = officer.get("/centre/liuyin/help").link("示例学员")
    officer.post(address, {"act": "take"})
    for heard in (
        browser.get(sound_on(page), both_languages=False).response,
        officer.get(sound_on(officer.get(address)), both_languages=False).response,
    ):
        assert heard.mimetype == "audio/mp4" and heard.headers["X-Content-Type-Options"] == "nosniff"
        assert heard.data[4:8] == b"ftyp" and b"+39.9" not in heard.data
    [said] = browser.get("/portfolio/export.json", both_languages=False).response.json["learning"]["voice_messages"]  # type: ignore[index]
    assert said["media_type"] == "audio/mp4" and said["seconds"] == 4

"""How words are said: corrected, heard, undone, as a file; and heard at once in what is read."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.web.client import ClientRequest
from tests.web.people import Town
from web import speaking
from web.accounts.roles import Role
from web.operations import pronouncing

PAGE = "/admin/lexicon"


@pytest.fixture
def desk(app: Flask) -> ClientRequest:
    town = Town(app)
    bank = town.institution("bank", tier="centre")
    return town.browser(town.staff("bank-admin", bank, Role.ADMINISTRATOR))


def version(app: Flask) -> str:
    with app.test_request_context():
        return speaking.current_lexicon().version


def test_a_word_is_corrected_heard_undone_and_taken_out(app: Flask, desk: ClientRequest) -> None:
    first = version(app)
    page = desk.get(PAGE)

    listened = desk.post(PAGE, {"word": "重庆", "said": "chong2 qing4", "do": "listen"}, status=200)
    [audio] = listened.tree.iter("audio")
    assert desk.get(audio.attrib["src"], both_languages=False).headers["Content-Type"] == "audio/mpeg"
    assert version(app) == first  # listening changes nothing
    desk.post(PAGE, {"word": "重庆", "said": " Chong2  qing4", "do": "save"})
    changed = version(app)
    assert changed != first
    page = desk.get(PAGE)
    assert "重庆" in page.text and "chong2 qing4" in page.text
    desk.post(PAGE, {"word": "重庆", "said": "zhong4 qing4", "do": "save"})
    desk.post(f"{PAGE}/undo", {"word": "重庆"})
    assert version(app) == changed
    desk.post(f"{PAGE}/take-out", {"word": "重庆"})
    assert version(app) == first
    desk.post(f"{PAGE}/undo", {"word": "重庆"})
    assert version(app) == changed
    desk.post(f"{PAGE}/undo", {"word": "没有"}, status=404)
    audit = desk.get("/admin/audit").text
    assert "改了一个词的朗读读音" in audit


@pytest.mark.parametrize(
    ("word", "said", "sentence"),
    [
        ("", "yi1", "请填写“词”"),
        ("重庆", "chong2", "读音的个数"),
        ("重庆", "chong2 qing9", "有的拼音不对"),
        ("重A", "chong2 ei1", "要么全是汉字"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk: ClientRequest, word: str, said: str, sentence: str) -> None:
    page = desk.post(PAGE, {"word": word, "said": said, "do": "save"}, status=422)
    assert any(sentence in error for error in page.errors), page.errors


def test_a_file_goes_out_and_comes_in_and_is_taken_whole_or_not_at_all(app: Flask, desk: ClientRequest) -> None:
    def take(data: bytes, status: int = 303) -> ClientRequest:
        return desk.post(f"{PAGE}/import", {"file": (io.BytesIO(data), "words.csv")}, status=status)  # type: ignore[return-value]

    good = "word,said\n重庆,chong2 qing4\nMOOC,mook\n一点儿,yi4 dian3 r5\n".encode()
    take(good)
    out = desk.get(f"{PAGE}.csv", both_languages=False).data
    assert out.startswith(b"\xef\xbb\xbf") and "MOOC,mook" in out.decode("utf-8-sig")
    before = version(app)
    take(out)  # the same again changes nothing
    assert version(app) == before
    bad = "word,said\n银行,yin2 xing2\n重庆,chong2\n重庆A,a\n,yi1\n银行,yin2 hang2\n多,一,列\n".encode()
    page = take(bad, status=422)
    text = page.text  # type: ignore[attr-defined]
    for line in ("第3行", "第4行", "第5行", "第6行", "第7行"):
        assert line in text
    assert "said 列：" in text and "word 列：" in text
    assert version(app) == before
    for data in (b"\xff\xfe\x00", b"", b"said,word\n", b"word,said\n", b"word,said\n" + b"x" * 600_000):
        take(data, status=422)
    assert version(app) == before


def test_only_the_banks_administrators_come_here(app: Flask) -> None:
    town = Town(app)
    own = town.institution("own")
    registrar = town.browser(town.staff("registrar", own, Role.REGISTRAR))
    assert registrar.get(PAGE, status=404)
    assert registrar.get(f"{PAGE}/listen.mp3?word=好&said=hao3", status=404)
    assert ClientRequest(app).client.get(PAGE).status_code == 303


def test_a_correction_is_heard_at_once(app: Flask, desk: ClientRequest) -> None:
    address = "/speech/phone-basics/make-a-call/easy.mp3"
    before = desk.get(address, both_languages=False).data
    with app.test_request_context():
        database = app.extensions["evergreen_database"]
        with database.writing() as session:
            town = Town(app)
            pronouncing.change(session, "电话", "dian4 hua1", town.staff("other"), datetime.now(UTC))
    assert desk.get(address, both_languages=False).data != before

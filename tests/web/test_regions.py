"""Two cities' banks as their people use them: two servers, each with its own database, origin and keys."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.serving import make_server

from credit_bank import founding, revoking
from credit_bank.store import regions as rows
from credit_bank.store.tables import Outcome
from tests.apps import settings_for
from tests.databases import free_port
from tests.web import portfolios
from tests.web.client import ClientRequest, Page
from tests.web.people import Town
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Consent
from web.app import create_app
from web.database import Database


@contextmanager
def city(database_url: str, name: str) -> Iterator[Town]:
    """A bank of its own that answers at its own origin."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    app = create_app(settings_for(database_url, public_origin=origin, bank_name_zh=name, connect_private=True))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    town = Town(app)
    try:
        with town.writing() as session:
            founding.found(session, town.bank)
        yield town
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database: Database = app.extensions["evergreen_database"]
        database.dispose()


@pytest.fixture
def north(sqlite_url: str) -> Iterator[Town]:
    with city(sqlite_url, "北城学分银行") as town:
        yield town


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def south(request: pytest.FixtureRequest, tmp_path: Any, sqlite_template: Any) -> Iterator[Town]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        path = tmp_path / "south.sqlite"
        path.write_bytes(sqlite_template.read_bytes())
        url = f"sqlite:///{path}"
    with city(url, "南城学分银行") as town:
        yield town


def administrator(town: Town) -> ClientRequest:
    centre = town.institution("centre", name="市中心", tier="centre")
    return town.browser(town.staff(town.somebody(), centre, Role.ADMINISTRATOR))


def key_of(town: Town) -> str:
    with town.database.reading() as session:
        return founding.bank_key(session, town.bank).multikey


def recognised(mine: Town, theirs: Town, *, key: str | None = None, status: int = 303) -> tuple[ClientRequest, Page]:
    """The administrator downloads the other bank's list, compares the key and recognises it."""
    browser = administrator(mine)
    listed = ClientRequest(theirs.app).get("/region.json").response.data
    page = browser.get("/admin/regions")
    sent = {"file": (io.BytesIO(listed), "region.json"), "key": key or key_of(theirs)}
    return browser, browser.submit(page, sent, status=status, content_type="multipart/form-data")


def region_id(town: Town) -> str:
    """The only bank that this one recognises."""
    with town.database.reading() as session:
        [found] = rows.every(session)
        return str(found.id)


def handed_in(browser: ClientRequest, file: bytes, status: int = 200) -> Page:
    """Hand a file in where records from other cities are taken in."""
    page = browser.get("/portfolio/move/in")
    return browser.submit(
        page, {"file": (io.BytesIO(file), "r.json")}, status=status, content_type="multipart/form-data"
    )


def test_a_record_moves_between_two_servers_and_a_later_revocation_follows_it(north: Town, south: Town) -> None:
    leaving = portfolios.make(north, signed=2, waiting=0, name="示例甲")
    arriving = south.learner("示例甲")
    recognised(north, south)
    south_admin, done = recognised(south, north)
    assert "已经互认，对方有 2 家机构" in south_admin.follow(done).text

    mover = leaving.browser()
    page = mover.get("/portfolio/move/out")
    assert "把您的姓名和选中的证书，交给南城学分银行。" in page.text
    there = region_id(north)
    sent = {"region": there, "account": arriving.number, "agree": "y"}
    wrong = mover.submit(page, {**sent, "account": "123"}, status=422)
    assert "账号是 12 位数字" in wrong.text
    unsure = mover.submit(page, {name: sent[name] for name in ("region", "account")}, status=422)
    assert "要您同意，才能转出。" in unsure.text
    file = mover.submit(page, sent, status=200).response.data
    assert "南城学分银行，" in mover.get("/portfolio/move").text

    newcomer = south.browser(arriving.person_id)
    result = handed_in(newcomer, file)
    assert result.text.count("已转入") == 2
    again = handed_in(newcomer, file)
    assert again.text.count("没转入：已经转入过") == 2

    mine = newcomer.get("/portfolio")
    assert mine.texts(".//dl[@class='totals']//dd")[0] == "4 学分，2 项"
    one = newcomer.get(mine.link("书法第1期"))
    assert "来自北城学分银行" in one.text and "学分和等级照原样算" in one.text
    kept = json.loads(newcomer.get(one.link("下载原件"), both_languages=False).response.data)
    assert kept["type"] == "EvergreenProofBundle"

    with north.writing() as session:
        revoking.change_status(
            session, north.bank, leaving.institution.id, leaving.credentials[0], "revoke", reason="录错人"
        )
    region = region_id(south)
    there_page = south_admin.get(f"/admin/regions/{region}")
    checked = south_admin.submit(there_page, action=f"/admin/regions/{region}/check")
    assert "查了 2 份证书：1 份状态有变，0 份没查到" in south_admin.follow(checked).text
    assert newcomer.get("/portfolio").texts(".//dl[@class='totals']//dd")[0] == "2 学分，1 项"

    end = south_admin.get(f"/admin/regions/{region}/end")
    assert "已经终止" in south_admin.follow(south_admin.submit(end)).text
    refused = handed_in(newcomer, file, 422)
    assert "不是互认的学分银行签发的" in refused.text


def test_a_key_that_nobody_compared_is_refused(north: Town, south: Town) -> None:
    _, page = recognised(north, south, key=key_of(north), status=422)
    assert "和您核对过的公钥对不上" in page.text


def test_another_name_is_sent_to_a_counter(north: Town, south: Town) -> None:
    leaving = portfolios.make(north, signed=1, waiting=0, name="示例甲")
    arriving = south.learner("示例乙")
    recognised(north, south)
    recognised(south, north)
    there = region_id(north)
    mover = leaving.browser()
    sent = {"region": there, "account": arriving.number, "agree": "y"}
    file = mover.submit(mover.get("/portfolio/move/out"), sent, status=200).response.data
    newcomer = south.browser(arriving.person_id)
    page = handed_in(newcomer, file)
    assert "请带身份证件到社区学习中心" in page.text
    assert newcomer.get("/portfolio").text.count("书法第1期") == 0


def test_level_maps_are_published_in_versions(app: Flask) -> None:
    browser = administrator(Town(app))
    page = browser.get("/admin/level-maps")
    wrong = browser.submit(page, {"source": "hkqf", "version": "1", "levels": "1 = 2\nx"}, status=422)
    assert "第 2 行看不懂" in wrong.text
    assert (
        "对到了本行较低的等级"
        in browser.submit(page, {"source": "hkqf", "version": "1", "levels": "1 = 4\n2 = 3"}, status=422).text
    )
    for version in ("1", "2"):
        shown = browser.follow(browser.submit(page, {"source": "hkqf", "version": version, "levels": "1 = 2\n2 = 3"}))
        assert "对照表已公布" in shown.text
    assert shown.texts(".//h2")[:2] == ["hkqf · 2", "hkqf · 1"]
    assert "已被新版代替" in shown.text


def test_a_map_of_a_known_framework_begins_with_its_levels(app: Flask) -> None:
    browser = administrator(Town(app))
    page = browser.get(browser.get("/admin/level-maps").link("香港资历架构").partition("#")[0])
    assert "10 学时（总学习时间）" in page.text and "7 级（博士）" in page.text
    begun = "1 = \n2 = \n3 = \n4 = \n5 = \n6 = \n7 = "
    [area] = [e for e in page.tree.iter("textarea") if e.attrib["name"] == "levels"]
    assert (area.text or "").strip().splitlines() == begun.strip().splitlines()
    empty = browser.submit(page, {}, status=422)
    assert "一个等级也没有" in empty.text and "7 级（博士）" in empty.text
    browser.submit(page, {"levels": begun.replace("5 = ", "5 = 7")})
    again = browser.get("/admin/level-maps?of=hkqf")
    [area] = [e for e in again.tree.iter("textarea") if e.attrib["name"] == "levels"]
    assert "5 = 7" in (area.text or "") and again.texts(".//tbody/tr") == ["57"]


def test_without_any_region_the_learner_is_told_so(app: Flask) -> None:
    town = Town(app)
    page = town.browser(town.learner().person_id).get("/portfolio/move")
    assert "现在还没有互认的外地银行" in page.text


def test_at_the_counter_a_record_in_another_name_is_taken_in_once_documents_were_compared(
    north: Town, south: Town
) -> None:
    leaving = portfolios.make(north, signed=2, waiting=0, name="示例甲")
    arriving = south.learner("示例新名")
    recognised(north, south)
    recognised(south, north)
    mover = leaving.browser()
    sent = {"region": region_id(north), "account": arriving.number, "agree": "y"}
    file = mover.submit(mover.get("/portfolio/move/out"), sent, status=200).response.data
    alone = handed_in(south.browser(arriving.person_id), file)
    assert "文件上的姓名是“示例甲”" in alone.text and "已转入" not in alone.text

    place = south.institution("liuyin", name="示例中心")
    who = south.staff(south.somebody(), place, Role.CENTRE_STAFF)
    officer = south.browser(who)
    address = f"/centre/liuyin/learners/{arriving.learner_id}/record"
    officer.get(address, status=404)  # nobody stands at the counter
    page = officer.follow(officer.submit(officer.get("/centre/liuyin/find"), {"number": arriving.number}))
    page = officer.get(page.link("从外地转入成果"))

    def hand_in(status: int, **ticked: str) -> Page:
        values = {"file": (io.BytesIO(file), "r.json"), **ticked}
        return officer.submit(page, values, status=status, content_type="multipart/form-data")

    assert "居民本人在场、要求转入，才能办" in hand_in(422).text
    assert "要居民同意才行" in hand_in(422, asked="y").text
    differs = hand_in(422, asked="y", help="y")
    assert "姓名对不上" in differs.text and "示例甲" in differs.text and "示例新名" in differs.text
    page = differs
    assert hand_in(200, asked="y", help="y", same="y").text.count("已转入") == 2
    again = hand_in(200, asked="y", same="y").text  # the consent was kept
    assert "没有转入" in again and "转入的成果已经在" not in again

    with south.database.reading() as session:
        found = session.exec(select(Outcome).where(Outcome.learner_id == arriving.learner_id)).all()
        assert [o.recorded_by for o in found] == [who, who]
        [event] = session.exec(select(AuditEvent).where(AuditEvent.action == "record.brought_in")).all()
        assert (event.person_id, event.institution_id, event.subject_id) == (who, place, arriving.learner_id)
        [help_] = session.exec(select(Consent).where(Consent.purpose == "counter_help")).all()
        assert (help_.given_via, help_.assisted_by) == ("counter", who)
    mine = south.browser(arriving.person_id).get("/portfolio")
    assert mine.texts(".//dl[@class='totals']//dd")[0] == "4 学分，2 项"

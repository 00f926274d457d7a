"""The library's pages: courses, a lesson in each form, its pictures, and what a fault does."""

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from adaptive.store import personal_data, visits
from tests.apps import settings_for
from tests.web.client import ClientRequest
from tests.web.learners import LIBRARY, reader
from tests.web.people import Town
from web.accounts import consents
from web.accounts.roles import Role
from web.app import create_app
from web.settings import Settings

GAS = "/library/kitchen-safety/gas"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app_settings(request: pytest.FixtureRequest) -> Settings:
    return settings_for(request.getfixturevalue(f"{request.param}_url"), content_dir=LIBRARY)


def test_the_library_shows_its_courses_and_finds_them(client_request: ClientRequest) -> None:
    page = client_request.get("/library")
    assert page.h1 == "学习库"
    assert page.link("厨房安全") == "/library/kitchen-safety"
    assert "居家安全" in page.text
    found = client_request.get("/library?q=燃气")
    assert found.link("闻到燃气味") == GAS
    assert "没有找到" in client_request.get("/library?q=登月").text
    assert "找到 1 门课" in client_request.get("/library?audience=elder").text
    assert "没有找到" in client_request.get("/library?audience=worker").text
    assert "找到" not in client_request.get("/library?audience=nobody").text


def test_a_search_answers_in_part(client_request: ClientRequest) -> None:
    part = client_request.get("/library?q=gas", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "闻到燃气味" in part.html or "The smell of gas" in part.html
    assert "<html" not in part.html


def test_a_course_says_what_it_is_and_how_it_came_to_be(client_request: ClientRequest) -> None:
    page = client_request.get("/library/kitchen-safety")
    assert page.h1 == "厨房安全"
    assert "本文由人工智能起草，已按所列来源核对，未经专业人士审定。" in page.text
    assert "2027年11月22日" in page.text and "CC-BY-4.0" in page.text
    assert page.link("闻到燃气味") == GAS
    assert "知道火警电话，会按顺序离开" in page.text


@pytest.mark.parametrize(
    ("form", "words"), [("standard", "先关阀门"), ("easy", "闻到燃气味。"), ("audio", "咱们"), ("steps", "跟着图")]
)
def test_a_lesson_in_each_of_its_forms(client_request: ClientRequest, form: str, words: str) -> None:
    page = client_request.get(f"{GAS}?form={form}")
    assert page.h1 == "闻到燃气味"
    assert words in page.text
    assert "未经专业人士审定" in page.text
    [current] = [a for a in page.tree.iter("a") if a.attrib.get("aria-current") == "page"]
    assert current.attrib["href"].endswith(f"form={form}")
    assert page.link("燃气使用须知") == "https://gas.example/notes"


def test_an_unknown_form_is_the_standard_one_and_unknown_things_are_not_there(client_request: ClientRequest) -> None:
    assert "先关阀门" in client_request.get(f"{GAS}?form=dance").text
    for path in (
        "/library/nothing",
        "/library/kitchen-safety/nothing",
        "/library/nothing/gas",
        GAS + "/pictures/x.svg",
    ):
        client_request.get(path, status=404)


def test_a_picture_is_shown_but_never_run(client_request: ClientRequest) -> None:
    page = client_request.get(GAS)
    source = next(img.attrib["src"] for img in page.tree.iter("img") if "valve" in img.attrib["src"])
    assert next(img.attrib["alt"] for img in page.tree.iter("img")) == "手把阀门拧到横着的位置"
    picture = client_request.get(source)
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in client_request.get(source.partition("?")[0]).headers["Cache-Control"]
    for name in ("..%2Fitem.md", "item.md", "%2Fetc%2Fpasswd", "valve.SVG"):
        client_request.get(f"{GAS}/pictures/{name}", status=404)


@pytest.mark.parametrize(("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"), ("gif", "GIF")])
def test_a_photograph_is_shown_as_what_it_is(sqlite_url: str, tmp_path: Path, ending: str, kind: str) -> None:
    folder = tmp_path / "content"
    shutil.copytree(LIBRARY, folder)
    gas = folder / "courses" / "kitchen-safety" / "gas"
    name = f"photo.{ending}"
    Image.new("RGB", (40, 30), "#205080").save(gas / name, kind)
    lesson = (gas / "item.md").read_text("utf-8")
    (gas / "item.md").write_text(f"{lesson}\n\n![蓝色的灶具](photo.{ending})\n", "utf-8")
    (gas / "wrong.png").write_bytes(b"<script>alert(1)</script>")
    app = create_app(settings_for(sqlite_url, content_dir=folder))
    visitor = Town(app).browser()
    source = next(img.attrib["src"] for img in visitor.get(GAS).tree.iter("img") if name in img.attrib["src"])
    picture = visitor.get(source)
    assert picture.headers["Content-Type"] == f"image/{kind.lower()}"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.data == (gas / name).read_bytes()
    visitor.get(f"{GAS}/pictures/wrong.png", status=404)
    Town(app).database.dispose()


def test_a_video_in_sign_language_is_shown_to_whoever_wants_it(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(LIBRARY, folder)
    data = b"\0\0\0\x18ftypisom" + bytes(2000)
    (folder / "courses" / "kitchen-safety" / "gas" / "sign.mp4").write_bytes(data)
    app = create_app(settings_for(sqlite_url, content_dir=folder))
    visitor = Town(app).browser()
    assert not list(visitor.get(GAS).tree.iter("video"))
    visitor.client.set_cookie("evergreen_display", "sign_language=on")
    [video] = visitor.get(GAS).tree.iter("video")
    whole = visitor.get(video.attrib["src"])
    assert (whole.data, whole.headers["Content-Type"]) == (data, "video/mp4")
    part = visitor.get(video.attrib["src"], headers={"Range": "bytes=4-7"}, status=206)
    assert part.data == b"ftyp"
    visitor.get(f"{GAS}/video/sign.webm", status=404)
    visitor.get(f"{GAS}/video/item.md", status=404)
    Town(app).database.dispose()


def test_a_lesson_without_a_video_says_so_and_plain_words_come_first(client_request: ClientRequest) -> None:
    assert "手语视频" not in client_request.get(GAS).text
    assert not client_request.get(GAS).tree.findall(".//article[@class='lesson prose form-easy']")
    client_request.client.set_cookie("evergreen_display", "sign_language=on&easy_read=first")
    page = client_request.get(GAS)
    assert "这一课还没有手语视频" in page.text
    assert page.tree.findall(".//article[@class='lesson prose form-easy']")
    asked = client_request.get(GAS, query_string={"form": "standard"})
    assert not asked.tree.findall(".//article[@class='lesson prose form-easy']")


def test_a_lesson_is_described_for_machines(client_request: ClientRequest) -> None:
    page = client_request.get(GAS)
    [link] = [e for e in page.tree.iter("link") if e.attrib.get("type") == "application/ld+json"]
    found = client_request.get(link.attrib["href"])
    described = json.loads(found.response.text)
    assert found.headers["Content-Type"].startswith("application/ld+json")
    assert described["@type"] == "LearningResource"
    assert "textual" in described["accessMode"]
    assert described["@id"] == "http://localhost:8000" + GAS
    assert "TrainedAlgorithmicMedia" in described["digitalSourceType"]


def test_a_stranger_leaves_no_trace(app: Flask, client_request: ClientRequest) -> None:
    page = client_request.get(GAS)
    assert "data-visit" not in page.html
    town = Town(app)
    with town.database.reading() as session:
        for table in personal_data.TABLES.values():
            assert session.connection().execute(table.select()).first() is None


def test_who_agreed_goes_on_where_they_stopped(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get(f"{GAS}?form=easy", both_languages=False)
    assert "闻到燃气味" in browser.get("/library").text
    assert browser.get("/library").link("接着学") == GAS
    with town.database.reading() as session:
        visit = visits.last(session, holder.learner_id)
        assert visit is not None and (visit.item_id, visit.form) == ("kitchen-safety/gas", "easy")
    told = next(e.attrib["data-visit"] for e in page.tree.iter() if "data-visit" in e.attrib)
    browser.post(told, {"seconds": "41.5", "back": "2"}, status=204)
    browser.post(told, {"seconds": "-3"}, status=400)
    with town.database.reading() as session:
        visit = visits.last(session, holder.learner_id)
        assert visit is not None and visit.seconds == 41.5 and visit.signals == {"back": 2}


def test_who_has_not_agreed_is_asked_and_nothing_is_kept(app: Flask) -> None:
    town, holder, browser = reader(app, keeps=False)
    browser.get(GAS)
    page = browser.get("/library/kitchen-safety")
    there = page.link("看看说明再决定")
    assert there == "/account/consents/learning/give?next=/library/kitchen-safety"
    with town.database.reading() as session:
        assert not any(personal_data.export_learner(session, holder.learner_id).values())
    done = browser.submit(browser.get(there))
    assert done.response.headers["Location"] == "/library/kitchen-safety"  # back where it was asked
    elsewhere = browser.submit(browser.get("/account/consents/companion/give?next=//elsewhere.example/"))
    assert elsewhere.response.headers["Location"] == "/account#consents"


def test_withdrawing_the_consent_erases_what_was_kept(app: Flask) -> None:
    town, holder, browser = reader(app)
    browser.get(GAS)
    page = browser.get("/account/consents/learning/withdraw")
    assert "全部删除，找不回来" in page.text
    browser.submit(page)
    with town.database.reading() as session:
        assert not any(personal_data.export_learner(session, holder.learner_id).values())


def test_closing_the_account_erases_what_was_kept(app: Flask) -> None:
    town, holder, browser = reader(app)
    browser.get(GAS)
    browser.submit(browser.get("/account/consents/identity/withdraw"))
    with town.database.reading() as session:
        assert not any(personal_data.export_learner(session, holder.learner_id).values())
        assert not consents.current(session, holder.person_id)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The small library with a second course that lacks a lesson."""
    folder = tmp_path / "content"
    shutil.copytree(LIBRARY, folder)
    shutil.copytree(folder / "courses" / "kitchen-safety", folder / "courses" / "half")
    (folder / "courses" / "half" / "fire" / "item.md").write_text("---\ntitle: [", "utf-8")
    return folder


def test_a_faulty_course_is_left_out_and_shown_to_administrators(sqlite_url: str, broken: Path) -> None:
    app = create_app(settings_for(sqlite_url, content_dir=broken))
    town = Town(app)
    centre = town.institution("centre", tier="centre")
    admin = town.browser(town.staff("admin", centre, Role.ADMINISTRATOR))
    visitor = town.browser()
    visitor.get("/library/half", status=404)
    assert visitor.get("/library/kitchen-safety").h1 == "厨房安全"
    page = admin.get("/admin/library")
    assert "half" in page.text and "fire/item.md" in page.text
    visitor.get("/admin/library", status=303)
    town.database.dispose()


def test_a_question_of_a_skill_that_is_not_there_is_left_out(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(LIBRARY, folder)
    practice = folder / "courses" / "kitchen-safety" / "gas" / "practice.yaml"
    wrong = practice.read_text("utf-8").replace("- id: first\n", "- id: first\n    skills: [home.none]\n", 1)
    practice.write_text(wrong, "utf-8")
    app = create_app(settings_for(sqlite_url, content_dir=folder))
    town, _holder, browser = reader(app)
    for address in ("/practice", "/practice/kitchen-safety", "/library/kitchen-safety/gas/practice"):
        assert browser.get(address).h1 != "闻到燃气味，第一件事做什么？"
    town.browser().get("/practice/kitchen-safety")
    town.database.dispose()


def test_a_link_that_leads_nowhere_does_not_stop_the_library(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(LIBRARY, folder)
    (folder / "courses" / "kitchen-safety" / "gas" / ".#item.md").symlink_to("somebody@elsewhere.1")
    app = create_app(settings_for(sqlite_url, content_dir=folder))
    town = Town(app)
    town.browser().get(GAS)
    town.database.dispose()


def test_asking_for_the_headers_alone_opens_nothing(app: Flask) -> None:
    town, holder, browser = reader(app)
    assert browser.client.head(GAS).status_code == 200
    with town.database.reading() as session:
        assert not personal_data.export_learner(session, holder.learner_id)["visits"]


@pytest.mark.parametrize("content", ["nowhere", "."])
def test_a_site_starts_without_any_content(sqlite_url: str, tmp_path: Path, content: str) -> None:
    app = create_app(settings_for(sqlite_url, content_dir=tmp_path / content))
    town = Town(app)
    assert "还没有课程" in town.browser().get("/library").text
    town.database.dispose()

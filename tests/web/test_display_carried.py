"""Display settings that travel: with the account, on a printed card, as a file; and what is left on a shared device."""

import io
import json
from datetime import UTC, datetime

from flask import Flask

from accessibility.preference.model import read
from tests.web.client import ClientRequest, Page
from tests.web.people import PIN, Holder, Town
from web.accounts import display_preferences
from web.accounts.roles import Role
from web.workflows import account_merging

CARRY = "/settings/display/carry"


def sign_in(browser: ClientRequest, holder: Holder, **more: str) -> Page:
    page = browser.get("/sign-in", both_languages=False)
    return browser.submit(page, {"name": holder.number, "secret": PIN, **more})


def sign_out(browser: ClientRequest) -> None:
    browser.post("/sign-out")


def kept(town: Town, holder: Holder) -> dict[str, str] | None:
    with town.writing() as session:
        written = display_preferences.written(session, holder.person_id)
    return None if written is None else read(written)


def keep(town: Town, holder: Holder, choices: dict[str, str]) -> None:
    with town.writing() as session:
        display_preferences.keep(session, holder.person_id, choices, now=datetime.now(UTC))


def theme(browser: ClientRequest) -> str:
    return browser.get("/", both_languages=False).tree.attrib["data-theme"]


def test_nothing_is_kept_with_the_account_until_the_person_agrees(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    browser = town.browser(holder.person_id)
    browser.submit(browser.get("/settings/display/seeing"), {"theme": "dark"})
    assert kept(town, holder) is None
    page = browser.get(CARRY)
    refused = browser.submit(page, action=f"{CARRY}/account", status=422)
    assert refused.errors == ["要记在账户里，请先勾选“我同意”。"]
    browser.submit(page, {"agreed": "y"}, action=f"{CARRY}/account")
    assert kept(town, holder) == {"theme": "dark"}


def test_what_the_account_keeps_holds_on_another_device_which_may_differ(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    keep(town, holder, {"theme": "high-dark", "text_size": "30"})
    phone, computer = town.browser(holder.person_id), town.browser(holder.person_id)
    assert theme(phone) == theme(computer) == "high-dark"
    page = computer.get("/settings/display/seeing", both_languages=False)
    computer.submit(page, {"theme": "light", "where": "here"})
    assert (theme(phone), theme(computer)) == ("high-dark", "light")
    assert kept(town, holder) == {"theme": "high-dark", "text_size": "30"}
    page = computer.get("/settings/display/seeing", both_languages=False)
    computer.submit(page, {"theme": "dark", "where": "account"})
    assert (theme(phone), theme(computer)) == ("dark", "dark")
    assert kept(town, holder) == {"theme": "dark", "text_size": "30"}


def test_a_link_to_the_elder_view_changes_this_device_and_never_the_account(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    keep(town, holder, {"theme": "dark"})
    browser = town.browser(holder.person_id)
    browser.get("/settings/display/elder", status=303)
    assert browser.get("/").tree.attrib["data-profile"] == "elder"
    assert kept(town, holder) == {"theme": "dark"}


def test_the_account_can_stop_keeping_and_the_device_stays_as_it_is(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    keep(town, holder, {"theme": "dark"})
    browser = town.browser(holder.person_id)
    browser.submit(browser.get(CARRY), action=f"{CARRY}/account/forget")
    assert kept(town, holder) is None
    assert theme(browser) == "dark"
    sign_out(browser)
    assert theme(browser) == "dark"


def test_signing_in_keeps_what_this_device_shows_when_asked(app: Flask, client_request: ClientRequest) -> None:
    town = Town(app)
    holder = town.learner()
    assert "keep_display" not in client_request.get("/sign-in").html
    client_request.client.set_cookie("evergreen_display", "theme=high-light")
    sign_in(client_request, holder)
    assert kept(town, holder) is None
    sign_out(client_request)
    sign_in(client_request, holder, keep_display="y")
    assert kept(town, holder) == {"theme": "high-light"}


def test_on_a_shared_device_nothing_is_left_to_the_next_person_and_the_devices_own_stays(
    app: Flask, client_request: ClientRequest
) -> None:
    town = Town(app)
    first, second = town.learner(), town.learner()
    keep(town, first, {"text_size": "48"})
    client_request.client.set_cookie("evergreen_display", "theme=high-light")  # the centre's own choice
    sign_in(client_request, first, shared="y")
    own = client_request.get("/")
    assert own.tree.attrib["data-theme"] == "auto"  # the person's account outweighs the terminal
    assert any("48_standard" in e.attrib["href"] for e in own.tree.iter("link"))
    sign_out(client_request)
    after = client_request.get("/")
    assert after.tree.attrib["data-theme"] == "high-light"
    assert not any("/presentation/" in e.attrib["href"] for e in after.tree.iter("link"))
    sign_in(client_request, second, shared="y")
    page = client_request.get("/settings/display/seeing", both_languages=False)
    client_request.submit(page, {"theme": "dark", "where": "here"})
    assert theme(client_request) == "dark"
    assert client_request.client.get_cookie("evergreen_display").value == "theme=high-light"  # type: ignore[union-attr]
    sign_out(client_request)
    assert theme(client_request) == "high-light"
    assert kept(town, second) is None


def test_the_card_from_the_counter_carries_the_settings_and_nothing_about_the_person(app: Flask) -> None:
    town = Town(app)
    centre = town.institution("counter", tier="centre")
    officer = town.browser(town.staff("officer", centre, Role.CENTRE_STAFF))
    holder = town.learner()
    officer.submit(officer.get("/centre/counter/find", both_languages=False), {"number": holder.number})
    path = f"/centre/counter/learners/{holder.learner_id}/card"
    assert "显示码" not in officer.get(path).text
    keep(town, holder, {"profile": "elder", "text_size": "40", "theme": "custom", "colours": "ffe04d-000000"})
    assert "P1-T4-C5-CCFFE04D000000" in officer.get(path).text


def test_a_scanned_card_holds_until_sign_out_and_a_card_without_a_code_still_works(
    app: Flask, client_request: ClientRequest
) -> None:
    town = Town(app)
    holder = town.learner()
    scanned = client_request.get("/d/P1-C4", status=303)
    assert scanned.location == "/sign-in/card"
    page = client_request.follow(scanned)
    assert page.tree.attrib["data-profile"] == "elder"
    sign_in(client_request, holder, shared="y")
    assert theme(client_request) == "high-dark"
    sign_out(client_request)
    assert theme(client_request) == "auto"
    client_request.get("/sign-in")  # what cards said before there were codes


def test_settings_kept_with_the_account_outweigh_an_older_card(app: Flask, client_request: ClientRequest) -> None:
    town = Town(app)
    holder = town.learner()
    keep(town, holder, {"theme": "light"})
    client_request.get("/d/C4", status=303)
    sign_in(client_request, holder, shared="y")
    assert theme(client_request) == "light"


def test_a_typed_code_is_applied_and_what_it_does_not_mean_is_named(client_request: ClientRequest) -> None:
    page = client_request.get(CARRY, both_languages=False)
    typed = client_request.submit(page, {"code": "c4 p1 t9"}, action=f"{CARRY}/code")
    shown = client_request.follow(typed)
    assert "没有用上：T9" in shown.text
    assert shown.tree.attrib["data-theme"] == "high-dark"
    nothing = client_request.submit(page, {"code": ""}, action=f"{CARRY}/code", status=422)
    assert len(nothing.errors) == 1
    strange = client_request.follow(client_request.submit(page, {"code": "???"}, action=f"{CARRY}/code"))
    assert "没有用上：???" in strange.text


def test_the_visit_goes_on_as_long_as_pages_are_fetched(client_request: ClientRequest) -> None:
    client_request.get("/d/C4", status=303)
    again = client_request.get("/help", both_languages=False).headers["Set-Cookie"]
    assert again.startswith("evergreen_visit=theme%3Dhigh-dark") or "evergreen_visit=theme=high-dark" in again
    assert "Max-Age=1200" in again


def upload(browser: ClientRequest, data: bytes, *, status: int = 303, **more: str) -> Page:
    page = browser.get(CARRY, both_languages=False)
    return browser.submit(
        page, {"file": (io.BytesIO(data), "preferences.json"), **more}, action=f"{CARRY}/file", status=status
    )


def test_a_file_goes_out_and_comes_in_again(client_request: ClientRequest) -> None:
    client_request.client.set_cookie("evergreen_display", "profile=listen&text_size=40&theme=high-dark")
    made = client_request.get("/settings/display/preferences.json").response
    assert "attachment" in made.headers["Content-Disposition"]
    body = json.loads(made.data)["accessForAllPnp"]
    assert body["textAppearance"]["fontSize"] == 30
    assert {"captions", "spoken", "high-contrast"} <= set(body["activateAtInitializationSet"]["features"])
    client_request.client.delete_cookie("evergreen_display")
    client_request.follow(upload(client_request, made.data))
    assert client_request.get("/").tree.attrib["data-profile"] == "listen"
    assert client_request.get("/settings/display/preferences.json").response.data == made.data


def test_every_problem_of_a_file_is_named(client_request: ClientRequest) -> None:
    for broken in (b"not json", b"[1, 2]", b'{"accessForAllPnp": 3}', b'{"captions": '):
        refused = upload(client_request, broken, status=422)
        assert "下载我的设置" in refused.errors[0] and "JSON" not in refused.errors[0]
    body = {"captions": {}, "braille": {}, "textAppearance": {"fontSize": "big"}}
    shown = client_request.follow(upload(client_request, json.dumps(body).encode()))
    assert "这里用不上：braille" in shown.text
    assert "没有用上：textAppearance.fontSize" in shown.text
    assert "看不懂的内容没有记下来" in shown.text
    missing = client_request.submit(client_request.get(CARRY, both_languages=False), action=f"{CARRY}/file", status=422)
    assert missing.errors == ["请先选一个文件。"]


def test_what_another_system_said_is_kept_with_the_account_and_comes_out_again(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    browser = town.browser(holder.person_id)
    body = json.dumps({"captions": {}, "braille": {"grade": "2"}}).encode()
    shown = browser.follow(upload(browser, body, where="account"))
    assert "也替您记在账户里了" in shown.text
    made = json.loads(browser.get("/settings/display/preferences.json").response.data)["accessForAllPnp"]
    assert made["braille"] == {"grade": "2"}
    export = browser.get("/portfolio/export.json", both_languages=False).response.json
    [row] = export["learning"]["display_settings"]  # type: ignore[index]
    assert row["choices"] == {"captions": "on"}
    assert row["foreign"] == {"braille": {"grade": "2"}}


def test_a_closed_account_keeps_nothing(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    keep(town, holder, {"theme": "dark"})
    browser = town.browser(holder.person_id)
    page = browser.get("/account/consents/account/withdraw", both_languages=False)
    browser.submit(page, {name: "y" for name in ("sure",) if f'name="{name}"' in page.html})
    assert kept(town, holder) is None


def test_merged_accounts_keep_one(app: Flask) -> None:
    town = Town(app)
    staying, going = town.learner("王小明"), town.learner("王小明")
    keep(town, going, {"theme": "dark"})
    with town.writing() as session:
        account_merging.merge(
            session,
            town.bank,
            keep=staying.learner_id,
            absorb=going.learner_id,
            merged_by=staying.person_id,
            now=datetime.now(UTC),
        )
    assert kept(town, staying) == {"theme": "dark"}
    assert kept(town, going) is None


def test_strangers_cannot_keep_anything_with_an_account(client_request: ClientRequest) -> None:
    for path in (f"{CARRY}/account", f"{CARRY}/account/forget"):
        assert "/sign-in" in client_request.post(path, {"agreed": "y"}).location
    page = client_request.get("/settings/display/seeing", both_languages=False)
    assert 'name="where"' not in page.html
    client_request.post("/settings/display/calm", {"where": "account", "easy_read": "first"}, status=422)


def test_a_file_that_no_store_takes_is_refused_with_a_sentence(app: Flask) -> None:
    town = Town(app)
    browser = town.browser(town.learner().person_id)
    for data in (b'{"x": "\\ud800"}', b'{"x": ' + b"[" * 300 + b"]" * 300 + b"}"):
        upload(browser, data, where="account", status=422)
    upload(browser, b'{"x": 1' + b"0" * 30 + b"}", where="account")
    assert b"1e+30" in browser.get("/settings/display/preferences.json").response.data

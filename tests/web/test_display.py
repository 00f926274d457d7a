"""Display settings, elder view and language, as a person meets them."""

import re

import pytest

from accessibility.preference.model import PROFILES
from tests.web.client import ClientRequest, Page
from web.forms.display import GROUPS

SEEING, OPERATING, CALM = (f"/settings/display/{group}" for group in ("seeing", "operating", "calm"))


def stylesheets(page: Page) -> list[str]:
    return [e.attrib["href"] for e in page.tree.iter("link") if e.attrib.get("rel") == "stylesheet"]


def own_sheet(page: Page) -> str:
    return next(href for href in stylesheets(page) if href.startswith("/presentation/"))


def choose(client_request: ClientRequest, path: str, choices: dict[str, str], *, status: int = 303) -> Page:
    return client_request.submit(client_request.get(path, both_languages=False), choices, status=status)


def test_whoever_chose_nothing_gets_no_cookie_and_no_stylesheet(client_request: ClientRequest) -> None:
    page = client_request.get("/")
    assert "Set-Cookie" not in page.headers
    assert not any(href.startswith("/presentation/") for href in stylesheets(page))


def test_a_choice_is_kept_and_holds_on_every_page(client_request: ClientRequest) -> None:
    saved = choose(client_request, SEEING, {"text_size": "40", "theme": "high-dark"})
    shown = client_request.follow(saved)
    assert "已经换好" in shown.text
    for path, status in (("/", 200), ("/help", 200), ("/nowhere", 404)):
        other = client_request.get(path, status=status)
        assert other.tree.attrib["data-theme"] == "high-dark"
        sheet = client_request.get(own_sheet(other))
        assert "--text: 2.5rem" in sheet.response.text
        assert sheet.response.mimetype == "text/css"
        assert "immutable" in sheet.headers["Cache-Control"]
        assert sum("css/palette/" in href for href in stylesheets(other)) == 1


def test_everything_can_be_put_back(client_request: ClientRequest) -> None:
    choose(client_request, SEEING, {"text_size": "26"})
    choose(client_request, "/settings/display", {"forget": "yes"})
    page = client_request.get("/")
    assert not any(href.startswith("/presentation/") for href in stylesheets(page))
    assert client_request.client.get_cookie("evergreen_display") is None


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_each_profile_is_a_starting_point_that_says_what_it_changed(
    client_request: ClientRequest, profile: str
) -> None:
    page = client_request.follow(choose(client_request, "/settings/display", {"profile": profile}))
    assert page.tree.attrib["data-profile"] == profile
    changed = [li for li in page.tree.iter("ul") if li.attrib.get("class") == "changed"]
    assert len(list(changed[0].iter("li")) if changed else []) == len(PROFILES[profile])


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_preference_of_a_group_can_be_changed_alone(client_request: ClientRequest, group: str) -> None:
    path = f"/settings/display/{group}"
    for name in GROUPS[group].names:
        page = client_request.get(path, both_languages=False)
        inputs = [e.attrib for e in page.tree.iter("input") if e.attrib.get("name") == name]
        other = next(e["value"] for e in inputs if "checked" not in e)
        after = client_request.follow(client_request.submit(page, {name: other}))
        checked = [e.attrib for e in after.tree.iter("input") if e.attrib.get("name") == name]
        assert [e["value"] for e in checked if "checked" in e] == [other], name


def test_elder_view_from_any_page_and_back(client_request: ClientRequest) -> None:
    page = client_request.get("/help")
    switched = client_request.get(page.link("长辈版"), status=303)
    assert switched.location == "/help"
    elder = client_request.follow(switched)
    assert elder.tree.attrib["data-profile"] == "elder"
    sheet = client_request.get(own_sheet(elder)).response.text
    assert "--text: 1.375rem" in sheet
    assert "--target: 3.75rem" in sheet
    lost = client_request.get("/nowhere", status=404)
    assert lost.tree.attrib["data-profile"] == "elder"
    back = client_request.follow(client_request.get(elder.link("回标准版"), status=303))
    assert back.tree.attrib["data-profile"] == "standard"


def test_elder_view_keeps_the_colours_the_switches_and_larger_text(client_request: ClientRequest) -> None:
    choose(client_request, SEEING, {"theme": "dark", "text_size": "40"})
    choose(client_request, OPERATING, {"scanning": "one-switch", "target_size": "72"})
    client_request.get("/settings/display/elder", status=303)
    page = client_request.get("/")
    assert page.tree.attrib["data-theme"] == "dark"
    assert page.tree.attrib["data-scanning"] == "one-switch"
    sheet = client_request.get(own_sheet(page)).response.text
    assert "--text: 2.5rem" in sheet
    assert "--target: 4.5rem" in sheet


def test_a_pair_of_ones_own_colours_everything_and_its_ratio_is_said(client_request: ClientRequest) -> None:
    own = {"theme": "custom", "pair": "own", "ink": "#FFFF00", "ground": "#00007f"}
    shown = client_request.follow(choose(client_request, SEEING, own))
    assert "15.0 : 1" in shown.text
    assert "小字会有些费眼" not in shown.text
    assert not any("css/palette/" in href for href in stylesheets(shown))
    sheet = client_request.get(own_sheet(shown)).response.text
    assert "--ink: #ffff00;" in sheet and "--surface: #00007f;" in sheet


def test_a_pair_below_seven_to_one_is_kept_with_a_warning(client_request: ClientRequest) -> None:
    own = {"theme": "custom", "pair": "own", "ink": "#666666", "ground": "#ffffff"}
    shown = client_request.follow(choose(client_request, SEEING, own))
    assert "5.7 : 1，小字会有些费眼" in shown.text


@pytest.mark.parametrize(
    ("ink", "ground", "sentence"),
    [("#888888", "#ffffff", "只有 3.5 : 1"), ("red", "#ffffff", "各挑一种颜色"), ("", "", "各挑一种颜色")],
)
def test_a_pair_that_cannot_be_read_is_refused(
    client_request: ClientRequest, ink: str, ground: str, sentence: str
) -> None:
    own = {"theme": "custom", "pair": "own", "ink": ink, "ground": ground}
    refused = choose(client_request, SEEING, own, status=422)
    assert len(refused.errors) == 1 and sentence in refused.errors[0]
    assert client_request.client.get_cookie("evergreen_display") is None


def test_a_pair_can_be_started_from_and_is_not_looked_at_while_it_does_not_hold(client_request: ClientRequest) -> None:
    choose(client_request, SEEING, {"theme": "light", "pair": "own", "ink": "#888888", "ground": "#888888"})
    page = client_request.follow(choose(client_request, SEEING, {"theme": "custom", "pair": "ffe04d-000000"}))
    assert "--ink: #ffe04d;" in client_request.get(own_sheet(page)).response.text


def test_trying_shows_the_page_so_and_keeps_nothing(client_request: ClientRequest) -> None:
    page = choose(client_request, SEEING, {"text_size": "48", "theme": "dark", "try": "yes"}, status=200)
    assert page.tree.attrib["data-theme"] == "dark"
    assert "还没有记下来" in page.text
    assert "evergreen_display" not in page.headers.get("Set-Cookie", "")
    assert client_request.get("/").tree.attrib["data-theme"] == "auto"


def test_quiet_hours_are_two_plain_fields(client_request: ClientRequest) -> None:
    page = client_request.follow(choose(client_request, CALM, {"quiet": "on", "quiet_from": "22", "quiet_to": "07"}))
    assert page.tree.attrib["data-quiet-hours"] == "22-07"
    assert "22 点到 7 点" in client_request.get("/settings/display").text
    refused = choose(client_request, CALM, {"quiet": "on", "quiet_from": "07", "quiet_to": "07"}, status=422)
    assert refused.errors == ["开始和结束不能是同一个钟点。"]


def test_a_group_that_does_not_exist_is_not_found(client_request: ClientRequest) -> None:
    client_request.get("/settings/display/everything", status=404)
    client_request.get("/settings/display/first/everything", status=404)


def test_four_questions_and_a_summary_that_can_be_changed(client_request: ClientRequest) -> None:
    home = client_request.get("/")
    page = client_request.follow(client_request.get(home.link("开始，大约一分钟"), status=303))
    headings = [page.h1]
    for answer in ("30", "slow", "72", "one"):
        page = client_request.follow(client_request.submit(page, {"answer": answer}))
        headings.append(page.h1)
    assert headings == ["看得清吗？", "要听吗？", "按得准吗？", "一次一件？", "调好了"]
    assert all(words in page.text for words in ("最大", "打开课文就念", "每分钟 95 字", "一屏只放一件事"))
    assert page.tree.attrib["data-read-aloud"] == "on"
    client_request.get(page.link("改这一项"))
    assert "头一回来" not in client_request.follow(client_request.get(page.link("好，去首页"), status=303)).text


def test_questions_can_be_skipped_and_are_offered_once(client_request: ClientRequest) -> None:
    page = client_request.follow(client_request.get(client_request.get("/help").link("帮我调"), status=303))
    for _ in range(4):
        page = client_request.get(page.link("跳过这一问"))
    assert page.h1 == "调好了" and "没有改什么" in page.text
    home = client_request.get("/")
    assert "头一回来" in home.text
    assert "头一回来" not in client_request.follow(client_request.get(home.link("不用了"), status=303)).text
    assert "头一回来" not in client_request.get("/").text


def test_a_question_without_an_answer_says_so(client_request: ClientRequest) -> None:
    client_request.client.set_cookie("evergreen_display", "text_size=26")  # none of the four examples
    refused = client_request.submit(client_request.get("/settings/display/first/see"), status=422)
    assert len(refused.errors) == 1


def test_a_code_in_the_address_holds_for_one_page(client_request: ClientRequest) -> None:
    page = client_request.get("/help?display=T4-C4")
    assert page.tree.attrib["data-theme"] == "high-dark"
    assert "Set-Cookie" not in page.headers
    assert client_request.get("/help").tree.attrib["data-theme"] == "auto"


def test_language_switch_leads_back_and_is_remembered(client_request: ClientRequest) -> None:
    switched = client_request.get(client_request.get("/about").link("English"), status=303)
    assert switched.location == "/about"
    assert client_request.follow(switched).tree.attrib["lang"] == "en"
    assert client_request.get("/help").h1 == "Help"


def test_a_switch_never_leads_to_another_site(client_request: ClientRequest) -> None:
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert client_request.get("/language/en", query_string={"next": target}, status=303).location == "/"


def test_an_unknown_language_is_not_found(client_request: ClientRequest) -> None:
    client_request.get("/language/tlh", status=404)


@pytest.mark.parametrize(
    "name",
    ["99_standard_standard_44.000000000000", "18_standard_standard_44_standard_custom_888888-ffffff.000000000000"],
)
def test_a_stylesheet_that_is_not_ours_is_not_found(client_request: ClientRequest, name: str) -> None:
    client_request.get(f"/presentation/{name}.css", status=404)


def test_a_value_that_does_not_exist_is_refused_and_nothing_is_kept(client_request: ClientRequest) -> None:
    refused = choose(client_request, SEEING, {"text_size": "99"}, status=422)
    assert refused.errors == ["请从列出的选项里选一个。"]
    assert "evergreen_display" not in refused.headers.get("Set-Cookie", "")


def test_a_cookie_full_of_nonsense_does_no_harm(client_request: ClientRequest) -> None:
    client_request.client.set_cookie("evergreen_display", "text_size=<script>&profile=&theme=dark;x" * 9)
    client_request.client.set_cookie("evergreen_visit", "text_size=<script>&&&")
    client_request.get("/")


def test_drawings_beside_the_menu_and_the_crosshair_only_where_asked_for(client_request: ClientRequest) -> None:
    plain = client_request.get("/").html
    assert 'class="symbol"' not in plain and "crosshair.js" not in plain
    choose(client_request, SEEING, {"symbols": "on"})
    choose(client_request, OPERATING, {"crosshair": "on"})
    asked = client_request.get("/").html
    assert asked.count('class="symbol"') == 5
    assert len(re.findall(r"crosshair\.js", asked)) == 1


def test_drawings_stand_beside_titles_and_what_is_pressed_and_never_alone(client_request: ClientRequest) -> None:
    choose(client_request, SEEING, {"symbols": "on"})
    for path in ("/accessibility/feedback", "/sign-in", "/library/phone-basics/make-a-call/practice?n=0"):
        page = client_request.get(path, both_languages=False)
        main = next(page.tree.iter("main"))
        drawn = [e for e in main.iter() if any(child.attrib.get("class") == "symbol" for child in e)]
        assert {"h1", "button"} <= {e.tag for e in drawn}, path
        assert all("".join(e.itertext()).strip() for e in drawn), path
        assert all(svg.attrib["aria-hidden"] == "true" for e in drawn for svg in e if "symbol" in svg.get("class", ""))


def test_a_lesson_is_read_at_the_persons_pace_and_begins_by_itself_only_when_asked(
    client_request: ClientRequest,
) -> None:
    library = client_request.get("/library", both_languages=False)
    course = next(a.attrib["href"] for a in library.tree.iter("a") if a.attrib["href"].startswith("/library/"))
    path = next(
        a.attrib["href"]
        for a in client_request.get(course, both_languages=False).tree.iter("a")
        if a.attrib["href"].startswith(course + "/") and a.attrib["href"].count("/") == 3
    )
    audio = next(client_request.get(path).tree.iter("audio"))
    assert "pace=150" in audio.attrib["src"] and "autoplay" not in audio.attrib
    choose(client_request, "/settings/display/listening", {"read_aloud": "on", "speech_rate": "95"})
    audio = next(client_request.get(path).tree.iter("audio"))
    assert "pace=95" in audio.attrib["src"] and "autoplay" in audio.attrib

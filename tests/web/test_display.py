"""Display settings, elder view and language, as a person meets them."""

from tests.web.client import ClientRequest, Page


def stylesheets(page: Page) -> list[str]:
    return [e.attrib["href"] for e in page.tree.iter("link") if e.attrib.get("rel") == "stylesheet"]


def own_sheet(page: Page) -> str:
    return next(href for href in stylesheets(page) if href.startswith("/presentation/"))


def test_whoever_chose_nothing_gets_no_cookie_and_no_stylesheet(client_request: ClientRequest) -> None:
    page = client_request.get("/")
    assert "Set-Cookie" not in page.headers
    assert not any(href.startswith("/presentation/") for href in stylesheets(page))


def test_a_choice_is_kept_and_holds_on_every_page(client_request: ClientRequest) -> None:
    page = client_request.get("/settings/display", both_languages=False)
    saved = client_request.submit(page, {"text_size": "30", "theme": "high-dark"})
    shown = client_request.follow(saved)
    assert "已经换好" in shown.text
    for path, status in (("/", 200), ("/help", 200), ("/nowhere", 404)):
        other = client_request.get(path, status=status)
        assert other.tree.attrib["data-theme"] == "high-dark"
        sheet = client_request.get(own_sheet(other))
        assert "--text: 1.875rem" in sheet.response.text
        assert sheet.response.mimetype == "text/css"
        assert "immutable" in sheet.headers["Cache-Control"]
        assert sum("css/palette/" in href for href in stylesheets(other)) == 1


def test_everything_can_be_put_back(client_request: ClientRequest) -> None:
    page = client_request.get("/settings/display", both_languages=False)
    client_request.submit(page, {"text_size": "26"})
    client_request.submit(page, {"forget": "yes"})
    assert not any(href.startswith("/presentation/") for href in stylesheets(client_request.get("/")))


def test_elder_view_from_any_page_and_back(client_request: ClientRequest) -> None:
    page = client_request.get("/help")
    switched = client_request.get(page.link("长辈版"), status=303)
    assert switched.location == "/help"
    elder = client_request.follow(switched)
    assert elder.tree.attrib["data-profile"] == "elder"
    sheet = client_request.get(own_sheet(elder)).response.text
    assert "--text: 1.375rem" in sheet
    assert "--target: 3.75rem" in sheet
    back = client_request.follow(client_request.get(elder.link("回标准版"), status=303))
    assert back.tree.attrib["data-profile"] == "standard"


def test_elder_view_keeps_the_theme(client_request: ClientRequest) -> None:
    client_request.submit(client_request.get("/settings/display", both_languages=False), {"theme": "dark"})
    client_request.get("/settings/display/elder", status=303)
    assert client_request.get("/").tree.attrib["data-theme"] == "dark"


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


def test_a_stylesheet_that_is_not_ours_is_not_found(client_request: ClientRequest) -> None:
    client_request.get("/presentation/99_standard_standard_44.000000000000.css", status=404)


def test_a_value_that_does_not_exist_is_refused_and_nothing_is_kept(client_request: ClientRequest) -> None:
    page = client_request.get("/settings/display", both_languages=False)
    refused = client_request.submit(page, {"text_size": "99"}, status=422)
    assert refused.errors == ["请从列出的选项里选一个。"]
    assert "evergreen_display" not in refused.headers.get("Set-Cookie", "")


def test_a_cookie_full_of_nonsense_does_no_harm(client_request: ClientRequest) -> None:
    client_request.client.set_cookie("evergreen_display", "text_size=<script>&profile=&theme=dark;x" * 9)
    client_request.get("/")

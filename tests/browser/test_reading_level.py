"""Nobody needs more schooling than junior high for any page of the bank, as a whole, in either language."""

from accessibility.text.readability import measure
from tests.browser.pages import PAGES
from tests.browser.site import Site
from tests.web.client import ClientRequest, Page
from tests.web.reading_level import ENOUGH, texts_of

# What may be harder, in one language, each with its reason.
EXCEPTIONS = {
    "category en": "the names of the categories, as the framework defines them, are most of the page",
    "institutions administered en": "a table of names of institutions and categories, for the bank's administrator",
    "resident en": "the legal names of identity documents are much of the page, for centre staff",
}
# What is no page for people.
NOT_OURS = {"gallery"}


def _hard(page: Page, lang: str) -> str:
    texts = [text for text, marked in texts_of(next(page.tree.iter("main"))) if text and marked in ("", lang)]
    found = measure("\n".join(texts), lang)
    return f"{found.score:.1f} {found.hard_words[:8]}" if found.words >= ENOUGH and found.level == "hard" else ""


def test_every_page_is_at_junior_high_level_or_below(site: Site) -> None:
    hard, measured = {}, 0
    for looked in PAGES:
        if looked.name in NOT_OURS:
            continue
        pages = {"zh-CN": looked.fetched(site)}
        if not looked.sent:
            english = ClientRequest(site.app, "en")
            for cookie, value in looked.brought(site).items():
                english.client.set_cookie(cookie, value)
            pages["en"] = english.get(looked.address(site), status=looked.status, both_languages=False)
        for lang, page in pages.items():
            measured += 1
            name = f"{looked.name} {lang}"
            if name not in EXCEPTIONS and (why := _hard(page, lang)):
                hard[name] = why
    assert hard == {}
    assert measured > 150
    assert {name.rpartition(" ")[0] for name in EXCEPTIONS} <= {looked.name for looked in PAGES}

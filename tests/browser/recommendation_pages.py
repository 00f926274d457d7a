"""How recommending does, looked at in a real browser: enough lists for every figure, with both warnings."""

from functools import cache

from adaptive.watching_recommendations import FEWEST_LISTS
from tests.browser.library_pages import library_of
from tests.browser.site import Site
from tests.web.recommended_lists import shown_lists


@cache
def watched(site: Site) -> str:
    """The page, with lists that show a few popular courses."""
    with site.writing() as session:
        shown_lists(session, list(library_of(site).courses)[:4], FEWEST_LISTS, popular=True)
    return "/admin/learning/recommendations"

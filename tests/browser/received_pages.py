"""Results from elsewhere, looked at in a real browser: at the desk, and where their learner sees them."""

from collections.abc import Callable
from functools import cache

from credit_bank.store import institutions
from tests.browser.desk_pages import world
from tests.browser.site import Site
from tests.web.received import Elsewhere, elsewhere_at, tool_of
from web.accounts.permissions import cookie_name

HANDLE = "browser-desk"


@cache
def received(site: Site) -> Elsewhere:
    """Made once for each site: results that wait, with a rule and without, and some that are settled."""
    desk = world(site).desk
    with desk.database.reading() as session:
        found = institutions.by_handle(session, HANDLE)
        assert found is not None
        college = found.id
    place = elsewhere_at(desk, college, HANDLE)
    first = place.statement()
    place.send(first)
    place.let_count(course="QH-020")
    place.void(first)
    place.send(place.statement(), place.statement(result={"score": {"scaled": 0.2}}))
    other = {"id": "https://lms.example/course/first-aid", "definition": {"name": {"zh-CN": "急救入门（第三期）"}}}
    place.send(place.statement(object=other))
    place.let_count(course="QH-021", least="80", decides="person")
    tool_of(place).score(8)
    return place


def desk_page(address: str = "", *, mapped: bool = False) -> Callable[[Site], str]:
    """A page of the first result that waits, of an activity with a rule or of one without."""

    def path(site: Site) -> str:
        rows = [row for row in received(site).rows() if row.state == "waiting"]
        row = next(row for row in rows if (row.source_kind == "xapi") == mapped)
        return f"/desk/{HANDLE}/received/{row.id}{address}"

    return path


def listed(site: Site) -> str:
    """The list."""
    received(site)
    return f"/desk/{HANDLE}/received"


def end_page(site: Site) -> str:
    """Where a rule ends."""
    return received(site).registrar.get(listed(site)).link("不再认可")


def rule_page(site: Site) -> str:
    """Where a rule is changed."""
    return received(site).registrar.get(listed(site)).link("改")


def learner(site: Site) -> dict[str, str]:
    """The learner of these results."""
    place = received(site)
    with site.app.app_context():
        name = cookie_name()
    return {name: place.desk.token(place.holder.person_id)}


def there(address: str) -> Callable[[Site], str]:
    """A page after the results came in."""

    def path(site: Site) -> str:
        received(site)
        return address

    return path

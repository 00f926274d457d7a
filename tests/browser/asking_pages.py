"""The companion, practice at its ends, the reasons of a list, and what strangers bring, looked at in a real browser."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from adaptive import recommending
from adaptive.store import decisions
from tests.browser.learning_pages import experienced, learning_there
from tests.browser.library_pages import first_course, library_of, reading
from tests.browser.looked import Looked, Sent
from tests.browser.portfolio_pages import credential, link_of, portfolio_of, signed_in
from tests.browser.site import Site
from web.operations.index_keeper import IndexKeeper


def _document(site: Site) -> str:
    browser = portfolio_of(site).browser()
    return browser.client.get(credential(site, 0, ".json")).data.decode()


def _pasted(site: Site) -> Mapping[str, str | list[str]]:
    return {"text": _document(site)}


def _altered(site: Site) -> Mapping[str, str | list[str]]:
    return {"text": _document(site).replace("书法", "书画")}


def ready(site: Site) -> str:
    """Where the certificate of a credential is ready."""
    link = link_of(site)[0].rpartition("/")[2]
    return credential(site, 0, f"/certificate/ready?link={link}")


def reasons_of_list(site: Site) -> str:
    """The reasons of the list of recommendations that a learner was shown."""
    town, holder = experienced(site)
    town.browser(holder.person_id).get("/recommended")
    with site.writing() as session:
        since = datetime.now(UTC) - timedelta(hours=1)
        shown = decisions.open_choice(session, holder.learner_id, recommending.PLACE, "", since)
        assert shown is not None
        return f"/why/{shown.id}"


def practised_course(site: Site) -> str:
    """Practice of one course."""
    return first_course(site).replace("/library/", "/practice/")


def over(site: Site) -> str:
    """Practice of a course after its last question."""
    return practised_course(site) + "?n=9999"


def guessed(site: Site) -> str:
    """A question that no lesson answers, when the companion's index is there."""
    assert IndexKeeper(site.app.extensions["evergreen_database"], lambda: library_of(site)).keep()
    return "/ask?q=阳台漏雨"


TRIED = {"files": ("证书.json", b'{"type": "nothing"}')}

ASKED = [
    Looked("ask", "/ask"),
    Looked("answer of the companion", "/ask?q=怎么用手机付款", reading),
    Looked("no answer of the companion", "/ask?q=xyzzy"),
    Looked("guesses of the companion", guessed, reading),
    Looked("practice of a course", practised_course, reading),
    Looked("practice at its end", over),
    Looked("why this list", reasons_of_list, learning_there),
    Looked("certificate ready", ready, signed_in),
    Looked("category", "/frameworks/evergreen-1/categories/other"),
    Looked("verified", "/verify", None, 200, (Sent(_pasted),)),
    Looked("verified and altered", "/verify", None, 200, (Sent(_altered),)),
    Looked("not a credential", "/verify", None, 422, (Sent({"text": "x"}),)),
    Looked("tried with files", "/try", None, 200, (Sent(files=TRIED),)),
]

"""The pages that are looked at in a real browser; add yours.

``path`` may be a function of the site, for a page that needs data: it makes them (``site.writing()``) and returns the
path. ``cookies`` may be a function of the site that signs somebody in and returns the cookies of their browser.
"""

from collections.abc import Callable
from dataclasses import dataclass

from adaptive.content.model import QUESTION_KINDS
from tests.browser.desk_pages import as_, at, made
from tests.browser.library_pages import answered, first_course, lesson, question_of, reading, why
from tests.browser.portfolio_pages import credential, link_of, signed_in
from tests.browser.site import Site


@dataclass(frozen=True)
class Looked:
    """One page to look at: a name for the test's report, its path, and who looks (None: a stranger)."""

    name: str
    path: str | Callable[[Site], str]
    cookies: Callable[[Site], dict[str, str]] | None = None
    status: int = 200


PAGES = [
    Looked("gallery", "/test/gallery"),
    Looked("home", "/"),
    Looked("display", "/settings/display"),
    Looked("help", "/help"),
    Looked("privacy", "/privacy"),
    Looked("accessibility", "/accessibility"),
    Looked("about", "/about"),
    Looked("not found", "/nowhere", status=404),
    Looked("verify", "/verify"),
    Looked("try", "/try"),
    Looked("shared", lambda site: link_of(site)[1]),
    Looked("share link unknown", "/v/abcdefghijklmnopqrstuv", status=404),
    Looked("portfolio", "/portfolio", signed_in),
    Looked("portfolio, nothing found", "/portfolio?category=academic", signed_in),
    Looked("record", "/portfolio/record", signed_in),
    Looked("credential", credential, signed_in),
    Looked("credential, revoked", lambda site: credential(site, 2), signed_in),
    Looked("share", lambda site: credential(site, 0, "/links/new"), signed_in),
    Looked("share link", lambda site: link_of(site)[0], signed_in),
    Looked("withdraw", lambda site: link_of(site)[0] + "/withdraw", signed_in),
    Looked("certificate", lambda site: credential(site, 0, "/certificate"), signed_in),
    Looked("desk", made("/desk/browser-desk/"), as_("registrar")),
    Looked("issue one", made("/desk/browser-desk/issue"), as_("registrar")),
    Looked("import outcomes", made("/desk/browser-desk/import/outcomes"), as_("registrar")),
    Looked("import catalogue", made("/desk/browser-desk/import/catalogue"), as_("registrar")),
    Looked("file without problems", at("good file"), as_("registrar")),
    Looked("file with problems", at("bad file"), as_("registrar")),
    Looked("catalogue file", at("catalogue file"), as_("registrar")),
    Looked("outcomes", made("/desk/browser-desk/outcomes"), as_("registrar")),
    Looked("outcome", at("outcome"), as_("reviewer")),
    Looked("outcome, revoked", at("revoke"), as_("registrar")),
    Looked("revoke", at("outcome", "/revoke"), as_("reviewer")),
    Looked("imported file", at("batch"), as_("reviewer")),
    Looked("revoke a file", at("batch", "/revoke"), as_("reviewer")),
    Looked("catalogue", made("/desk/browser-desk/catalogue"), as_("registrar")),
    Looked("course", at("course"), as_("registrar")),
    Looked("centre", made("/centre/browser-counter/"), as_("officer")),
    Looked("find by document", made("/centre/browser-counter/find-by-document"), as_("officer")),
    Looked("open an account at the counter", made("/centre/browser-counter/open-account"), as_("officer")),
    Looked("residents", made("/centre/browser-counter/learners"), as_("officer")),
    Looked("resident", at("learner"), as_("officer")),
    Looked("closed account", at("closed"), as_("officer")),
    Looked("reopen an account", at("closed", "/reopen"), as_("officer")),
    Looked("card", at("learner", "/card"), as_("officer")),
    Looked("change of name", at("learner", "/name"), as_("officer")),
    Looked("change of document", at("learner", "/document"), as_("officer")),
    Looked("two accounts", at("learner", "/duplicate"), as_("officer")),
    Looked("staff", made("/institution/browser-bank/staff"), as_("bank")),
    Looked("link for a new password", at("password"), as_("bank")),
    Looked("new password", at("new password")),
    Looked("institutions", made("/institutions")),
    Looked("institution", made("/institutions/browser-desk")),
    Looked("courses", made("/institutions/browser-desk/courses")),
    Looked("public course", at("public course")),
    Looked("problem of the interface", "/problems/token.scope_missing"),
    Looked("framework", "/frameworks/evergreen-1"),
    Looked("level", "/frameworks/evergreen-1/levels/3"),
    Looked("apply", "/apply"),
    Looked("applied", at("applied")),
    Looked("administration", made("/admin/"), as_("bank")),
    Looked("applications", made("/admin/applications"), as_("bank")),
    Looked("application", at("application"), as_("bank")),
    Looked("approve", at("application", "/approve"), as_("bank")),
    Looked("refuse", at("application", "/refuse"), as_("bank")),
    Looked("institutions administered", made("/admin/institutions"), as_("bank")),
    Looked("institution administered", made("/admin/institutions/browser-desk"), as_("bank")),
    Looked("revoke a key", made("/admin/institutions/browser-desk/revoke-key"), as_("bank")),
    Looked("merge", made("/admin/learners/merge"), as_("bank")),
    Looked("audit", made("/admin/audit"), as_("bank")),
    Looked("library", "/library"),
    Looked("library, nothing found", "/library?q=登月"),
    Looked("library, signed in", "/library", reading),
    Looked("library's course", first_course, reading),
    *(Looked(f"lesson, {form}", lesson(form), reading) for form in ("standard", "easy", "audio", "steps")),
    *(Looked(f"question, {kind}", question_of(kind)) for kind in QUESTION_KINDS),
    Looked("question that is kept", "/practice", reading),
    Looked("feedback", answered, reading),
    Looked("why this question", why, reading),
    Looked("practice stopped", "/practice/stopped?answers=5&right=4&minutes=12", reading),
    Looked("library's faults", made("/admin/library"), as_("bank")),
]

"""The pages that are looked at in a real browser; add yours.

``path`` may be a function of the site, for a page that needs data: it makes them (``site.writing()``) and returns the
path. ``cookies`` may be a function of the site that signs somebody in and returns the cookies of their browser.
"""

from collections.abc import Callable
from dataclasses import dataclass

from adaptive.content.model import QUESTION_KINDS
from tests.browser import mastery_pages
from tests.browser.desk_pages import as_, at, made
from tests.browser.group_pages import in_group, tutoring
from tests.browser.learning_pages import learning_there, not_agreed
from tests.browser.library_pages import answered, first_course, lesson, question_of, reading, why
from tests.browser.mastery_pages import there
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
    Looked("map", "/map"),
    Looked("map, with statuses", "/map", learning_there),
    Looked("area", "/map/garden"),
    Looked("area, with statuses", "/map/fraud", learning_there),
    Looked("skill", "/skills/fraud.verify", learning_there),
    Looked("plan", "/plan", learning_there),
    Looked("goals", "/plan/goals", learning_there),
    Looked("give up a goal", "/plan/give-up", learning_there),
    Looked("plan, not agreed", "/plan", not_agreed),
    Looked("progress", "/progress", learning_there),
    Looked("record of learning", "/progress/record", learning_there),
    Looked("erase learning", "/progress/erase", learning_there),
    Looked("learning settings", "/progress/settings", learning_there),
    Looked("recommended", "/recommended", learning_there),
    Looked("recommended, plain", "/recommended"),
    Looked("placement", "/library/mobile-payment/placement", learning_there),
    Looked("placement question", "/library/mobile-payment/placement/question", learning_there),
    Looked("placement result", "/library/poetry/placement/result", learning_there),
    Looked("library, with recommendations", "/library", learning_there),
    Looked("course that is mastered", there(f"/library/{mastery_pages.READY}"), mastery_pages.learner),
    Looked("certificates to ask for", there("/mastery"), mastery_pages.learner),
    Looked("who recognises a course", there(f"/mastery/{mastery_pages.READY}"), mastery_pages.learner),
    Looked("what is missing", there(f"/mastery/{mastery_pages.OPEN}"), mastery_pages.learner),
    Looked("evidence and asking", there(f"/mastery/{mastery_pages.READY}/browser-desk"), mastery_pages.learner),
    Looked("too early to ask", there(f"/mastery/{mastery_pages.OPEN}/browser-desk"), mastery_pages.learner),
    Looked("request that waits", mastery_pages.request_of(mastery_pages.ASKED), mastery_pages.learner),
    Looked("request granted", mastery_pages.request_of(mastery_pages.ISSUED), mastery_pages.learner),
    Looked("request declined", mastery_pages.request_of(mastery_pages.DECLINED), mastery_pages.learner),
    Looked("take evidence back", mastery_pages.request_of(mastery_pages.ASKED, "/take-back"), mastery_pages.learner),
    Looked("rule", mastery_pages.rule_page),
    Looked("library courses recognised", there("/desk/browser-desk/library"), as_("registrar")),
    Looked("recognise a course", there("/desk/browser-desk/library/calligraphy"), as_("registrar")),
    Looked("change a rule", there(f"/desk/browser-desk/library/{mastery_pages.READY}"), as_("registrar")),
    Looked("stop recognising", there(f"/desk/browser-desk/library/{mastery_pages.READY}/end"), as_("registrar")),
    Looked("requests with evidence", there("/desk/browser-desk/mastery"), as_("reviewer")),
    Looked("request to decide", mastery_pages.review_of(mastery_pages.ASKED), as_("reviewer")),
    Looked("request decided", mastery_pages.review_of(mastery_pages.DECLINED), as_("reviewer")),
    Looked("decline a request", mastery_pages.review_of(mastery_pages.ASKED, "/decline"), as_("reviewer")),
    Looked("library's faults", made("/admin/library"), as_("bank")),
    Looked("what is told for fairness", "/progress/fairness", reading),
    Looked("deleting what was told", "/progress/fairness/delete", reading),
    Looked("my study groups", in_group("/progress/groups"), reading),
    Looked("joining a study group", in_group("/progress/groups/join/{code}"), reading),
    Looked("leaving a study group", in_group("/progress/groups/{id}/leave"), reading),
    Looked("asking for a person", in_group("/progress/groups/{id}/ask"), reading),
    Looked("study groups", in_group("/tutor/browser-desk/"), tutoring),
    Looked("study group", in_group("{group}"), tutoring),
    Looked("who is stuck on a skill", in_group("{group}/skills/{skill}"), tutoring),
    Looked("closing a study group", in_group("{group}/close"), tutoring),
    Looked("questions that mislead", in_group("/author/browser-desk/"), as_("registrar")),
    Looked("questions of a course", in_group("/author/browser-desk/courses/{course}"), as_("registrar")),
    Looked("learner model", in_group("/admin/learning"), as_("bank")),
]

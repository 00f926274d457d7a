"""What the desk, the counter and the administration do in further steps, looked at in a real browser."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from sqlmodel import col, select

from tests.browser.desk_pages import as_, at, made, world
from tests.browser.looked import Looked, Sent
from tests.browser.portfolio_pages import portfolio_of
from tests.browser.site import Site
from web.operations.tables import StagedFile
from web.workflows.companion import register

ISSUE = "/desk/browser-desk/issue"
ADMIN = "/admin/institutions/browser-desk"


@cache
def _staged(site: Site) -> dict[str, UUID]:
    """Copies of an uploaded file: one whose import runs, one whose import stopped, one whose hour is over."""
    original = UUID(world(site).paths["good file"].rpartition("/")[2])
    now = datetime.now(UTC)
    changes: dict[str, dict[str, object]] = {
        "working": {"started_at": now},
        "stopped": {"started_at": now, "failure": "desk.file.stopped"},
        "expired": {"expires_at": now - timedelta(minutes=1)},
    }
    with site.writing() as session:
        row = session.exec(select(StagedFile).where(col(StagedFile.id) == original)).one()
        kept = row.model_dump(exclude={"id"})
        copies = {name: StagedFile(**{**kept, **change}) for name, change in changes.items()}
        session.add_all(copies.values())
        session.flush()
        return {name: copy.id for name, copy in copies.items()}


def staged(name: str, part: str = "") -> Callable[[Site], str]:
    """A page of one of these files."""
    return lambda site: f"/desk/browser-desk/import/staged/{_staged(site)[name]}{part}"


def _account(site: Site) -> Mapping[str, str | list[str]]:
    return {"account": portfolio_of(site).holder.number}


WHOSE = Sent(_account, "/issue/course")
COURSE = Sent({"course": "free"}, "/issue/details")
DETAILS = Sent(
    {
        "title": "社区摄影班",
        "category": "other",
        "credits": "1.5",
        "hours": "27",
        "level": "2",
        "grade": "合格",
        "awarded": ["2026", "6", "1"],
    },
    "/issue/look",
)


def _pair(site: Site) -> Mapping[str, str | list[str]]:
    keep, absorb = world(site).paths["numbers"].split()
    return {"keep": keep, "absorb": absorb}


@cache
def companion(site: Site) -> str:
    """The companion's page while a model may be asked."""
    found = world(site)
    with site.writing() as session:
        register(
            session,
            found.desk.bank,
            base_url="http://127.0.0.1:9/v1",
            model="示例模型",
            filing_number="示例备案号",
            key=None,
            may_leave=False,
            enabled=True,
            daily_limit=20,
            changed_by=found.people["bank"],
            now=datetime.now(UTC),
        )
    return "/admin/companion"


OFFICE = [
    Looked("issue one: the course", made(ISSUE), as_("registrar"), 200, (WHOSE,)),
    Looked("issue one: no course chosen", made(ISSUE), as_("registrar"), 422, (WHOSE, Sent({}, "/issue/details"))),
    Looked("issue one: the details", made(ISSUE), as_("registrar"), 200, (WHOSE, COURSE)),
    Looked("issue one: a last look", made(ISSUE), as_("registrar"), 200, (WHOSE, COURSE, DETAILS)),
    Looked("suspend", at("outcome", "/suspend"), as_("reviewer")),
    Looked("reinstate", at("suspend", "/reinstate"), as_("reviewer")),
    Looked("file being imported", staged("working", "/working"), as_("registrar")),
    Looked("import that stopped", staged("stopped", "/working"), as_("registrar")),
    Looked("file that expired", staged("expired"), as_("registrar"), 410),
    Looked("find by number", made("/centre/browser-counter/find"), as_("officer")),
    Looked("accredit", made(f"{ADMIN}/accredit/vocational"), as_("bank")),
    Looked("withdraw an accreditation", made(f"{ADMIN}/withdraw/other"), as_("bank")),
    Looked("new key", made(f"{ADMIN}/rotate-key"), as_("bank")),
    Looked("close an institution", made(f"{ADMIN}/close"), as_("bank")),
    Looked("invite an administrator", made(f"{ADMIN}/invite"), as_("bank")),
    Looked("administrator invited", made(f"{ADMIN}/invite"), as_("bank"), 200, (Sent({"name": "王"}),)),
    Looked("two accounts compared", made("/admin/learners/merge"), as_("bank"), 200, (Sent(_pair, "/compare"),)),
    Looked("companion's model", companion, as_("bank")),
    Looked("stop the companion", companion, as_("bank"), 422, (Sent({"reason": ""}, "/companion/stop"),)),
]

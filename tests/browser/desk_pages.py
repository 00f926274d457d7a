"""The desk, the counter, the public pages and the administration, looked at in a real browser, in a world made once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlmodel import col, select

from credit_bank.store.tables import AdmissionApplication, ImportBatch, Learner, Outcome, Precedent
from tests.banks import code, resident_id
from tests.browser.site import Site
from tests.web.client import ClientRequest
from tests.web.desks import NOBODY, Desk, details, outcomes_csv, upload
from web.accounts.permissions import cookie_name
from web.accounts.roles import Role
from web.accounts.tables import Membership, Person
from web.publisher import publish_now


@dataclass(frozen=True)
class World:
    """An institution with a desk, a centre with a counter, the bank's administrator, and what each has done."""

    desk: Desk
    people: dict[str, UUID]
    paths: dict[str, str]


@cache
def world(site: Site) -> World:
    """Made once for each site."""
    desk = Desk(site.app)
    college = desk.admitted("browser-desk", name="示例开放大学", courses=60)
    centre = desk.admitted("browser-counter", name="示例社区学习中心", courses=0)
    bank = desk.admitted("browser-bank", name="示例市学分银行中心", tier="centre", courses=0)
    people = {
        "registrar": desk.staff("desk-registrar", college, Role.REGISTRAR),
        "reviewer": desk.staff("desk-reviewer", college, Role.REVIEWER, Role.REGISTRAR),
        "officer": desk.staff("desk-officer", centre, Role.CENTRE_STAFF),
        "bank": desk.staff("desk-bank", bank, Role.ADMINISTRATOR),
    }
    browsers = {name: desk.browser(person) for name, person in people.items()}
    paths: dict[str, str] = {}
    _at_the_desk(desk, browsers, paths)
    _at_the_counter(desk, browsers["officer"], paths)
    _applications(desk, paths)
    _passwords(desk, people, browsers["bank"], paths)
    publish_now(desk.database, desk.bank)
    return World(desk, people, paths)


def _at_the_desk(desk: Desk, browsers: dict[str, ClientRequest], paths: dict[str, str]) -> None:
    registrar, reviewer = browsers["registrar"], browsers["reviewer"]
    holders = [desk.learner(f"示例学员{n}") for n in "甲乙丙丁"]
    rows = [
        (h.number, f"示例学员{n}", f"QH-00{i + 1}") for i, (h, n) in enumerate(zip(holders, "甲乙丙丁", strict=True))
    ]
    registrar.post(upload(registrar, "browser-desk", outcomes_csv(rows), "2026 年春季名单.csv").location + "/confirm")
    paths["outcome"] = registrar.post("/desk/browser-desk/issue", details(holders[0])).location
    for n, state in enumerate(("suspend", "revoke")):
        gone = registrar.post("/desk/browser-desk/issue", details(holders[n + 1])).location
        reviewer.post(f"{gone}/{state}", {"reason": "成绩登记有误，正在核实。"})
        paths[state] = gone
    with desk.database.reading() as session:
        batch = session.exec(select(ImportBatch.id).where(col(ImportBatch.file_name) != "")).all()[-1]
        course = session.exec(select(Outcome.course_id).where(col(Outcome.course_id).is_not(None))).first()
    paths["batch"] = f"/desk/browser-desk/batches/{batch}"
    paths["course"] = f"/desk/browser-desk/catalogue/{course}"
    paths["public course"] = f"/institutions/browser-desk/courses/{course}"
    good = [(holders[0].number, "示例学员甲", "QH-010")]
    paths["good file"] = upload(registrar, "browser-desk", outcomes_csv(good), "一行.csv").location
    bad = [(NOBODY, "示例学员甲", "QH-001"), (holders[0].number, "别的名字", "QH-999"), ("12", "", "")]
    paths["bad file"] = upload(registrar, "browser-desk", outcomes_csv(bad), "有问题.csv").location
    paths["catalogue file"] = upload(
        registrar,
        "browser-desk",
        "课程代码,课程名称,学分,备注\nA-1,课程甲,2,无\nA-2,课程乙,1-3,无\n".encode(),
        "目录.csv",
        kind="catalogue",
    ).location
    _equivalences(desk, registrar, paths)


def _equivalences(desk: Desk, registrar: ClientRequest, paths: dict[str, str]) -> None:
    rows = [f"示例学校{n},A{n},社区摄影,QH-003,示例课程 3,成绩 60 分以上,2025-03-01" for n in range(7)]
    rows.append("示例学校8,B1,陶艺入门,,不予认定,,2025-03-01")
    header = "来源院校,来源课程代码,来源课程名称,本校课程代码,本校课程名称,条件,生效日期"
    file = "\n".join([header, *rows]).encode()
    paths["equivalences file"] = upload(registrar, "browser-desk", file, "对应.csv", kind="equivalences").location
    taken = upload(registrar, "browser-desk", file, "课程对应.csv", kind="equivalences").location
    registrar.post(taken + "/confirm")
    with desk.database.reading() as session:
        found = session.exec(select(Precedent.id).where(col(Precedent.decision) == "denied")).first()
    paths["equivalence"] = f"/desk/browser-desk/comparing/precedents/{found}"


def _at_the_counter(desk: Desk, officer: ClientRequest, paths: dict[str, str]) -> None:
    opened = {
        "name": "王小明",
        "document_type": "resident-id",
        "document_number": resident_id(977),
        "seen": "y",
        "agreed": ["account", "identity", "counter_help"],
    }
    officer.post("/centre/browser-counter/open-account", opened, status=200)
    with desk.database.reading() as session:
        learner, number = session.exec(
            select(Learner.id, Learner.account_number).where(col(Learner.name) == "王小明")
        ).one()
    paths["learner"] = f"/centre/browser-counter/learners/{learner}"
    twin = desk.learner("王晓明")
    officer.post(paths["learner"] + "/duplicate", {"number": twin.number, "reason": "两份证件都核对过，是同一位居民。"})
    paths["numbers"] = f"{number} {twin.number}"
    second = {**opened, "name": "示例居民", "document_number": resident_id(976)}
    officer.post("/centre/browser-counter/open-account", second, status=200)
    with desk.database.reading() as session:
        named = col(Person.display_name) == "示例居民"
        person_id, learner_id = session.exec(select(Person.id, Person.learner_id).where(named)).one()
    holder = desk.browser(person_id)
    holder.submit(holder.get("/account/consents/account/withdraw"))
    paths["closed"] = f"/centre/browser-counter/learners/{learner_id}"


def _passwords(desk: Desk, people: dict[str, UUID], bank: ClientRequest, paths: dict[str, str]) -> None:
    for who, handle, name in (
        ("registrar", "browser-desk", "password"),
        ("officer", "browser-counter", "password made"),
    ):
        with desk.database.reading() as session:
            role = session.exec(select(Membership.id).where(Membership.person_id == people[who])).one()
        paths[name] = f"/admin/institutions/{handle}/staff/{role}/password"
    link = bank.submit(bank.get(paths["password"]), status=200).element("link").attrib["value"]
    paths["new password"] = "/" + link.split("/", 3)[3]


def _applications(desk: Desk, paths: dict[str, str]) -> None:
    for serial in (801, 802):
        answer = desk.browser().post(
            "/apply",
            {
                "name": f"示例老年大学{serial}",
                "name_en": "Example University of the Third Age",
                "social_credit_code": code(serial),
                "kind": "community-centre",
                "district": "示例区",
                "handle": f"browser-applicant-{serial}",
                "website": "https://example.org",
                "categories": ["other"],
                "contact_name": "示例联系人",
                "contact": "010-0000000",
                "statement": "教书法、摄影和智能手机使用，学员八百多人。",
            },
        )
        paths["applied"] = answer.location
    with desk.database.reading() as session:
        found = session.exec(select(AdmissionApplication.id)).all()[-1]
    paths["application"] = f"/admin/applications/{found}"


def as_(name: str) -> Callable[[Site], dict[str, str]]:
    """The cookies of one of the world's people."""

    def cookies(site: Site) -> dict[str, str]:
        made = world(site)
        with site.app.app_context():
            return {cookie_name(): made.desk.token(made.people[name])}

    return cookies


def at(name: str, part: str = "") -> Callable[[Site], str]:
    """The path of something in the world."""
    return lambda site: world(site).paths[name] + part


def made(path: str) -> Callable[[Site], str]:
    """A fixed path of the world, which is made first."""

    def found(site: Site) -> str:
        world(site)
        return path

    return found

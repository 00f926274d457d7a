"""What becomes of an outcome, as those who deal with it: each on a device of their own, by what stands on the page.

A college's clerk issues, a learner applies with a phone, two bodies recognise, two people of a university convert, its
registrar redeems; the clerk revokes, the learner appeals, and two others decide.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from credit_bank import depositing
from credit_bank.depositing import SourceFile
from tests.browser.site import Site, running
from tests.web import scenes
from tests.web.desks import AWARDED, Desk, course
from tests.web.people import PASSWORD, PIN
from tests.web.scenes import Places
from web.accounts.roles import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A city of its own, in which nothing has happened yet."""
    path = tmp_path_factory.mktemp("recognition") / "evergreen.sqlite"
    shutil.copy(sqlite_template, path)
    with running(f"sqlite:///{path}") as found:
        yield found


@pytest.fixture
def city(site: Site) -> Places:
    """The centre, the college with a course in its catalogue, the university with its rules, and the learner."""
    made = scenes.places(Desk(site.app))
    with site.writing() as session:
        row = replace(course(1, title="书法入门"), code="INTRO")
        depositing.import_catalogue(session, made.town.bank, made.college, [row], SourceFile("目录", b"c", {}))
    return made


class Person:
    """Somebody with a device of their own, who presses what stands on the page and waits for what comes."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.main = page.locator("main")

    def sign_in(self, name: str, secret: str) -> None:
        self.page.get_by_label("学分账号或登录名").fill(name)
        self.page.get_by_label("密码", exact=True).fill(secret)
        self.push("登录")

    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.main).to_contain_text(one)

    def follow(self, link: str) -> None:
        """Open the first link of the page with these words."""
        with self.page.expect_navigation():
            self.page.locator("main, .site-menu").get_by_role("link", name=link).first.click()

    def again(self) -> None:
        """Look at the page again, after others did something."""
        self.page.reload()

    def push(self, button: str) -> None:
        with self.page.expect_navigation():
            self.main.get_by_role("button", name=button, exact=True).click()

    def choose(self, label: str) -> None:
        self.main.get_by_label(label, exact=True).check()

    def write(self, label: str, text: str) -> None:
        self.main.get_by_label(label).first.fill(text)

    def says(self, what: str, reason: str = "") -> None:
        """Say it to the case that is open."""
        self.choose(what)
        if reason:
            self.write("理由", reason)
        self.push("提交意见")


@pytest.fixture
def learner(open_page: Callable[..., Any], city: Places) -> Person:
    """The learner, signed in with a phone."""
    who = Person(open_page("/sign-in", width=390, height=844))
    who.sign_in(city.holder.number, PIN)
    return who


@pytest.fixture
def staff(open_page: Callable[..., Any], city: Places) -> Callable[..., Person]:
    """Somebody new who works at a place, signed in there."""

    def arrives(place: UUID, *roles: Role) -> Person:
        name = city.town.somebody()
        city.town.staff(name, place, *roles)
        who = Person(open_page("/sign-in"))
        who.sign_in(name, PASSWORD)
        return who

    return arrives


def issue(clerk: Person, city: Places) -> None:
    clerk.follow("颁发一项成果")
    clerk.write("学分账号", city.holder.number)
    clerk.write("课程代码或名称", "书法")
    clerk.push("下一步")
    clerk.choose("INTRO  书法入门")
    clerk.push("下一步")
    clerk.write("年", str(AWARDED.year))
    clerk.write("月", str(AWARDED.month))
    clerk.write("日", str(AWARDED.day))
    clerk.write("成绩", "优秀")
    clerk.push("看看证书会怎么写")
    clerk.push("颁发证书")
    clerk.sees("证书已经颁发")


def to_case(who: Person, title: str) -> None:
    """From the desk's first page to the case that waits."""
    who.follow("认定和转换")
    who.follow(title)


def test_from_an_outcome_to_an_appeal(
    learner: Person, staff: Callable[..., Person], city: Places, open_page: Callable[..., Any]
) -> None:
    clerk = staff(city.college, Role.REGISTRAR, Role.REVIEWER)
    issue(clerk, city)

    learner.again()
    learner.follow("书法入门")
    learner.sees("还没有认定")
    learner.follow("申请学分认定")
    learner.push("提交申请")
    learner.sees("申请已提交", "初审中")

    clerk.follow("发证台")
    to_case(clerk, "学分认定：书法入门")
    expect(clerk.main.get_by_label("成果是我所在的机构颁发的")).to_be_checked()
    clerk.says("同意")
    clerk.sees("现在：复审中，由市中心办理")
    centre = staff(city.centre, Role.REVIEWER)
    to_case(centre, "学分认定：书法入门")
    centre.says("决定：通过")

    learner.again()
    learner.sees("已通过", "认定 2 学分")
    learner.follow("转换到一个专业")
    learner.follow("书法教育")
    learner.choose("我同意")
    learner.push("提交申请")

    first = staff(city.university, Role.REVIEWER)
    to_case(first, "学分转换：书法教育")
    first.says("同意")
    second = staff(city.university, Role.REVIEWER, Role.REGISTRAR)
    to_case(second, "学分转换：书法教育")
    second.says("决定：通过")
    second.sees("不能是作决定的那位")
    registrar = staff(city.university, Role.REGISTRAR)
    to_case(registrar, "学分转换：书法教育")
    registrar.push("兑换学分")
    registrar.sees("现在：已兑换")

    clerk.follow("发证台")
    clerk.follow("成果记录")
    clerk.follow("书法入门")
    clerk.follow("撤销这份证书")
    clerk.sees("撤销会影响到 2 件申请")
    clerk.write("理由", "成绩登记有误")
    clerk.push("撤销，不能恢复")

    learner.again()
    learner.sees("受影响", "您的学分没有被拿走", "成绩登记有误")
    first.follow("发证台")
    to_case(first, "证书撤销后的核查：书法教育")
    first.says("同意")
    second.follow("发证台")
    to_case(second, "证书撤销后的核查：书法教育")
    second.says("决定：照旧有效", "正在核实，先照旧")

    learner.again()
    learner.sees("已兑换")
    learner.follow("证书撤销后的核查：书法教育")
    learner.sees("正在核实，先照旧")
    learner.follow("申诉")
    learner.write("您认为哪里不对", "成绩没有错")
    learner.push("提交申诉")
    third = staff(city.university, Role.REVIEWER)
    to_case(third, "申诉：书法教育")
    third.says("同意")
    fourth = staff(city.university, Role.REVIEWER)
    to_case(fourth, "申诉：书法教育")
    fourth.sees("成绩没有错")
    fourth.says("决定：维持原决定", "核实过了")
    learner.again()
    learner.sees("维持原决定", "核实过了")
    ends_well(learner, Person(open_page("/verify")))


def ends_well(learner: Person, stranger: Person) -> None:
    """The credits are where they were, and whoever is shown the decision finds that it is genuine."""
    learner.follow("证书撤销后的核查：书法教育")
    learner.follow("学分转换：书法教育")
    learner.follow("看这个决定的证书")
    with learner.page.expect_download() as taken:
        learner.main.get_by_role("link", name="证书原件（JSON）").click()
    learner.follow("回到学习成果")
    learner.follow("看学分账户")
    totals = learner.main.locator("dl.totals")
    expect(totals).to_contain_text("已兑换2 学分")
    stranger.main.get_by_label("证书文件").set_input_files(taken.value.path())
    stranger.push("核验这个文件")
    stranger.sees("这份证书是真的，现在有效", "学分转换：书法教育", "试验大学")

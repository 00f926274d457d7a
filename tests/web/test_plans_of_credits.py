"""What credits can become: every programme side by side, the plan for one, and a table tried without an account."""

import csv
import io
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from credit_bank import agreeing, applying, deciding, evaluating, issuing, registering, reviewing
from credit_bank.deciding import Ruling
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.reviewing import Say
from credit_bank.store import documents
from credit_bank.store.tables import RecognitionCase
from tests.credit_bank import casework_city, cities
from tests.traces import everything_stored
from tests.web import scenes
from tests.web.client import ClientRequest, Page
from tests.web.desks import Desk
from tests.web.scenes import Scene
from web.security import limiter
from web.workflows import outcome_table

LIMIT = """
[[limit]]
id = "cap"
title = "最多转换一门课"
title_en = "One course at most"
sense = "at-most"
unit = "courses"
bound = 1
"""
HEAD = "机构,课程代码,成果名称,类别,学分,获得日期,等级"
INTRO = "试验学院,INTRO,书法入门,非学历,2,2026年5月1日,三级"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return scenes.make(Desk(app))


def somebody(case: RecognitionCase) -> Reviewer:
    return Reviewer(uuid4(), None, frozenset({case.institution_id}))


def recognised(scene: Scene, course: str = "", title: str = "", serial: int = 3) -> None:
    """An outcome of the learner is recognised: the scene's own, or another of that course."""
    bank, learner = scene.town.bank, scene.holder.learner_id
    with scene.town.writing() as session:
        outcome = scene.outcome
        if course:
            row = cities.row(serial, scene.holder.number, course_code=course, course_title=title, name="")
            [outcome] = cities.record(session, bank, scene.college, row).outcome_ids
            issuing.issue(session, bank, scene.college, [outcome])
        case = applying.recognition(session, bank, learner, outcome, by=None)
        reviewing.vote(session, bank, case.id, somebody(case), Say(Vote.AGREE, interest="institution"))
        for _ in range(2):
            reviewing.vote(session, bank, case.id, somebody(case), Say(Vote.AGREE))
        deciding.decide(session, bank, case.id, somebody(case), Ruling(True))


def converted(scene: Scene) -> None:
    """Everything that is proposed, granted by two people of the university."""
    bank, learner = scene.town.bank, scene.holder.learner_id
    with scene.town.writing() as session:
        found = evaluating.evaluate(session, bank, learner, documents.get(session, scene.programme))
        case = applying.conversion(session, bank, learner, scene.programme, found.proposal, by=None)
        reviewing.vote(session, bank, case.id, somebody(case), Say(Vote.AGREE))
        deciding.decide(session, bank, case.id, somebody(case), Ruling(True))


def publish(scene: Scene, text: str, *, programme: bool = False) -> str:
    """A document of the university, in force; its id."""
    with scene.town.writing() as session:
        draft = registering.programme_draft(text, date(2026, 1, 1)) if programme else registering.ruleset_draft(text)
        row = agreeing.propose(session, scene.town.bank, scene.university, draft, proposed_by=uuid4())
        return str(agreeing.publish(session, scene.town.bank, row.id, published_by=uuid4()).id)


def sent(browser: ClientRequest, scene: Scene, text: str, status: int = 200) -> Page:
    page = browser.get("/plans")
    return browser.submit(page, {"programme": str(scene.programme), "text": text}, status=status)


def sums(page: Page) -> list[str]:
    """The numbers of the first table: counts already, would be converted, missing, total."""
    table = next(page.tree.iter("table"))
    return ["".join(cell.itertext()) for cell in table.iter("td")]


def test_without_a_programme_the_page_says_so(app: Flask) -> None:
    town = Desk(app)
    page = town.browser(town.learner().person_id).get("/portfolio/plans")
    assert "现在没有专业接受转换" in page.text and page.link("登记") == "/register"
    assert "现在没有专业接受转换" in ClientRequest(app).get("/plans").text


def test_without_an_outcome_the_page_says_what_to_do(scene: Scene) -> None:
    browser = scene.town.browser(scene.town.learner().person_id)
    page = browser.get("/portfolio/plans")
    assert "您还没有可以用的成果" in page.text and page.link("试算") == "/plans"
    assert sums(page) == ["0", "0", "20", "20"]
    shown = browser.get(f"/portfolio/plans/{scene.programme}")
    assert "您还没有可以用的成果" in shown.text and "按这个建议去申请" not in shown.text


def test_no_programme_that_is_not_in_force(scene: Scene) -> None:
    scene.learner.get(f"/portfolio/plans/{uuid4()}", status=404)
    newer = casework_city.PROGRAMME.replace('version = "1"', 'version = "2"')
    publish(scene, newer, programme=True)
    scene.learner.get(f"/portfolio/plans/{scene.programme}", status=404)


def test_programmes_stand_side_by_side_what_lacks_least_first(scene: Scene) -> None:
    recognised(scene)
    small = casework_city.PROGRAMME.replace("art-2026", "small").replace('"20"', '"11"').replace("书法教育", "短训班")
    other = publish(scene, small, programme=True)
    page = scene.learner.get("/portfolio/plans")
    assert page.texts(".//h2/a") == ["短训班", "书法教育"]
    assert page.link("书法教育") == f"/portfolio/plans/{scene.programme}"
    assert sums(page) == ["0", "2", "9", "11"]  # its rules name no programme, so they hold for every one
    assert page.link("短训班") == f"/portfolio/plans/{other}"
    drawn = [e.attrib for e in page.tree.iter() if e.attrib.get("class") in ("converted", "missing")]
    assert [one["width"] for one in drawn] == ["182", "818", "100", "900"]


def test_the_plan_says_what_becomes_what_and_why_and_keeps_nothing(app: Flask, scene: Scene) -> None:
    recognised(scene)
    recognised(scene, "SPARE", "书法欣赏", 3)
    recognised(scene, "POTTERY", "陶艺", 4)
    recognised(scene, "CHESS", "围棋", 5)
    scene.learner.get("/portfolio/plans")
    before = everything_stored(app)
    page = scene.learner.get(f"/portfolio/plans/{scene.programme}")
    assert everything_stored(app) == before
    assert sums(page) == ["0", "2", "18", "20"]
    assert "这是建议，不是决定" in page.text
    [used] = [words for words in page.texts(".//h3") if "→" in words]
    assert used.endswith("→ 书法基础（2 学分）")
    assert "（规则 R" in page.text
    assert page.text.count("目前没有规则接受这份成果。") == 1 and "一门课只算一次" in page.text
    assert "陶艺、围棋" in page.texts(".//h3")
    assert "再学“书法史”，能多算 2 学分。" in page.text
    assert page.link("按这个建议去申请") == f"/cases/convert/{scene.programme}"
    assert "finding." not in page.html and "choice." not in page.html


def test_the_limit_that_binds_is_told_with_what_one_more_would_bring(scene: Scene) -> None:
    recognised(scene)
    recognised(scene, "HIST", "书法史", 3)
    publish(scene, casework_city.RULES.format(policy="").replace('version = "2026"', 'version = "2027"') + LIMIT)
    page = scene.learner.get(f"/portfolio/plans/{scene.programme}")
    assert page.texts(".//section[@aria-labelledby='limits']//td") == ["最多 1 门课", "0 门课", "1 门课", "还剩 0 门课"]
    assert "如果“最多转换一门课”多 1 门课，就能多算 2 学分。" in page.text


def test_what_was_decided_counts_already(scene: Scene) -> None:
    recognised(scene)
    converted(scene)
    page = scene.learner.get("/portfolio/plans")
    assert sums(page) == ["2", "0", "18", "20"]
    assert "按这个建议去申请" not in scene.learner.get(f"/portfolio/plans/{scene.programme}").text


def test_the_pages_lead_there(scene: Scene) -> None:
    for path in ("/portfolio", "/cases", "/contents"):
        assert scene.learner.get(path).link("我的学分能做什么") == "/portfolio/plans"


def test_an_application_shows_its_reasons_in_words(scene: Scene) -> None:
    """The pages of applications showed the codes of reasons instead of their sentences."""
    recognised(scene)
    page = scene.learner.get(f"/cases/convert/{scene.programme}")
    assert "state.recognised" not in page.text and "规则 R" in page.text


def test_a_table_is_tried_without_an_account_and_nothing_is_kept(app: Flask, scene: Scene) -> None:
    browser = ClientRequest(app)
    browser.get("/plans")
    before = everything_stored(app)
    page = sent(browser, scene, f"{HEAD}\n{INTRO}\n别的学院,X1,插花,其他,1,2026/5/1,\n")
    assert everything_stored(app) == before
    assert page.headers["Cache-Control"] == "no-store"
    assert sums(page) == ["0", "2", "18", "20"]
    assert "书法入门 → 书法基础（2 学分）" in page.texts(".//h3")
    assert "插花" in page.text and "目前没有规则接受这份成果。" in page.text
    assert page.link("开户") == "/open-account" and "按这个建议去申请" not in page.text


def test_a_file_does_as_well_in_english_or_with_the_handles_of_institutions(app: Flask, scene: Scene) -> None:
    browser = ClientRequest(app)
    text = "institution\tCourse code\ttitle\tcategory\tcredits\tawarded_on\tLevel\n"
    text += "test-college\tINTRO\tCalligraphy\tother\t2\t2026-05-01\tLevel 3\n"
    values = {"programme": str(scene.programme), "file": (io.BytesIO(text.encode()), "mine.csv")}
    page = browser.submit(browser.get("/plans"), values, status=200, content_type="multipart/form-data")
    assert sums(page) == ["0", "2", "18", "20"]


def test_faults_are_told_by_row_and_column(app: Flask, scene: Scene) -> None:
    text = f"{HEAD},颜色\n试验学院,INTRO,,天文,很多,2026年13月1日,三级,红\n{INTRO},\n"
    page = sent(ClientRequest(app), scene, text, 422)
    rows = [
        tuple("".join(cell.itertext()) for cell in row.iter("td"))
        for row in page.tree.iter("tr")
        if row.find("td") is not None
    ]
    assert {(row, column) for row, column, _words in rows} == {
        ("1", "颜色"), ("2", "成果名称"), ("2", "类别"), ("2", "学分"), ("2", "获得日期")
    }  # fmt: skip
    assert "表里有 5 处要改" in page.errors[0]
    assert "不认识类别“天文”。" in page.text and "没有“2026年13月1日”这一天。" in page.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请选一个文件，或者把表贴进来。"),
        (HEAD, "文件是空的"),
        ("<html><body>x</body></html>", "这其实是网页"),
        (HEAD + "\n" + "\n".join([INTRO] * 101), "文件超过 100 行"),
    ],
)
def test_what_is_no_table_is_refused_in_words(app: Flask, scene: Scene, text: str, words: str) -> None:
    page = sent(ClientRequest(app), scene, text, 422)
    assert words in " ".join(page.errors)


def test_a_programme_must_be_one_in_force(app: Flask, scene: Scene) -> None:
    browser = ClientRequest(app)
    browser.post("/plans", {"programme": str(uuid4()), "text": f"{HEAD}\n{INTRO}"}, status=422)


def test_the_template_can_be_read_again(app: Flask, scene: Scene) -> None:
    answer = ClientRequest(app).get("/plans/template.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["机构", "课程代码", "成果名称"] and len(rows) == 2
    with app.test_request_context():
        [outcome] = outcome_table.read_outcome_table(answer.data, "a.csv", {})
    assert (outcome.title, outcome.level, outcome.hours) == ("应用统计", "5", 64)
    assert EVERGREEN.credits(outcome.credits) == "4"


def test_trying_is_limited_in_its_rate(app: Flask, scene: Scene) -> None:
    limiter.reset()
    browser = ClientRequest(app)
    for status in [422] * 10 + [429]:
        browser.post("/plans", {"text": ""}, status=status)
    limiter.reset()

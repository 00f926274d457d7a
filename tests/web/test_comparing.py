"""Comparing courses: what staff see and decide, what anybody may read, and a table imported at the desk."""

import csv
import io

import pytest
from flask import Flask
from sqlmodel import col, select

from credit_bank.store import precedents
from credit_bank.store.precedents import PrecedentFilter
from credit_bank.store.tables import Precedent
from tests.web.client import ClientRequest
from tests.web.desks import Desk, upload
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent

HERE = "/desk/qinghe/comparing"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def table(*rows: str) -> bytes:
    file = io.StringIO()
    header = "来源院校|来源课程代码|来源课程名称|本校课程代码|本校课程名称|条件|生效日期"
    csv.writer(file).writerows(line.split("|") for line in (header, *rows))
    return file.getvalue().encode()


def imported(browser: ClientRequest, *rows: str) -> str:
    look = browser.follow(upload(browser, "qinghe", table(*rows), "对应.csv", "equivalences"))
    assert f"{len(rows)} 行都没有问题" in look.text, look.text
    done = browser.follow(browser.submit(look, {}, action=f"{look_path(look)}/confirm"))
    return done.text


def look_path(page: object) -> str:
    form = next(f for f in page.forms() if f.attrib.get("action", "").endswith("/confirm"))  # type: ignore[attr-defined]
    return form.attrib["action"].removesuffix("/confirm")


SCHOOLS = [f"学校{n}|A{n}|木工与榫卯|QH-001|示例课程 1|60 分以上|2025-03-01" for n in range(7)]


def test_a_table_is_imported_at_the_desk_and_compared_by(desk: Desk) -> None:
    both = desk.at(desk.admitted("qinghe"), Role.REGISTRAR, Role.REVIEWER)
    target = both.get("/institutions/qinghe/courses")
    assert "示例课程 1" in target.text
    text = imported(both, *SCHOOLS)
    assert "已导入：新增 7 条" in text and "木工与榫卯" in text and "60 分以上" in text
    found = both.get(f"{HERE}?title=木工与榫卯&school=别校")
    assert "7 所学校的《木工与榫卯》都认作 QH-001" in found.text
    assert "以下是机器建议，由人来决定" in found.text


def test_what_is_not_sure_is_a_lead_and_an_answer_is_a_precedent_at_once(desk: Desk) -> None:
    institution = desk.admitted("qinghe")
    both = desk.at(institution, Role.REGISTRAR, Role.REVIEWER)
    page = both.get(f"{HERE}?title=量子场论&school=别校&credits=4")
    assert "没有把握，不作建议" in page.text and "下面几门可以当作线索" in page.text
    first = next(f for f in page.forms() if f.attrib.get("action", "").endswith("/decide"))
    target = next(e.attrib["value"] for e in first.iter("input") if e.attrib.get("name") == "target")
    sent = {"title": "量子场论", "school": "别校", "credits": "4", "target": target, "conditions": "成绩良好"}
    again = both.follow(both.post(f"{HERE}/decide", {**sent, "answer": "accept"}))
    assert f"《量子场论》认作 {target}" in again.text
    assert f"1 所学校的《量子场论》都认作 {target}" in again.text
    with desk.database.reading() as session:
        [row] = session.exec(select(Precedent)).all()
        assert (row.origin, row.conditions, row.published_on) == ("comparison", "成绩良好", None)
        assert row.recorded_by is not None
        [noted] = session.exec(select(AuditEvent).where(col(AuditEvent.action) == "precedent.accepted")).all()
        assert noted.subject_id == row.id
    denied = both.follow(both.post(f"{HERE}/decide", {**sent, "answer": "deny"}))
    assert f"《量子场论》不是 {target}" in denied.text and f"没有认作 {target}" in denied.text
    with desk.database.reading() as session:
        [standing] = precedents.page(session, institution, PrecedentFilter())
        assert standing.decision == "denied"


def test_a_decision_needs_the_school_and_one_of_our_courses(desk: Desk) -> None:
    both = desk.at(desk.admitted("qinghe"), Role.REVIEWER)
    page = both.follow(both.post(f"{HERE}/decide", {"title": "陶艺", "target": "QH-001", "answer": "accept"}))
    assert "请填写“学校”" in page.text
    both.post(f"{HERE}/decide", {"title": "陶艺", "school": "别校", "target": "不存在", "answer": "accept"}, status=400)
    assert both.get(f"{HERE}?title=陶艺&credits=很多", status=422).errors


def test_a_registrar_compares_and_does_not_decide(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    assert "认定由复核员办理" in registrar.get(f"{HERE}?title=示例课程 1").text
    registrar.post(f"{HERE}/decide", {"title": "陶艺", "school": "别校", "target": "QH-001"}, status=404)


def test_the_course_comes_from_another_members_catalogue(desk: Desk) -> None:
    desk.admitted("other", name="别的学院")
    reviewer = desk.at(desk.admitted("qinghe"), Role.REVIEWER)
    page = reviewer.get(f"{HERE}/catalogues?of=other&q=课程 2")
    answer = reviewer.get(page.link("示例课程 2"))
    assert answer.element("school").attrib["value"] == "别的学院"
    assert answer.element("credits").attrib["value"] == "2"


def test_the_institution_says_how_sure_a_suggestion_must_be(desk: Desk) -> None:
    reviewer = desk.at(desk.admitted("qinghe"), Role.REGISTRAR, Role.REVIEWER)
    imported(reviewer, *SCHOOLS)
    asked = f"{HERE}?title=木工与榫卯&school=别校"
    reviewer.post(f"{HERE}/precision", {"percent": "99.9"})
    assert "没有把握，不作建议" in reviewer.get(asked).text
    page = reviewer.follow(reviewer.post(f"{HERE}/precision", {"percent": "50"}))
    assert "达到 50% 的把握才作建议" in page.text
    assert "建议认作 QH-001 示例课程 1" in reviewer.get(asked).text
    assert reviewer.post(f"{HERE}/precision", {"percent": "20"}, status=422).errors


def test_anybody_reads_what_was_published_and_nothing_else(desk: Desk) -> None:
    both = desk.at(desk.admitted("qinghe"), Role.REGISTRAR, Role.REVIEWER)
    anybody = ClientRequest(desk.app)
    assert "还没有学校公布过课程对应" in anybody.get("/equivalences").text
    imported(both, *SCHOOLS, "学校1|B1|陶艺||不予认定||2025-03-01")
    both.post(f"{HERE}/decide", {"title": "石雕", "school": "别校", "target": "QH-001", "answer": "accept"})
    page = anybody.get("/equivalences?to=qinghe")
    assert "木工与榫卯" in page.text and "不予认定" in page.text and "60 分以上" in page.text
    assert "石雕" not in page.text
    one = anybody.get("/equivalences?to=qinghe&from=学校1&q=陶")
    assert "陶艺" in one.text and "木工" not in one.text
    assert "没有列出，不等于不认" in anybody.get("/equivalences?to=qinghe&q=石雕").text
    with desk.database.reading() as session:
        row_id = session.exec(select(Precedent.id).where(col(Precedent.origin) == "comparison")).one()
    both.post(f"{HERE}/precedents/{row_id}/publish")
    assert "石雕" in anybody.get("/equivalences?to=qinghe&q=石雕").text
    page = both.get(f"{HERE}/precedents/{row_id}/withdraw")
    assert "石雕" in page.text
    both.post(f"{HERE}/precedents/{row_id}/withdraw", {"reason": ""}, status=422)
    both.post(f"{HERE}/precedents/{row_id}/withdraw", {"reason": "登记错了"})
    both.get(f"{HERE}/precedents/{row_id}/withdraw", status=404)
    assert "石雕" not in anybody.get("/equivalences?to=qinghe&q=石雕").text.replace("q=石雕", "")


def test_a_table_with_problems_is_shown_with_them(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    rows = ("学校1|A1|木工|QH-001|示例课程 1||去年", "学校1|||QH-001|示例课程 1||")
    page = registrar.follow(upload(registrar, "qinghe", table(*rows), "对应.csv", "equivalences"))
    assert "2 处要改" in page.text and "生效日期" in page.text and "没有写来源课程" in page.text
    template = registrar.get("/desk/qinghe/import/equivalences/template.xlsx", both_languages=False)
    assert template

"""The issuing desk: one outcome, a file, the list, status and the catalogue."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import col, select

from credit_bank import verifying
from credit_bank.identity import account_number
from credit_bank.report import Outcome as Found
from credit_bank.store import credentials
from credit_bank.store.tables import Credential, ImportBatch, Outcome
from tests.web.client import ClientRequest, Page
from tests.web.desks import NOBODY, Desk, course, details, outcomes_csv, upload
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent
from web.operations.tables import StagedFile
from web.publisher import publish_now


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def count(desk: Desk, table: type) -> int:
    with desk.database.reading() as session:
        return len(session.exec(select(table)).all())


def issue_one(browser: ClientRequest, desk: Desk, **changes: object) -> Page:
    holder = desk.learner("王小明")
    return browser.post("/desk/qinghe/issue", details(holder, **changes))


def test_one_outcome_from_the_number_to_a_credential_that_verifies(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    holder = desk.learner("王小明")
    start = registrar.get("/desk/qinghe/issue")
    step2 = registrar.submit(start, {"account": holder.number, "words": "课程 2"}, status=200)
    assert "王*明" in step2.text and "王小明" not in step2.text
    form = next(f for f in step2.forms() if f.attrib["action"].endswith("/details"))
    choice = next(e for e in form.iter("input") if e.attrib.get("type") == "radio").attrib["value"]
    step3 = registrar.submit(step2, {"course": choice}, action="/desk/qinghe/issue/details", status=200)
    assert step3.element("credits").attrib["value"] == "2"
    day = details(holder)["awarded"]
    step4 = registrar.submit(step3, {"awarded": day, "grade": "优秀"}, status=200)
    assert step4.h1 == "颁发前再看一眼" and "示例课程 2" in step4.text and "优秀" in step4.text
    assert count(desk, Outcome) == 0
    back = registrar.submit(step4, {"back": "1"}, action="/desk/qinghe/issue", status=303)
    page = registrar.follow(back)
    assert "证书已经颁发" in page.text and "等待签名确认" in page.text
    with desk.database.reading() as session:
        found = session.exec(select(Credential)).one()
        report = verifying.verify_document(session, desk.bank, verifying.open_document(session, desk.bank, found))
        assert report.outcome is Found.PASS
    publish_now(desk.database, desk.bank)
    assert "已签名确认" in registrar.get(back.location).text


def test_going_back_from_the_last_look_keeps_what_was_typed(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    holder = desk.learner()
    look = registrar.post("/desk/qinghe/issue/look", details(holder), status=200)
    form = next(f for f in look.forms() if f.attrib["action"] == "/desk/qinghe/issue")
    values = {"back": "1"}
    from tests.web.client import values_of

    again = registrar.post("/desk/qinghe/issue/details", {**values_of(form), **values}, status=200)
    assert again.element("title").attrib["value"] == "社区摄影班"
    assert again.element("credits").attrib["value"] == "1.5"


def test_the_same_outcome_sent_twice_is_issued_once(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    holder = desk.learner()
    first = registrar.post("/desk/qinghe/issue", details(holder))
    second = registrar.post("/desk/qinghe/issue", details(holder))
    assert first.location == second.location
    assert count(desk, Credential) == 1
    assert "没有重复颁发" in registrar.follow(second).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"credits": "2.51"}, "最小单位"),
        ({"credits": "two"}, "不是学分数"),
        ({"title": " "}, "请填写“成果名称”。"),
        ({"awarded": ["2999", "1", "1"]}, "不能在今天以后"),
        ({"awarded": ["2026", "2", "30"]}, "不是一个日期"),
        ({"valid_until": ["2020", "1", "1"]}, "有效期已经过了"),
        ({"category": "vocational"}, "没有颁发“职业证书”类成果的资格"),
        ({"hours": "-1"}, "0"),
    ],
)
def test_a_wrong_entry_is_said_at_its_field_and_nothing_is_recorded(
    desk: Desk, change: dict[str, object], sentence: str
) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    page = registrar.post("/desk/qinghe/issue/look", details(desk.learner(), **change), status=422)
    assert any(sentence in error for error in page.errors), page.errors
    assert count(desk, Outcome) == 0


def test_an_unknown_or_mistyped_number_is_told_apart(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    page = registrar.post("/desk/qinghe/issue/course", {"account": "123", "words": ""}, status=422)
    assert "12 位数字" in page.errors[0]
    page = registrar.post("/desk/qinghe/issue/course", {"account": NOBODY, "words": ""}, status=422)
    assert "没有找到这位学习者" in page.errors[0]


def test_another_institutions_registrar_finds_nothing(desk: Desk) -> None:
    own = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    stranger = desk.at(desk.admitted("other"), Role.REGISTRAR, Role.REVIEWER)
    outcome = issue_one(own, desk).location
    batch_id = _batch_id(desk)
    for path in (
        outcome,
        outcome.replace("/desk/qinghe/", "/desk/other/"),
        outcome.replace("/desk/qinghe/", "/desk/other/") + "/revoke",
        f"/desk/other/batches/{batch_id}",
        f"/desk/other/batches/{batch_id}/revoke",
        "/desk/qinghe/outcomes",
        "/desk/qinghe/import/outcomes",
    ):
        stranger.get(path, status=404)
    course_id = _course_of(desk, "qinghe")
    stranger.get(f"/desk/other/catalogue/{course_id}", status=404)
    stranger.post("/desk/other/issue/look", details(desk.learner(), course=str(course_id)), status=404)


def _batch_id(desk: Desk) -> UUID:
    with desk.database.reading() as session:
        return session.exec(select(ImportBatch.id).where(col(ImportBatch.kind) == "outcomes")).first() or UUID(int=0)


def _course_of(desk: Desk, handle: str) -> UUID:
    from credit_bank.store import courses, institutions

    with desk.database.reading() as session:
        found = institutions.find(session, handle)
        return courses.page(session, found.id)[0].id


def test_a_file_is_looked_at_then_issued_whole(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    people = [desk.learner(f"示例学员{n}") for n in "甲乙丙"]
    content = outcomes_csv([(p.number, f"示例学员{n}", "QH-001") for p, n in zip(people, "甲乙丙", strict=True)])
    uploaded = upload(registrar, "qinghe", content)
    preview = registrar.follow(uploaded)
    assert "3 行都没有问题" in preview.text
    assert preview.element("column-account").attrib["name"] == "column-account"
    assert count(desk, Outcome) == 0
    with desk.database.reading() as session:
        staged = session.exec(select(StagedFile)).one()
        assert staged.sealed is not None and people[0].number.encode() not in staged.sealed
    done = registrar.submit(preview, action=uploaded.location + "/confirm")
    page = registrar.follow(done)
    assert "已颁发 3 份证书" in page.text and "第 0 号" in page.text
    assert count(desk, Credential) == 3
    # Pressed again: the same result, nothing more.
    again = registrar.submit(preview, action=uploaded.location + "/confirm")
    assert again.location == done.location and count(desk, Credential) == 3
    with desk.database.reading() as session:
        assert session.exec(select(StagedFile)).one().sealed is None
        assert len(session.exec(select(AuditEvent).where(col(AuditEvent.action) == "outcomes.imported")).all()) == 1


def test_a_files_page_lists_its_rows_in_the_order_of_the_file(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    numbers = [desk.learner(f"示例学员{n}").number for n in range(6)]
    numbers = numbers[::2] + numbers[1::2]
    uploaded = upload(registrar, "qinghe", outcomes_csv([(number, "", "QH-001") for number in numbers]))
    page = registrar.follow(registrar.submit(registrar.follow(uploaded), action=uploaded.location + "/confirm"))
    assert page.texts(".//tbody/tr/td[2]") == [account_number.grouped(number) for number in numbers]


def test_one_bad_row_and_nothing_is_imported(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    good = desk.learner("示例学员")
    content = outcomes_csv(
        [(good.number, "示例学员", "QH-001"), (NOBODY, "没有这人", "QH-001"), (good.number, "别人", "QH-002")]
    )
    uploaded = upload(registrar, "qinghe", content)
    preview = registrar.follow(uploaded)
    assert "有 2 处要改" in preview.text and "没有这个账号" in preview.text and "姓名与账户登记的不一致" in preview.text
    assert not [f for f in preview.forms() if f.attrib["action"].endswith("/confirm")]
    refused = registrar.post(uploaded.location + "/confirm")
    assert "一行也没有导入" in registrar.follow(refused).text
    assert count(desk, Outcome) == count(desk, Credential) == 0


def test_what_went_wrong_between_look_and_confirmation_is_found(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    holder = desk.learner("示例学员")
    content = outcomes_csv([(holder.number, "示例学员", "QH-001")])
    first, second = upload(registrar, "qinghe", content), upload(registrar, "qinghe", content, "again.csv")
    assert "1 行都没有问题" in registrar.follow(second).text
    registrar.post(first.location + "/confirm")
    refused = registrar.post(second.location + "/confirm")
    assert "已经存过" in registrar.follow(refused).text
    assert count(desk, Credential) == 1


def test_a_staged_file_is_its_owners_alone(desk: Desk) -> None:
    institution = desk.admitted("qinghe")
    mine, colleague = desk.at(institution, Role.REGISTRAR), desk.at(institution, Role.REGISTRAR)
    content = outcomes_csv([(desk.learner("示例学员").number, "示例学员", "QH-001")])
    address = upload(mine, "qinghe", content).location
    colleague.get(address, status=404)
    colleague.get(address + "/problems.xlsx", status=404)
    for act in ("confirm", "columns", "discard"):
        colleague.post(f"{address}/{act}", status=404)
    assert count(desk, Credential) == 0
    mine.get(address)


def test_after_an_hour_a_staged_file_is_gone(desk: Desk) -> None:
    person = desk.staff("registrar", desk.admitted("qinghe"), Role.REGISTRAR)
    registrar = desk.browser(person)
    content = outcomes_csv([(desk.learner("示例学员").number, "示例学员", "QH-001")])
    address = upload(registrar, "qinghe", content).location
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61), tick=True):
        registrar = desk.browser(person)
        assert "只保留一小时" in registrar.get(address, status=410).text
        registrar.post(address + "/confirm", status=410)
        upload(registrar, "qinghe", content)
        assert count(desk, StagedFile) == 1
    assert count(desk, Credential) == 0


def test_columns_that_were_guessed_wrong_are_corrected(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    holder = desk.learner("示例学员")
    text = f"甲,乙,丙,丁\n{holder.number},示例学员,QH-001,2026-01-02\n"
    uploaded = upload(registrar, "qinghe", text.encode())
    preview = registrar.follow(uploaded)
    assert "处要改" in preview.text
    wanted = {"column-account": "甲", "column-name": "乙", "column-course_code": "丙", "column-awarded": "丁"}
    corrected = registrar.submit(preview, wanted, action=uploaded.location + "/columns")
    assert "1 行都没有问题" in registrar.follow(corrected).text


def test_the_problem_report_has_no_formula_in_it(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    evil = '=HYPERLINK("http://example.org","x")'
    text = f'学分账号,姓名,课程代码,获得日期\n100000000002,"{evil.replace(chr(34), chr(34) * 2)}",+1+1,2026-01-02\n'
    address = upload(registrar, "qinghe", text.encode()).location
    registrar.get(address)
    answer = registrar.client.get(address + "/problems.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert any(evil in str(c.value) for c in cells)
    assert all(c.data_type != "f" for c in cells)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件"), (b"%PDF-1.7", "不是表格文件"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls")],
)
def test_what_is_no_table_is_refused_at_the_upload(desk: Desk, content: bytes, sentence: str) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    form = registrar.get("/desk/qinghe/import/outcomes")
    sent = {"file": (io.BytesIO(content), "x.xlsx")}
    page = registrar.submit(form, sent, content_type="multipart/form-data", status=422)
    assert sentence in page.errors[0]
    assert count(desk, StagedFile) == 0


def test_a_catalogue_is_imported_and_a_changed_course_gets_a_version(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    text = "课程代码,课程名称,学分,类别\nQH-001,示例课程 1（新）,3,其他非学历\nQH-100,新课程,1,其他非学历\n"
    uploaded = upload(registrar, "qinghe", text.encode(), kind="catalogue")
    preview = registrar.follow(uploaded)
    assert "新课程 1 门" in preview.text
    page = registrar.follow(registrar.submit(preview, action=uploaded.location + "/confirm"))
    assert "新增 1 门，更新 1 门" in page.text
    detail = registrar.get(registrar.get("/desk/qinghe/catalogue?q=QH-001").link("示例课程 1（新）"))
    assert "第 2 版" in detail.text and "第 1 版" in detail.text
    assert registrar.get("/desk/qinghe/catalogue?q=nothing").text.count("没有找到") == 1


def test_the_templates_are_workbooks(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    for kind in ("outcomes", "catalogue"):
        answer = registrar.client.get(f"/desk/qinghe/import/{kind}/template.xlsx")
        assert load_workbook(io.BytesIO(answer.data)).sheetnames
    registrar.get("/desk/qinghe/import/people", status=404)


def test_registrars_suspend_reviewers_revoke(desk: Desk) -> None:
    institution = desk.admitted("qinghe")
    registrar, reviewer = desk.at(institution, Role.REGISTRAR), desk.at(institution, Role.REVIEWER)
    address = issue_one(registrar, desk).location
    assert "撤销和恢复由复核员办理" in registrar.get(address).text
    registrar.get(address + "/revoke", status=404)
    ask = registrar.get(address + "/suspend")
    assert registrar.submit(ask, {"reason": " "}, status=422).errors
    registrar.submit(ask, {"reason": "成绩待核实"})
    assert "成绩待核实" in reviewer.get(address).text
    registrar.get(address + "/reinstate", status=404)
    reviewer.submit(reviewer.get(address + "/reinstate"), {"reason": "已核实"})
    page = reviewer.follow(reviewer.submit(reviewer.get(address + "/revoke"), {"reason": "录错了人"}))
    assert "已撤销" in page.text and "录错了人" in page.text
    again = reviewer.submit(reviewer.get(address + "/revoke"), {"reason": "再来一次"}, status=409)
    assert "已经撤销" in again.errors[0]
    reviewer.get("/desk/qinghe/issue", status=404)
    with desk.database.reading() as session:
        found = session.exec(select(Credential)).one()
        assert [c.reason for c in credentials.changes(session, found)] == ["成绩待核实", "已核实", "录错了人"]


def test_a_whole_file_is_revoked_with_its_number_typed(desk: Desk) -> None:
    institution = desk.admitted("qinghe")
    registrar, reviewer = desk.at(institution, Role.REGISTRAR), desk.at(institution, Role.REVIEWER)
    people = [desk.learner(f"示例{n}") for n in "甲乙"]
    content = outcomes_csv([(p.number, f"示例{n}", "QH-001") for p, n in zip(people, "甲乙", strict=True)])
    address = registrar.post(upload(registrar, "qinghe", content).location + "/confirm").location
    registrar.get(address + "/revoke", status=404)
    ask = reviewer.get(address + "/revoke")
    page = reviewer.submit(ask, {"reason": "名单有误", "count": "3"}, status=422)
    assert "2 份" in page.errors[0]
    done = reviewer.follow(reviewer.submit(ask, {"reason": "名单有误", "count": "2"}))
    assert "已撤销 2 份证书" in done.text
    with desk.database.reading() as session:
        assert {o.state for o in session.exec(select(Outcome))} == {"revoked"}
    assert "已撤销" in reviewer.get("/desk/qinghe/outcomes?state=revoked").text


def test_the_list_is_narrowed_and_paged(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    people = [desk.learner("示例") for _ in range(2)]
    rows = [(p.number, "示例", f"QH-00{n}") for p in people for n in (1, 2, 3)]
    registrar.post(upload(registrar, "qinghe", outcomes_csv(rows)).location + "/confirm")
    assert "共 6 项" in registrar.get("/desk/qinghe/outcomes").text
    assert "共 3 项" in registrar.get(f"/desk/qinghe/outcomes?account={people[0].number}").text
    assert "共 2 项" in registrar.get("/desk/qinghe/outcomes?q=QH-003").text
    assert "没有找到" in registrar.get("/desk/qinghe/outcomes?state=revoked").text
    assert "12 位数字" in registrar.get("/desk/qinghe/outcomes?account=12").text
    registrar.get("/desk/qinghe/outcomes?page=7&state=nonsense")


def test_a_long_file_is_issued_in_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.views.desk import files

    monkeypatch.setattr(files, "BACKGROUND_ABOVE", 1)
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    people = [desk.learner("示例") for _ in range(3)]
    address = upload(registrar, "qinghe", outcomes_csv([(p.number, "示例", "QH-001") for p in people])).location
    working = registrar.post(address + "/confirm")
    assert working.location == address + "/working"
    with desk.app.app_context():
        files.background()._pool.submit(lambda: None).result(timeout=30)
    page = registrar.get(working.location)
    assert "办好了" in page.text
    assert "3" in registrar.get(page.link("看结果")).text
    assert registrar.post(address + "/confirm").location == page.link("看结果")
    assert count(desk, Credential) == 3
    part = registrar.get(
        working.location, headers={"HX-Request": "true", "HX-Request-Type": "partial"}, both_languages=False
    )
    assert "办好了" in part.html and "<html" not in part.html


def test_what_stops_a_long_file_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.views.desk import files

    monkeypatch.setattr(files, "BACKGROUND_ABOVE", 1)
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    rows = [(desk.learner("示例").number, "示例", "QH-001"), (NOBODY, "示例", "QH-001")]
    address = upload(registrar, "qinghe", outcomes_csv(rows)).location
    registrar.post(address + "/confirm")
    with desk.app.app_context():
        files.background()._pool.submit(lambda: None).result(timeout=30)
    assert "一行也没有导入" in registrar.get(address + "/working").text
    assert "没有这个账号" in registrar.get(address).text
    assert count(desk, Outcome) == 0


def test_variable_credit_asks_for_the_number(desk: Desk) -> None:
    from credit_bank import depositing
    from credit_bank.depositing import SourceFile

    institution = desk.admitted("qinghe", courses=0)
    with desk.writing() as session:
        depositing.import_catalogue(
            session, desk.bank, institution, [course(1, credits=20, most=60)], SourceFile("c", b"c", {})
        )
    registrar = desk.at(institution, Role.REGISTRAR)
    chosen = details(desk.learner(), course=str(_course_of(desk, "qinghe")), credits="4", hours="", level="")
    page = registrar.post("/desk/qinghe/issue/look", chosen, status=422)
    assert "1 到 3 之间" in page.errors[0]
    assert registrar.post("/desk/qinghe/issue/look", {**chosen, "credits": "2.5"}, status=200).h1 == "颁发前再看一眼"


def test_the_overview_counts(desk: Desk) -> None:
    institution = desk.admitted("qinghe")
    registrar = desk.at(institution, Role.REGISTRAR)
    registrar.get("/desk/qinghe/")
    issue_one(registrar, desk)
    assert "已颁发" in registrar.get("/desk/qinghe/").text
    assert "您是复核员" in desk.at(institution, Role.REVIEWER).get("/desk/qinghe/").text

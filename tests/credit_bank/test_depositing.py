"""Depositing: files against the ledger, all or nothing, every problem by row and column."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from credit_bank import admitting, depositing, issuing
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category
from credit_bank.report import ImportRefused
from credit_bank.store import courses
from credit_bank.store.tables import Course, ImportBatch, Institution, Outcome
from tests.banks import Clock, resident_id
from tests.credit_bank import cities
from web.database import Database

SHARED = Path(__file__).parents[3] / "shared" / "data" / "catalogues"
CATALOGUE = """课程代码,课程名称,学分,学时,等级,类别,课程简介
A101,书法入门,2,36,3,其他非学历,从握笔开始
A102,智能手机,1-2,18,1,其他非学历,打电话、挂号、付钱
"""


def _take_catalogue(db: Database, bank: Bank, institution: Institution, text: str) -> depositing.CatalogueImport:
    reading = read_catalogue(read_table(text.encode(), "目录.csv"))
    source = SourceFile("目录.csv", bytes(32), reading.mapping.as_dict())
    with db.writing() as session:
        return depositing.import_catalogue(session, bank, institution.id, reading.require(), source)


def test_a_catalogue_is_taken_once_and_a_changed_course_becomes_a_new_version(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
    first = _take_catalogue(db, bank, college, CATALOGUE)
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    again = _take_catalogue(db, bank, college, CATALOGUE)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    clock.advance(days=1)
    third = _take_catalogue(db, bank, college, CATALOGUE.replace("书法入门,2,", "书法入门,3,"))
    assert (third.new, third.changed, third.unchanged) == (0, 1, 1)
    with db.reading() as session:
        assert courses.count(session, college.id) == 2
        assert courses.current(session, college.id)["A101"].version == 2
        assert len(session.exec(select(Course)).all()) == 3


def test_outcomes_take_what_the_catalogue_knows(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
    _take_catalogue(db, bank, college, CATALOGUE)
    text = f"账号,姓名,课程代码,获得日期,成绩\n{person.account_number},示例甲,A101,2026年6月30日,优秀\n"
    reading = read_outcomes(read_table(text.encode("gb18030"), "成果.csv"), today=date(2026, 9, 1))
    with db.writing() as session:
        source = SourceFile("成果.csv", bytes(32), reading.mapping.as_dict())
        done = depositing.record_outcomes(session, bank, college.id, reading.require(), source)
        [row] = session.exec(select(Outcome)).all()
        assert (row.title, row.credits, row.hours, row.level, row.category) == ("书法入门", 40, 360, "3", "other")
        assert (row.batch_id, row.state) == (done.batch_id, "recorded")
        assert issuing.recorded_ids(session, college.id, done.batch_id) == [row.id]


def test_every_problem_is_named_and_nothing_is_taken(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        admitting.withdraw_accreditation(session, bank, college, Category.ACADEMIC)
        person = cities.learner(session, bank)
    _take_catalogue(db, bank, college, CATALOGUE)
    good = person.account_number
    rows = [
        cities.row(2, good),
        cities.row(3, "100000000008"),
        cities.row(4, good, name="别人", course_title="一"),
        cities.row(5, good, course_code="Z9", course_title=""),
        cities.row(6, good, course_code="A102", course_title="", credits=None),
        cities.row(7, good, course_code="A102", course_title="", credits=100, awarded=date(2026, 1, 1)),
        cities.row(8, good, category=Category.ACADEMIC, course_title="二"),
        cities.row(9, good, credits=None, course_title="三"),
        cities.row(10, good, category=None, course_title="四"),
        cities.row(11, good),
    ]
    with db.reading() as session:
        previewed = depositing.preview_outcomes(session, bank, college.id, rows, cities.SOURCE.headers)
    with db.writing() as session, pytest.raises(ImportRefused) as caught:
        cities.record(session, bank, college.id, *rows)
    found = [(p.row, p.column, p.code) for p in caught.value.problems]
    assert found == [
        (3, "账号", "account_unknown"),
        (4, None, "name_differs"),
        (5, None, "course_unknown"),
        (6, "学分", "credits_missing"),
        (7, "学分", "credits_outside_course"),
        (8, None, "category_not_accredited"),
        (9, "学分", "credits_missing"),
        (10, None, "category_missing"),
        (11, "获得日期", "outcome_known"),
    ]
    assert [(p.row, p.code) for p in previewed] == [(row, code) for row, _, code in found]
    with db.reading() as session:
        assert session.exec(select(Outcome)).all() == []
        assert [b.kind for b in session.exec(select(ImportBatch))] == ["catalogue"]


def test_a_learner_is_found_by_document(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        facts = {"document_type": DocumentType.RESIDENT_ID, "document_number": resident_id(1), "name": "示例甲"}
        cities.record(session, bank, college.id, cities.row(2, None, **facts))
        [row] = session.exec(select(Outcome)).all()
        assert row.learner_id == person.id
        facts["document_number"] = resident_id(2)
        with pytest.raises(ImportRefused) as caught:
            cities.record(session, bank, college.id, cities.row(2, None, **facts))
    assert [p.code for p in caught.value.problems] == ["document_unknown"]


def test_the_same_course_on_the_same_day_is_one_outcome_within_a_file_too(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        with pytest.raises(ImportRefused) as caught:
            cities.record(
                session, bank, college.id, cities.row(2, person.account_number), cities.row(3, person.account_number)
            )
    assert [(p.row, p.code) for p in caught.value.problems] == [(3, "outcome_known")]


@pytest.mark.parametrize(("name", "count"), [("rpi.json", 1729), ("wcu.csv", 2512)])
def test_a_real_catalogue_goes_in_whole(sqlite_url: str, bank: Bank, name: str, count: int) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name}: not beside the project (shared/data)")
    db = Database(sqlite_url)
    with db.writing() as session:
        college = cities.found(session, bank)
    reading = read_catalogue(read_table(path.read_bytes(), name), defaults={"category": "academic", "language": "en"})
    with db.writing() as session:
        source = SourceFile(name, bytes(32), reading.mapping.as_dict())
        done = depositing.import_catalogue(session, bank, college.id, reading.require(), source)
        assert (done.new, done.changed, done.unchanged) == (count, 0, 0)
        again = depositing.import_catalogue(session, bank, college.id, reading.require(), source)
        assert (again.new, again.changed, again.unchanged) == (0, 0, count)
    db.dispose()

"""Precedents: a file whole or not at all, a decision at once, withdrawn and replaced ones; the index in step."""

import csv
import io
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlmodel import select

from credit_bank import admitting, depositing, recording_precedents
from credit_bank.bank import Bank
from credit_bank.comparing_courses import Comparisons
from credit_bank.depositing import SourceFile
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.equivalences import read_equivalences
from credit_bank.exchange.table import read_table
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.framework import Category
from credit_bank.recording_precedents import EquivalenceImport, record_precedent
from credit_bank.report import ImportRefused
from credit_bank.store import precedents
from credit_bank.store.precedents import PrecedentFilter
from credit_bank.store.tables import Institution, Precedent
from tests.banks import Clock, code
from tests.credit_bank import cities
from web.database import Database

HEADER = "来源院校|来源课程代码|来源课程名称|本校课程代码|本校课程名称|条件|生效日期|有效期至"
TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
CATALOGUE = "课程代码,课程名称,学分,等级,类别\n" + "".join(
    f"{code},{title},4,6,学历教育\n"
    for code, title in (
        ("MATH 101", "微积分（上）"),
        ("MATH 102", "微积分（下）"),
        ("PHIL 1", "伦理学"),
        ("CS 9", "数据结构"),
    )
)


def table(*rows: str, header: str = HEADER) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(line.split("|") for line in (header, *rows))
    return file.getvalue().encode()


def take(db: Database, bank: Bank, institution: Institution, *rows: str, header: str = HEADER) -> EquivalenceImport:
    found = read_equivalences(read_table(table(*rows, header=header)), strict=True).reading
    source = SourceFile("对应.csv", bytes(32), found.mapping.as_dict())
    with db.writing() as session:
        return recording_precedents.import_equivalences(
            session, bank, institution.id, found.require(), source, today=TODAY
        )


@pytest.fixture
def college(db: Database, bank: Bank) -> Institution:
    with db.writing() as session:
        found = cities.found(session, bank)
    reading = read_catalogue(read_table(CATALOGUE.encode()))
    with db.writing() as session:
        depositing.import_catalogue(session, bank, found.id, reading.require(), cities.SOURCE)
    return found


def decision(title: str, code: str, school: str = "甲校", *, denied: bool = False) -> Equivalence:
    return Equivalence((Described(school, "X", title),), (Described("", code, code),), denied=denied)


def said(db: Database, institution: Institution, *decisions: Equivalence, **how: object) -> list[UUID]:
    with db.writing() as session:
        return [
            record_precedent(session, institution.id, one, now=NOW, decided_by=None, **how).id  # type: ignore[arg-type]
            for one in decisions
        ]


def test_a_file_is_taken_once_and_a_changed_condition_replaces_the_row(
    db: Database, bank: Bank, college: Institution
) -> None:
    rows = ("甲校|A1|高等数学（一）|MATH 101|微积分（上）|60 分以上|2026-03-01|", "乙校|B1|陶艺||不予认定|||")
    first = take(db, bank, college, *rows)
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    again = take(db, bank, college, *rows)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    third = take(db, bank, college, rows[0].replace("60", "70"), rows[1])
    assert (third.new, third.changed, third.unchanged) == (0, 1, 1)
    with db.reading() as session:
        standing = precedents.page(session, college.id, PrecedentFilter())
        assert {(row.decision, row.conditions) for row in standing} == {("equivalent", "70 分以上"), ("denied", "")}
        assert {row.published_on for row in standing} == {date(2026, 3, 1), TODAY}
        assert len(session.exec(select(Precedent)).all()) == 3
        assert precedents.count(session, college.id, PrecedentFilter(words="高等数学")) == 1
        assert precedents.source_names(session, college.id, PrecedentFilter()) == ["乙校", "甲校"]


def test_problems_are_named_by_row_and_column_and_nothing_is_taken(
    db: Database, bank: Bank, college: Institution
) -> None:
    header = HEADER + "|接收院校"
    rows = (
        "甲校|A1|高数|MATH 101|微积分（上）||2026-03-01||别的学校",
        "试验学院|A2|高数|MATH 101|微积分（上）||||",
        "丙校|A3|高数|MATH 101|微积分（上）|及格|||",
        "丙校|A3|高数|MATH 101|微积分（上）|良好|||",
    )
    with pytest.raises(ImportRefused) as refused:
        take(db, bank, college, *rows, header=header)
    found = [(p.row, p.column, p.code) for p in refused.value.problems]
    assert found == [
        (2, "接收院校", "equivalence_of_another"),
        (3, "来源院校", "equivalence_of_itself"),
        (5, None, "equivalence_twice"),
    ]
    bad = ("甲校|A1|高数|MATH 101|微积分（上）||明年|", "甲校|||MATH 101|微积分（上）|||")
    reading = read_equivalences(read_table(table(*bad)), strict=True).reading
    assert {(p.row, p.column, p.code) for p in reading.problems} == {
        (2, "生效日期", "date_malformed"),
        (3, "来源课程代码", "equivalence_without_source"),
    }
    nowhere = read_equivalences(read_table(table("A1|MATH 101", header="来源课程|本校课程")), strict=True).reading
    assert [p.code for p in nowhere.problems] == ["equivalence_no_school"]
    with db.reading() as session:
        assert not session.exec(select(Precedent)).all()


def test_a_decision_is_a_precedent_at_once(db: Database, college: Institution) -> None:
    """Decided in one transaction, it is what the next comparison goes by; so is a denial; so is its withdrawal."""
    comparisons = Comparisons()
    asked = [Described("别校", "Q", "工程师的思维")]

    def first() -> tuple[str, float]:
        with db.reading() as session:
            found = comparisons.of(session, college.id, TODAY).compare(asked)
        return found.candidates[0].course.code, found.candidates[0].probability

    before = first()
    schools = [f"学校{n}" for n in range(5)]
    ids = said(db, college, *(decision("工程师的思维", "PHIL 1", school) for school in schools))
    code, sure = first()
    assert code == "PHIL 1" and sure > before[1]
    said(db, college, *(decision("工程师的思维", "PHIL 1", f"别的{n}", denied=True) for n in range(4)))
    code, less = first()
    assert less < sure
    with db.writing() as session:
        for precedent_id in ids:
            recording_precedents.withdraw(session, college.id, precedent_id, reason="误录", now=NOW, by=None)
    code, least = first()
    assert least < less


def test_later_decisions_are_added_to_the_index_that_is_there(db: Database, college: Institution) -> None:
    comparisons = Comparisons()
    with db.reading() as session:
        older = comparisons.of(session, college.id, TODAY)
    said(db, college, decision("概率", "CS 9"))
    with db.reading() as session:
        newer = comparisons.of(session, college.id, TODAY)
        assert newer.index is older.index and newer.precedents.pieces == 2
        assert comparisons.of(session, college.id, TODAY) is newer
    said(db, college, decision("统计", "STAT 7"))  # a course that no catalogue has
    with db.reading() as session:
        assert "STAT 7" in comparisons.of(session, college.id, TODAY).index.places


def test_a_changed_catalogue_makes_the_index_anew(db: Database, bank: Bank, college: Institution, clock: Clock) -> None:
    comparisons = Comparisons()
    with db.reading() as session:
        assert "NEW 1" not in comparisons.of(session, college.id, TODAY).index.places
    reading = read_catalogue(read_table((CATALOGUE + "NEW 1,陶艺,2,3,学历教育\n").encode()))
    with db.writing() as session:
        depositing.import_catalogue(session, bank, college.id, reading.require(), cities.SOURCE)
    with db.reading() as session:
        assert "NEW 1" in comparisons.of(session, college.id, TODAY).index.places


def test_what_is_valid_no_more_counts_no_more(db: Database, college: Institution) -> None:
    comparisons = Comparisons()
    said(db, college, decision("工程师的思维", "PHIL 1"), valid_until=TODAY)
    with db.reading() as session:
        assert len(comparisons.of(session, college.id, TODAY).precedents) == 1
        assert len(comparisons.of(session, college.id, date(2026, 9, 2)).precedents) == 0


def test_the_opposite_of_a_decision_replaces_it_and_the_same_changes_nothing(
    db: Database, college: Institution
) -> None:
    [first] = said(db, college, decision("高数", "MATH 101"))
    assert said(db, college, decision("高数", "MATH 101")) == [first]
    [denied] = said(db, college, decision("高数", "MATH 101", denied=True))
    with db.reading() as session:
        [standing] = precedents.page(session, college.id, PrecedentFilter())
        assert standing.id == denied and standing.decision == "denied"
        assert precedents.get(session, college.id, first).withdrawn_reason == "replaced"
        assert not precedents.page(session, college.id, PrecedentFilter(public_on=TODAY))
    with db.writing() as session:
        recording_precedents.publish(session, college.id, denied, day=TODAY)
    with db.reading() as session:
        assert precedents.with_public(session, TODAY) == {college.id}
        assert not precedents.page(session, college.id, PrecedentFilter(public_on=date(2026, 8, 31)))


def test_what_cannot_be_recorded_is_refused(db: Database, college: Institution) -> None:
    with pytest.raises(InvalidInput, match=r"precedent\.no_course"):
        said(db, college, Equivalence((Described("甲", "A", "A"),), ()))
    with pytest.raises(InvalidInput, match=r"precedent\.too_many_courses"):
        said(
            db, college, Equivalence(tuple(Described("甲", str(n), "A") for n in range(21)), (Described("", "B", "B"),))
        )
    [row] = said(db, college, Equivalence((Described("甲", "A", "陶艺"),), (), denied=True))
    with db.writing() as session:
        recording_precedents.withdraw(session, college.id, row, reason="误录", now=NOW, by=None)
        recording_precedents.withdraw(session, college.id, row, reason="再来", now=NOW, by=None)
        assert precedents.get(session, college.id, row).withdrawn_reason == "误录"
        with pytest.raises(Conflict, match=r"precedent\.withdrawn"):
            recording_precedents.publish(session, college.id, row, day=TODAY)
        with pytest.raises(Missing, match=r"precedent\.unknown"):
            precedents.get(session, college.id, college.id)
        with pytest.raises(InvalidInput, match=r"comparison\.precision"):
            recording_precedents.set_precision(session, college.id, 1000)
        recording_precedents.set_precision(session, college.id, 900)
        assert precedents.state(session, college.id).precision == 900


def test_an_index_is_given_up_where_all_together_are_too_many(db: Database, bank: Bank, college: Institution) -> None:
    with db.writing() as session:
        other = admitting.admit(
            session, bank, handle="other", name="别的学院", categories=[Category.OTHER], code=code(7), kind="university"
        )
    comparisons = Comparisons(most=4)
    said(db, other, decision("高数", "M 1"))
    with db.reading() as session:
        first = comparisons.of(session, college.id, TODAY)
        comparisons.of(session, other.id, TODAY)
        assert comparisons.of(session, college.id, TODAY) is not first

"""Tables of equivalences: other columns, other languages, alternatives and series, elective credit."""

import csv
import io
import json
from fractions import Fraction

import pytest
from openpyxl import Workbook

from credit_bank.exchange.course_cells import Named, course_names
from credit_bank.exchange.equivalences import EquivalenceTable, read_equivalences
from credit_bank.exchange.loose_header import equivalence_header
from credit_bank.exchange.table import Limits, read_table


def read(header: str, *rows: str, **how: str) -> EquivalenceTable:
    file = io.StringIO()
    csv.writer(file).writerows(line.split("|") for line in (header, *rows))
    return read_equivalences(read_table(file.getvalue().encode()), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header",
    [
        "source_institution|source_courses|source_titles|source_units|target_institution|target_courses|target_titles",
        "From College|Course|Course Title|Units|Receiving School|Equivalent Course|Equivalent Title",
        "转出院校|转出课程代码|转出课程名称|转出学分|转入院校|转入课程代码|转入课程名称",
        "sendingCollege|sendingCourse|sendingTitle|sendingCredits|uniSchool|uniCourse|uniTitle",
    ],
)
def test_columns_are_told_by_their_headers(header: str) -> None:
    found = read(header, "甲校|MA 1|Calculus|4.0|乙校|M 101|Calculus I", target="乙校")
    assert found.reading.problems == ()
    [decision] = found.decisions
    [source], [target] = decision.sources, decision.targets
    assert (source.institution, source.code, source.title, source.credits) == ("甲校", "MA 1", "Calculus", Fraction(4))
    assert (target.institution, target.code, target.title) == ("乙校", "M 101", "Calculus I")


def test_a_list_of_objects_that_prefixes_its_sides() -> None:
    rows = [{"bcCourse": "ACCT& 201", "bcTitle": "Accounting I", "uwEquivalent": "ACCTG 215", "uwTitle": "Accounting"}]
    found = read_equivalences(read_table(json.dumps({"courses": rows}).encode()), source="BC", target="UW")
    [decision] = found.decisions
    assert decision.sources[0].code == "ACCT& 201" and decision.source_institution == "BC"
    assert decision.targets[0].code == "ACCTG 215" and decision.target_institution == "UW"


def test_subject_and_number_in_two_columns() -> None:
    [decision] = read("school|subject|number|title|rpi_code|rpi_title", "A|MATH|12|Calculus|M 1|Calculus").decisions
    assert decision.sources[0].code == "MATH 12"


def test_together_and_instead() -> None:
    header = "source_course|source_title|target_course|conjunction"
    [both] = read(header, "A 1+A 2|One + Two|T 1|And").decisions
    assert [(c.code, c.title) for c in both.sources] == [("A 1", "One"), ("A 2", "Two")]
    assert [way.sources[0].code for way in read(header, "A 1 or B 1|One or Uno|T 1|").decisions] == ["A 1", "B 1"]
    assert [way.sources[0].code for way in read(header, "A 1+B 1|One + Uno|T 1|Or").decisions] == ["A 1", "B 1"]
    [amp] = read(header, "MATH& 151|One|T 1|").decisions
    assert amp.sources[0].code == "MATH& 151"


def test_elective_credit_and_rows_without_a_source_are_counted() -> None:
    found = read(
        "source_course|source_title|target_course|target_title",
        "A 1|One|B A 2XX|Elective Credit",
        "A 2|Two|T 2|Two",
        "A 3|Three||不予认定",
        "||T 4|Four",
        "A 5|Electrical Circuits|EE 5|Electrical Circuits",
    )
    assert [one.sources[0].code for one in found.decisions] == ["A 2", "A 5"]
    assert (found.elective, found.without_source) == (2, 1)


def test_what_is_missing_is_named_and_may_be_said() -> None:
    found = read("alpha|beta", "A 1|T 1")
    assert {problem.code for problem in found.reading.problems} == {"column_missing"}
    said = {"source_code": "alpha", "target_code": "beta"}
    [decision] = read("alpha|beta", "A 1|T 1", overrides=said).decisions  # type: ignore[arg-type]
    assert decision.targets[0].title == "T 1"
    for wrong, code in (({"nonsense": "alpha"}, "field_unknown"), ({"source_code": "gamma"}, "column_not_found")):
        problems = read("alpha|beta", "A 1|T 1", overrides=wrong).reading.problems  # type: ignore[arg-type]
        assert code in {problem.code for problem in problems}


def loosely(content: bytes, name: str = "t", **how: str) -> EquivalenceTable:
    return read_equivalences(read_table(content, name, limits=Limits(header=equivalence_header)), **how)  # type: ignore[arg-type]


def sides(found: EquivalenceTable) -> list[tuple[str, str, str, str]]:
    return [
        (one.source_institution, one.sources[0].code, one.sources[0].title, one.targets[0].title)
        for one in found.decisions
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_title_above_and_a_header_on_two_lines(encoding: str, separator: str) -> None:
    lines = (
        ("某某大学学分认定一览表",),
        ("序号", "原修课程", "", "", "认定课程", "", "备注"),
        ("", "课程名称", "学分", "学校名称", "课程名称", "学分", ""),
        ("1", "高等数学（一）", "4学分", "甲学院", "微积分上", "5 学分", "60 分以上"),
    )
    found = loosely("\n".join(separator.join(line) for line in lines).encode(encoding), target="大学")
    assert sides(found) == [("甲学院", "高等数学（一）", "高等数学（一）", "微积分上")]
    [one] = found.decisions
    assert (one.sources[0].credits, one.targets[0].credits, one.conditions) == (Fraction(4), Fraction(5), "60 分以上")


def test_a_spreadsheet_with_merged_cells_and_several_sheets() -> None:
    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("对照")
    for line in (["课程对照表"], ["原课程", None, "本校课程", None], ["名称", "代码", "名称", "代码"]):
        sheet.append(line)
    sheet.merge_cells("A1:D1")
    sheet.append(["大学英语B", "E1", "大学英语", "X1"])
    file = io.BytesIO()
    book.save(file)
    assert sides(loosely(file.getvalue(), source="甲")) == [("甲", "E1", "大学英语B", "大学英语")]


def test_headers_that_repeat_and_quotes_inside_cells() -> None:
    text = 'Course,Title,Units,Course,Title,Units\nA 1,5" Lathe,3 sem,B 1,Machining,4 qtr\n'
    [one] = loosely(text.encode(), source="S").decisions
    assert (one.sources[0].code, one.targets[0].code) == ("A 1", "B 1")
    assert (one.sources[0].credits, one.targets[0].credits) == (Fraction(3), Fraction(4))


NESTED = [
    (
        """{"Hudson": [{"transfer": [{"id": "M 1", "name": "Calculus"}], "rpi": [{"id": "MATH 10", "name": "Limits"}]}],
        "Other": [{"transfer": [{"id": "P 1", "name": "Poetry"}], "rpi": [{"id": "LIT 1", "name": "Poems"}]}]}""",
        [("Hudson", "M 1", "Calculus", "Limits"), ("Other", "P 1", "Poetry", "Poems")],
    ),
    (
        """{"sourceInstitution": "BC", "targetInstitution": "UW",
        "courses": [{"bcCourse": "A 1", "bcTitle": "One", "uwEquivalent": "T 1", "uwTitle": "Uno"}]}""",
        [("BC", "A 1", "One", "Uno")],
    ),
    (
        """[{"from": {"school": "S", "course": {"code": "A 1", "title": "One"}},
        "to": {"course": {"code": "T 1", "title": "Uno"}}}]""",
        [("S", "A 1", "One", "Uno")],
    ),
    (
        """[{"institution": "S", "articulations": [{"sending_course": "A 1", "sending_title": "One",
        "receiving_course": "T 1", "receiving_title": "Uno"}]}]""",
        [("S", "A 1", "One", "Uno")],
    ),
]


@pytest.mark.parametrize(("document", "expected"), NESTED)
def test_json_that_nests(document: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert sides(loosely(document.encode(), "t.json")) == expected


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("College|Course Code|Course Name|Transfers As|Transfer Title", "S|A 1|One|T 1|Uno"),
        ("institution_a|course_a|title_a|institution_b|course_b|title_b", "S|A 1|One|U|T 1|Uno"),
        ("course1|title1|school1|course2|title2", "A 1|One|S|T 1|Uno"),
        ("学校名称|替换课程代码|替换课程名称|被替换课程代码|被替换课程名称", "S|A 1|One|T 1|Uno"),
        ("外校名称|外校课程编号|外校课程名称|本校课程编号|本校课程名称|认定日期", "S|A 1|One|T 1|Uno|2025-01-01"),
        ("id|source_name|source_course|source_course_name|dest_course|dest_course_name|grade", "7|S|A 1|One|T 1|Uno|C"),
        ("Sending School|Sending Crs|Sending Course Name|Receiving Crs|Receiving Course Name", "S|A 1|One|T 1|Uno"),
    ],
)  # fmt: skip
def test_other_names_of_columns(header: str, row: str) -> None:
    content = "\n".join(line.replace("|", ",") for line in (header, row)).encode()
    assert sides(loosely(content)) == [("S", "A 1", "One", "Uno")]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("MATH 151 & 152", ["MATH 151", "MATH 152"]),
        ("MATH 1A, MATH 1B", ["MATH 1A", "MATH 1B"]),
        ("A101＋A102", ["A101", "A102"]),
        ("A101；A102", ["A101", "A102"]),
        ("A101、A102", ["A101", "A102"]),
        ("Statics and Dynamics", ["Statics and Dynamics"]),
        ("高等数学、线性代数", ["高等数学、线性代数"]),
        ("MATH 101 - Calculus I", ["MATH 101"]),
        ("高等数学（0701001）", ["0701001"]),
    ],
)
def test_courses_that_one_cell_names(cell: str, codes: list[str]) -> None:
    assert [code for code, _title in course_names(Named("", cell, "", False))] == codes


@pytest.mark.parametrize(
    ("codes", "titles", "named"),
    [
        ("CS 110C", "Data Structures: C++", [("CS 110C", "Data Structures: C++")]),
        ("CS 1+CS 2", "C++ + Java", [("CS 1", "C++"), ("CS 2", "Java")]),
        ("CS 1+CS 2", "Java+C++", [("CS 1", "Java"), ("CS 2", "C++")]),
        ("A101＋A102", "C＋＋程序设计＋数据结构", [("A101", "C++程序设计"), ("A102", "数据结构")]),
        ("", "C++程序设计", [("C++程序设计", "C++程序设计")]),
    ],
)
def test_the_signs_of_a_language_stand_between_no_courses(
    codes: str, titles: str, named: list[tuple[str, str]]
) -> None:
    """Once "C++" was read as "C" with two empty courses behind it."""
    assert course_names(Named("", codes, titles, True)) == named


def test_what_gives_nothing_is_a_denial_with_its_row() -> None:
    found = read(
        "source_course|source_title|target_course|target_title", "A 1|One||Does not transfer", "A 2|Two|T 2|Two"
    )
    assert [row.decision.denied for row in found.reading.rows] == [True, False]
    assert found.elective == 1 and len(found.decisions) == 1

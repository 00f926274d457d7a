"""Tables of equivalences: other columns, other languages, alternatives and series, elective credit."""

import csv
import io
import json
from fractions import Fraction

import pytest

from credit_bank.exchange.equivalences import EquivalenceTable, read_equivalences
from credit_bank.exchange.table import read_table


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

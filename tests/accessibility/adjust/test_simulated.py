"""What becomes of made-up people: needs are met, and who needs nothing is left in peace."""

import os

import pytest

from accessibility.__main__ import main
from accessibility.adjust.simulated import PEOPLE, table

MANY = 100 if os.environ.get("FULL") == "1" else 20


def test_needs_are_met_and_others_are_left_in_peace() -> None:
    rows = {row.person: row for row in table(people=MANY, days=90, seed=7)}
    assert rows[PEOPLE[0].name].needless < 0.6  # of a person and month
    for person in PEOPLE[1:4]:
        row = rows[person.name]
        assert row.met > 0.85 and row.median_days is not None and row.median_days < 21
        assert row.needless < 0.6
    assert rows[PEOPLE[4].name].met > 0.7


def test_the_command_prints_a_row_for_each_kind_of_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adjusting", "--people", "2", "--days", "20"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + len(PEOPLE) and printed[1].startswith(PEOPLE[0].name)

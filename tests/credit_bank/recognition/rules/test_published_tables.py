"""Real tables fit the format: rows of ASSIST and of Bellevue become rules, and the rules say what the rows say."""

import csv
import io

import pytest

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import read_ruleset, write_ruleset
from credit_bank.recognition.rules.lint import Surroundings, lint, publishable
from credit_bank.recognition.rules.ruleset import RuleSet
from tests.architecture.repository import ROOT
from tests.credit_bank.recognition.rules.cases import TODAY, course, found, held, programme
from tests.credit_bank.recognition.rules.published_tables import SAMPLE, assist_rules, bellevue_rules, read_json

SHARED = ROOT.parent / "shared" / "data" / "equivalences"
needs_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the project")
INTO = programme(*(course(code, "4") for code in ("MATH 1A", "MATH 54", "COMPSCI 61B")), institution="UCB")


def made(ruleset: RuleSet, institution: str, *codes: str) -> list[Candidate]:
    outcomes = [held(f"o{n}", institution=institution, code=one, title=one) for n, one in enumerate(codes)]
    return [one for one in found(outcomes, ruleset, into=INTO) if one.eligible]


def test_rows_of_assist_become_rules_that_say_the_same() -> None:
    ruleset = assist_rules(csv.DictReader(io.StringIO(SAMPLE)), "UCB")
    assert len(ruleset.rules) == 6
    assert publishable(lint([ruleset], Surroundings(TODAY, (INTO,))))
    assert [one.given[0].course for one in made(ruleset, "Columbia College", "MATH 18A")] == ["MATH 1A"]
    assert [len(one.spends) for one in made(ruleset, "Columbia College", "MATH 26", "MATH 28")] == [2]
    assert made(ruleset, "Columbia College", "MATH 26") == []
    for honours in ("MATH 150", "MATH 150H"):
        assert len(made(ruleset, "MiraCosta College", honours)) == 1
    assert len(made(ruleset, "MiraCosta College", "MATH 270", "MATH 265")) == 1
    assert [
        len(one.spends) for one in made(ruleset, "College of the Canyons", "CMPSCI 182", "CMPSCI 182L", "CMPSCI 236")
    ] == [3]
    assert made(ruleset, "College of Alameda", "CIS 27") == []


@needs_data
@pytest.mark.parametrize("receiver", ["UCB", "UCLA"])
def test_all_of_assist_is_read_written_and_applied(receiver: str) -> None:
    with (SHARED / "assist-four-majors.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["target_code"] == receiver]
    if not rows:
        pytest.skip("no rows of this receiver")
    ruleset = assist_rules(rows, receiver)
    assert read_ruleset(write_ruleset(ruleset, EVERGREEN)) == ruleset
    codes = sorted({one for row in rows for one in row["target_courses"].split("+")})
    into = programme(*(course(code, "4") for code in codes), institution=receiver)
    singles = [row for row in rows if row["conjunction"] == "single"][::25]
    for row in singles:
        outcome = held("o", institution=row["source_institution"], code=row["source_courses"], title="")
        targets = {
            frozenset(given.course for given in one.given)
            for one in found([outcome], ruleset, into=into)
            if one.eligible or any(reason.rule == "R17" for reason in one.reasons)
        }
        assert frozenset(row["target_courses"].split("+")) in targets, row


@needs_data
def test_bellevues_conditions_become_rules() -> None:
    document = read_json((SHARED / "bellevue-uw.json").read_text("utf-8"))
    ruleset = bellevue_rules(document)
    assert read_ruleset(write_ruleset(ruleset, EVERGREEN)) == ruleset
    codes = {one["uwEquivalent"]: str(one["uwCredits"]) for one in document["courses"]}
    into = programme(*(course(code, credits) for code, credits in codes.items()), institution="UW")

    def both(*taken: str) -> list[Candidate]:
        outcomes = [
            held(f"o{n}", institution="Bellevue College", code=code, title=code, credits="5")
            for n, code in enumerate(taken)
        ]
        return [one for one in found(outcomes, ruleset, into=into) if one.eligible]

    together = both("ACCT& 201", "ACCT& 202")
    assert together[0].rule.rule == "ACCT& 201 series" and len(together[0].spends) == 2
    assert [one.given[0].course for one in both("ANTH& 100")] == ["ANTH 100"]

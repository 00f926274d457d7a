"""A learner takes everything along: no table that holds something of a learner is forgotten."""

import json

from flask import Flask
from sqlmodel import SQLModel

from adaptive.store import personal_data
from credit_bank import applying
from tests.credit_bank import casework_city
from tests.web.people import Town
from web.workflows import case_export, learning_export

# What the portfolio's export says in other words, what names the person and not their learning, and what passes.
ELSEWHERE = {
    *("outcome", "credential", "leaf_opening", "subject", "identity_digest", "former_name", "share_link"),
    *("credit_journal", "credit_posting", "credit_use"),
    *("person", "consent"),
    "lti_moment",
}


def test_every_table_about_a_learner_is_in_the_export(app: Flask) -> None:
    about = {name for name, table in SQLModel.metadata.tables.items() if "learner_id" in table.columns}
    places = (personal_data.TABLES, learning_export.AROUND, case_export.TABLES)
    taken = {table.name for tables in places for table in tables.values()}
    assert about - taken == ELSEWHERE
    assert taken <= about


def test_the_export_can_be_downloaded(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    page = town.browser(holder.person_id).get("/portfolio/export.json", both_languages=False)
    learning = page.response.json["learning"]  # type: ignore[index]
    assert learning["certificates_asked_for"] == [] and learning["answers"] == []


def test_what_was_asked_for_and_decided_is_in_the_export_with_ones_own_words(app: Flask) -> None:
    town = Town(app)
    with town.writing() as session:
        city = casework_city.build(session, town.bank)
        outcome = casework_city.deposited(session, city)
        applying.recognition(session, town.bank, city.learner, outcome, statement="三年前学的。", by=None)
        told = case_export.everything(session, town.bank, city.learner)
        json.dumps(told)
    [case] = told["cases"]
    assert (case["kind"], case["statement"]) == ("recognition", "三年前学的。")
    assert [row["outcome_id"] for row in told["rests_on"]] == [str(outcome)]
    assert [row["action"] for row in told["steps"]] == ["submitted"]
    assert not any(name in row for rows in told.values() for row in rows for name in ("person_id", "sealed_statement"))

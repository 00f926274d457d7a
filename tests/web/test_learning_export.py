"""A learner takes everything along: no table that holds something of a learner is forgotten."""

from flask import Flask
from sqlmodel import SQLModel

from adaptive.store import personal_data
from tests.web.people import Town
from web.workflows import learning_export

# What the portfolio's export says in other words, what names the person and not their learning, and what passes.
ELSEWHERE = {
    *("outcome", "credential", "leaf_opening", "subject", "identity_digest", "former_name", "share_link"),
    *("person", "consent"),
    "lti_moment",
}


def test_every_table_about_a_learner_is_in_the_export(app: Flask) -> None:
    about = {name for name, table in SQLModel.metadata.tables.items() if "learner_id" in table.columns}
    taken = {table.name for table in (*personal_data.TABLES.values(), *learning_export.AROUND.values())}
    assert about - taken == ELSEWHERE
    assert taken <= about


def test_the_export_can_be_downloaded(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    page = town.browser(holder.person_id).get("/portfolio/export.json", both_languages=False)
    learning = page.response.json["learning"]  # type: ignore[index]
    assert learning["certificates_asked_for"] == [] and learning["answers"] == []

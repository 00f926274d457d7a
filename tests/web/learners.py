"""Learners for tests of the library, with and without the consent to keep their learning."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from tests.web.client import ClientRequest
from tests.web.people import Holder, Town
from web.accounts import consents

LIBRARY = Path(__file__).parents[1] / "library"


def keeping(town: Town, holder: Holder) -> Holder:
    """Let that learner agree to keeping their learning."""
    with town.writing() as session:
        consents.give(
            session,
            person_id=holder.person_id,
            learner_id=holder.learner_id,
            purpose="learning",
            language="zh-CN",
            now=datetime.now(UTC),
        )
    return holder


def reader(app: Flask, *, keeps: bool = True) -> tuple[Town, Holder, ClientRequest]:
    """A signed-in learner with a browser."""
    town = Town(app)
    holder = town.learner()
    if keeps:
        keeping(town, holder)
    return town, holder, town.browser(holder.person_id)

"""What a server starts: the application of the settings, on a database that fits, with its work in the background."""

import atexit
from functools import partial

from flask import Flask

from credit_bank import founding
from web import banking, learning, migrating
from web.app import create_app
from web.connections import webhooks
from web.database import database
from web.operations.index_keeper import IndexKeeper
from web.publisher import Publisher
from web.rounds import Rounds
from web.settings import Settings
from web.workflows import clock_work

TELLING, CLOCK = 15.0, 60.0
"""Seconds between two rounds of telling webhooks, and of looking what the clock asks for."""


def make() -> Flask:
    """A checked application with its work in the background running.

    Raises Conflict ``database.schema_old``, ``database.schema_unknown`` or ``founding.origin_changed``; InvalidInput
    ``key.unsealing_failed`` when the settings hold another key-encryption key than the database was made with.
    """
    settings = Settings()
    app = create_app(settings)
    with app.app_context():
        db = database()
    bank = banking.make_bank(settings)
    migrating.check(db.engine)
    with db.reading() as session:
        founding.check(session, bank)
    publisher = Publisher(db, bank, settings.publish_interval_seconds)
    telling = Rounds("notifier", TELLING, partial(webhooks.tell_due, db, bank, private=settings.connect_private))
    place = clock_work.Place(db, bank, settings.connect_private)
    clock = Rounds("timekeeper", CLOCK, partial(clock_work.do_due, place))
    shelves = learning.shelves_of(app)
    keeper = IndexKeeper(db, lambda: shelves.current().library)
    app.extensions["evergreen_index_keeper"] = keeper
    running: tuple[Publisher | Rounds | IndexKeeper, ...] = (publisher, telling, clock, keeper)
    for one in running:
        one.start()
        atexit.register(one.stop)
    return app

"""What a server starts: the application of the settings, on a database that fits, with its work in the background."""

import atexit

from flask import Flask

from credit_bank import founding
from web import banking, learning, migrating
from web.app import create_app
from web.database import database
from web.notifier import Notifier
from web.operations.index_keeper import IndexKeeper
from web.publisher import Publisher
from web.settings import Settings
from web.timekeeper import Timekeeper


def make() -> Flask:
    """A checked application with its publisher and its index keeper running.

    Raises Conflict ``database.schema_old``, ``database.schema_unknown`` or ``founding.origin_changed``; InvalidInput
    ``key.unsealing_failed`` when the settings hold another key-encryption key than the database was made with.
    """
    settings = Settings()
    app = create_app(settings)
    with app.app_context():
        db = database()
    migrating.check(db.engine)
    with db.reading() as session:
        founding.check(session, banking.make_bank(settings))
    publisher = Publisher(db, banking.make_bank(settings), settings.publish_interval_seconds)
    publisher.start()
    atexit.register(publisher.stop)
    notifier = Notifier(db, banking.make_bank(settings), private=settings.connect_private)
    notifier.start()
    atexit.register(notifier.stop)
    timekeeper = Timekeeper(db, banking.make_bank(settings), private=settings.connect_private)
    timekeeper.start()
    atexit.register(timekeeper.stop)
    shelves = learning.shelves_of(app)
    keeper = IndexKeeper(db, lambda: shelves.current().library)
    keeper.start()
    app.extensions["evergreen_index_keeper"] = keeper
    atexit.register(keeper.stop)
    return app

"""The index of passages, made by whoever asks first."""

import threading
from datetime import UTC, datetime

from adaptive import asking
from tests.adaptive.lessons import small_library
from web.database import Database

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_several_who_ask_first_make_one_index(db: Database) -> None:
    library, together = small_library(), threading.Barrier(4)
    failures: list[BaseException] = []

    def ask() -> None:
        together.wait(10)
        try:
            with db.writing() as session:
                asking.ensure_index(session, library, NOW)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with db.reading() as session:
        assert asking.has_index(session, library)

"""A program that issues credentials, one commit each, and says each id once it is committed; to be killed."""

import sys
from datetime import UTC, datetime
from uuid import UUID

from credit_bank import issuing
from tests.banks import Clock, fixed_bank
from web.database import Database


def say(line: str) -> None:
    """Tell whoever started this program."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(url: str, institution: str) -> None:
    """Issue all that is recorded."""
    db, bank = Database(url), fixed_bank(Clock(datetime(2026, 9, 1, 4, tzinfo=UTC)))
    with db.reading() as session:
        waiting = issuing.recorded_ids(session, UUID(institution))
    say("ready")
    for outcome_id in waiting:
        with db.writing() as session:
            [issued] = issuing.issue(session, bank, UUID(institution), [outcome_id])
        say(str(issued.credential_id))


if __name__ == "__main__":
    main(*sys.argv[1:])

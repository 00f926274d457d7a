"""``kill -9`` while credentials are issued: nothing acknowledged is lost, nothing doubled, no leaf is left alone."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from credit_bank import publishing, verifying
from credit_bank.bank import Bank
from credit_bank.log import merkle
from credit_bank.report import Outcome as Found
from credit_bank.store import credentials, log
from credit_bank.store.tables import Credential, Log, LogLeaf, Outcome
from tests.credit_bank import cities
from web.database import Database

ROOT = Path(__file__).parents[2]
KILLS = 25 if os.environ.get("FULL") else 3


def _issue_until_killed(url: str, institution: UUID, count: int, after: float) -> list[str]:
    program = [sys.executable, "-m", "tests.faults.issuing_forever", url, str(institution)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        said = [process.stdout.readline() for _ in range(count)]
        time.sleep(after)
        process.kill()
        return [line.strip() for line in (*said, *process.stdout) if line.endswith("\n")]


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        rows = [cities.row(n, person.account_number, course_title=f"第{n}课") for n in range(600)]
        cities.record(session, bank, college.id, *rows)
    url = db.engine.url.render_as_string(hide_password=False)
    acknowledged: list[str] = []
    chance = random.Random(7)
    for _ in range(KILLS):
        acknowledged += _issue_until_killed(url, college.id, chance.randrange(1, 8), chance.uniform(0, 0.03))
    assert len(acknowledged) >= KILLS

    with db.writing() as session:
        publishing.publish_all(session, bank)
    with db.reading() as session:
        stored = session.exec(select(Credential)).all()
        assert {str(c.id) for c in stored} >= set(acknowledged)
        assert len(acknowledged) == len(set(acknowledged))
        issued = session.exec(select(Outcome).where(Outcome.state == "issued")).all()
        assert {o.credential_id for o in issued} == {c.id for c in stored}
        leaves = session.exec(select(LogLeaf.sequence)).all()
        assert sorted(leaves) == list(range(len(stored)))
        assert sorted(c.log_sequence for c in stored) == sorted(leaves)
        assert len({(c.status_list_id, c.status_index) for c in stored}) == len(stored)
        size = session.exec(select(Log.size)).one()
        newest = log.latest_checkpoint(session, college.id)
        assert newest is not None
        assert newest.size == size == len(stored)
        entries = [log.entry(session, college.id, n) for n in range(size)]
        assert merkle.root([merkle.leaf_hash(e) for e in entries]) == newest.root
        for credential_id in acknowledged[-5:]:
            row = credentials.get(session, UUID(credential_id))
            document = verifying.open_document(session, bank, row)
            assert verifying.verify_document(session, bank, document).outcome is Found.PASS

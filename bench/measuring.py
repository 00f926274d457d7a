"""Clocks, raw limits and throw-away banks that the benchmarks share."""

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_bank import admitting, depositing, founding, opening
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category
from web.database import Database
from web.migrating import upgrade

SOURCE = SourceFile("bench.csv", bytes(32), {})


def rate(work: Callable[[], object], count: int) -> float:
    """Calls per second over ``count`` calls."""
    start = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - start)


def memory(field: str = "VmRSS") -> float:
    """What this process holds, a figure of /proc/self/status in MiB. Raises KeyError for an unknown field."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(field)


def fdatasync_rate(folder: Path, count: int = 300) -> float:
    """How many times a second this disk makes a 4 KiB append durable: the limit of single commits."""
    path = folder / "sync.bin"
    with path.open("wb", buffering=0) as file:

        def append() -> None:
            file.write(b"\x00" * 4096)
            os.fdatasync(file.fileno())

        append()
        return rate(append, count)


def sign_rate(count: int = 4000) -> float:
    """Bare Ed25519 signatures of 64 bytes a second on one core."""
    key = Ed25519PrivateKey.generate()
    return rate(lambda: key.sign(b"\x00" * 64), count)


def verify_rate(count: int = 3000) -> float:
    """Bare Ed25519 verifications of 64 bytes a second on one core."""
    key = Ed25519PrivateKey.generate()
    signature, public = key.sign(b"\x00" * 64), key.public_key()
    return rate(lambda: public.verify(signature, b"\x00" * 64), count)


def make_bank() -> Bank:
    """A bank with fresh secrets on the machine's clock."""
    return Bank(
        origin="http://localhost:8000",
        name="常青学分银行",
        kek=secrets.token_bytes(32),
        identity_keys={1: secrets.token_bytes(32)},
        clock=lambda: datetime.now(UTC),
        random_bytes=secrets.token_bytes,
        randbelow=secrets.randbelow,
    )


@contextmanager
def sqlite_bank() -> Iterator[tuple[Database, Bank, Path]]:
    """A migrated SQLite database in a temporary folder, with a founded bank."""
    with tempfile.TemporaryDirectory(prefix="evergreen-bench-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder}/bench.sqlite")
        upgrade(database.engine)
        bank = make_bank()
        with database.writing() as session:
            founding.found(session, bank)
        yield database, bank, folder
        database.dispose()


def record(
    database: Database, bank: Bank, *, learners: int, each: int, suite: str, handle: str = "bench-college"
) -> tuple[UUID, list[UUID], list[UUID]]:
    """An institution of that suite, learners, and ``each`` recorded outcomes a learner: ids of all three."""
    with database.writing() as session:
        college = admitting.admit(session, bank, handle=handle, name="测速学院", categories=list(Category))
        college.cryptosuite = suite
        session.add(college)
        people = []
        for n in range(learners):
            number = f"{handle.upper()}{n:08d}".replace("-", "X")[-20:]
            people.append(
                opening.open_account(
                    session, bank, name=f"测速{n}", document_type=DocumentType.PASSPORT, document_number=number
                )
            )
        rows = [
            OutcomeRow(
                row=n * each + m + 2,
                account=person.account_number,
                document_type=None,
                document_number=None,
                name="",
                course_code="",
                course_title=f"第 {m % 40 + 1} 门课程",
                awarded=date(2026, 6, 30) - timedelta(days=m * 15),
                credits=40 + m % 5 * 10,
                hours=360,
                hour_kind="contact",
                level=str(m % 6 + 1),
                category=list(Category)[m % 3],
                grade=str(60 + m % 40),
                valid_until=None,
                term="",
            )
            for n, person in enumerate(people)
            for m in range(each)
        ]
        done = depositing.record_outcomes(session, bank, college.id, rows, SOURCE)
        return college.id, [p.id for p in people], list(done.outcome_ids)

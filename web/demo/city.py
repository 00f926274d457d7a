"""The demo city: its files, and loading them through the same use cases that any institution's files go through."""

import csv
import hashlib
import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlmodel import Session

from credit_bank import admitting, depositing, issuing, revoking
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.cell import parse_document_type
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category
from credit_bank.store import institutions, learners, outcomes
from credit_bank.store.tables import Institution, Outcome
from web.accounts import consents, memberships, people
from web.accounts.roles import Role
from web.accounts.secrets import SecretHasher
from web.messages import CITY
from web.workflows import account_opening

CITY_FILES = files("web.demo") / "city"
PIN = "746205"
FOUNDED = datetime(1984, 9, 1, tzinfo=UTC)
ACCOUNT_SEED = 1984

Progress = Callable[[str, int, int], None]
"""Called with the step (secrets, accounts, catalogues, outcomes, issuing, learning, cases), how far it has come, and of
how much.
"""


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of the demo city, as ``residents.csv`` has them."""

    name: str
    document_type: DocumentType
    document_number: str
    story: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the city holds after loading."""

    residents: int
    institutions: int
    courses: int
    outcomes: int
    credentials: int


@cache
def residents() -> tuple[Resident, ...]:
    """Everybody of the city, the one who is there for the walk last."""
    text = (CITY_FILES / "residents.csv").read_text("utf-8")
    return tuple(
        Resident(r["姓名"], parse_document_type(r["证件类型"]), r["证件号码"], r["说明"])
        for r in csv.DictReader(text.splitlines())
    )


@cache
def organisations() -> tuple[dict[str, Any], ...]:
    """The institutions of the city, as ``institutions.toml`` has them."""
    return tuple(tomllib.loads((CITY_FILES / "institutions.toml").read_text("utf-8"))["institution"])


def is_loaded(session: Session) -> bool:
    """Whether the city is there. It is loaded in one transaction, so it is there whole or not at all."""
    return institutions.by_handle(session, organisations()[0]["handle"]) is not None


def hash_secrets(hasher: SecretHasher, progress: Progress) -> dict[str, str]:
    """The hash of everybody's secret, by document number or sign-in name.

    Slow by design, so done before the transaction begins.
    """
    wanted = {r.document_number: PIN for r in residents()}
    wanted |= {s["sign_in_name"]: s["password"] for o in organisations() for s in o.get("staff", ())}
    found: dict[str, str] = {}
    for n, (who, secret) in enumerate(wanted.items()):
        found[who] = hasher.hash(secret)
        progress("secrets", n + 1, len(wanted))
    return found


def load(session: Session, bank: Bank, hashes: Mapping[str, str], progress: Progress) -> Loaded:
    """Load the city in the caller's transaction."""
    now = bank.clock()
    admitted = {o["handle"]: _admit(session, bank, o, hashes, now) for o in organisations()}
    _open_accounts(session, bank, hashes, admitted["liuyin-centre"], progress)
    teaching = [o for o in organisations() if "catalogue" in o]
    courses = 0
    for n, entry in enumerate(teaching):
        courses += _import_catalogue(session, bank, admitted[entry["handle"]], entry["catalogue"])
        progress("catalogues", n + 1, len(teaching))
    recorded = issued = 0
    for n, entry in enumerate(teaching):
        institution = admitted[entry["handle"]]
        batch = _import_outcomes(session, bank, institution, entry["outcomes"])
        recorded += len(batch)
        progress("outcomes", n + 1, len(teaching))
        ready = _ready(session, institution, batch, entry.get("issue_before"), now.astimezone(CITY).date())
        issued += len(issuing.issue(session, bank, institution.id, ready, progress=_step(progress, "issuing")))
        for change in entry.get("change", ()):
            _change_status(session, bank, institution, change)
    return Loaded(len(residents()), len(admitted), courses, recorded, issued)


def _step(progress: Progress, name: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(name, done, total)


def _admit(
    session: Session, bank: Bank, entry: Mapping[str, Any], hashes: Mapping[str, str], now: datetime
) -> Institution:
    institution = admitting.admit(
        session,
        bank,
        handle=entry["handle"],
        name=entry["name"],
        name_en=entry["name_en"],
        code=entry["social_credit_code"],
        kind=entry["kind"],
        tier=entry["tier"],
        district=entry["district"],
        categories=[Category(c) for c in entry["categories"]],
        since=FOUNDED,
    )
    for member in entry.get("staff", ()):
        person = people.create(
            session,
            display_name=member["display_name"],
            secret_hash=hashes[member["sign_in_name"]],
            now=now,
            sign_in_name=member["sign_in_name"],
        )
        for role in member["roles"]:
            memberships.grant(
                session, person_id=person.id, institution_id=institution.id, role=Role(role), granted_by=None, now=now
            )
    return institution


def _open_accounts(
    session: Session, bank: Bank, hashes: Mapping[str, str], counter: Institution, progress: Progress
) -> None:
    """Open everybody's account at the community centre's counter.

    The account numbers come from a fixed seed, so that the demo, its documentation and its screenshots agree; they are
    names, not secrets.
    """
    seeded = replace(bank, randbelow=random.Random(ACCOUNT_SEED).randrange)  # noqa: S311 - see above
    officer = people.find(session, "centre")
    for n, who in enumerate(residents()):
        account_opening.open_account(
            session,
            seeded,
            name=who.name,
            document_type=who.document_type,
            document_number=who.document_number,
            secret_hash=hashes[who.document_number],
            agreed=consents.REQUIRED,
            language="zh-CN" if who.document_type is DocumentType.RESIDENT_ID else "en",
            now=bank.clock(),
            via="counter",
            assisted_by=officer.id if officer else None,
            institution_id=counter.id,
        )
        progress("accounts", n + 1, len(residents()))


def source_of(name: str, headers: Mapping[str, str]) -> SourceFile:
    """One of the city's files as an import names it."""
    return SourceFile(name, hashlib.sha256((CITY_FILES / name).read_bytes()).digest(), headers)


def _import_catalogue(session: Session, bank: Bank, institution: Institution, name: str) -> int:
    reading = read_catalogue(read_table((CITY_FILES / name).read_bytes(), name))
    source = source_of(name, reading.mapping.as_dict())
    return depositing.import_catalogue(session, bank, institution.id, reading.require(), source).new


def _import_outcomes(session: Session, bank: Bank, institution: Institution, name: str) -> tuple[UUID, ...]:
    today = bank.clock().astimezone(CITY).date()
    reading = read_outcomes(read_table((CITY_FILES / name).read_bytes(), name), today=today)
    source = source_of(name, reading.mapping.as_dict())
    return depositing.record_outcomes(session, bank, institution.id, reading.require(), source).outcome_ids


def _ready(
    session: Session, institution: Institution, ids: tuple[UUID, ...], before: date | None, today: date
) -> list[UUID]:
    """Those to issue: not the newest class, nor what has expired by the time the demo is run."""
    rows = {o.id: o for o in outcomes.by_id(session, institution.id, ids)}

    def is_ready(row: Outcome) -> bool:
        in_time = row.valid_until is None or row.valid_until >= today
        return in_time and (before is None or row.awarded_on < before)

    return [i for i in ids if is_ready(rows[i])]


def _change_status(session: Session, bank: Bank, institution: Institution, change: Mapping[str, Any]) -> None:
    digests = bank.identity_digests(DocumentType.RESIDENT_ID, change["document_number"])
    learner = learners.by_digest(session, digests)
    assert learner is not None
    held = outcomes.portfolio(session, learner.id, outcomes.PortfolioFilter(institution_id=institution.id))
    wanted = next(o for o, _ in held if o.code == change["course_code"])
    assert wanted.credential_id is not None
    revoking.change_status(
        session, bank, institution.id, wanted.credential_id, change["action"], reason=change["reason"]
    )

"""One credential walked through in the terminal: a file in, a credential out, checked, altered, revoked."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from credit_bank import depositing, issuing, revoking, verifying
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.identity.account_number import grouped
from credit_bank.issuing import Issued
from credit_bank.report import Outcome, VerificationReport
from credit_bank.sentences import sentence
from credit_bank.store import institutions, learners, outcomes
from credit_bank.store.tables import Learner
from web.database import Database
from web.demo import city
from web.messages import CITY
from web.publisher import publish_now

INSTITUTION = "liuyin-centre"
COURSE = "LY404"
LAST_DAY = date(2026, 10, 31)
MARKS = {Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.UNCHECKED: "?", Outcome.NOT_APPLICABLE: "–"}


class Speaker(Protocol):
    """Whoever says the walk's sentences (``cli.walk.*``)."""

    @property
    def locale(self) -> str:
        """The language: zh-CN or en."""

    def say(self, key: str, /, **parameters: object) -> None:
        """Say the sentence of that key."""

    def line(self, text: str = "") -> None:
        """Say a line as it is."""


def was_walked(session: Session, bank: Bank) -> bool:
    """Whether the walk has been made in this database."""
    return _walks(session, bank) > 0


def walk(db: Database, bank: Bank, out: Speaker, folder: Path) -> None:
    """Walk a fresh outcome of the resident 试一试 through; the file and the credential stay in ``folder``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.say("walk.title")
    outcome_id = _import(db, bank, out, folder)
    issued = _issue(db, bank, out, folder, outcome_id)
    out.say("walk.verify")
    _tell(out, _verify(db, bank, issued.document))
    altered, place = alter(issued.document)
    out.say("walk.alter", before=place[0], after=place[1])
    _tell(out, _verify(db, bank, altered), only_failures=True)
    with db.writing() as session:
        place_id = institutions.find(session, INSTITUTION).id
        reason = "演示：登记错了人" if out.locale == "zh-CN" else "Demo: recorded for the wrong person"
        revoking.change_status(session, bank, place_id, issued.credential_id, "revoke", reason=reason)
    publish_now(db, bank)
    out.say("walk.revoke", reason=reason)
    _tell(out, _verify(db, bank, issued.document), only_failures=True)


def alter(document: bytes) -> tuple[bytes, tuple[str, str]]:
    """The document with one byte changed, the first digit of the credits earned; and that place before and after."""
    credits = json.loads(document)["credentialSubject"]["creditsEarned"]
    marker = b'"creditsEarned":'
    at = document.index(marker) + len(marker)
    while not document[at : at + 1].isdigit():
        at += 1
    changed = document[:at] + b"9" + document[at + 1 :]
    after = json.loads(changed)["credentialSubject"]["creditsEarned"]
    return changed, (f"creditsEarned {credits}", f"creditsEarned {after}")


def _learner(session: Session, bank: Bank) -> Learner:
    who = city.residents()[-1]
    found = learners.by_digest(session, bank.identity_digests(who.document_type, who.document_number))
    assert found is not None
    return found


def _walks(session: Session, bank: Bank) -> int:
    wanted = outcomes.PortfolioFilter(words=COURSE)
    return outcomes.portfolio_size(session, _learner(session, bank).id, wanted)


def _import(db: Database, bank: Bank, out: Speaker, folder: Path) -> UUID:
    with db.reading() as session:
        learner, earlier = _learner(session, bank), _walks(session, bank)
        account, name = grouped(learner.account_number), learner.name
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["学分账号", "姓名", "课程代码", "成绩", "获得日期"])
    awarded = LAST_DAY - timedelta(days=earlier)
    writer.writerow([account, name, COURSE, "结业", awarded.isoformat()])
    file = folder / "outcome.csv"
    file.write_text(text.getvalue(), "utf-8")
    out.say("walk.import", file=file)
    for line in text.getvalue().splitlines():
        out.line(f"     {line}")
    content = file.read_bytes()
    reading = read_outcomes(read_table(content, file.name), today=bank.clock().astimezone(CITY).date())
    source = SourceFile(file.name, hashlib.sha256(content).digest(), reading.mapping.as_dict())
    with db.writing() as session:
        place = institutions.find(session, INSTITUTION).id
        taken = depositing.record_outcomes(session, bank, place, reading.require(), source)
    return taken.outcome_ids[0]


def _issue(db: Database, bank: Bank, out: Speaker, folder: Path, outcome_id: UUID) -> Issued:
    with db.writing() as session:
        place = institutions.find(session, INSTITUTION).id
        (issued,) = issuing.issue(session, bank, place, [outcome_id])
    publish_now(db, bank)
    file = folder / "credential.json"
    file.write_bytes(issued.document)
    proof = json.loads(issued.document)["proof"]
    suite = (proof[0] if isinstance(proof, list) else proof)["cryptosuite"]
    out.say("walk.issue", credential=issued.credential_id.urn[:17], suite=suite, file=file)
    return issued


def _verify(db: Database, bank: Bank, document: bytes) -> VerificationReport:
    with db.reading() as session:
        return verifying.verify_document(session, bank, document)


def _tell(out: Speaker, report: VerificationReport, *, only_failures: bool = False) -> None:
    for check in report.checks:
        if only_failures and check.outcome is not Outcome.FAIL:
            continue
        name = sentence(f"check.name.{check.name}", out.locale)
        finding = sentence(f"check.{check.code}", out.locale, **check.parameters)
        out.say("walk.check", mark=MARKS[check.outcome], number=check.number, name=name, finding=finding)
    out.line("     " + sentence(f"check.verdict.{report.outcome}", out.locale))

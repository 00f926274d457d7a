"""A small bank in a database: an institution accredited for everything, and learners; for tests of the use cases."""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from credit_bank import admitting, depositing, founding, opening
from credit_bank.bank import Bank
from credit_bank.depositing import OutcomeImport, SourceFile
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category
from credit_bank.store.tables import Institution, Learner
from tests.banks import code, resident_id

SOURCE = SourceFile("测试.csv", b"\x00" * 32, {"awarded": "获得日期", "account": "账号", "credits": "学分"})


def found(session: Session, bank: Bank, handle: str = "test-college", serial: int = 1) -> Institution:
    """A founded bank with one institution."""
    founding.found(session, bank)
    name = "试验学院" if handle == "test-college" else f"试验学院（{handle}）"
    return admitting.admit(
        session, bank, handle=handle, name=name, categories=list(Category), code=code(serial), kind="university"
    )


def learner(session: Session, bank: Bank, serial: int = 1, name: str = "示例甲") -> Learner:
    """A learner with a resident ID of nobody."""
    return opening.open_account(
        session, bank, name=name, document_type=DocumentType.RESIDENT_ID, document_number=resident_id(serial)
    )


def row(number: int, account: str | None, **values: object) -> OutcomeRow:
    """A row of an outcomes file, with what a test does not care about filled in."""
    facts: dict[str, object] = {
        "row": number,
        "account": account,
        "document_type": None,
        "document_number": None,
        "name": "",
        "course_code": "",
        "course_title": "书法入门",
        "awarded": date(2026, 6, 30),
        "credits": 40,
        "hours": 360,
        "hour_kind": "contact",
        "level": "3",
        "category": Category.OTHER,
        "grade": "良好",
        "valid_until": None,
        "term": "",
    }
    return OutcomeRow(**{**facts, **values})  # type: ignore[arg-type]


def record(session: Session, bank: Bank, institution_id: UUID, *rows: OutcomeRow) -> OutcomeImport:
    """Record rows as an import would."""
    return depositing.record_outcomes(session, bank, institution_id, rows, SOURCE)

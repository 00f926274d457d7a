"""An institution with keys, a catalogue and staff at its desk, for tests of pages."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from credit_bank import admitting, depositing, founding
from credit_bank.depositing import SourceFile
from credit_bank.exchange.catalogue import CourseRow
from credit_bank.identity import account_number
from credit_bank.recognition.framework import Category
from tests.web.client import ClientRequest, Page
from tests.web.people import Holder, Town
from web.accounts.roles import Role

AWARDED = date.today() - timedelta(days=30)  # noqa: DTZ011


def course(n: int, *, credits: int | None = 40, most: int | None = None, title: str | None = None) -> CourseRow:
    """A course of a catalogue: two credits, unless given."""
    return CourseRow(
        row=n + 1,
        code=f"QH-{n:03d}",
        title=title or f"示例课程 {n}",
        credits_min=credits,
        credits_max=most if most is not None else credits,
        hours=360,
        hour_kind="contact",
        level="3",
        category=Category.OTHER,
        description="一门示例课程。",
        language="zh-CN",
        prerequisites="",
        subject="示例",
    )


class Desk(Town):
    """A town whose institutions are admitted, with keys and logs."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        with self.writing() as session:
            founding.found(session, self.bank)

    def admitted(self, handle: str, *, name: str = "示例学院", tier: str = "member", courses: int = 3) -> UUID:
        """An admitted institution that may issue "other", with a small catalogue."""
        with self.writing() as session:
            row = admitting.admit(session, self.bank, handle=handle, name=name, categories=[Category.OTHER], tier=tier)
            if courses:
                depositing.import_catalogue(
                    session, self.bank, row.id, [course(n) for n in range(1, courses + 1)], SourceFile("c", b"c", {})
                )
            return row.id

    def at(self, institution_id: UUID, *roles: Role) -> ClientRequest:
        """The browser of someone with roles there."""
        return self.browser(self.staff(self.somebody(), institution_id, *roles))


def details(holder: Holder, **changes: Any) -> dict[str, Any]:
    """The filled-in form of one outcome without a course."""
    values = {
        "account": holder.number,
        "course": "free",
        "title": "社区摄影班",
        "category": "other",
        "credits": "1.5",
        "hours": "27",
        "hour_kind": "contact",
        "level": "2",
        "grade": "合格",
        "term": "",
        "awarded": [str(AWARDED.year), str(AWARDED.month), str(AWARDED.day)],
        "valid_until": ["", "", ""],
    }
    return {**values, **changes}


# A well-formed number that no account has (the chance that one is given out: 1 in 90 thousand million).
NOBODY = "10000000000" + account_number.check_digit("10000000000")


def outcomes_csv(rows: list[tuple[str, str, str]]) -> bytes:
    """A file of outcomes: account number, name, course code."""
    lines = ["学分账号,姓名,课程代码,获得日期,成绩"]
    lines += [f"{account},{name},{code},{AWARDED.isoformat()},合格" for account, name, code in rows]
    return "\n".join(lines).encode()


def upload(browser: ClientRequest, handle: str, content: bytes, name: str = "名单.csv", kind: str = "outcomes") -> Page:
    """Upload a file by the page's own form, with the fields it has; the answer leads to its preview."""
    page = browser.get(f"/desk/{handle}/import/{kind}")
    return browser.submit(page, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")

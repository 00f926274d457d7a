"""Learning outcomes out of a table: who learnt what, when, and for how much credit, ready to be issued."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from credit_bank.errors import InvalidInput
from credit_bank.exchange.catalogue import CODE_LENGTH, EXAMPLE_CODE, TITLE_LENGTH
from credit_bank.exchange.cell import (
    CellError,
    parse_category,
    parse_credits,
    parse_document_type,
    parse_hour_kind,
    parse_hours,
    parse_level,
)
from credit_bank.exchange.cell_date import parse_date
from credit_bank.exchange.findings import Findings, Reading
from credit_bank.exchange.headers import OUTCOMES
from credit_bank.exchange.mapping import map_columns, plain
from credit_bank.exchange.row_reader import RowReader, read_hours
from credit_bank.exchange.rows import Row, Table
from credit_bank.identity import account_number, document
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import EVERGREEN, Category, Framework, HourKind
from credit_bank.report import RowProblem

NAME_LENGTH = 100
SHORT_TEXT = 60


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome as its row says. ``row`` is the row's number in the file.

    The learner is named by account number, by document, or by both; the course by code, by title, or by both.
    ``credits`` is in the framework's smallest step, ``hours`` in tenths of an hour; None leaves either to the course.
    """

    row: int
    account: str | None
    document_type: DocumentType | None
    document_number: str | None
    name: str
    course_code: str
    course_title: str
    awarded: date
    credits: int | None
    hours: int | None
    hour_kind: HourKind | None
    level: str | None
    category: Category | None
    grade: str
    valid_until: date | None
    term: str


def read_outcomes(
    table: Table,
    *,
    today: date,
    framework: Framework = EVERGREEN,
    overrides: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading[OutcomeRow]:
    """Read outcomes whole; ``today`` is the civil date after which nothing can have been awarded.

    ``overrides`` and ``defaults`` as for ``read_catalogue``. Raises InvalidInput ``table.*`` where the file breaks off;
    everything else is a problem or a notice of the Reading.
    """
    findings = Findings()
    mapping = map_columns(table.columns, OUTCOMES, overrides, header_row=table.header_row)
    given = defaults or {}
    problems = list(mapping.problems)
    uncertain = {str(p.parameters.get("field")) for p in problems}
    for code, fields in (
        ("column_learner_missing", ("account", "document_number", "resident_id")),
        ("column_course_missing", ("course_code", "course_title")),
        ("column_awarded_missing", ("awarded",)),
    ):
        if not any(f in mapping.columns or f in given or f in uncertain for f in fields):
            problems.append(RowProblem(table.header_row, None, code))
    for problem in problems:
        findings.add(problem)
    if problems:
        return findings.reading([], mapping)
    if mapping.unused:
        findings.notice(0, None, "columns_unused", {"columns": ", ".join(mapping.unused)[:300]})
    reader = _OutcomeReader(RowReader(mapping, findings, given), framework, today)
    outcomes: list[OutcomeRow] = []
    for row in table.rows():
        before = findings.count
        outcome = reader.outcome(row)
        if outcome is not None and findings.count == before:
            outcomes.append(outcome)
    if not outcomes and not findings.count:
        findings.problem(0, None, "no_rows")
    return findings.reading(outcomes, mapping)


_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_RESIDENT_ID_SHAPE = re.compile(r"\d{17}[\dXx]")
_NEVER = frozenset(
    map(plain, ["长期", "长期有效", "永久", "永久有效", "无", "不限", "never", "none", "permanent", "lifetime"])
)


def _account(text: str) -> str:
    if _LOST_DIGITS.fullmatch(text):
        raise CellError("number_lost_digits")
    try:
        return account_number.parse(text)
    except InvalidInput as error:
        code = "account_check_digit" if error.code == "account.number_check_digit" else "account_malformed"
        raise CellError(code) from None


def _document(text: str, kind: DocumentType) -> str:
    if _LOST_DIGITS.fullmatch(text):
        raise CellError("number_lost_digits")
    try:
        return document.normalise(kind, text)
    except InvalidInput as error:
        # identity.resident_id_check_digit becomes resident_id_check_digit: no number is put into a problem.
        raise CellError(error.code.removeprefix("identity.")) from None


def _date_or_never(text: str) -> date | str:
    return "" if plain(text) in _NEVER else parse_date(text)


class _OutcomeReader:
    def __init__(self, reader: RowReader, framework: Framework, today: date) -> None:
        self._reader, self._framework, self._today = reader, framework, today
        self._seen: dict[tuple[str | None, str, date], int] = {}

    def outcome(self, row: Row) -> OutcomeRow | None:
        reader = self._reader
        reader.begin(row)
        account, kind, number = self._learner()
        code, title = reader.text("course_code", CODE_LENGTH), reader.text("course_title", TITLE_LENGTH)
        if code == EXAMPLE_CODE:
            reader.problem(None, "example_row")
        if not code and not title and not (reader.excused("course_code") or reader.excused("course_title")):
            reader.problem("course_code" if reader.column("course_code") else "course_title", "course_missing")
        name = reader.text("name", NAME_LENGTH)
        if not name and not reader.excused("name"):
            self._report_no_name(account)
        awarded, valid_until = self._dates()
        hours, hour_kind = read_hours(reader, parse_hours, parse_hour_kind, self._framework.hour_kind)
        credits = self._credits()
        level = reader.value("level", partial(parse_level, framework=self._framework))
        category = reader.value("category", parse_category)
        grade, term = reader.text("grade", SHORT_TEXT), reader.text("term", SHORT_TEXT)
        if awarded is None:
            return None
        self._check_repeated(account or number, code or title, awarded)
        return OutcomeRow(
            row.number, account, kind, number, name, code, title, awarded, credits, hours, hour_kind, level, category,
            grade, valid_until, term,
        )  # fmt: skip

    def _learner(self) -> tuple[str | None, DocumentType | None, str | None]:
        reader = self._reader
        account = reader.value("account", _account)
        if reader.text("resident_id", 100):
            kind: DocumentType | None = DocumentType.RESIDENT_ID
            return account, kind, reader.value("resident_id", partial(_document, kind=DocumentType.RESIDENT_ID))
        written = reader.text("document_number", 100)
        if not written:
            fields = ("account", "document_number", "resident_id")
            if not reader.text("account", 100) and not any(reader.excused(f) for f in fields):
                column = next((f for f in fields if reader.column(f)), None)
                reader.problem(column, "learner_missing")
            return account, None, None
        kind = reader.value("document_type", parse_document_type)
        if kind is None:
            if reader.text("document_type", 100) or reader.excused("document_type"):
                return account, None, None
            if not _RESIDENT_ID_SHAPE.fullmatch("".join(written.split())) and not _LOST_DIGITS.fullmatch(written):
                reader.problem("document_number", "document_type_missing")
                return account, None, None
            kind = DocumentType.RESIDENT_ID
        return account, kind, reader.value("document_number", partial(_document, kind=kind))

    def _report_no_name(self, account: str | None) -> None:
        if account is None and (self._reader.text("document_number", 100) or self._reader.text("resident_id", 100)):
            # A document number alone is one slip of the finger away from another person: the name must agree.
            self._reader.problem("name", "name_missing")
        else:
            self._reader.notice("name", "name_absent")

    def _dates(self) -> tuple[date | None, date | None]:
        reader = self._reader
        awarded = reader.value("awarded", parse_date)
        if awarded is None:
            if not reader.text("awarded", 100) and not reader.excused("awarded"):
                reader.problem("awarded", "value_missing", field="awarded")
        elif awarded > self._today:
            reader.problem("awarded", "date_future", text=awarded.isoformat(), today=self._today.isoformat())
        until = reader.value("valid_until", _date_or_never)
        valid_until = until if isinstance(until, date) else None
        if valid_until is not None and awarded is not None and valid_until < awarded:
            reader.problem("valid_until", "valid_until_before_awarded", text=valid_until.isoformat())
        return awarded, valid_until

    def _credits(self) -> int | None:
        found = self._reader.value("credits", partial(parse_credits, framework=self._framework))
        if found is None:
            return None
        if found[0] != found[1]:
            self._reader.problem("credits", "credits_range_in_outcome", text=self._reader.raw("credits").strip()[:40])
        elif found[0] == 0:
            self._reader.notice("credits", "credits_zero")
        return found[0]

    def _check_repeated(self, learner: str | None, course: str, awarded: date) -> None:
        if learner is None or not course:
            return
        first = self._seen.setdefault((learner, course, awarded), self._reader.number)
        if first != self._reader.number:
            self._reader.problem(None, "row_repeated", first=first)

"""A course catalogue out of a table: courses, certificates and activities that an institution may award credit for."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from credit_bank.exchange.cell import (
    parse_category,
    parse_credits,
    parse_hour_kind,
    parse_hours,
    parse_language,
    parse_level,
)
from credit_bank.exchange.cell_text import clean
from credit_bank.exchange.findings import Findings, Reading
from credit_bank.exchange.headers import CATALOGUE
from credit_bank.exchange.mapping import ColumnMapping, map_columns, plain
from credit_bank.exchange.row_reader import RowReader, read_hours
from credit_bank.exchange.rows import Row, Table
from credit_bank.recognition.framework import EVERGREEN, Category, Framework, HourKind

CODE_LENGTH = 60
TITLE_LENGTH = 300
TEXT_LENGTH = 20_000
EXAMPLE_CODE = "EXAMPLE-001"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One course as its row says. ``row`` is the row's number in the file.

    Credits are in the framework's smallest step, ``credits_min`` below ``credits_max`` where the course carries
    variable credit, both None where it is measured in hours alone; ``hours`` are tenths of an hour.
    """

    row: int
    code: str
    title: str
    credits_min: int | None
    credits_max: int | None
    hours: int | None
    hour_kind: HourKind | None
    level: str | None
    category: Category | None
    description: str
    language: str | None
    prerequisites: str
    subject: str


def read_catalogue(
    table: Table,
    *,
    framework: Framework = EVERGREEN,
    overrides: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading[CourseRow]:
    """Read a catalogue whole.

    ``overrides`` gives the header by field name, ``defaults`` the text that stands in where a field has no column or a
    blank cell (``{"category": "academic", "language": "zh-CN"}``). Where code, title and credits are packed into one
    column ("ABC 191.  Brass Class.  0.5 Credits."), they are taken apart. Raises InvalidInput ``table.*`` where the
    file breaks off; everything else is a problem or a notice of the Reading.
    """
    findings = Findings()
    mapping = map_columns(table.columns, CATALOGUE, overrides, header_row=table.header_row)
    packed = _is_packed(mapping, table)
    if packed:
        mapping = replace(
            mapping, missing=(), problems=tuple(p for p in mapping.problems if p.code != "column_missing")
        )
        findings.notice(0, mapping.header("title"), "title_packed")
    for problem in mapping.problems:
        findings.add(problem)
    if mapping.problems:
        return findings.reading([], mapping)
    if mapping.unused:
        findings.notice(0, None, "columns_unused", {"columns": ", ".join(mapping.unused)[:300]})
    reader = _CatalogueReader(RowReader(mapping, findings, defaults or {}), framework, packed)
    courses: list[CourseRow] = []
    for row in table.rows():
        before = findings.count
        course = reader.course(row)
        if findings.count == before:
            courses.append(course)
    if not courses and not findings.count:
        findings.problem(0, None, "no_rows")
    reader.notice_alike_subjects(findings)
    return findings.reading(courses, mapping)


_PACKED = re.compile(
    r"(?P<code>[^.]{2,40}?)\.\s+(?P<title>\S.*)\.\s+(?P<credits>[0-9][0-9.\s–—~-]*)\s*(?:credits?|units?)\.?",
    re.IGNORECASE | re.DOTALL,
)


def _is_packed(mapping: ColumnMapping, table: Table) -> bool:
    if "title" not in mapping.columns or {"code", "credits", "credits_min"} & mapping.columns.keys():
        return False
    first = next(iter(table.scan()), None)
    return first is not None and _unpacked(first.cells[mapping.columns["title"]]) is not None


def _unpacked(text: str) -> dict[str, str] | None:
    # The length is looked at first: the pattern's time grows with its square.
    if len(text) > CODE_LENGTH + TITLE_LENGTH + 60 or (match := _PACKED.fullmatch(clean(text)[0])) is None:
        return None
    return {name: found.strip() for name, found in match.groupdict().items()}


class _CatalogueReader:
    def __init__(self, reader: RowReader, framework: Framework, packed: bool) -> None:
        self._reader, self._framework, self._packed = reader, framework, packed
        self._rows_of_codes: dict[str, int] = {}
        self._subjects: dict[str, str] = {}
        self._alike: dict[str, tuple[str, int]] = {}

    def course(self, row: Row) -> CourseRow:
        reader = self._reader
        reader.begin(row)
        if self._packed:
            self._unpack()
        code = reader.required("code", CODE_LENGTH)
        title = reader.required("title", TITLE_LENGTH)
        self._check_code(code)
        least, most = self._credits()
        hours, hour_kind = read_hours(reader, parse_hours, parse_hour_kind, self._framework.hour_kind)
        if least is None and hours is None and not (reader.excused("credits") or reader.excused("hours")):
            self._report_no_amount()
        description = reader.text("description", TEXT_LENGTH, lines=True)
        if not description:
            reader.notice("description", "description_blank")
        return CourseRow(
            row=row.number,
            code=code,
            title=title,
            credits_min=least,
            credits_max=most,
            hours=hours,
            hour_kind=hour_kind,
            level=reader.value("level", partial(parse_level, framework=self._framework)),
            category=reader.value("category", parse_category),
            description=description,
            language=reader.value("language", parse_language),
            prerequisites=reader.text("prerequisites", TEXT_LENGTH, lines=True),
            subject=self._subject(),
        )

    def _unpack(self) -> None:
        parts = _unpacked(self._reader.raw("title"))
        if parts:
            self._reader.supply(parts)
        else:
            # The blanks that follow from it are no news of their own.
            self._reader.problem("title", "title_packed_malformed", text=self._reader.raw("title").strip()[:60])
            self._reader.supply({"code": "?", "title": "?", "credits": "0"})

    def _check_code(self, code: str) -> None:
        if not code or code == "?":
            return
        if code == EXAMPLE_CODE:
            self._reader.problem(None, "example_row")
        key = "".join(unicodedata.normalize("NFKC", code).casefold().split())
        first = self._rows_of_codes.setdefault(key, self._reader.number)
        if first != self._reader.number:
            self._reader.problem("code", "code_repeated", code=code, first=first)

    def _credits(self) -> tuple[int | None, int | None]:
        reader, parse = self._reader, partial(parse_credits, framework=self._framework)
        found = reader.value("credits", parse)
        if found is None:
            least, most = reader.value("credits_min", parse), reader.value("credits_max", parse)
            if least is None and most is None:
                return None, None
            found = (least or most or (0, 0))[0], (most or least or (0, 0))[1]
            if found[1] < found[0]:
                reader.problem("credits_max", "credits_range_reversed", text=reader.raw("credits_max").strip()[:40])
        if found == (0, 0):
            reader.notice("credits", "credits_zero")
        elif found[0] != found[1]:
            reader.notice("credits", "credits_variable")
        return found

    def _report_no_amount(self) -> None:
        # A cell that could not be read is reported already; only true blanks are missing.
        fields = ("credits", "credits_min", "credits_max", "hours", "contact_hours", "notional_hours")
        if not any(self._reader.text(f, 100) for f in fields):
            self._reader.problem("credits", "credits_and_hours_missing")

    def _subject(self) -> str:
        subject = self._reader.text("subject", TITLE_LENGTH)
        known = self._subjects.setdefault(plain(subject), subject)
        if known != subject:
            self._alike.setdefault(subject, (known, self._reader.number))
        return subject

    def notice_alike_subjects(self, findings: Findings) -> None:
        """Say which subjects differ only in punctuation, spaces or capitals: most likely one subject spelt twice."""
        if self._alike:
            (subject, (known, row)) = next(iter(self._alike.items()))
            findings.notice(row, self._reader.column("subject"), "subject_alike", {"one": known, "other": subject})

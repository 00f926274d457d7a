"""Importing 100,000 outcomes from CSV and XLSX: rows a second and peak memory, against bare csv and openpyxl.

Each part runs in a process of its own, so that its peak memory is its own.
"""

import csv
import io
import multiprocessing
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from bench import measuring
from credit_bank import depositing, opening
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.identity.document import DocumentType

HEADERS = ["账号", "姓名", "课程名称", "获得日期", "学分", "学时", "等级", "类别", "成绩"]
LEARNERS = 1000


def _rows(accounts: list[str], count: int) -> list[list[str]]:
    kinds = ("学历教育", "职业证书", "其他非学历")
    return [
        [
            accounts[n % len(accounts)],
            f"测速{n % len(accounts)}",
            f"第 {n // len(accounts) + 1} 门课程",
            (date(2026, 6, 30) - timedelta(days=n // len(accounts))).isoformat(),
            "2.5",
            "45",
            str(n % 9 + 1),
            kinds[n % 3],
            str(60 + n % 40),
        ]
        for n in range(count)
    ]


def _write(path: Path, rows: list[list[str]]) -> None:
    if path.suffix == ".csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEADERS, *rows])
        path.write_text(text.getvalue(), "utf-8-sig")
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("成果")
    for row in [HEADERS, *rows]:
        sheet.append(row)
    book.save(path)


def _in_process(work: Callable[..., int], *arguments: object) -> tuple[int, float, float]:
    """Rows, seconds and peak memory (MiB above the process's own start) of ``work`` in a fresh process."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_measured, args=(results, work, arguments))
    process.start()
    found: tuple[int, float, float] = results.get()
    process.join()
    return found


def _measured(results: object, work: Callable[..., int], arguments: tuple[object, ...]) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew: a fork inherits its parent's
    before = measuring.memory()
    start = time.perf_counter()
    rows = work(*arguments)
    seconds = time.perf_counter() - start
    results.put((rows, seconds, measuring.memory("VmHWM") - before))  # type: ignore[attr-defined]


def _bare(path: Path) -> int:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1


def _read(path: Path) -> int:
    with path.open("rb") as file:
        return len(read_outcomes(read_table(file, path.name), today=date(2026, 11, 21)).require())


def run(quick: bool) -> None:
    """Print rows a second, ratios to the bare reader of the format, and peak memory."""
    count = 10_000 if quick else 100_000
    with measuring.sqlite_bank() as (database, bank, folder):
        college, _, _ = measuring.record(database, bank, learners=1, each=1, suite="eddsa-jcs-2022")
        with database.writing() as session:
            people = [
                opening.open_account(
                    session,
                    bank,
                    name=f"测速{n}",
                    document_type=DocumentType.PASSPORT,
                    document_number=f"IMPORT{n:06d}",
                )
                for n in range(LEARNERS)
            ]
        rows = _rows([p.account_number for p in people], count)
        for name in ("outcomes.csv", "outcomes.xlsx"):
            path = folder / name
            _write(path, rows)
            read, seconds, memory = _in_process(_read, path)
            _, bare_seconds, bare_memory = _in_process(_bare, path)
            print(
                f"{path.suffix[1:]}: {read:,} rows ({path.stat().st_size / 1e6:.1f} MB) read and checked at "
                f"{read / seconds:,.0f}/s, {bare_seconds / seconds:.2f} × the bare reader; "
                f"peak +{memory:,.0f} MiB (bare +{bare_memory:,.0f} MiB)"
            )
        with (folder / "outcomes.csv").open("rb") as file:
            checked = read_outcomes(read_table(file, "outcomes.csv"), today=date(2026, 11, 21)).require()
        start = time.perf_counter()
        with database.writing() as session:
            depositing.record_outcomes(session, bank, college, checked, measuring.SOURCE)
        seconds = time.perf_counter() - start
        peak = measuring.memory("VmHWM")
        print(f"recorded in one commit at {count / seconds:,.0f} rows/s; peak of the process {peak:,.0f} MiB")
        sys.stdout.flush()

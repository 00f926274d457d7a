"""The lexicon as staff keep it: reading it, changing a word, undoing, whole files in and out."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from accessibility.voice.lexicon import CHINESE, Lexicon, Problem, base, problem_of
from credit_bank.store.types import new_id
from web.operations.speech_tables import SpeechWord

COLUMNS = ("word", "said")
MOST_ROWS, MOST_BYTES = 5_000, 500_000
FileProblem = Literal["not_text", "too_large", "header", "columns", "twice", "empty"]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row of a file; ``row`` counts from 1, the heading included; ``column`` may be empty."""

    row: int
    column: str
    code: Problem | FileProblem
    value: str = ""


def current(session: Session) -> Lexicon:
    """The lexicon that holds now: the program's own words, and what staff added."""
    newest, count = session.exec(select(func.max(SpeechWord.at), func.count()).select_from(SpeechWord)).one()
    if not count:
        return base()
    return _made(tuple(sorted((row.word, row.said) for row in entries(session) if row.said)), f"{newest}", count)


@lru_cache(maxsize=4)
def _made(entries: tuple[tuple[str, str], ...], _newest: str, _count: int) -> Lexicon:
    return base().with_entries(entries)


def entries(session: Session) -> list[SpeechWord]:
    """The newest row of each word, by word; those that were taken out among them."""
    newest: dict[str, SpeechWord] = {}
    for row in session.exec(select(SpeechWord).order_by(col(SpeechWord.at), col(SpeechWord.id))):
        newest[row.word] = row
    return [newest[word] for word in sorted(newest)]


def history(session: Session, word: str) -> list[SpeechWord]:
    """Every row of a word, the newest first."""
    mine = select(SpeechWord).where(col(SpeechWord.word) == word)
    return list(session.exec(mine.order_by(col(SpeechWord.at).desc(), col(SpeechWord.id).desc())))


def as_kept(word: str, said: str) -> tuple[str, str]:
    """An entry as it is kept: no space around, pinyin in small letters, one space between syllables."""
    word, said = word.strip(), " ".join(said.split())
    return (word, said.lower()) if CHINESE.fullmatch(word) else (word, said)


def change(session: Session, word: str, said: str | None, person_id: UUID, now: datetime) -> SpeechWord:
    """Say a word so from now on; None takes it out. Raises ValueError for what ``problem_of`` names."""
    if said is not None:
        word, said = as_kept(word, said)
        if (problem := problem_of(word, said)) is not None:
            raise ValueError(problem)
    row = SpeechWord(id=new_id(), word=word, said=said, at=now, person_id=person_id)
    session.add(row)
    session.flush()
    return row


def undo(session: Session, word: str, person_id: UUID, now: datetime) -> SpeechWord | None:
    """Say a word again as before its newest change; None when it never changed."""
    rows = history(session, word)
    if not rows:
        return None
    return change(session, word, rows[1].said if len(rows) > 1 else None, person_id, now)


def as_csv(session: Session) -> bytes:
    """What staff added, as CSV in UTF-8 with a mark, so that spreadsheets show it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows((row.word, row.said) for row in entries(session) if row.said)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def read_csv(data: bytes) -> tuple[list[tuple[str, str]], list[RowProblem]]:
    """The entries of a file, or what is wrong with it; nothing is taken unless all of it can be."""
    if len(data) > MOST_BYTES:
        return [], [RowProblem(0, "", "too_large")]
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return [], [RowProblem(0, "", "not_text")]
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != COLUMNS:
        return [], [RowProblem(1, "", "header", ", ".join(COLUMNS))]
    if len(rows) > MOST_ROWS:
        return [], [RowProblem(0, "", "too_large")]
    found, problems = _checked(rows[1:])
    if not found and not problems:
        problems = [RowProblem(1, "", "empty")]
    return ([], problems) if problems else (found, [])


def _checked(rows: Sequence[Sequence[str]]) -> tuple[list[tuple[str, str]], list[RowProblem]]:
    found: dict[str, tuple[str, str]] = {}
    problems = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(COLUMNS):
            problems.append(RowProblem(number, "", "columns", str(len(row))))
            continue
        word, said = as_kept(*row)
        problem = problem_of(word, said)
        if problem is not None:
            column = COLUMNS[0 if problem.startswith("word") else 1]
            problems.append(RowProblem(number, column, problem, word if column == "word" else said))
        elif word.upper() in found:
            problems.append(RowProblem(number, COLUMNS[0], "twice", word))
        found[word.upper()] = word, said
    return list(found.values()), problems


def take(session: Session, rows: Iterable[tuple[str, str]], person_id: UUID, now: datetime) -> int:
    """Add those of a file that are new or said otherwise; how many."""
    known = {row.word: row.said for row in entries(session)}
    changed = [(word, said) for word, said in rows if known.get(word) != said]
    for word, said in changed:
        change(session, word, said, person_id, now)
    return len(changed)

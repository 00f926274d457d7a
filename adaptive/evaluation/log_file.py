"""Reading response logs: CSV (plain or gzipped) or Parquet, one row an answer, with the columns of ``COLUMNS``.

Ids are any texts; several skills are separated by ``;``. Times are seconds and may be missing, as may the fold: then
learners are put into train (4 in 5) and test by a hash of their id. Errors name the row (the header is row 1) and the
column.
"""

import csv
import gzip
import hashlib
import io
import math
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adaptive.errors import InvalidInput, Missing, Unavailable
from adaptive.mastery.model import Asked, Event

COLUMNS = ("user_id", "item_id", "skill_ids", "correct", "presented_at", "answered_at", "fold")
NEEDED = COLUMNS[:4]
RIGHT, WRONG = frozenset({"1", "1.0", "true"}), frozenset({"0", "0.0", "false"})
FOLDS = {"train": 0, "test": 1, "": -1}
BATCH = 65_536
NOT_A_TIME = float("nan")


@dataclass(slots=True)
class Log:
    """Answers in columns, ordered by learner (in the order of their first answer, learners of ``train`` first) and
    time. ``users``, ``items`` and ``skill_sets`` are codes into the ``…_names``; times are NaN where missing.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    skill_sets: NDArray[np.int32]
    correct: NDArray[np.int8]
    presented_at: NDArray[np.float64]
    answered_at: NDArray[np.float64]
    user_names: list[str]
    item_names: list[str]
    skill_set_names: list[tuple[str, ...]]
    bounds: NDArray[np.int64]
    """Where each learner begins, and the end."""
    train_learners: int
    """How many learners, from the first on, are in ``train``; the others are in ``test``."""
    folds_hashed: bool

    def __len__(self) -> int:
        return len(self.users)

    @property
    def first_test_row(self) -> int:
        """Where ``test`` begins."""
        return int(self.bounds[self.train_learners])

    def history(self, learner: int) -> Iterator[Event]:
        """The events of the learner at that place."""
        first, last = int(self.bounds[learner]), int(self.bounds[learner + 1])
        names, sets = self.item_names, self.skill_set_names
        columns = (self.items, self.skill_sets, self.correct, self.presented_at, self.answered_at)
        for item, skills, right, asked, answered in zip(*(c[first:last].tolist() for c in columns), strict=True):
            at = None if asked != asked else asked
            yield Event(Asked(names[item], sets[skills], at), right == 1, None if answered != answered else answered)


def read_log(path: Path) -> Log:
    """Read a log. Raises Missing ``log.file_missing``; InvalidInput ``log.unreadable``, ``log.column_missing``,
    ``log.value_wrong``, ``log.row_short``, ``log.fold_mixed``, ``log.empty``; Unavailable ``log.parquet_missing``.
    """
    if not path.is_file():
        raise Missing("log.file_missing", name=path.name)
    try:
        rows = _parquet(path) if path.suffix == ".parquet" else _csv(path)
        return _Reading().read(rows)
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise InvalidInput("log.unreadable", name=path.name) from problem


def _csv(path: Path) -> Iterator[Sequence[str]]:
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        with io.TextIOWrapper(
            gzip.GzipFile(fileobj=raw) if zipped else raw,
            encoding="utf-8-sig",
            newline="",
        ) as text:
            reader = csv.reader(text)
            header = [name.strip() for name in next(reader, [])]
            places = _places(header)
            for number, row in enumerate(reader, start=2):
                if not row:
                    continue
                if len(row) < len(header):
                    raise InvalidInput("log.row_short", row=number, found=len(row), wanted=len(header))
                yield [row[place] if place >= 0 else "" for place in places]


def _places(header: Sequence[str]) -> list[int]:
    for name in NEEDED:
        if name not in header:
            raise InvalidInput("log.column_missing", column=name, found=", ".join(header)[:200])
    return [header.index(name) if name in header else -1 for name in COLUMNS]


def _parquet(path: Path) -> Iterator[Sequence[Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as problem:
        raise Unavailable("log.parquet_missing") from problem
    try:
        with parquet.ParquetFile(path) as file:
            header = file.schema_arrow.names
            _places(header)
            wanted = [name for name in COLUMNS if name in header]
            for batch in file.iter_batches(BATCH, columns=wanted):
                own = {name: batch.column(name).to_pylist() for name in wanted}
                nothing = [None] * batch.num_rows
                yield from zip(*(own.get(name, nothing) for name in COLUMNS), strict=True)
    except (ArrowException, OSError) as problem:
        raise InvalidInput("log.unreadable", name=path.name) from problem


def _text(value: Any) -> str:
    """An id as text: 3, 3.0 and "3" from Parquet are the same."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


class _Reading:
    """Columns while they are being read."""

    def __init__(self) -> None:
        self.users, self.items, self.sets = (dict[Any, int]() for _ in range(3))
        self.user_codes, self.item_codes, self.set_codes = array("i"), array("i"), array("i")
        self.correct, self.presented, self.answered = array("b"), array("d"), array("d")
        self.set_names: list[tuple[str, ...]] = []
        self.folds = array("b")

    def read(self, rows: Iterable[Sequence[Any]]) -> Log:
        for number, row in enumerate(rows, start=2):
            self._row(number, row)
        if not self.users:
            raise InvalidInput("log.empty")
        return self._log()

    def _row(self, number: int, row: Sequence[Any]) -> None:
        user, item, skills, correct, presented, answered, fold = row
        if type(user) is not str:
            user, item = _text(user), _text(item)
            skills = ";".join(map(_text, skills)) if isinstance(skills, list) else _text(skills)
            fold = _text(fold)
        if not user:
            raise _wrong(number, "user_id", user)
        if not item:
            raise _wrong(number, "item_id", item)
        right = str(correct).strip().lower()
        if right not in RIGHT and right not in WRONG:
            raise _wrong(number, "correct", correct)
        self.item_codes.append(self.items.setdefault(item, len(self.items)))
        self.set_codes.append(self._skill_set(skills))
        self.correct.append(right in RIGHT)
        self.presented.append(_time(number, "presented_at", presented))
        self.answered.append(_time(number, "answered_at", answered))
        self._learner(number, user, fold)

    def _skill_set(self, given: str) -> int:
        code = self.sets.get(given)
        if code is None:
            code = self.sets[given] = len(self.set_names)
            self.set_names.append(tuple(dict.fromkeys(name for part in given.split(";") if (name := part.strip()))))
        return code

    def _learner(self, number: int, user: str, fold: str) -> None:
        own = FOLDS.get(fold.strip().lower())
        if own is None:
            raise _wrong(number, "fold", fold)
        code = self.users.setdefault(user, len(self.users))
        if code == len(self.folds):
            self.folds.append(own)
        elif own >= 0 and self.folds[code] < 0:
            self.folds[code] = own
        elif own >= 0 and self.folds[code] != own:
            raise InvalidInput("log.fold_mixed", row=number, user=user)
        self.user_codes.append(code)

    def _log(self) -> Log:
        names = list(self.users)
        folds = np.frombuffer(self.folds, np.int8).copy()
        hashed = bool((folds < 0).all())
        for code in np.flatnonzero(folds < 0).tolist():
            folds[code] = _hashed_fold(names[code])
        place = np.empty(len(names), np.int32)
        order = np.argsort(folds, kind="stable")
        place[order] = np.arange(len(names), dtype=np.int32)
        users = place[np.frombuffer(self.user_codes, np.int32)]
        presented = np.frombuffer(self.presented, np.float64)
        rows = _in_order(users, presented)
        return Log(
            users[rows],
            np.frombuffer(self.item_codes, np.int32)[rows],
            np.frombuffer(self.set_codes, np.int32)[rows],
            np.frombuffer(self.correct, np.int8)[rows],
            presented[rows],
            np.frombuffer(self.answered, np.float64)[rows],
            [names[code] for code in order],
            list(self.items),
            self.set_names,
            np.concatenate([[0], np.cumsum(np.bincount(users, minlength=len(names)))]),
            int((folds == 0).sum()),
            hashed,
        )


def _in_order(users: NDArray[np.int32], presented: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows by learner and time; a learner with a time missing keeps the order of the file, as do ties."""
    timeless = np.zeros(int(users.max()) + 1, bool)
    timeless[users[np.isnan(presented)]] = True
    times = np.where(timeless[users], 0.0, presented)
    return np.lexsort((times, users))


def _hashed_fold(user: str) -> int:
    return int(hashlib.blake2b(user.encode(), digest_size=4).digest()[0] % 5 == 0)


def _time(number: int, column: str, given: Any) -> float:
    if given is None or given == "":
        return NOT_A_TIME
    try:
        value = float(given)
    except (TypeError, ValueError):
        raise _wrong(number, column, given) from None
    if math.isnan(value) and not isinstance(given, str):
        return NOT_A_TIME
    if not math.isfinite(value):
        raise _wrong(number, column, given)
    return value


def _wrong(number: int, column: str, value: Any) -> InvalidInput:
    return InvalidInput("log.value_wrong", row=number, column=column, value=str(value)[:60])

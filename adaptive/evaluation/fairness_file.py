"""The fairness report of a log: its answers with what was predicted, and an attribute of each learner as a column."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from adaptive.errors import InvalidInput, Missing
from adaptive.evaluation.fairness import FairnessReport, Judged, fairness
from adaptive.evaluation.log_file import RIGHT, read_log
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.terms import Shared, default_weights


def fairness_of_file(path: Path, attribute: str, shared: Shared | None = None) -> FairnessReport:
    """The report of a CSV file (plain or gzipped) by one of its columns.

    With a column ``predicted`` that is what was predicted online. Without it every answer is predicted now, by the
    model learning along from ``shared`` (or from the shipped weights). Raises Missing ``log.file_missing`` and
    InvalidInput ``log.column_missing``, ``log.value_wrong``, ``log.attribute_mixed``, ``log.attribute_empty``.
    """
    if not path.is_file():
        raise Missing("log.file_missing", name=path.name)
    header = next(_rows(path), (1, {}))[1]
    for name in ("user_id", "correct", attribute):
        if name not in header:
            raise InvalidInput("log.column_missing", column=name, found=", ".join(header)[:200])
    groups = _groups(path, attribute)
    if not any(groups.values()):
        raise InvalidInput("log.attribute_empty", column=attribute)
    rows = _as_predicted(path, groups) if "predicted" in header else _predicted_now(path, groups, shared)
    return fairness(rows, attribute)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        with io.TextIOWrapper(gzip.GzipFile(fileobj=raw) if zipped else raw, "utf-8-sig", newline="") as text:
            for number, row in enumerate(csv.DictReader(text), start=2):
                yield number, {key.strip(): value or "" for key, value in row.items() if isinstance(value, str | None)}


def _groups(path: Path, attribute: str) -> dict[str, str]:
    """What each learner said; two different things of one learner are a mistake in the file."""
    found: dict[str, str] = {}
    for number, row in _rows(path):
        user, value = row["user_id"].strip(), row[attribute].strip()
        if value and found.setdefault(user, value) != value:
            raise InvalidInput("log.attribute_mixed", row=number, user=user, column=attribute)
    return found


def _as_predicted(path: Path, groups: dict[str, str]) -> Iterator[Judged]:
    for number, row in _rows(path):
        try:
            p = float(row["predicted"])
        except ValueError:
            p = -1.0
        if not 0 <= p <= 1:
            raise InvalidInput("log.value_wrong", row=number, column="predicted", value=row["predicted"][:60])
        user = row["user_id"].strip()
        yield Judged(user, groups.get(user, ""), p, row["correct"].strip().lower() in RIGHT)


def _predicted_now(path: Path, groups: dict[str, str], shared: Shared | None) -> Iterator[Judged]:
    log, own = read_log(path), apart(shared or Shared(default_weights()))
    for number, user in enumerate(log.user_names):
        events = list(log.history(number))
        predictions = Learner(own).follow(events, adapting=True)
        for event, p in zip(events, predictions, strict=True):
            yield Judged(user, groups.get(user, ""), p, event.correct)

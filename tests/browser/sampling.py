"""Which of the pages and journeys a quick run goes through: some, others every day."""

import os
import zlib
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

T = TypeVar("T")
ROTATES = "rotates"
"""The mark of a test of which a quick run takes one of so many of its module."""
SHARE = 40
"""One page of so many is in a quick run."""


def seed() -> str:
    """What the sample follows from: ``PAGES_SEED``, or the day. Workers of one run inherit it."""
    return os.environ.setdefault("PAGES_SEED", date.today().isoformat())  # noqa: DTZ011


def sampled(all_of_them: Sequence[T], share: int = SHARE) -> Sequence[T]:
    """All with ``FULL=1``; otherwise every ``share``-th, beginning where the seed says."""
    if os.environ.get("FULL") == "1":
        return all_of_them
    return all_of_them[zlib.crc32(seed().encode()) % share :: share]

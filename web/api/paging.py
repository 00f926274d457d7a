"""Cursors: opaque to the program, checked when they come back."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from web.api.problems import ApiProblem, field_error


def write(*parts: object) -> str:
    """A cursor of these parts, none of which holds a ``|``."""
    return base64.urlsafe_b64encode("|".join(str(p) for p in parts).encode()).decode().rstrip("=")


def read_offset(cursor: str | None) -> int:
    """The offset in a cursor; 0 without one. Raises ApiProblem ``request.invalid``."""
    if cursor is None:
        return 0
    [text] = _parts(cursor, 1)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _refused()
    return int(text)


def read_moment(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The moment and row in a cursor; None without one. Raises ApiProblem ``request.invalid``."""
    if cursor is None:
        return None
    moment, row = _parts(cursor, 2)
    try:
        at, found = datetime.fromisoformat(moment), UUID(row)
    except ValueError:
        raise _refused() from None
    if at.tzinfo is None:
        raise _refused()
    return at, found


def _parts(cursor: str, count: int) -> list[str]:
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").split("|")
    except (binascii.Error, ValueError):
        raise _refused() from None
    if len(parts) != count:
        raise _refused()
    return parts


def _refused() -> ApiProblem:
    return ApiProblem("request.invalid", [field_error("request.cursor", parameter="cursor")])

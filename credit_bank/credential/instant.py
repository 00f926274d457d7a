"""Instants as credentials write them: ISO 8601 with seconds and an offset (XML Schema ``dateTimeStamp``)."""

import re
from datetime import UTC, datetime

from credit_bank.errors import InvalidInput

_STAMP = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?"
    r"(Z|[+-](?:0\d|1[0-4]):[0-5]\d)\Z",
    re.ASCII,
)


def parse_instant(value: object, field: str) -> datetime:
    """The instant, in UTC, to the microsecond. Raises InvalidInput ``credential.instant_malformed`` with the field."""
    match = _STAMP.match(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidInput("credential.instant_malformed", field=field)
    seconds, fraction, offset = match.groups()
    try:
        return datetime.fromisoformat(seconds + (fraction or "")[:7] + offset.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("credential.instant_malformed", field=field) from None


def format_instant(value: datetime, field: str) -> str:
    """The instant as UTC text in whole seconds. Raises InvalidInput ``credential.instant_without_offset``."""
    if value.tzinfo is None:
        raise InvalidInput("credential.instant_without_offset", field=field)
    return value.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"

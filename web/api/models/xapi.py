"""What the xAPI endpoint is asked, and how it answers."""

from typing import Any

from pydantic import Field

from web.api.models.base import Answer, Query

STATEMENTS: dict[str, Any] = {"description": "An xAPI statement, or a list of up to 500.", "type": ["object", "array"]}
IDS: dict[str, Any] = {
    "description": "The ids of the statements, in the order in which they were sent.",
    "type": "array",
    "items": {"type": "string", "format": "uuid"},
}


class StatementQuery(Query):
    """How many statements at most."""

    limit: int = Field(default=100, ge=1, le=500)


class StatementResult(Answer):
    """Statements as they are kept, without names of people. `more` is always empty: there is no next page."""

    statements: list[dict[str, Any]]
    more: str = ""

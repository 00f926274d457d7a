"""What the server writes to its log: events with codes, on standard error; lines for a person at a terminal, else JSON.

A traceback names files and lines and never the values of variables: those would be PINs, documents and keys. The tokens
in addresses (share links, invitations, new passwords) open doors, so an event's ``path`` leaves them out.
"""

import re
import sys

import structlog
from structlog.typing import EventDict

TOKEN_PATHS = re.compile(r"^(/v/|/invitation/|/new-password/)[^/]+")


def _without_tokens(_logger: object, _method: str, event: EventDict) -> EventDict:
    path = event.get("path")
    if isinstance(path, str):
        event["path"] = TOKEN_PATHS.sub(r"\1…", path)
    return event


def _to_standard_error(*_: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def configure() -> None:
    """Set the log of this process up."""
    terminal = sys.stderr.isatty()
    shown: list[structlog.typing.Processor]
    if terminal:
        shown = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    else:
        shown = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_tokens,
            *shown,
        ],
        logger_factory=_to_standard_error,
    )

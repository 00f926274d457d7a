"""Errors of the interface as problem details (RFC 9457), in the language that ``Accept-Language`` asks for.

``type`` is ``{origin}/problems/<code>`` and ``code`` the same code that pages and terminals know; ``errors`` lists what
is wrong with a request's fields (by JSON pointer or parameter) or with a file's rows (by row and column).
"""

import json
from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from credit_bank.errors import ErrorKind, Parameter
from credit_bank.report import ImportRefused, RowProblem, VerificationFailed
from web.accounts.api_tokens import bearer
from web.libraries import LIBRARY_ERRORS, LibraryError, sentence
from web.messages import catalogue, locale, t
from web.problem_codes import OWN
from web.settings import Settings

MEDIA_TYPE = "application/problem+json"
REALM = "evergreen"

# Of a request as a whole, by status, where nothing better is known.
BY_STATUS = {
    400: "request.malformed",
    401: "token.missing",
    403: "request.forbidden",
    404: "request.not_found",
    405: "request.method_not_allowed",
    409: "request.conflict",
    413: "request.too_large",
    415: "request.media_type",
    422: "request.invalid",
    429: "request.too_many",
}
# What is understood and breaks a rule is 422; 400 is for what cannot be read at all.
_KINDS: dict[ErrorKind, int] = {"invalid": 422, "forbidden": 403, "missing": 404, "conflict": 409, "unavailable": 503}
_UNREADABLE = ("json.", "table.")
_TOO_LARGE = frozenset({"json.too_large", "table.too_large", "table.too_many_rows", "table.xlsx_too_large"})


class ApiProblem(HTTPException):
    """A refusal of the interface itself. ``problem`` is one of ``OWN``."""

    def __init__(self, problem: str, errors: Iterable[dict[str, object]] = (), /, **parameters: Parameter) -> None:
        super().__init__(problem)
        self.problem = problem
        self.code = OWN[problem]
        self.errors = list(errors)
        self.parameters = parameters


def status_of(error: LibraryError) -> int:
    """The HTTP status of an error of the libraries."""
    if error.code in _TOO_LARGE:
        return 413
    if isinstance(error, VerificationFailed):
        return 409  # the bank's own check of what it was about to hand out
    if error.code.startswith(_UNREADABLE):
        return 400
    return _KINDS[error.kind]


def say(key: str, parameters: dict[str, Parameter]) -> str | None:
    """The sentence of a code in the reader's language, or None where there is none."""
    try:
        if f"api.{key}" in catalogue():
            return t(f"api.{key}", **parameters)
        return sentence(key, locale(), **parameters)
    except (KeyError, IndexError):
        return None


def field_error(
    code: str,
    parameters: dict[str, Parameter] | None = None,
    *,
    pointer: str | None = None,
    parameter: str | None = None,
) -> dict[str, object]:
    """One thing wrong with a field of a request's body (``pointer``, RFC 6901) or of its query (``parameter``)."""
    filled = parameters or {}
    place = {"pointer": pointer} if parameter is None else {"parameter": parameter}
    return {**place, "code": code, "parameters": filled, "detail": say(f"error.{code}", filled)}


def row_error(problem: RowProblem, pointer: str | None = None) -> dict[str, object]:
    """One thing wrong with a row: what, and what to do. ``pointer`` names it in a JSON request."""
    code, parameters = problem.code, problem.parameters
    error: dict[str, object] = {"row": problem.row, "column": problem.column, "code": code, "parameters": parameters}
    if pointer is not None:
        error["pointer"] = pointer
    error["detail"] = say(f"row.{code}", parameters)
    if step := say(f"next.row.{code}", parameters):
        error["next"] = step
    return error


def speak() -> None:
    """Answer this request in the language that it asks for; no cookie counts."""
    match = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    g.locale = "en" if match == "en" else "zh-CN"


def problem_type(code: str) -> str:
    """The URI of a problem's type."""
    settings: Settings = current_app.extensions["evergreen_settings"]
    return f"{settings.public_origin}/problems/{code}"


def answer(error: Exception, status: int) -> Response:
    """The answer to any error under ``/api/``."""
    speak()
    code, status, parameters, errors = _facts(error, status)
    body: dict[str, Any] = {
        "type": problem_type(code),
        "title": t(f"api.title.{status}") if f"api.title.{status}" in catalogue() else t("api.title.400"),
        "status": status,
        "detail": say(f"error.{code}", parameters) or t("api.error.unknown", code=code),
        "instance": request.path,
        "code": code,
        "parameters": parameters,
    }
    if errors:
        body["errors"] = errors
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = locale()
    if challenge := _challenge(code, parameters):
        response.headers["WWW-Authenticate"] = challenge
    return response


def _facts(error: Exception, status: int) -> tuple[str, int, dict[str, Parameter], list[dict[str, object]]]:
    if isinstance(error, ApiProblem):
        return error.problem, OWN[error.problem], error.parameters, error.errors
    if isinstance(error, ImportRefused):
        return error.code, 422, error.parameters, [_row(p) for p in error.problems]
    if isinstance(error, LIBRARY_ERRORS):
        return error.code, status_of(error), error.parameters, []
    if status == 401 and request.headers.get("Authorization"):
        return "token.invalid", 401, {}, []
    if isinstance(error, HTTPException) and status < 500:
        return BY_STATUS.get(status, "request.malformed"), status, {}, []
    return "server.unexpected", 500 if status < 500 else status, {}, []


def _row(problem: RowProblem) -> dict[str, object]:
    point = g.get("row_pointer")
    return row_error(problem, point(problem) if point is not None else None)


def _challenge(code: str, parameters: dict[str, Parameter]) -> str | None:
    """The challenge of a bearer token (RFC 6750 §3)."""
    if code == "token.missing":
        return f'Bearer realm="{REALM}"'
    if code == "token.invalid":
        return f'Bearer realm="{REALM}", error="invalid_token"'
    if code == "token.scope_missing":
        scope = parameters.get("scope")
        return f'Bearer realm="{REALM}", error="insufficient_scope", scope="{scope}"'
    return None


def require_scope(scope: str) -> None:
    """Refuse a token without that scope. Raises ApiProblem ``token.scope_missing``."""
    found = bearer()
    if found is None or scope not in found.scopes:
        raise ApiProblem("token.scope_missing", scope=scope)

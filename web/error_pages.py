"""Errors as pages: what happened, and what to do, in the reader's language.

Errors under ``/api/`` are left to the interface, which registers how it answers them with ``answer_api_errors``.
"""

from collections.abc import Callable

import structlog
from flask import Flask, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from credit_bank.errors import ErrorKind
from web.libraries import LIBRARY_ERRORS, LibraryError
from web.messages import error_sentence, t

log = structlog.get_logger()

STATUS: dict[ErrorKind, int] = {"invalid": 400, "forbidden": 403, "missing": 404, "conflict": 409, "unavailable": 503}
# The statuses with a page of their own; any other gets the one of 400 or 500.
PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})

ApiAnswer = Callable[[Exception, int], ResponseReturnValue]


def answer_api_errors(app: Flask, answer: ApiAnswer) -> None:
    """Say how an error under ``/api/`` is answered: a function of the exception and the status."""
    app.extensions["evergreen_api_errors"] = answer


def error_page(status: int, sentence: str | None = None, *, without_actor: bool = False) -> tuple[str, int]:
    """The page for a status; ``sentence`` says what happened where that is known better than by the status."""
    kind = status if status in PAGES else 500 if status >= 500 else 400
    page = render_template(
        "error/error.html",
        title=t(f"error.{kind}.title"),
        sentence=sentence or t(f"error.{kind}.sentence"),
        next_step=t(f"error.{kind}.next"),
        status=status,
        without_actor=without_actor,
    )
    return page, status


def _answer(error: Exception, status: int, sentence: str | None = None) -> ResponseReturnValue:
    answer: ApiAnswer | None = current_app.extensions.get("evergreen_api_errors")
    if answer is not None and request.path.startswith("/api/"):
        return answer(error, status)
    return error_page(status, sentence, without_actor=status >= 500)


def _library_error(error: LibraryError) -> ResponseReturnValue:
    return _answer(error, STATUS[error.kind], error_sentence(error))


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    return _answer(error, 400, t("error.form_expired"))


def _page_above() -> str | None:
    """The nearest page above an address that only takes a form: a form that came back with its faults stands there,
    and whoever loads it anew, changes the language on it or keeps it as a bookmark opens it with GET."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return None
    parts = request.path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        above = "/" + "/".join(parts[:count])
        try:
            adapter.match(above, method="GET")
        except HTTPException:
            continue
        return above
    return None


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code == 405 and (above := _page_above()) is not None:
        return redirect(above, 303)
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, LIBRARY_ERRORS):
        return _library_error(cause)  # it came after the view, such as from a commit that failed
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()  # a redirect, or an answer that was made already
    answered = _answer(error, error.code)
    response = current_app.make_response(answered)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers.setdefault(name, value)
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected_error", path=request.path, method=request.method, error=type(error).__name__)
    return _answer(error, 500)


def install(app: Flask) -> None:
    """Answer every error of an application with a page."""
    for kind in LIBRARY_ERRORS:
        app.register_error_handler(kind, _library_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)

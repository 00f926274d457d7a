"""Reading a request strictly: one meaning, or a problem that says where and why.

What is not JSON, or means two things to two readers, is 400; what is JSON and not what was asked for is 422, each field
by its JSON pointer; a field that nobody knows is refused rather than passed over.
"""

import json
from typing import Annotated, Any, TypeVar, get_origin

from flask import request
from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from credit_bank.credential.parse import MAX_BYTES, parse_object
from credit_bank.errors import Parameter
from web.api.problems import ApiProblem, field_error

Model = TypeVar("Model", bound=BaseModel)

FILE_TYPES = (
    "text/csv",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
MAX_FILE = 12 * 1024 * 1024
MOST_ERRORS = 100

_TYPES = {"missing": "field_missing", "extra_forbidden": "field_unknown", "literal_error": "field_choice"}
_BOUNDS = ("too_long", "too_short", "greater_than", "less_than", "greater_than_equal", "less_than_equal")


def _plain(text: str) -> str:
    if any((ord(c) < 32 and c not in "\t\n\r") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise PydanticCustomError("request_control_character", "holds a control character")
    return text


PlainText = Annotated[str, AfterValidator(_plain)]
"""A text without control characters (a database takes no NUL, and nobody can read the others)."""


def body_bytes(limit: int = MAX_BYTES) -> bytes:
    """The request's body. Raises ApiProblem ``request.too_large`` over the limit (bytes)."""
    request.max_content_length = limit
    return request.get_data(cache=True)


def json_body() -> dict[str, Any]:
    """The JSON object that was sent, of at most 1 MB.

    Raises ApiProblem ``request.media_type`` or ``request.too_large``; InvalidInput ``json.*``.
    """
    kind = request.mimetype
    if kind not in ("application/json", "application/vc") and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise ApiProblem("request.media_type", expected="application/json")
    return parse_object(body_bytes())


def read_body(model: type[Model]) -> Model:
    """The JSON body as a model. Raises as ``json_body``, and ApiProblem ``request.invalid`` with every error."""
    document = json_body()
    try:
        # Through JSON once more, so that the model's strictness is that of JSON: a date is a string, and no number is.
        return model.model_validate_json(json.dumps(document))
    except ValidationError as problem:
        raise ApiProblem("request.invalid", _errors(problem, document)) from None


def read_query(model: type[Model]) -> Model:
    """The query as a model; a field that is a list may be repeated.

    Raises ApiProblem ``request.parameter_repeated`` or ``request.invalid``.
    """
    values: dict[str, Any] = {}
    for name, given in request.args.to_dict(flat=False).items():
        listed = name in model.model_fields and get_origin(model.model_fields[name].annotation) is list
        if len(given) > 1 and not listed:
            raise ApiProblem("request.parameter_repeated", parameter=ascii(name)[1:-1][:40])
        values[name] = given if listed else given[0]
    try:
        return model.model_validate(values)
    except ValidationError as problem:
        errors = [
            field_error(code, parameters, parameter=str(e["loc"][0])[:40] if e["loc"] else "")
            for e in problem.errors(include_url=False, include_input=False)
            for code, parameters in [_code(e)]
        ]
        raise ApiProblem("request.invalid", errors[:MOST_ERRORS]) from None


def read_file(name: str | None) -> tuple[bytes, str]:
    """The file that was sent as the body, and its name.

    Raises ApiProblem ``request.media_type`` or ``request.too_large`` (over 12 MiB).
    """
    if request.mimetype not in FILE_TYPES:
        raise ApiProblem("request.media_type", expected=", ".join(FILE_TYPES))
    content = body_bytes(MAX_FILE)
    return content, name or ("file.json" if request.mimetype == "application/json" else "file")


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901) of these steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _errors(problem: ValidationError, document: object) -> list[dict[str, object]]:
    found: dict[tuple[str, str], dict[str, object]] = {}
    for error in problem.errors(include_url=False, include_input=False):
        place = _place(error["loc"], document, keep_last=error["type"] == "missing")
        code, parameters = _code(error)
        found.setdefault((place, code), field_error(code, parameters, pointer=place))
    return list(found.values())[:MOST_ERRORS]


def _place(steps: tuple[str | int, ...], document: object, *, keep_last: bool) -> str:
    """The pointer of an error; what pydantic adds to tell alternatives apart is no part of the document."""
    taken: list[str | int] = []
    at: Any = document
    for n, step in enumerate(steps):
        known = step in at if isinstance(at, dict) else isinstance(at, list) and step in range(len(at))
        if known:
            at = at[step]
        elif not (keep_last and n == len(steps) - 1):
            continue
        taken.append(step if not isinstance(step, str) else step[:60])
    return pointer(*taken)


def _code(error: Any) -> tuple[str, dict[str, Parameter]]:
    kind: str = error["type"]
    expected: dict[str, Parameter] = {}
    context = error.get("ctx", {})
    if kind in _TYPES:
        if "expected" in context:
            expected = {"expected": str(context["expected"])}
        return f"request.{_TYPES[kind]}", expected
    if kind.endswith(_BOUNDS):
        bound = next((v for k, v in context.items() if k in ("max_length", "min_length", "ge", "le", "gt", "lt")), None)
        return "request.field_bounds", {"bound": bound if isinstance(bound, int | str) else str(bound)}
    if kind.endswith("_type"):
        return "request.field_type", {"expected": kind.removesuffix("_type")}
    if kind.startswith("request_"):
        return f"request.{kind.removeprefix('request_')}", {}
    return "request.field_malformed", {}

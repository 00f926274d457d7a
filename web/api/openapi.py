"""``/openapi.json``: the interface's description (OpenAPI 3.1), made of routes, contracts and models."""

import inspect
import json
import re
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from web.accounts.permissions import PUBLIC, permit
from web.api.commands import HEADER
from web.api.models.base import Problem
from web.api.operation import Operation, operation_of
from web.api.problems import MEDIA_TYPE, problem_type
from web.banking import settings
from web.libraries import catalogue as library
from web.messages import catalogue

blueprint = Blueprint("openapi", __name__)
VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"
_DESCRIPTION = """Record learning outcomes, issue them as signed credentials, change their status, and verify anybody's.

An institution's programs come with a bearer token that its administrator makes at `/institution/{handle}/tokens`.
Errors are problem details (RFC 9457) in the language of `Accept-Language` (zh-CN or en); `code` is stable. A method
that an address does not know is 405; another institution's things are 404.
"""
TAGS = {
    "service": "Where things are, and whether the service is well.",
    "credentials": "Issuing, reading, changing and verifying credentials.",
    "outcomes": "What an institution recorded.",
    "imports": "Catalogues, outcomes and equivalences from files.",
    "comparisons": "Which course of an institution another's is: proposals, and published decisions.",
    "institutions": "Who issues, and what for.",
    "log": "Each institution's transparency log.",
    "learning": "What learners did elsewhere, as xAPI statements.",
}
# What a converter of a route takes.
_CONVERTERS: dict[str, dict[str, Any]] = {
    "handle": {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
}
_ARGUMENT = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
# The problems that a trait of an operation brings.
_BODY = {"json.malformed": 400, "request.too_large": 413, "request.media_type": 415, "request.invalid": 422}
_FILE = {"request.too_large": 413, "request.media_type": 415}
_SCOPED = {"token.missing": 401, "token.invalid": 401, "token.scope_missing": 403, "request.not_found": 404}
_IDEMPOTENT = {"idempotency.key_malformed": 400, "idempotency.key_reused": 409, "database.busy": 503}
_QUERY = {"request.parameter_repeated": 400, "request.invalid": 422}


@blueprint.get("/openapi.json")
@permit(PUBLIC)
def document() -> Response:
    """The interface's description."""
    response = Response(json.dumps(describe(current_app), ensure_ascii=False), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def describe(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of an application (JSON values)."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        stated = operation_of(app, rule.endpoint)
        if stated is None or not rule.rule.startswith("/api/"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path_of(rule), {})[method.lower()] = _operation(app, rule, stated)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings().bank_name_en} API",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings().site}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": _schemas(app),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "evk_…",
                    "description": "A token of the institution in the path, made by its administrator. "
                    "Scopes: issue, revoke, import, read.",
                }
            },
        },
    }


def path_of(rule: Rule) -> str:
    """A route's path as OpenAPI writes it."""
    return _ARGUMENT.sub(r"{\2}", rule.rule)


def _models(app: Flask) -> list[type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {Problem.__name__: Problem}
    for rule in app.url_map.iter_rules():
        stated = operation_of(app, rule.endpoint)
        for model in [stated.body, *stated.answers.values()] if stated else []:
            if isinstance(model, type) and issubclass(model, BaseModel):
                found[_name(model)] = model
    return list(found.values())


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _schemas(app: Flask) -> dict[str, Any]:
    requests = [m for m in _models(app) if m.model_config.get("strict")]
    answers = [m for m in _models(app) if not m.model_config.get("strict")]
    _, first = models_json_schema([(m, "validation") for m in requests], ref_template=_REF)
    _, second = models_json_schema([(m, "serialization") for m in answers], ref_template=_REF)
    schemas: dict[str, Any] = {**first.get("$defs", {}), **second.get("$defs", {})}
    return schemas


def _operation(app: Flask, rule: Rule, stated: Operation) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(app.view_functions[rule.endpoint]) or "").partition("\n")
    found: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "tags": [stated.tag],
        "summary": summary,
        "parameters": [*_path_parameters(rule), *_query_parameters(stated), *_header_parameters(stated)],
        "responses": _responses(stated),
        "security": [{"token": []}] if stated.scope else [],
    }
    if description.strip():
        found["description"] = description.strip()
    if stated.scope:
        found["x-scope"] = stated.scope.value
    if stated.body is not None:
        found["requestBody"] = {"required": True, "content": _content(stated.body)}
    return found


def _content(body: Any) -> dict[str, Any]:
    if isinstance(body, tuple):
        return {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in body}
    if isinstance(body, dict):
        return {"application/json": {"schema": body}}
    return {"application/json": {"schema": {"$ref": _REF.format(model=_name(body))}}}


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _CONVERTERS[converter]}
        for converter, name in _ARGUMENT.findall(rule.rule)
    ]


def _query_parameters(stated: Operation) -> list[dict[str, Any]]:
    if stated.query is None:
        return []
    schema = stated.query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "schema": {k: v for k, v in value.items() if k != "title"}}
        for name, value in schema["properties"].items()
    ]


def _header_parameters(stated: Operation) -> list[dict[str, Any]]:
    language: dict[str, Any] = {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "zh-CN or en, for sentences",
        "schema": {"type": "string"},
    }
    if not stated.idempotent:
        return [language]
    return [
        language,
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "The same key with the same request is carried out once and answered the same.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        },
    ]


def problems_of(stated: Operation) -> dict[str, int]:
    """Every problem that an operation documents: code to status."""
    found = dict(stated.problems)
    if isinstance(stated.body, tuple):
        found |= _FILE
    elif stated.body is not None:
        found |= _BODY
    for trait, brought in (
        (stated.scope, _SCOPED),
        (stated.idempotent, _IDEMPOTENT),
        (stated.query, _QUERY),
        (stated.limited, {"request.too_many": 429}),
    ):
        if trait:
            found |= brought
    return {**found, "server.unexpected": 500}


def _responses(stated: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, model in stated.answers.items():
        schema = model if isinstance(model, dict) else {"$ref": _REF.format(model=_name(model))}
        said = model["description"] if isinstance(model, dict) else inspect.getdoc(model) or ""
        content = {"application/json": {"schema": schema}}
        found[str(status)] = {"description": said.split("\n")[0], "content": content, "headers": _headers(stated)}
    by_status: dict[int, list[str]] = {}
    for code, status in problems_of(stated).items():
        by_status.setdefault(status, []).append(code)
    for status, codes in sorted(by_status.items()):
        found[str(status)] = {
            "description": ", ".join(f"`{code}`" for code in sorted(codes)),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": _REF.format(model="Problem")},
                    "examples": {code: {"value": _example(code, status)} for code in sorted(codes)},
                }
            },
        }
    return found


def _headers(stated: Operation) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    found: dict[str, Any] = {"Content-Language": text}
    if stated.idempotent:
        found["Idempotency-Replayed"] = {"schema": {"type": "string", "enum": ["true", "false"]}}
    if stated.limited:
        found |= {f"X-RateLimit-{name}": text for name in ("Limit", "Remaining", "Reset")}
    return found


@cache
def _english(code: str) -> str:
    entry = catalogue().get(f"api.error.{code}") or library().get(f"error.{code}") or {}
    return entry.get("en", code)


def _example(code: str, status: int) -> dict[str, Any]:
    return {
        "type": problem_type(code),
        "title": catalogue()[f"api.title.{status}"]["en"],
        "status": status,
        "detail": _english(code),
        "instance": "/api/v1/…",
        "code": code,
        "parameters": {},
    }

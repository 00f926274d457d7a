"""Answers of the interface: JSON as its models say, with an ETag where it is read again."""

import base64
import hashlib
import json
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from web.accounts.api_tokens import bearer
from web.messages import locale


def answer(model: BaseModel, status: int = 200, *, etag_without: tuple[str, ...] = (), **headers: str) -> Response:
    """The model as JSON.

    A GET's answer gets an ETag and honours ``If-None-Match``; fields in ``etag_without`` (a statement signed anew each
    time) do not count as a change.
    """
    value: dict[str, Any] = model.model_dump(mode="json", by_alias=True)
    response = Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")
    for name, text in headers.items():
        response.headers[name.replace("_", "-")] = text
    response.headers["Content-Language"] = locale()
    response.vary.add("Accept-Language")
    if request.method in ("GET", "HEAD") and status == 200:
        response.headers["Cache-Control"] = "no-cache" if bearer() is None else "no-store"
        stable = {k: v for k, v in value.items() if k not in etag_without}
        digest = hashlib.sha256(json.dumps([locale(), stable], sort_keys=True).encode()).digest()
        response.set_etag(base64.urlsafe_b64encode(digest[:18]).decode(), weak=bool(etag_without))
        response.make_conditional(request)
    return response


def b64(raw: bytes) -> str:
    """Bytes in standard base64, as hashes of the log are written."""
    return base64.b64encode(raw).decode("ascii")

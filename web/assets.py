"""Addresses of our own files, with a hash of their content, so that a browser may keep them for ever."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def integrity(name: str) -> str:
    """The subresource-integrity value of a static file (W3C SRI)."""
    return "sha384-" + base64.b64encode(hashlib.sha384((STATIC / name).read_bytes()).digest()).decode()


def asset(name: str) -> str:
    """The address of a static file, ending in a hash of its content. Raises FileNotFoundError for an unknown name."""
    return url_for("static", filename=name, v=_digest(name))


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:
        name = (request.view_args or {}).get("filename", "")
        current = request.args.get("v") == _digest(name)
        response.headers["Cache-Control"] = FOR_EVER if current else "public, max-age=300"
    return response


def install(app: Flask) -> None:
    """Make the addresses available to templates."""
    app.jinja_env.globals.update(asset=asset)
    app.after_request(_keep)

"""htmx, kept behind this module: the vendored script, its settings, and answers that are a part of a page.

Every page is a real page, every form a real form; htmx only replaces a part of a page where that is smoother. A view
that can answer with a part calls ``render``; the part is a block of the page's own template, so both stay the same.
htmx-flask reads the request headers; its response helper is left alone, because its ``reswap`` refuses valid values.
"""

import json
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from htmx_flask import Htmx

from web import assets

SCRIPT = "vendor/htmx/htmx.min.js"

# Same origin only, no styles of its own, nothing evaluated; answers of any status are shown, so that a refused form's
# 422 is; the focus is moved by site.js, not by the browser's guess.
CONFIG = {
    "mode": "same-origin",
    "includeIndicatorCSS": False,
    "history": "reload",
    "implicitInheritance": False,
    "transitions": False,
    "defaultTimeout": 30000,
    "noSwap": [204, 304, 400, 403, 404, 409, 413, 429, "5xx"],
}


def is_partial() -> bool:
    """Whether htmx asks for a part of a page (HX-Request-Type: partial)."""
    return bool(request.htmx) and request.headers.get("HX-Request-Type") == "partial"  # type: ignore[attr-defined]


def target_id() -> str | None:
    """The id of the element that the answer will go into (htmx 4 sends ``tag#id``)."""
    named: str = request.htmx.target or ""  # type: ignore[attr-defined]
    return named.partition("#")[2] or None


def render(template: str, part: str, /, **context: Any) -> Response:
    """The page, or only its block ``part`` when htmx asks for the part; caches keep the two apart."""
    if is_partial():
        current_app.update_template_context(context)
        page = current_app.jinja_env.get_template(template)
        block = page.blocks[part]
        response = make_response("".join(block(page.new_context(context))))
    else:
        response = make_response(render_template(template, **context))
    response.vary.add("HX-Request")
    return response


def announce(response: Response, sentence: str) -> Response:
    """Have the page's one live region say a sentence when the part has been put in."""
    response.headers["HX-Trigger"] = json.dumps({"evergreen:announce": {"sentence": sentence}})
    return response


def _config() -> str:
    return json.dumps(CONFIG)


def _integrity() -> str:
    return assets.integrity(SCRIPT)


def install(app: Flask) -> None:
    """Let requests know htmx, and templates its script."""
    Htmx(app)
    app.jinja_env.globals.update(htmx_config=_config, htmx_integrity=_integrity)

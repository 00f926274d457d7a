"""What a problem of the interface means: the page that the ``type`` of its problem details names (RFC 9457 §3.1.1)."""

import re

from flask import Blueprint, abort, render_template

from credit_bank import sentences
from web.accounts.permissions import PUBLIC, permit
from web.messages import catalogue, t
from web.problem_codes import OWN

blueprint = Blueprint("problems", __name__)


def _texts(code: str) -> dict[str, str] | None:
    """The sentence of a code in both languages (the interface's own goes first), or None for an unknown one."""
    return catalogue().get(f"api.error.{code}") or sentences.catalogue().get(f"error.{code}")


def _parts(text: str) -> list[str]:
    """A sentence in pieces: its words, and at every odd place the name of a parameter."""
    return re.split(r"\{(\w+)\}", text)


@blueprint.get("/problems/<code>")
@permit(PUBLIC)
def problem(code: str) -> str:
    """One code: its sentence in Chinese and English, and what to do."""
    texts = _texts(code)
    if texts is None:
        abort(404)
    status = OWN.get(code)
    own_step = f"problems.next.{status}"
    return render_template(
        "problems/problem.html",
        code=code,
        texts={language: _parts(texts[language]) for language in ("zh", "en")},
        status=status,
        step=t(own_step if own_step in catalogue() else "problems.next.other"),
    )

"""The blueprint of the rule editor, and what its pages share."""

from typing import Any

from flask import Blueprint, g, render_template

from web.forms.base import Form
from web.messages import catalogue, t
from web.views.rules import kept

blueprint = Blueprint("rules", __name__)
MAX_TEXT = 200_000
"""The most characters that a draft may have; it travels in the form."""


def page(
    view: str, heading: str, handle: str, *, lead: str = "", problems: tuple[str, ...] = (), wrong: Form | None = None,
    **shown: Any,
) -> str:  # fmt: skip
    """One view of the editor; ``problems`` and the errors of the form ``wrong`` stand at its head."""
    return render_template(
        "rules/edit.html", view=view, heading=heading, handle=handle, lead=lead, problems=problems, wrong=wrong,
        institution=g.institution, hint=hint, address=kept.address(handle), **shown,
    )  # fmt: skip


def hint(name: str, kind: str) -> str | None:
    """What helps with filling in a field, or None."""
    plain = "".join(sign for sign in name if not sign.isdecimal())
    if plain == "to" and kind in ("title", "unit"):
        return t("rules.hint.to_open")
    key = f"rules.hint.{plain}"
    return t(key) if key in catalogue() and not (plain == "unit" and kind != "unit") else None

"""Pages from which a browser goes on to another system: its policy lets a form go to that one place."""

from flask import Response, current_app, make_response, render_template

from web.banking import settings
from web.connections.fetching import origin_of
from web.connections.keys import KeySets
from web.connections.tables import LtiPlatform, LtiTool
from web.security import POLICY


def key_sets() -> KeySets:
    """The application's kept keys of others."""
    found: KeySets = current_app.extensions.setdefault(
        "evergreen_lti_keys", KeySets(private=settings().connect_private)
    )
    return found


def handing_over(party: LtiPlatform | LtiTool, action: str, fields: dict[str, str]) -> Response:
    """A page whose one button posts signed fields to another system. Nothing is posted without the press."""
    response = make_response(render_template("connect/hand_over.html", party=party, action=action, fields=fields))
    policy = {**POLICY, "form-action": f"'self' {origin_of(action)}"}
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    response.headers["Cache-Control"] = "no-store"
    return response

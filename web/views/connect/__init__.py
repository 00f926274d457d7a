"""Connections to other platforms by LTI 1.3: registered by administrators, used by learners."""

from flask import Blueprint

blueprint = Blueprint("connect", __name__)

from web.security import csrf  # noqa: E402
from web.views.connect import platform, receiving, registrations, tool  # noqa: E402, F401 - they add their pages

# Other systems send a browser or a program here, without our form's token. What is trusted instead: the signature, the
# state, the nonce and the ticket, and nothing that a cookie says.
for view in ("tool.login", "tool.launch", "platform.token", "platform.scores"):
    csrf.exempt(f"{__name__}.{view}")

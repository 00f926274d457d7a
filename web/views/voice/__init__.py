"""Speaking to the bank: what is heard becomes a click that the person can see; and a person's own commands."""

from web.views.voice import commands, hearing, pin, recording, saying
from web.views.voice.blueprint import blueprint

__all__ = ["blueprint", "commands", "hearing", "pin", "recording", "saying"]

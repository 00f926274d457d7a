"""Help from a person: asking and following it up, telling what cannot be used, answering at a counter."""

from web.views.help import answering, asking, contact, feedback, messages
from web.views.help.blueprint import blueprint

__all__ = ["answering", "asking", "blueprint", "contact", "feedback", "messages"]

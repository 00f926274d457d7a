"""Practice: one question a page, with hints, an honest "I don't know", and the reason why it was chosen."""

from web.views.practice import answers, outcome, questions, reasons
from web.views.practice.blueprint import address_of, blueprint

__all__ = ["address_of", "answers", "blueprint", "outcome", "questions", "reasons"]

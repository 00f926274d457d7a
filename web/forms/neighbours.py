"""Neighbours: asking the others of a group, and what the two say to each other."""

from uuid import uuid4

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length, Regexp

from web.forms.base import Form, Lazy, Required, label
from web.messages import t
from web.operations.neighbours import LONGEST_WORDS, MATTERS


def _words() -> Length:
    return Length(max=LONGEST_WORDS, message=Lazy("neighbours.words_long"))


class AskForm(Form):
    """What a neighbour should help with, and in which group. ``key`` makes a form that is sent twice one request."""

    key = HiddenField(default=lambda: str(uuid4()), validators=[Regexp(r"[0-9a-fA-F-]{36}")])
    group = RadioField(label("neighbours.group"), validators=[Required("neighbours.group_missing")])
    matter = RadioField(
        label("neighbours.matter_label"),
        choices=lambda: [(matter, t(f"neighbours.matter.{matter}")) for matter in MATTERS],
        validators=[Required("neighbours.matter_missing")],
    )
    words = TextAreaField(label("neighbours.words"), validators=[_words()])


class SayForm(Form):
    """What one of the two says to the other."""

    words = TextAreaField(label("neighbours.say"), validators=[_words()])

"""Asking a person, telling what cannot be used, answering, and saying how an institution is reached."""

import re
from typing import Any
from uuid import uuid4

from wtforms import FileField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, ValidationError

from web.forms.base import Form, Lazy, Required, label, must
from web.messages import t
from web.operations.contact_places import LONGEST
from web.operations.help_requests import ACCESSIBILITY, HELP, LONGEST_PHONE, LONGEST_WORDS, MATTERS

_PHONE = re.compile(r"[0-9+() \-]*")


def _matters(kind: str) -> list[tuple[str, str]]:
    return [(matter, t(f"help.matter.{matter}")) for matter in MATTERS[kind]]


def _words() -> list[Any]:
    return [Length(max=LONGEST_WORDS, message=Lazy("help.words_long"))]


def _phone_like(_form: Any, field: Any) -> None:
    if field.data and not _PHONE.fullmatch(field.data.strip()):
        raise ValidationError(t("help.phone_wrong"))


class Telling(Form):
    """What both ways of telling share. ``key`` makes a form that is sent twice one request."""

    key = HiddenField(default=lambda: str(uuid4()), validators=[Regexp(r"[0-9a-fA-F-]{36}")])
    page = HiddenField()
    next = HiddenField()
    words = TextAreaField(label("help.words"), validators=_words())
    phone = StringField(label("help.phone"), validators=[Length(max=LONGEST_PHONE), _phone_like])


class AskForm(Telling):
    """Asking a person, by voice or in writing."""

    sound = FileField(label("help.voice.file"))

    matter = RadioField(
        label("help.matter_label"), choices=lambda: _matters(HELP), validators=[Required("help.matter_missing")]
    )


class FeedbackForm(Telling):
    """Telling what cannot be seen or heard, worked, or understood."""

    matter = RadioField(
        label("help.feedback.matter"),
        choices=lambda: _matters(ACCESSIBILITY),
        validators=[Required("help.matter_missing")],
    )


class AnswerForm(Form):
    """What a member of staff answers."""

    words = TextAreaField(label("help.desk.answer"), validators=_words())


class ContactForm(Form):
    """How people reach an institution."""

    phone = StringField(
        label("help.contact.phone"),
        validators=[Length(max=LONGEST), must(lambda said: bool(_PHONE.fullmatch(said)), "help.phone_wrong")],
    )
    hours = StringField(label("help.contact.hours"), validators=[Length(max=LONGEST)])
    hours_en = StringField(label("help.contact.hours_en"), validators=[Length(max=LONGEST)])
    address = StringField(label("help.contact.address"), validators=[Length(max=LONGEST)])
    address_en = StringField(label("help.contact.address_en"), validators=[Length(max=LONGEST)])

"""At a centre's counter: finding a learner, opening an account, a changed name or document, two accounts of one."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from credit_bank.identity.document import DocumentType
from web.accounts import consents
from web.forms.base import Form, Required, label
from web.messages import locale, t


def _documents() -> list[tuple[str, str]]:
    return [(kind.value, t(f"signin.document.{kind.value}")) for kind in DocumentType]


def _purposes() -> list[tuple[str, str]]:
    return [(code, consents.text(code, locale())["title"]) for code in consents.AT_OPENING]


def _document_type() -> RadioField:
    return RadioField(label("signin.document_type.label"), choices=_documents, default=DocumentType.RESIDENT_ID.value)


def _document_number() -> StringField:
    return StringField(label("signin.document_number.label"), validators=[Required(), Length(max=40)])


def _seen() -> BooleanField:
    return BooleanField(label("centre.seen"), validators=[Required("centre.seen_missing")])


def _agreed() -> SelectMultipleField:
    return SelectMultipleField(
        label("centre.agreed"),
        choices=_purposes,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class FindByNumberForm(Form):
    """By the account number on the learner's card."""

    number = StringField(label("centre.number"), validators=[Required(), Length(max=40)])


class FindByDocumentForm(Form):
    """By the document in the officer's hand."""

    document_type = _document_type()
    document_number = _document_number()


class RecordForm(Form):
    """A record from another city's bank: the file, and that the resident is there and wants it."""

    file = FileField(label("regions.in.file"), validators=[Required("regions.in.file_missing")])
    asked = BooleanField(label("centre.record.asked"), validators=[Required("centre.record.asked_missing")])
    help = BooleanField(label("centre.record.help"))
    same = BooleanField(label("centre.record.same"))


class OpenForm(Form):
    """A new account: the document held in hand, and what the learner agrees to after it was read out."""

    name = StringField(label("signin.full_name.label"), validators=[Required(), Length(max=80)])
    document_type = _document_type()
    document_number = _document_number()
    seen = _seen()
    agreed = _agreed()
    guardian = BooleanField(label("centre.guardian"))


class NameForm(Form):
    """A changed name, with why."""

    name = StringField(label("centre.new_name"), validators=[Required(), Length(max=80)])
    reason = StringField(label("centre.reason"), validators=[Required(), Length(max=200)])
    seen = _seen()


class DocumentForm(Form):
    """A new document, held in hand."""

    document_type = _document_type()
    document_number = _document_number()
    seen = _seen()


class ReopenForm(Form):
    """The document held in hand, and what the learner agrees to anew after it was read out."""

    document_type = _document_type()
    document_number = _document_number()
    seen = _seen()
    agreed = _agreed()
    guardian = BooleanField(label("centre.guardian"))


class DuplicateForm(Form):
    """The other account of the same person, and how one knows."""

    number = StringField(label("centre.other_number"), validators=[Required(), Length(max=40)])
    reason = TextAreaField(label("centre.same_reason"), validators=[Required(), Length(max=500)])

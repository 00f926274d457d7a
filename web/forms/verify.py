"""The three ways to hand in a credential for verification, and the question whose it is."""

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class FileForm(Form):
    """A file: JSON, a proof bundle, a PDF certificate, a badge, or a picture of a QR code."""

    file = FileField(label("verify.file.label"), validators=[Required("verify.file.missing")])


class PhotoForm(Form):
    """A photograph of a QR code, straight from a phone's camera."""

    photo = FileField(label("verify.photo.label"), validators=[Required("verify.photo.missing")])


class TextForm(Form):
    """Pasted text: a credential, or the address of a share link."""

    text = TextAreaField(label("verify.text.label"), validators=[Required("verify.text.missing")])


class SubjectForm(Form):
    """Whose it is: the id that the holder is known by at the issuer, with the credential as it was handed in."""

    document = HiddenField()
    subject = StringField(label("verify.subject.label"), validators=[Required(), Length(max=200)])

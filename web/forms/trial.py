"""Trying the bank with files of one's own."""

from flask_wtf.file import MultipleFileField

from web.forms.base import Form, Required, label


class FilesForm(Form):
    """Up to ten files."""

    files = MultipleFileField(label("trial.files.label"), validators=[Required("trial.files.missing")])

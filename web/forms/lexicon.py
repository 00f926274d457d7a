"""How a word is said, by hand or as a file."""

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField

from web.forms.base import Form, Required, label


class WordForm(Form):
    """A word and how it is said."""

    word = StringField(label("lexicon.word"), validators=[Required()])
    said = StringField(label("lexicon.said"), validators=[Required()])


class ActForm(Form):
    """One word, for undoing or taking out."""

    word = HiddenField()


class FileForm(Form):
    """A file of words."""

    file = FileField(label("lexicon.file"), validators=[Required("lexicon.choose")])

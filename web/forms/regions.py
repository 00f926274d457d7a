"""Other cities' banks: recognising them, their level maps, and taking a record out or in."""

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class RecogniseForm(Form):
    """The other bank's file, and its key as it was told by a second channel."""

    file = FileField(label("regions.file"), validators=[Required("regions.file_missing")])
    key = StringField(label("regions.key"), validators=[Required("regions.key_missing"), Length(max=100)])


class RefreshForm(Form):
    """A newer file of a bank that is recognised."""

    file = FileField(label("regions.file"), validators=[Required("regions.file_missing")])


class LevelMapForm(Form):
    """How levels of another framework are read here: a pair on each line."""

    source = StringField(label("regions.map.source"), validators=[Required(), Length(max=80)])
    version = StringField(label("regions.map.version"), validators=[Required(), Length(max=40)])
    levels = TextAreaField(label("regions.map.levels"), validators=[Required(), Length(max=2000)])


class OutForm(Form):
    """Where a record goes, to which account there, and that the learner agrees."""

    region = SelectField(label("regions.out.region"), choices=[], validators=[Required("regions.out.choose")])
    account = StringField(label("regions.out.account"), validators=[Required(), Length(max=40)])
    agree = BooleanField(label("regions.out.agree"), validators=[Required("regions.out.agree_missing")])


class InForm(Form):
    """The file that the other bank gave the learner."""

    file = FileField(label("regions.in.file"), validators=[Required("regions.in.file_missing")])

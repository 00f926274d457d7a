"""Study groups: making one, joining one, asking for a person, noting that one talked to somebody."""

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from web.forms.base import Form, Required, label
from web.operations.groups import LONGEST_NAME, LONGEST_WORDS


class MakeForm(Form):
    """The name of a new group."""

    name = StringField(label("tutor.make.name"), validators=[Required(), Length(max=LONGEST_NAME)])


class CodeForm(Form):
    """The code of a group, as a tutor gave it."""

    code = StringField(label("groups.code"), validators=[Required(), Length(max=40)])


class JoinForm(Form):
    """Agreeing to what the tutors see."""

    code = HiddenField()
    agreed = BooleanField(label("groups.agree"), validators=[Required("groups.agree_first")])


class AskForm(Form):
    """Which skill somebody should explain, and in which group."""

    group = HiddenField()
    skill = SelectField(label("groups.ask.skill"), validators=[Required()])
    words = StringField(label("groups.ask.words"), validators=[Length(max=LONGEST_WORDS)])


class TalkedForm(Form):
    """What a tutor notes of talking to a learner; the learner reads it."""

    learner = HiddenField()
    words = StringField(label("tutor.talked.words"), validators=[Length(max=LONGEST_WORDS)])


class TutorForm(Form):
    """Another tutor of the institution who is to lead the group too."""

    person = SelectField(label("tutor.add.person"), validators=[Required()])

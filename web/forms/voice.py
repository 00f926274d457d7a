"""A person's own spoken commands: agreeing that they are kept, and a recording of one."""

from wtforms import BooleanField, FileField

from web.forms.base import Form, Required, label


class AgreeForm(Form):
    """Whether the templates may be kept."""

    agreed = BooleanField(label("voice.own.agree"), validators=[Required("voice.own.tick")])


class RecordingForm(Form):
    """One command, said once: a WAV."""

    sound = FileField(label("voice.own.file"))

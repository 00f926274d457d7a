"""When an activity meets, as its staff say it."""

from wtforms import StringField
from wtforms.validators import Length

from web.forms.base import CivilDateField, Form, label
from web.operations.joining import LONGEST_WORDS


class MeetingForm(Form):
    """The next day, and in words the time and the place."""

    day = CivilDateField(label("joining.meeting.day"))
    words = StringField(label("joining.meeting.words"), validators=[Length(max=LONGEST_WORDS)])

"""Comparing courses: what is asked about, an answer to a suggestion, a withdrawal, how sure a suggestion has to be."""

import re
from decimal import Decimal
from fractions import Fraction

from wtforms import DecimalField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from credit_bank.recognition.comparison.course import Described
from web.forms.base import Form, Required, label


class CourseForm(Form):
    """The course that is asked about; sent with GET, so that the page has an address of its own."""

    class Meta(Form.Meta):
        """Looking changes nothing."""

        csrf = False

    school = StringField(label("comparing.form.school"), validators=[Length(max=200)])
    title = StringField(label("comparing.form.title"), validators=[Required(), Length(max=300)])
    code = StringField(label("comparing.form.code"), validators=[Length(max=60)])
    credits = DecimalField(
        label("comparing.form.credits"), places=None, validators=[Optional(), NumberRange(min=0, max=1000)]
    )
    hours = DecimalField(
        label("comparing.form.hours"), places=None, validators=[Optional(), NumberRange(min=0, max=10000)]
    )
    level = StringField(label("comparing.form.level"), validators=[Length(max=20)])
    units = StringField(label("comparing.form.units"), validators=[Length(max=400)])
    description = TextAreaField(label("comparing.form.description"), validators=[Length(max=5000)])

    def course(self) -> Described:
        """What was typed, as a comparison takes it."""
        return Described(
            (self.school.data or "").strip(),
            (self.code.data or "").strip(),
            self.title.data.strip(),
            (self.description.data or "").strip(),
            _fraction(self.credits.data),
            (self.level.data or "").strip(),
            frozenset(part for part in re.split(r"[\\s,;，；、]+", self.units.data or "") if part),
            _fraction(self.hours.data),
        )


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


class DecideForm(CourseForm):
    """An answer to a suggestion: the course again, and which of the own courses it is or is not."""

    class Meta(Form.Meta):
        """This one changes something."""

    school = StringField(label("comparing.form.school"), validators=[Required(), Length(max=200)])
    target = HiddenField(validators=[Required(), Length(max=200)])
    conditions = StringField(label("comparing.form.conditions"), validators=[Length(max=500)])


class WithdrawForm(Form):
    """Why a precedent counts no more."""

    reason = TextAreaField(label("comparing.withdraw.reason"), validators=[Required(), Length(max=300)])


class PrecisionForm(Form):
    """How sure a suggestion has to be, in per cent."""

    percent = DecimalField(
        label("comparing.precision.percent"),
        places=None,
        validators=[Required(), NumberRange(min=50, max=Decimal("99.9"))],
    )


class PublishForm(Form):
    """Nothing to fill in."""

"""The issuing desk: one outcome, a file, a change of status."""

from flask_wtf.file import FileField
from wtforms import DecimalField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from credit_bank.recognition.framework import EVERGREEN, Category
from web.forms.base import CivilDateField, Form, Required, label
from web.messages import locale, t

REASON_LENGTH = 300


def categories() -> list[tuple[str, str]]:
    """The three categories, in words."""
    return [(c.value, t(f"site.category.{c.value}")) for c in Category]


def _levels() -> list[tuple[str, str]]:
    names = [(v.code, v.name_en if locale() == "en" else v.name_zh) for v in EVERGREEN.levels]
    return [("", t("desk.one.level_none")), *names]


def _hour_kinds() -> list[tuple[str, str]]:
    return [(kind, t(f"desk.hours.{kind}")) for kind in ("contact", "notional")]


class LearnerStep(Form):
    """Step 1: whose outcome it is, and words to look for the course by."""

    account = StringField(label("desk.one.account"), validators=[Required(), Length(max=40)])
    words = StringField(label("desk.one.words"), validators=[Length(max=100)])


class CourseStep(Form):
    """Step 2: which course; ``none`` means that the registrar names it."""

    account = HiddenField()
    words = StringField(label("desk.one.words"), validators=[Length(max=100)])
    course = RadioField(label("desk.one.course"), validators=[Required("desk.one.course_choose")])


class DetailsStep(Form):
    """Steps 3 and 4: everything the credential will say."""

    account = HiddenField()
    course = HiddenField()
    title = StringField(label("desk.one.title_field"), validators=[Length(max=300)])
    category = RadioField(label("desk.one.category"), choices=categories, validators=[Required("desk.one.choose")])
    credits = StringField(label("desk.one.credits"), validators=[Required(), Length(max=20)])
    hours = DecimalField(label("desk.one.hours"), places=None, validators=[Optional(), NumberRange(min=0, max=10000)])
    hour_kind = RadioField(label("desk.one.hour_kind"), choices=_hour_kinds, default="contact")
    level = SelectField(label("desk.one.level"), choices=_levels)
    grade = StringField(label("desk.one.grade"), validators=[Length(max=60)])
    term = StringField(label("desk.one.term"), validators=[Length(max=60)])
    awarded = CivilDateField(label("desk.one.awarded"), validators=[Required()])
    valid_until = CivilDateField(label("desk.one.valid_until"))


class UploadForm(Form):
    """A file."""

    file = FileField(label("desk.file.file"), validators=[Required("desk.file.choose")])


class CatalogueUploadForm(UploadForm):
    """A catalogue, and the category for its rows that name none."""

    default_category = SelectField(
        label("desk.file.default_category"), choices=lambda: [("", t("desk.file.no_default")), *categories()]
    )


class ConfirmForm(Form):
    """Nothing to fill in: the page says what will happen, the button does it."""


class ReasonForm(Form):
    """Why a credential's status changes; the learner will read it."""

    reason = TextAreaField(label("desk.status.reason"), validators=[Required(), Length(max=REASON_LENGTH)])


class BatchReasonForm(ReasonForm):
    """As ReasonForm, with the number of credentials typed by hand, since it cannot be undone."""

    count = StringField(label("desk.status.count"), validators=[Required(), Length(max=12)])

"""Applications of learners, and what reviewers say of them."""

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from credit_bank.recognition.framework import EVERGREEN
from web.forms.base import CivilDateField, Form, Required, label
from web.messages import locale, t

LONG = 2000


def _levels() -> list[tuple[str, str]]:
    return [(v.code, v.name_en if locale() == "en" else v.name_zh) for v in EVERGREEN.levels]


class RecogniseForm(Form):
    """Which outcome is to be recognised."""

    outcome = RadioField(label("cases.recognise.which"), validators=[Required("form.choose")])
    statement = TextAreaField(label("cases.statement"), validators=[Length(max=LONG)])


class ConvertForm(Form):
    """Which candidates are wanted, and the consent to give them to the institution."""

    wanted = SelectMultipleField(label("cases.convert.wanted"), validate_choice=True)
    statement = TextAreaField(label("cases.statement"), validators=[Length(max=LONG)])
    agree = BooleanField(label("cases.convert.agree"), validators=[Required("cases.convert.agree_missing")])


class PromiseForm(Form):
    """A course that somebody is going to take elsewhere, the course that it is to count as, and until when."""

    source = SelectField(label("cases.promise.source"), validators=[Required("form.choose")])
    title = StringField(label("cases.promise.what"), validators=[Required(), Length(max=100)])
    code = StringField(label("cases.promise.code"), validators=[Length(max=40)])
    course = SelectField(label("cases.promise.course"), validators=[Required("form.choose")])
    latest = CivilDateField(label("cases.promise.latest"), validators=[Required()])
    statement = TextAreaField(label("cases.statement"), validators=[Length(max=LONG)])
    agree = BooleanField(label("cases.promise.agree"), validators=[Required("cases.convert.agree_missing")])


class RedeemForm(Form):
    """Which outcome redeems a promise, and the consent to give it to the institution."""

    outcome = RadioField(label("cases.redeem.which"), validators=[Required("form.choose")])
    agree = BooleanField(label("cases.convert.agree"), validators=[Required("cases.convert.agree_missing")])


class PriorForm(Form):
    """What was learned without a certificate, and what shows it."""

    title = StringField(label("cases.prior.what"), validators=[Required(), Length(max=100)])
    institution = SelectField(label("cases.prior.institution"), validators=[Required("form.choose")])
    credits = StringField(label("cases.prior.credits"), validators=[Required(), Length(max=10)])
    level = SelectField(label("cases.prior.level"), choices=_levels, validators=[Required("form.choose")])
    units = TextAreaField(label("cases.prior.units"), validators=[Required(), Length(max=LONG)])
    statement = TextAreaField(label("cases.statement"), validators=[Length(max=LONG)])
    files = MultipleFileField(label("cases.files"))


class MoreForm(Form):
    """What is handed in after a return."""

    note = TextAreaField(label("cases.more.note"), validators=[Required(), Length(max=LONG)])
    title = StringField(label("cases.file_title"), validators=[Length(max=100)])
    files = MultipleFileField(label("cases.files"))


class AppealForm(Form):
    """Why a decision is thought to be wrong, and what shows it."""

    grounds = TextAreaField(label("cases.appeal.grounds"), validators=[Required(), Length(max=LONG)])
    title = StringField(label("cases.file_title"), validators=[Length(max=100)])
    files = MultipleFileField(label("cases.files"))


def _votes() -> list[tuple[str, str]]:
    return [(v, t(f"cases.vote.{v}")) for v in ("agree", "disagree", "return")]


def _interests() -> list[tuple[str, str]]:
    return [(v, t(f"cases.interest.{v}")) for v in ("none", "institution", "relation")]


class SayForm(Form):
    """A reviewer's word: a vote or a decision (``say`` lists what can be said now), with what it rests on."""

    say = RadioField(label("cases.desk.say"), choices=_votes, validators=[Required("form.choose")])
    interest = RadioField(label("cases.desk.interest"), choices=_interests, default="none")
    granted = SelectMultipleField(label("cases.desk.granted"), validate_choice=False)
    credits = StringField(label("cases.desk.credits"), validators=[Length(max=10)])
    reason = TextAreaField(label("cases.desk.reason"), validators=[Length(max=1000)])


class StepForm(Form):
    """A step that only wants a word: 兑换, or the end of a public notice."""

    reason = TextAreaField(label("cases.desk.note"), validators=[Length(max=1000)])


def _judgements() -> list[tuple[str, str]]:
    return [(v, t(f"cases.judgement.{v}")) for v in ("met", "not-met", "unsure")]


class JudgeForm(Form):
    """An assessor's judgement of one item of evidence."""

    authenticity = RadioField(
        label("cases.criterion.authenticity"), choices=_judgements, validators=[Required("form.choose")]
    )
    sufficiency = RadioField(
        label("cases.criterion.sufficiency"), choices=_judgements, validators=[Required("form.choose")]
    )
    currency = RadioField(label("cases.criterion.currency"), choices=_judgements, validators=[Required("form.choose")])
    validity = RadioField(label("cases.criterion.validity"), choices=_judgements, validators=[Required("form.choose")])
    reason = TextAreaField(label("cases.desk.reason"), validators=[Length(max=1000)])


class DocumentForm(Form):
    """The text of a programme or a rule set, as its format has it."""

    text = TextAreaField(label("cases.documents.text"), validators=[Required(), Length(max=200_000)])

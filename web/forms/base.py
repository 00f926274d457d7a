"""What every form shares: sentences in the reader's language, and a date of three plain fields."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectField, ValidationError
from wtforms.validators import StopValidation

from web.messages import t


class Lazy:
    """A sentence that is looked up when it is shown, for labels that stand in a class body."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __str__(self) -> str:
        return t(self.key)


def label(key: str) -> Any:
    """The label of a field: ``StringField(label("signin.account_number"))``."""
    return Lazy(key)


# WTForms and Flask-WTF ask for a translation of their own English sentences; these are ours for them.
SENTENCES = {
    "This field is required.": "form.required",
    "Not a valid choice.": "form.choice",
    "Invalid Choice: could not coerce.": "form.choice",
    "Not a valid integer value.": "form.integer",
    "Not a valid decimal value.": "form.number",
    "Invalid email address.": "form.email",
    "Invalid input.": "form.invalid",
    "File does not have an approved extension.": "form.file_type",
}
PLURALS = {
    "Field must be at least %(min)d character long.": "form.too_short",
    "Field cannot be longer than %(max)d character.": "form.too_long",
    "Field must be exactly %(max)d character long.": "form.exact_length",
}
RANGES = {
    "Field must be between %(min)d and %(max)d characters long.": "form.length_between",
    "Number must be at least %(min)s.": "form.at_least",
    "Number must be at most %(max)s.": "form.at_most",
    "Number must be between %(min)s and %(max)s.": "form.between",
}


class _Percent(str):
    """A sentence of ours that WTForms fills in with ``%``."""

    def __mod__(self, values: Any) -> str:
        return self.format(**values)


class _Translations:
    """Our sentences for those of WTForms. One it has and we have not stays as it is; a test finds that."""

    def gettext(self, string: str) -> str:
        if string in RANGES:
            return _Percent(t(RANGES[string]))
        return t(SENTENCES[string]) if string in SENTENCES else string

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        if singular in PLURALS:
            return _Percent(t(PLURALS[singular]))
        return singular if count == 1 else plural


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' hook for translations."""

        def get_translations(self, _form: Any) -> _Translations:
            """Our sentences."""
            return _Translations()

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and keep one sentence for each field: the first thing to put right."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field.errors, (list, tuple)):
                field.errors = list(field.errors[:1])
            if isinstance(field, SelectField) and field.errors and not field.data:
                field.errors = [_unanswered(field)]
        return valid


def _unanswered(field: SelectField) -> str:
    """Which question has no answer; WTForms refuses the choice, without naming it, before ``Required`` is asked."""
    keys = [v.key for v in field.validators if isinstance(v, Required) and v.key != "form.fill_in"]
    return t((keys or ["form.choose"])[0], label=str(field.label.text))


class Required:
    """The field must be filled in; the error names the field: 请填写姓名."""

    def __init__(self, key: str = "form.fill_in") -> None:
        self.key = key
        self.field_flags = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        value = field.data
        if value is None or (isinstance(value, str) and not value.strip()) or value is False:
            if getattr(field, "errors", None):
                raise StopValidation  # what was typed was refused already: one sentence is enough
            raise StopValidation(t(self.key, label=str(field.label.text)))


class CivilDateField(Field):  # type: ignore[misc]
    """A date typed into three plain fields (year, month, day); ``data`` is a date or None. Macro ``date``."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.raw: list[str] = []

    def typed(self) -> tuple[str, str, str]:
        """What to show in the three fields: what was typed, or the date."""
        if any(self.raw):
            year, month, day = [*self.raw, "", "", ""][:3]
            return year, month, day
        if isinstance(self.data, date):
            return str(self.data.year), str(self.data.month), str(self.data.day)
        return "", "", ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Make a date of year, month and day. Raises ValueError with a sentence when they are not one."""
        self.raw = [value.strip() for value in valuelist]
        if not any(self.raw):
            self.data = None
            return
        try:
            year, month, day = (int(part) for part in self.raw)
            self.data = date(year, month, day)
        except ValueError:
            self.data = None
            raise ValueError(t("form.date", label=str(self.label.text))) from None
        if year < 1900:
            self.data = None
            raise ValueError(t("form.date", label=str(self.label.text)))


def refuse(field: Any, sentence: str) -> None:
    """Add an error that the library found to a field, after validation."""
    field.errors = [*field.errors, sentence]


def must(condition: Callable[[Any], bool], key: str) -> Callable[[Any, Any], None]:
    """A validator: the field's data must meet a condition, or the sentence of ``key`` says what to do."""

    def check(_form: Any, field: Any) -> None:
        if field.data and not condition(field.data):
            raise ValidationError(t(key, label=str(field.label.text)))

    return check

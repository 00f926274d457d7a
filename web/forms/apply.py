"""An institution asks to be admitted."""

from typing import Any

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from credit_bank.admitting import KINDS, Applicant
from credit_bank.errors import InvalidInput
from credit_bank.identity import social_credit_code
from credit_bank.recognition.framework import Category
from web.forms.base import Form, Required, label
from web.messages import error_sentence, t


def _kinds() -> list[tuple[str, str]]:
    return [(kind, t(f"institutions.kind.{kind}")) for kind in KINDS]


def _categories() -> list[tuple[str, str]]:
    return [(c.value, t(f"site.category.{c.value}")) for c in Category]


class ApplyForm(Form):
    """Who the institution is, what it would issue, and whom to ask."""

    name = StringField(label("apply.name"), validators=[Required(), Length(max=120)])
    name_en = StringField(label("apply.name_en"), validators=[Length(max=120)])
    social_credit_code = StringField(label("apply.code"), validators=[Required(), Length(max=30)])
    kind = RadioField(label("apply.kind"), choices=_kinds, validators=[Required("apply.kind_choose")])
    district = StringField(label("apply.district"), validators=[Required(), Length(max=60)])
    handle = StringField(label("apply.handle"), validators=[Required(), Length(max=60)])
    website = StringField(label("apply.website"), validators=[Length(max=200)])
    categories = SelectMultipleField(
        label("apply.categories"),
        choices=_categories,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    contact_name = StringField(label("apply.contact_name"), validators=[Required(), Length(max=80)])
    contact = StringField(label("apply.contact"), validators=[Required(), Length(max=120)])
    statement = TextAreaField(label("apply.statement"), validators=[Length(max=2000)])

    def validate_social_credit_code(self, field: Any) -> None:
        """The check digit, said while the rest of the form is checked too."""
        try:
            social_credit_code.parse(field.data or "")
        except InvalidInput as error:
            raise ValidationError(error_sentence(error)) from None

    def applicant(self) -> Applicant:
        """What was filled in, as the bank takes it."""
        return Applicant(
            name=" ".join(self.name.data.split()),
            name_en=" ".join((self.name_en.data or "").split()) or None,
            social_credit_code=self.social_credit_code.data,
            kind=self.kind.data,
            district=self.district.data.strip(),
            handle=self.handle.data.strip().lower(),
            website=(self.website.data or "").strip() or None,
            categories=tuple(Category(c) for c in self.categories.data),
            contact_name=" ".join(self.contact_name.data.split()),
            contact=self.contact.data.strip(),
            statement=(self.statement.data or "").strip(),
        )

"""The bank's administrator: decisions on applications, acts on institutions, merging accounts."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from web.forms.base import Form, Required, label


class ConfirmForm(Form):
    """Nothing to fill in: the page says what will happen, the button does it."""


class RefuseForm(Form):
    """Why an application is refused; the applicant will read it."""

    reason = TextAreaField(label("admin.refuse.reason"), validators=[Required(), Length(max=500)])


class TypedForm(Form):
    """The institution's short name, typed by hand before an act that cannot be undone."""

    handle = StringField(label("admin.typed"), validators=[Required(), Length(max=60)])


class InviteForm(Form):
    """Who becomes the administrator of an institution."""

    name = StringField(label("admin.invite.name"), validators=[Required(), Length(max=80)])


class MergeForm(Form):
    """The two account numbers of one person: the one kept, and the one taken over."""

    keep = StringField(label("admin.merge.keep"), validators=[Required(), Length(max=40)])
    absorb = StringField(label("admin.merge.absorb"), validators=[Required(), Length(max=40)])


class MergeSureForm(Form):
    """The number that is given up, typed by hand."""

    keep = HiddenField()
    absorb = HiddenField()
    typed = StringField(label("admin.merge.typed"), validators=[Required(), Length(max=40)])

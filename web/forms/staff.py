"""An institution's staff: inviting, accepting, and codes for a lost PIN."""

from wtforms import PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import Length

from credit_bank.identity.document import DocumentType
from web.accounts.roles import Role
from web.forms.base import Form, Required, label
from web.forms.signin import TypedTwice, again_field, new_secret_field
from web.messages import t


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, t(f"staff.role.{role.value}")) for role in Role]


def _documents() -> list[SelectChoice]:
    return [SelectChoice(kind.value, t(f"signin.document.{kind.value}")) for kind in DocumentType]


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = StringField(label("staff.invite_name.label"), validators=[Required(), Length(max=80)])
    role = RadioField(
        label("staff.invite_role.label"), choices=_roles, validators=[Required("staff.invite_role.choose")]
    )


class AcceptNewForm(TypedTwice, Form):
    """Someone who has no way to sign in yet chooses one."""

    display_name = StringField(label("staff.display_name.label"), validators=[Required(), Length(max=80)])
    sign_in_name = StringField(label("staff.sign_in_name.label"), validators=[Required(), Length(max=64)])
    new_secret = new_secret_field("staff.new_password.label")
    again = again_field()


class AcceptExistingForm(Form):
    """Someone who can sign in already does so while accepting."""

    name = StringField(label("signin.name.label"), validators=[Required(), Length(max=100)])
    secret = PasswordField(label("signin.secret.label"), validators=[Required()])


class PinCodeForm(Form):
    """The learner at the counter: the account number, and the document held in hand."""

    number = StringField(label("signin.number.label"), validators=[Required(), Length(max=40)])
    document_type = RadioField(
        label("signin.document_type.label"), choices=_documents, default=DocumentType.RESIDENT_ID.value
    )
    document_number = StringField(label("signin.document_number.label"), validators=[Required(), Length(max=40)])

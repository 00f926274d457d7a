"""A token for a program: what for, what it may do, for how long."""

from datetime import timedelta

from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import Length

from web.accounts.api_tokens import LABEL_LENGTH, Scope
from web.forms.base import Form, Required, label
from web.messages import t

DAYS = (30, 90, 365)


class TokenForm(Form):
    """A new token. At least one scope must be ticked."""

    name = StringField(label("tokens.name.label"), validators=[Required(), Length(max=LABEL_LENGTH)])
    read = BooleanField(label("tokens.scope.read"))
    import_ = BooleanField(label("tokens.scope.import"))
    issue = BooleanField(label("tokens.scope.issue"))
    revoke = BooleanField(label("tokens.scope.revoke"))
    days = RadioField(
        label("tokens.days.label"), choices=[SelectChoice(str(n), label(f"tokens.days.{n}")) for n in DAYS]
    )

    @property
    def scopes(self) -> list[Scope]:
        """The scopes that were ticked."""
        ticked = {Scope.READ: self.read, Scope.IMPORT: self.import_, Scope.ISSUE: self.issue, Scope.REVOKE: self.revoke}
        return [scope for scope, field in ticked.items() if field.data]

    @property
    def lifetime(self) -> timedelta:
        """How long the token is to be good."""
        return timedelta(days=int(self.days.data))

    def validate(self, extra_validators: object = None) -> bool:
        """Whether everything is filled in; the first scope names the error when none is ticked."""
        good: bool = super().validate(extra_validators)
        if not self.scopes:
            self.read.errors = [t("tokens.scope.choose")]
            return False
        return good

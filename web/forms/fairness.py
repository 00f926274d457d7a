"""What a learner tells for checking fairness: every field may stay empty."""

from collections.abc import Callable

from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.watching_fairness import LONGEST_REASON
from web.forms.base import Form, Required, label
from web.messages import t


def _choices(name: str) -> Callable[[], list[SelectChoice]]:
    def made() -> list[SelectChoice]:
        said = [SelectChoice(value, t(f"fairness.{name}.{value}")) for value in ATTRIBUTES[name]]
        return [SelectChoice("", t("fairness.rather_not")), *said]

    return made


class TellForm(Form):
    """The attributes by name, and the consent where it was not given yet."""

    age_band = SelectField(label("fairness.attribute.age_band"), choices=_choices("age_band"))
    sex = SelectField(label("fairness.attribute.sex"), choices=_choices("sex"))
    district = SelectField(label("fairness.attribute.district"), choices=_choices("district"))
    ethnicity = SelectField(label("fairness.attribute.ethnicity"), choices=_choices("ethnicity"))
    occupation = SelectField(label("fairness.attribute.occupation"), choices=_choices("occupation"))
    disability = SelectField(label("fairness.attribute.disability"), choices=_choices("disability"))
    agreed = BooleanField(label("fairness.agree"))


class PolicyForm(Form):
    """Why the policy is put back, or made neutral by hand."""

    reason = TextAreaField(label("fairness.reason"), validators=[Required(), Length(max=LONGEST_REASON)])

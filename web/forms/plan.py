"""A plan: its pace."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from web.forms.base import Form, label
from web.messages import t

PER_WEEK = (1, 2, 3, 4, 5, 7)
MINUTES = (10, 15, 20, 30, 45, 60)


def per_week_field() -> SelectField:
    """How many sessions a week."""
    return SelectField(
        label("plan.pace.per_week"),
        coerce=int,
        choices=lambda: [SelectChoice(n, t("plan.pace.times", count=n)) for n in PER_WEEK],
    )


def minutes_field() -> SelectField:
    """How many minutes a session."""
    return SelectField(
        label("plan.pace.minutes"),
        coerce=int,
        choices=lambda: [SelectChoice(n, t("plan.pace.minutes_each", count=n)) for n in MINUTES],
    )


class PaceForm(Form):
    """How often and how long."""

    per_week = per_week_field()
    minutes = minutes_field()


def nearest(value: int, choices: tuple[int, ...]) -> int:
    """The choice that comes nearest to a value kept earlier."""
    return min(choices, key=lambda n: (abs(n - value), n))

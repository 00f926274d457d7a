"""The learner model: its versions with their figures, whether it is fair, and the policy, which a person puts back."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from adaptive import watching_fairness
from adaptive.errors import AdaptiveError
from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.evaluation.fairness import HIDDEN
from adaptive.store import fairness, terms, versions
from adaptive.store.tables import PolicyState
from credit_bank.store.types import new_id
from web.accounts import audit
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.accounts.tables import Person
from web.database import command, tx
from web.forms.fairness import PolicyForm
from web.messages import catalogue, error_sentence, locale, t
from web.views.admin.blueprint import blueprint


@blueprint.route("/admin/learning", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def learning_model() -> ResponseReturnValue:
    """Versions, fairness, policy; and the form that changes the policy, with a reason."""
    form = PolicyForm()
    problem = None
    if form.validate_on_submit():
        try:
            neutral = command(lambda session: _change(session, form.reason.data or ""))
        except AdaptiveError as error:
            problem = error_sentence(error)
        else:
            flash(t("admin.learning.made_neutral" if neutral else "admin.learning.put_back"), "good")
            return redirect(url_for(".learning_model"), 303)
    return _page(form, problem), 422 if form.is_submitted() else 200


def _change(session: Session, reason: str) -> bool:
    """Put the normal policy back, or make it neutral where it is normal."""
    neutral = not watching_fairness.neutral_now(session)
    act = watching_fairness.make_neutral if neutral else watching_fairness.correct
    row = act(session, new_id(), actor().person_id, reason, now())
    action = "fairness.made_neutral" if neutral else "fairness.corrected"
    audit.record(session, action, now=now(), person_id=actor().person_id, subject_id=row.id, reason=row.reason)
    return neutral


def _page(form: PolicyForm, problem: str | None) -> str:
    policies = fairness.policies(tx(), 20)
    made = versions.newest(tx())
    checks = fairness.newest_checks(tx())
    return render_template(
        "admin/learning.html",
        form=form,
        problem=problem,
        in_force=terms.weights(tx()).version,
        versions=made,
        checks=[(name, checks[name]) for name in ATTRIBUTES if name in checks],
        neutral=bool(policies) and policies[0].policy == "neutral",
        policies=policies,
        people=_people(policies),
        hidden=HIDDEN,
        group_name=_group_name,
        said=_said,
        centre=next((m.handle for m in actor().memberships if m.tier == "centre"), None),
    )


def _people(rows: Any) -> dict[UUID, str]:
    wanted = {row.decided_by for row in rows if row.decided_by}
    found = tx().exec(select(Person.id, Person.display_name).where(col(Person.id).in_(wanted)))
    return dict(found.all())


def _group_name(attribute: str, value: str) -> str:
    key = f"fairness.{attribute}.{value}"
    return t(key) if key in catalogue() else value


def _said(row: PolicyState) -> str:
    """A person's reason as written; a report's in words."""
    from web.libraries import sentence

    return row.reason if row.decided_by else sentence("reason.fairness.passed", locale())

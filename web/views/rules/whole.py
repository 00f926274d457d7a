"""What holds of a whole rule set, in a form: its names, its days, its parties, its policy."""

import copy
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from credit_bank.recognition.rules.rewriting import rewritten
from credit_bank.recognition.rules.ruleset import Policy
from web.forms.base import Form, refuse
from web.forms.rules import entry_form
from web.messages import t
from web.operations.draft_tables import RuleDraft
from web.views.rules.applying import encoded
from web.views.rules.blueprint import page
from web.views.rules.draft import problem_sentence, read
from web.views.rules.step import Step

_SET = ("title", "title_en", "id", "version", "basis", "programme", "valid_from", "valid_until")
_DAYS = ("valid_from", "valid_until")
_POLICY = ("identity", "notice_days", "max_age", "chain")
GROUPS = (
    ("title", ("title", "title_en", "id", "version")),
    ("for", ("basis", "programme", "parties")),
    ("days", ("valid_from", "valid_until")),
    ("policy", _POLICY),
)


def opened(step: Step, others: Sequence[RuleDraft] = ()) -> tuple[str, int]:
    """The page with the form as the draft is; above it ``others``, drafts that one may rather go on with."""
    return _page(step, _form(step, _values(step)), others), 200


def saved(step: Step) -> tuple[str, int]:
    """The draft with what was sent, as cards; or the form again, each fault beside its field."""
    form = _form(step)
    valid = form.validate()
    before, table = _values(step), copy.deepcopy(step.draft.table)
    before |= {name: table[name] for name in _DAYS if name in table and before[name]}  # a day in quotes is made one
    policy = dict(table.get("policy", {})) if isinstance(table.get("policy", {}), dict) else {}
    usual = Policy()
    for name in (*_SET, "parties", *_POLICY):
        value = form[name].data
        value = "" if value is None else value
        if value == before[name]:
            continue
        where = policy if name in _POLICY else table
        found = [step.names.handle(one) for one in encoded(name, value)] if name == "parties" else encoded(name, value)
        where[name] = found
        if found in ("", []) or (name in _POLICY and found == getattr(usual, name)):
            del where[name]
    if policy:
        table["policy"] = policy
    else:
        table.pop("policy", None)
    for problem in read(rewritten(step.text, table)).problems:
        name = problem.place.removeprefix("policy.").partition("[")[0]
        if name in form and not form[name].errors:
            words = problem_sentence(problem.code, problem.parameters)
            refuse(form[name], t("rules.at", place=str(form[name].label.text), words=words))
    if not valid or form.errors:
        return _page(step, form), 422
    return step.with_table(table).overview(t("rules.saved"))


def _form(step: Step, values: Mapping[str, Any] | None = None) -> Form:
    return entry_form((*_SET, "parties", *_POLICY), ("parties",), step.choices(), section="head", values=values)


def _values(step: Step) -> dict[str, str | date]:
    """What stands in the fields."""
    table, policy = step.draft.table, step.ruleset.policy
    names = step.names
    found: dict[str, str | date] = {name: str(table.get(name, "")) for name in _SET}
    for name in _DAYS:
        found[name] = _day(table.get(name)) or ""
    found["basis"] = step.ruleset.basis.name.lower()
    found["parties"] = "\n".join(names.shown(one) for one in step.ruleset.parties)
    found |= {
        "identity": policy.identity,
        "notice_days": str(policy.notice_days),
        "max_age": "" if policy.max_age is None else str(policy.max_age),
        "chain": str(policy.chain),
    }
    return found


def _day(value: object) -> date | None:
    """A day of the text, which somebody may have put in quotes, or None."""
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


def _page(step: Step, form: Form, others: Sequence[RuleDraft] = ()) -> str:
    return page(
        "whole", t("rules.about.title"), step.handle, wrong=form, step=step, form=form, groups=GROUPS, others=others,
    )  # fmt: skip

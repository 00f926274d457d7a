"""One entry of a draft in a form: opened, sent back with its faults, taken into the text, taken out, moved."""

import copy
from collections.abc import Mapping
from typing import Any

from flask import g, request

from credit_bank.recognition.rules.rewriting import rewritten, without
from web.database import tx
from web.forms.base import Form, refuse
from web.forms.rules import entry_form
from web.messages import catalogue, t
from web.views.rules.applying import applied
from web.views.rules.blueprint import page
from web.views.rules.draft import Draft, field_of, problem_sentence, read
from web.views.rules.kinds import BY_NAME, Kind, kind_of
from web.views.rules.naming import offered
from web.views.rules.step import Step
from web.views.rules.values import LINES, Filled, Value, filled

_MOST_ROWS = 12
"""Up to how many rows are added to a form; what stands in the text has a row in any case."""
USUAL = {"level": "not-lower", "credit_source": "target", "grade": "exempt"}
"""What choices say that nobody made; a folded group with others is open."""


class Opened:
    """An entry of a draft as its form has it; ``number`` None: one that is to be added, of the kind named."""

    def __init__(self, step: Step, section: str, number: int | None, name: str) -> None:
        self.step, self.section, self.number = step, section, number
        self.table = copy.deepcopy(step.draft.table)
        listed = self.table.setdefault(section, [])
        if number is None:
            listed.append(_new(BY_NAME[section, name], listed, self.table))
        self.at = len(listed) - 1 if number is None else number
        self.draft = read(rewritten(step.text, self.table)) if number is None else step.draft
        self.entry = self.draft.entries[section][self.at]
        found = kind_of(section, self.entry.raw, self.entry.model)
        self.kind: Kind = BY_NAME[section, name] if number is None else found
        self.was: Filled = filled(self.kind, self.entry.raw, self.entry.model, step.names, step.draft.framework)

    def fields(self, sources: int, targets: int) -> list[tuple[str, list[str]]]:
        """The names of the fields, group by group: first those in sight."""
        rows = [name for n in range(sources) for name in (f"from{n}_institution", f"from{n}_course")]
        amounts = self.kind.name == "certificate" or any(
            self.was.values.get(f"to{n}_credits") for n in range(self.was.targets)
        )
        given = [name for n in range(targets) for name in (f"to{n}", *([f"to{n}_credits"] if amounts else []))]
        shown = [name for name in self.kind.fields if name in self.was.values]
        titles = [name for name in shown if name in ("title", "title_en")]
        rest = [name for name in shown if name not in titles]
        groups = [("title", titles), ("from", rows), ("to", given), ("main", rest)]
        groups += [(name, [one for one in names if one in self.was.values]) for name, names in self.kind.folded]
        return [(name, names) for name, names in groups if names]

    def rows_sent(self) -> tuple[int, int]:
        """How many rows came with the form."""
        sent = request.form
        sources = sum(f"from{n}_course" in sent for n in range(max(_MOST_ROWS, self.was.sources)))
        return sources, sum(f"to{n}" in sent for n in range(max(_MOST_ROWS, self.was.targets)))

    def shown(self) -> tuple[str, int]:
        """The page with the form as the entry is."""
        spare = 1 if self.kind.more and self.kind.name == "series" else 0
        sources, targets = self.was.sources + spare if self.was.sources else 0, self.was.targets
        return self._page(self.form(sources, targets, self.was.values), sources, targets), 200

    def with_more_rows(self) -> tuple[str, int]:
        """The page with the form as it was sent, and a row more of each."""
        sources, targets = self.rows_sent()
        form = self.form(sources, targets)
        values = sent_values(form)
        sources, targets = (n + (0 < n < _MOST_ROWS) for n in (sources, targets))
        return self._page(self.form(sources, targets, values), sources, targets), 200

    def form(self, sources: int, targets: int, values: Mapping[str, Any] | None = None) -> Form:
        """The form with as many rows."""
        names = [name for _group, group in self.fields(sources, targets) for name in group]
        lines = [name for name in LINES if name != "remaining" or self.section == "rule"]
        return entry_form(names, lines, self.step.choices(), section=self.section, values=values)

    def _page(self, form: Form, sources: int, targets: int, problems: tuple[str, ...] = ()) -> str:
        """The page with a form."""
        names, title = self.step.names, t(f"rules.kind.{self.section}.{self.kind.name}")
        groups = self.fields(sources, targets)
        place = f"{self.section}:{'new' if self.number is None else self.number}:{self.kind.name}"
        used = {name for name, value in self.was.values.items() if value not in ("", False, [], USUAL.get(name))}
        return page(
            "entry", title, self.step.handle, problems=problems, wrong=form, step=self.step, form=form, groups=groups,
            place=place, more=self.kind.more, used=used, section=self.section,
            kind=self.kind.name, beside=t("rules.comma").join(map(self._named, self.was.untouched)),
            said=None if self.number is None else self.step.said(self.entry.model), places=self.step.places(),
            courses=offered(tx(), g.institution, names, [one for one, _code in names.taken]),
            own=list(names.courses.items()),
        )  # fmt: skip

    def _named(self, name: str) -> str:
        """What a name of the file is called on the page, where it has a field there."""
        key = f"rules.field.{name}"
        known = {"from": "rules.group.from", "to": "rules.group.to"}
        return t(known[name]) if name in known else t(key) if key in catalogue() else name

    def saved(self) -> tuple[str, int]:
        """The draft with what was sent, as cards; or the form again, each fault beside its field."""
        sources, targets = self.rows_sent()
        form = self.form(sources, targets)
        values = sent_values(form)
        valid = form.validate()
        _require(self.kind, form)
        listed = self.table[self.section]
        defaults = self.table.get("defaults", {}) if self.section == "rule" else {}
        listed[self.at] = applied(self.kind, listed[self.at], self.was.values, values, self.step.names, defaults)
        draft = read(rewritten(self.step.text, self.table))
        general = _told(draft, self.section, self.at, form)
        if not valid or form.errors or general:
            return self._page(form, sources, targets, tuple(general)), 422
        place = f"{self.section}:{self.at}"
        return self.step.with_table(self.table, place).overview(t("rules.saved"))


def sent_values(form: Form) -> dict[str, Value]:
    """What was sent, by field; nothing is an empty text."""
    fields = [field for field in form if field.name != "csrf_token"]
    return {field.name: field.data if isinstance(field.data, bool | list) else field.data or "" for field in fields}


def _new(kind: Kind, listed: list[Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """A new entry of a kind, with an id of its own."""
    known = {one.get("id") for one in listed if isinstance(one, dict)}
    number = next(n for n in range(1, len(listed) + 2) if f"{kind.section}-{n}" not in known)
    id = {} if kind.section == "level_map" else {"id": f"{kind.section}-{number}".replace("_", "-")}
    new = copy.deepcopy(dict(kind.new))
    if kind.section == "level_map":
        new["target"] = table.get("framework", "")
    return {**id, **new}


def _require(kind: Kind, form: Form) -> None:
    """A rule takes something from somebody, and a row says of whom."""
    if not kind.sources or "from0_course" not in form:
        return
    rows = [
        (form[name.replace("_course", "_institution")], form[name])
        for name in form._fields
        if name.startswith("from") and name.endswith("_course")
    ]
    if not any(course.data for _place, course in rows):
        refuse(rows[0][1], t("rules.fault.no_course"))
    for place, course in rows:
        if course.data and not place.data:
            refuse(place, t("rules.fault.no_institution"))


def _told(draft: Draft, section: str, number: int, form: Form) -> list[str]:
    """Each problem of the entry beside its field; what has no field is given back."""
    general = []
    for problem in draft.problems:
        place = field_of(problem, section, number)
        if place is None:
            continue
        words = problem_sentence(problem.code, problem.parameters)
        name = _field(place, section, form)
        if name is None:
            general.append(words)
        elif not form[name].errors:
            refuse(form[name], t("rules.at", place=str(form[name].label.text), words=words))
    return general


_NAMES = {"scale": "from_scale", "source": "from_framework", "grades": "pairs"}


def _field(place: str, section: str, form: Form) -> str | None:
    """The field that a problem is about."""
    parts = [part.partition("[")[0] for part in place.split(".")]
    for name in reversed(parts):
        for one in (name, f"bridge_{name}", f"counted_{name}", _NAMES.get(name, "") if section != "rule" else ""):
            if one in form:
                return one
    first = {"from": "from0_course", "to": "to0" if "to0" in form else "component"}.get(parts[0], "")
    return first if first in form else None


def removed(step: Step, section: str, number: int) -> tuple[str, int]:
    """The draft without an entry."""
    title = step.said(step.draft.entries[section][number].model).title
    found = Step(step.handle, without(step.text, section, number))
    return found.overview(t("rules.removed", title=title), before=step.text)


def moved(step: Step, number: int, *, earlier: bool) -> tuple[str, int]:
    """The draft with a rule that goes before, or after, the rules it was beside."""
    table = copy.deepcopy(step.draft.table)
    others = [one.priority for n, one in enumerate(step.ruleset.rules) if n != number]
    table["rule"][number]["priority"] = place_beyond(step.ruleset.rules[number].priority, others, earlier=earlier)
    return step.with_table(table, f"rule:{number}").overview(t("rules.moved"))


def place_beyond(mine: int, others: list[int], *, earlier: bool) -> int:
    """A priority that goes one place before (or after) ``mine``; the lower goes before.

    Among others of the same priority the place is between them and the next; alone it is beyond the next ones. Where
    there is no whole number between, it is that of the next ones.
    """
    sign = 1 if earlier else -1
    beyond = sorted({one for one in others if (mine - one) * sign > 0}, key=lambda one: -one * sign)
    if mine not in others and not beyond:
        return mine
    near = mine if mine in others else (beyond.pop(0) if beyond else mine)
    far = beyond[0] if beyond else near - 20 * sign
    found = max(0, (near + far) // 2)
    if found == near and beyond and mine in others:
        return far
    return found

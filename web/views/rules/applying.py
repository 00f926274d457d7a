"""From a form's fields back to an entry: only what was changed in the form changes in the entry."""

import copy
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from credit_bank.recognition.rules.rule import Item, Rule
from web.views.rules.kinds import BRIDGE, CONDITIONS, COUNTED, Kind, source_rows, target_rows
from web.views.rules.naming import Names
from web.views.rules.values import LINES, RENAMED, Value

_WHOLE = ("priority", "shelf_life", "lowest", "highest", "notice_days", "max_age", "chain")
_NUMBERS = ("min_credits", "max_credits", "credit_limit", "within", "bound")
_SHARES = ("min_attendance", "min_coverage", "bridge_share")
_MAPS = ("pairs", "levels", "counts", "target_counts")
_USUAL_RULE = Rule("", "", "", (), ())
_USUAL_ITEM = Item()


def applied(
    kind: Kind,
    raw: Mapping[str, Any],
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    names: Names,
    defaults: Mapping[str, Any],
) -> dict[str, Any]:
    """The entry with what differs between the form as it was and as it was sent.

    ``defaults`` are the file's, whose values an emptied field of a rule must set aside.
    """
    table = copy.deepcopy(dict(raw))
    changed = {name: value for name, value in after.items() if value != before.get(name, "")}
    for name, value in sorted(changed.items(), key=lambda one: one[0] != "base"):  # a bound is read by its base
        if name in COUNTED:
            _counted(table, name, value, names)
        elif kind.section != "rule":
            _put(table, RENAMED.get(name, name), encoded(name, value, table), {}, None)
        elif name not in (*CONDITIONS, *BRIDGE, "institution", "unit", "mode", "component") and not _is_row(name):
            usual = getattr(_USUAL_RULE, name)
            _put(table, name, encoded(name, value, table), defaults, usual)
    if kind.section == "rule":
        _bridge(table, changed, after)
        _sources(kind, table, changed, after, names, defaults.get("from", {}))
        _targets(kind, table, changed, after)
    return table


def encoded(name: str, value: Value, table: Mapping[str, Any] | None = None) -> Any:
    """A field's value as it is written in the file; what does not fit stays text, and is told as a fault."""
    if not isinstance(value, str):
        return value
    plain = value.strip()
    if name in _MAPS:
        pairs = (line.partition("=") for line in plain.splitlines() if line.strip())
        whole = name in ("counts", "target_counts")
        return {a.strip(): int(b) if whole and b.strip().isdecimal() else b.strip() for a, _sign, b in pairs}
    if name in LINES:
        return [line.strip() for line in plain.splitlines() if line.strip()]
    share = name in _SHARES or (name == "bound" and bool((table or {}).get("base")))
    if share or name in _WHOLE or name in _NUMBERS:
        plain = unicodedata.normalize("NFKC", plain)  # "５０％" is typed as easily as "50%"
    if share and plain.isdecimal() and int(plain) > 1:
        return f"{int(plain)}%"
    return _amount(plain) if name in _WHOLE or name in _NUMBERS else plain


def _put(table: dict[str, Any], key: str, value: Any, defaults: Mapping[str, Any], usual: object) -> None:
    """Set a key, or take it away where it says nothing that is not so anyway."""
    nothing = value in ("", [], {}) or value == usual or (usual is None and value is False)
    if nothing and key not in defaults:
        table.pop(key, None)
    elif nothing and not isinstance(value, bool) and not isinstance(usual, int):
        table[key] = str(usual) if value == usual and isinstance(usual, str) else ""
    else:
        table[key] = value


def _counted(table: dict[str, Any], name: str, value: Value, names: Names) -> None:
    counted = dict(table.get("counted", {}))
    found = encoded(name, value)
    if name == "counted_institutions":
        found = [names.handle(one) for one in found]
    _put(counted, name.removeprefix("counted_"), found, {}, None)
    _put(table, "counted", counted, {}, None)


def _is_row(name: str) -> bool:
    return name.startswith(("from", "to")) and name[4 if name.startswith("from") else 2 :][:1].isdecimal()


def _bridge(table: dict[str, Any], changed: Mapping[str, Value], after: Mapping[str, Value]) -> None:
    if not changed.keys() & set(BRIDGE):
        return
    if not any(after[name] for name in BRIDGE):
        table.pop("bridge", None)
        return
    bridge = dict(table.get("bridge", {}))
    for name in changed.keys() & set(BRIDGE):
        _put(bridge, name.removeprefix("bridge_"), encoded(name, after[name]), {}, None)
    table["bridge"] = bridge


def _sources(
    kind: Kind,
    table: dict[str, Any],
    changed: Mapping[str, Value],
    after: Mapping[str, Value],
    names: Names,
    defaults: Mapping[str, Any],
) -> None:
    found = source_rows(table.get("from"))
    asked = {name: value for name, value in changed.items() if name in CONDITIONS or name == "unit"}
    rows = any(name.startswith("from") and _is_row(name) for name in changed)
    if found is None or not (rows or asked or changed.keys() & {"mode", "institution"}):
        return
    mode, members = str(after.get("mode", found[0])), found[1]
    if kind.sources:
        members = _rows(members, after, names)
        if len(members) > len(found[1]):  # what is asked of all is asked of a new row too
            asked = {name: after[name] for name in after if name in CONDITIONS} | asked
    items = [_item(one, asked, after.get("institution") if "institution" in changed else None, names, defaults)
             for one in members]  # fmt: skip
    if len(items) == 1:
        table["from"] = items[0]
    else:
        table["from"] = items if mode == "all" or not items else [{"any": items}]


def _rows(members: Sequence[Any], after: Mapping[str, Value], names: Names) -> list[Any]:
    """The members with what stands in the rows; a row without a course goes."""
    found = []
    for n in range(sum(name.startswith("from") and name.endswith("_course") for name in after)):
        course, place = str(after[f"from{n}_course"]).strip(), names.handle(str(after[f"from{n}_institution"]))
        if course:
            before = members[n] if n < len(members) else ""
            table = _opened(before)
            found.append(
                _closed({"institution": place or "*", **table} | {"institution": place or "*", "course": course})
            )
    return found


def _item(
    member: Any, asked: Mapping[str, Value], place: Value | None, names: Names, defaults: Mapping[str, Any]
) -> Any:
    table = _opened(member)
    for name, value in asked.items():
        _put(table, name, encoded(name, value), defaults, getattr(_USUAL_ITEM, name))
    if place is not None:
        _put(table, "institution", names.handle(str(place)), defaults, "*")
    return _closed(table) if isinstance(member, str) or table.keys() <= {"institution", "course"} else table


def _opened(member: Any) -> dict[str, Any]:
    """An item as a table, where it is short too."""
    if isinstance(member, dict):
        return dict(member)
    place, colon, course = str(member).partition(": ")
    if not colon:
        return {"course": place.strip()} if place.strip() else {}
    return {"institution": place.strip(), "course": course.strip()}


def _closed(table: dict[str, Any]) -> Any:
    """A table as a short item where it says only whose course it is."""
    place, course = table.get("institution", ""), table.get("course", "")
    if place and course and table.keys() == {"institution", "course"} and ": " not in str(place):
        return f"{place}: {course}"
    return table


def _targets(kind: Kind, table: dict[str, Any], changed: Mapping[str, Value], after: Mapping[str, Value]) -> None:
    if "component" in changed:
        given = table.get("to")
        award = given[0] if isinstance(given, list) and given else given
        table["to"] = {**(award if isinstance(award, dict) else {}), "component": str(after["component"])}
        return
    before = target_rows(table.get("to"))
    if before is None or not any(name.startswith("to") and _is_row(name) for name in changed):
        return
    found: list[Any] = []
    for n in range(sum(name.startswith("to") and name[2:].isdecimal() for name in after)):
        course, credits = str(after[f"to{n}"]).strip(), str(after.get(f"to{n}_credits", "")).strip()
        if course:
            old = before[n] if n < len(before) and isinstance(before[n], dict) else {}
            award = {**old, "course": course} | ({"credits": _amount(credits)} if credits else {})
            if not credits:
                award.pop("credits", None)
            found.append(award if award.keys() != {"course"} else course)
    if not found and kind.name in ("title", "unit"):
        found = ["*"]
    if found:
        table["to"] = found[0] if len(found) == 1 else found
    else:
        table.pop("to", None)


def _amount(text: str) -> Any:
    plain = unicodedata.normalize("NFKC", text)
    return int(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 10 else plain

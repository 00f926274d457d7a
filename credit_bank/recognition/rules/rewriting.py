"""A TOML text changed to say something else, with everything that stays left as somebody wrote it.

Comments, order, spaces and short forms of what is not changed stay. What comes out is read back and compared; where the
text is written in a way that is not looked into here, the whole of it is written anew, without its comments.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from credit_bank.recognition.rules.spans import (
    Span,
    Statement,
    begins_line,
    line_end,
    members,
    pairs,
    past_break,
    statements,
    with_comments_above,
)
from credit_bank.recognition.rules.writing import key_text, toml, value_text


class _NotThatWay(Exception):
    """The text is written in a way that is not looked into."""


def rewritten(text: str, table: Mapping[str, Any]) -> str:
    """The text of which ``tomllib`` makes the table, changed as little as possible. The text must be TOML."""
    before = tomllib.loads(text)
    found = text
    try:
        for key in {**before, **table}:
            if before.get(key) != table.get(key) or (key in before) != (key in table):
                found = _changed(found, key, before.get(key), table.get(key))
        if tomllib.loads(found) == table:
            return _with_breaks_of(text, found)
    except (_NotThatWay, tomllib.TOMLDecodeError, IndexError):
        pass
    return _with_breaks_of(text, toml(table))


def without(text: str, key: str, n: int) -> str:
    """The text without the member ``n`` of the list ``key``: that one, whatever others say the same."""
    table = tomllib.loads(text)
    del table[key][n]
    if not table[key]:
        del table[key]
        return rewritten(text, table)
    try:
        found = _removed(text, key, n)
        if tomllib.loads(found) == table:
            return found
    except (tomllib.TOMLDecodeError, IndexError):
        pass
    return rewritten(text, table)


def _with_breaks_of(text: str, found: str) -> str:
    """The lines end as they all did."""
    return (
        re.sub(r"(?<!\r)\n", "\r\n", found) if re.search(r"\r\n", text) and not re.search(r"(?<!\r)\n", text) else found
    )


def _changed(text: str, key: str, before: Any, after: Any) -> str:
    """The text with another value of one key at its head level."""
    if _is_list(before, after):
        return _list_changed(text, key, before or [], after)
    found = statements(text)
    headers = [one for one in found if one.kind != "value" and one.path[0] == key]
    if not headers and not isinstance(after, dict):
        return _body(text, found, -1, {key: after})
    if not headers:
        plain = [one for one in found if one.kind == "value" and one.section == -1 and one.path[0] == key]
        return _body(text, found, -1, {key: after}) if plain else _appended(text, f"[{key_text(key)}]", after)
    if len(headers) != 1 or headers[0].kind != "table" or len(headers[0].path) != 1:
        raise _NotThatWay
    if after is None:
        return _without(text, _entry(text, found, headers[0]), _before(found, headers[0]))
    if not isinstance(after, dict):
        raise _NotThatWay
    return _body(text, found, headers[0].section, _differences(before, after))


def _is_list(before: Any, after: Any) -> bool:
    given = [one for one in (before, after) if one is not None]
    tables = all(isinstance(one, list) and all(isinstance(v, dict) for v in one) for one in given)
    return tables and any(given)


def _list_changed(text: str, key: str, before: Sequence[Any], after: Sequence[Any] | None) -> str:
    """The text with other members of a list of tables: the first and last that stay are not touched."""
    wanted = after or []
    first = 0
    while first < min(len(before), len(wanted)) and before[first] == wanted[first]:
        first += 1
    last = 0
    while last < min(len(before), len(wanted)) - first and before[-1 - last] == wanted[-1 - last]:
        last += 1
    old, new = before[first : len(before) - last], wanted[first : len(wanted) - last]
    for n in range(len(old) - 1, len(new) - 1, -1):
        text = _removed(text, key, first + n)
    for n in range(min(len(old), len(new))):
        text = _replaced(text, key, first + n, old[n], new[n])
    for n in range(len(old), len(new)):
        text = _inserted(text, key, first + n, new[n])
    if after is None and (inline := _inline(statements(text), key)):
        return _without(text, (inline.start, inline.end), _before(statements(text), inline))
    return text


def _inline(found: Sequence[Statement], key: str) -> Statement | None:
    """The line at the head that gives a list."""
    for one in found:
        if one.kind == "value" and one.section == -1 and one.path == (key,):
            return one
    return None


def _headers(found: Sequence[Statement], key: str) -> list[Statement]:
    """The headers of a list's members."""
    return [one for one in found if one.kind == "list" and one.path == (key,)]


def _replaced(text: str, key: str, n: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    found = statements(text)
    if inline := _inline(found, key):
        return _braces(text, members(text, inline.value)[n], before, after)
    header = _headers(found, key)[n]
    changes = _differences(before, after)
    if not _tables_of(found, header) & changes.keys():
        return _body(text, found, header.section, changes)
    start, end = _entry(text, found, header)
    return text[:start] + _section(f"[[{key_text(key)}]]", after) + text[end:]


def _braces(text: str, span: Span, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The text with other values in a table in braces; its keys stay in their order, new ones stand behind them."""
    found = pairs(text, span[0])
    changes = _differences(before, after)
    whole = any(len(one.path) > 1 for one in found) or not any(one.path[0] in after for one in found)
    if whole:
        return text[: span[0]] + value_text(after) + text[span[1] :]
    parts = ""
    for n, one in enumerate(found):
        if one.path[0] in after:
            between = text[found[n - 1].end : one.start] if parts else ""
            key = one.path[0]
            value = value_text(after[key]) if key in changes else text[one.value : one.end]
            parts += f"{between}{text[one.start : one.value]}{value}"
    added = (f", {key_text(key)} = {value_text(value)}" for key, value in changes.items() if key not in before)
    return f"{text[: found[0].start]}{parts}{''.join(added)}{text[found[-1].end :]}"


def _removed(text: str, key: str, n: int) -> str:
    found = statements(text)
    inline = _inline(found, key)
    if inline is None:
        header = _headers(found, key)[n]
        return _without(text, _entry(text, found, header), _before(found, header))
    spans = members(text, inline.value)
    start, end = spans[n]
    if not begins_line(text, start):  # between others in a line: with the comma before it, the first with that behind
        if n and "\n" not in text[spans[n - 1][1] : start]:
            return text[: spans[n - 1][1]] + text[end:]
        if n + 1 < len(spans) and "\n" not in text[end : spans[n + 1][0]]:
            return text[:start] + text[spans[n + 1][0] :]
    after = end
    while text[after] in " \t":
        after += 1
    floor = spans[n - 1][1] if n else inline.value
    return _without(text, (start, after + 1 if text[after] == "," else end), floor)


def _inserted(text: str, key: str, n: int, table: Mapping[str, Any]) -> str:
    found = statements(text)
    if inline := _inline(found, key):
        spans = members(text, inline.value)
        if not spans:
            at = inline.value + 1
            return f"{text[:at]}\n  {value_text(table, '  ')},\n{text[at:].lstrip()}"
        if n < len(spans):
            at = spans[n][0]
            return f"{text[:at]}{value_text(table, '  ')},\n  {text[at:]}"
        at = spans[-1][1]
        if not begins_line(text, spans[-1][0]):
            return f"{text[:at]}, {value_text(table, '  ')}{text[at:]}"
        after = at
        while text[after] in " \t\r\n":
            after += 1
        comma, at = ("", after + 1) if text[after] == "," else (",", at)
        line = line_end(text, at)
        return f"{text[:at]}{comma}{text[at:line]}\n  {value_text(table, '  ')},{text[line:]}"
    headers = _headers(found, key)
    title = f"[[{key_text(key)}]]"
    if not headers:
        return _appended(text, title, table)
    if n < len(headers):
        at = with_comments_above(text, headers[n].start, _before(found, headers[n]))
        return f"{text[:at]}{_section(title, table)}\n\n{text[at:]}"
    at = _entry(text, found, headers[-1])[1]
    return f"{text[:at]}\n\n{_section(title, table)}{text[at:]}"


def _entry(text: str, found: Sequence[Statement], header: Statement) -> Span:
    """A header with all that stands under it, tables of its own included, up to the end of its last line."""
    end = header.end
    for one in found[header.section + 1 :]:
        if one.kind != "value" and (one.path[: len(header.path)] != header.path or one.path == header.path):
            break
        end = one.end
    return header.start, line_end(text, end)


def _tables_of(found: Sequence[Statement], header: Statement) -> set[str]:
    """The keys of a list's member that have headers of their own, or names with points."""
    keys: set[str] = set()
    for one in found[header.section + 1 :]:
        if one.kind != "value" and (one.path[: len(header.path)] != header.path or one.path == header.path):
            break
        own = one.path if one.section == header.section else one.path[len(header.path) :]
        if one.kind != "value" or (one.section == header.section and len(own) > 1):
            keys.add(own[0])
    return keys


def _before(found: Sequence[Statement], one: Statement) -> int:
    """Where what stands before ends."""
    return max((other.end for other in found if other.start < one.start), default=0)


def _without(text: str, span: Span, floor: int) -> str:
    """The text without that, without the comments right above it, and without lines that this leaves empty."""
    start, end = with_comments_above(text, span[0], floor), line_end(text, span[1])
    before = text[:start]
    if not before or before.endswith("\n"):
        end = past_break(text, end)
        if not before or re.search(r"\n[ \t]*\r?\n\Z", before):
            if end == len(text):
                before = re.sub(r"\r?\n\Z", "", before)
            end = past_break(text, end)
    return before + text[end:]


def _body(text: str, found: Sequence[Statement], section: int, changes: Mapping[str, Any]) -> str:
    """The text with other values of plain keys in one section; None takes a key away."""
    lines = [one for one in found if one.kind == "value" and one.section == section]
    header = next((one for one in found if one.kind != "value" and one.section == section), None)
    edits: list[tuple[Span, str]] = []
    added, stays = "", [one.end for one in lines if one.path[0] not in changes]
    for key, value in changes.items():
        of_key = [one for one in lines if one.path[0] == key]
        anew = value is None or any(len(one.path) > 1 for one in of_key)
        if value is not None and (anew or not of_key):
            added += f"\n{key_text(key)} = {value_text(value)}"
        stays += [] if anew else [one.end for one in of_key]
        edits += [_line(text, one) if anew else ((one.value, one.end), value_text(value)) for one in of_key]
    if added:
        last = max([*stays, header.end if header else 0])
        at = line_end(text, last) if last else 0
        edits.append(((at, at), added if last else added[1:] + "\n"))
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _line(text: str, one: Statement) -> tuple[Span, str]:
    """A key with its line, comment and all, to be taken away."""
    return (text.rfind("\n", 0, one.start) + 1, past_break(text, line_end(text, one.end))), ""


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {key: after.get(key) for key in {**before, **after} if before.get(key) != after.get(key)}


def _appended(text: str, title: str, table: Mapping[str, Any]) -> str:
    return text.rstrip(" \t\r\n") + f"\n\n{_section(title, table)}\n"


def _section(title: str, table: Mapping[str, Any]) -> str:
    return "\n".join([title, *(f"{key_text(name)} = {value_text(one)}" for name, one in table.items())])

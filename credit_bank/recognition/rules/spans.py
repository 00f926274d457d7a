"""Where things stand in a TOML text: its headers, its lines "key = value", and the members of its lists.

Only for texts that ``tomllib`` has read: what is looked at here is known to be well formed.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Span = tuple[int, int]
"""From which character, and up to which one."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A header, or a key with its value; ``path`` are its names.

    It stands from ``start`` to ``end``; the value of a key begins at ``value``. ``section`` is the number of the header
    that it stands under, -1 before the first.
    """

    kind: Literal["table", "list", "value"]
    path: tuple[str, ...]
    start: int
    value: int
    end: int
    section: int


def statements(text: str) -> list[Statement]:
    """All headers and keys, in the order of the text."""
    found: list[Statement] = []
    section, at = -1, _skipped(text, 0)
    while at < len(text):
        if text[at] == "[":
            double = text.startswith("[[", at)
            inner = at + 1 + double
            close = _key_end(text, inner, "]")
            section = len(found)
            end = close + 1 + double
            found.append(Statement("list" if double else "table", _path(text[inner:close]), at, end, end, section))
        else:
            equals = _key_end(text, at, "=")
            value = equals + 1
            while text[value] in " \t":
                value += 1
            end = value_end(text, value)
            found.append(Statement("value", _path(text[at:equals]), at, value, end, section))
        at = _skipped(text, end)
    return found


def value_end(text: str, at: int) -> int:
    """Where the value that begins there ends."""
    if text[at] in "\"'":
        return _string_end(text, at)
    if text[at] in "[{":
        return _bracket_end(text, at)
    end = at
    while end < len(text) and text[end] not in ",]}#\r\n":
        end += 1
    return at + len(text[at:end].rstrip())


def members(text: str, at: int) -> list[Span]:
    """The members of the list that begins there."""
    found, end = [], _bracket_end(text, at)
    at = _skipped(text, at + 1, ",")
    while at < end - 1:
        after = value_end(text, at)
        found.append((at, after))
        at = _skipped(text, after, ",")
    return found


def pairs(text: str, at: int) -> list[Statement]:
    """The keys with their values of the table in braces that begins there."""
    found, end = [], _bracket_end(text, at)
    at = _skipped(text, at + 1, ",")
    while at < end - 1:
        equals = _key_end(text, at, "=")
        value = _skipped(text, equals + 1)
        after = value_end(text, value)
        found.append(Statement("value", _path(text[at:equals]), at, value, after, -1))
        at = _skipped(text, after, ",")
    return found


def line_end(text: str, at: int) -> int:
    """Where the line ends, if nothing but spaces and a comment follows; else the place itself."""
    after = at
    while after < len(text) and text[after] in " \t":
        after += 1
    if text.startswith("#", after):
        after = _newline(text, after)
    return after if after == len(text) or text[after] in "\r\n" else at


def begins_line(text: str, at: int) -> bool:
    """Whether nothing but spaces stands before a place in its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t")


def past_break(text: str, at: int) -> int:
    """Past the end of a line, if one is there."""
    return at + next((len(one) for one in ("\r\n", "\n") if text.startswith(one, at)), 0)


def with_comments_above(text: str, at: int, floor: int) -> int:
    """Where the lines of comment begin that stand right above a line; its own begin where there are none.

    ``floor`` is where what stands before ends: the last line of a text over several lines may look like a comment.
    """
    if not begins_line(text, at):
        return at
    start = text.rfind("\n", 0, at) + 1
    while start:
        before = text.rfind("\n", 0, start - 1) + 1
        if before < floor or not text[before:start].lstrip(" \t").startswith("#"):
            break
        start = before
    return start


def _skipped(text: str, at: int, more: str = "") -> int:
    """Past white space, comments and the characters ``more``."""
    while at < len(text):
        if text[at] == "#":
            at = _newline(text, at)
        elif text[at] in " \t\r\n" or text[at] in more:
            at += 1
        else:
            break
    return at


def _newline(text: str, at: int) -> int:
    found = text.find("\n", at)
    if found < 0:
        return len(text)
    return found - 1 if text[found - 1] == "\r" else found


def _string_end(text: str, at: int) -> int:
    quote = text[at]
    fence = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(fence)
    while not text.startswith(fence, at):
        at += 2 if text[at] == "\\" and quote == '"' else 1
    at += len(fence)
    while len(fence) == 3 and text.startswith(quote, at):  # a fence may end with two quotes of its string
        at += 1
    return at


def _bracket_end(text: str, at: int) -> int:
    depth = 0
    while True:
        sign = text[at]
        if sign in "\"'":
            at = _string_end(text, at)
            continue
        if sign == "#":
            at = _newline(text, at)
            continue
        depth += (sign in "[{") - (sign in "]}")
        at += 1
        if depth == 0:
            return at


def _key_end(text: str, at: int, sign: str) -> int:
    while text[at] != sign:
        at = _string_end(text, at) if text[at] in "\"'" else at + 1
    return at


def _path(raw: str) -> tuple[str, ...]:
    return tuple(_names(tomllib.loads(f"{raw.strip()} = 0")))


def _names(table: Any) -> Iterator[str]:
    while isinstance(table, dict):
        [(name, table)] = table.items()
        yield name

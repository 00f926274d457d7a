"""Courses that are named in one cell: several together, each by code, by title, or by both."""

import re
from typing import NamedTuple

ALTERNATIVES = re.compile(r"\s+(?:or|OR|Or)\s+|或者?|\s*\|\|\s*")
# What always stands between courses, and what does only between codes ("Statics and Dynamics" is one course).
# The signs of "C++" and "Notepad++" stand between nothing.
_PLUS = r"(?<!\+)\+(?!\+)"
_TOGETHER = re.compile(rf"\s*(?:{_PLUS}|[;\n])\s*")
_BETWEEN_CODES = re.compile(rf"\s*(?:{_PLUS}|[;、,\n])\s*|\s+(?:and|AND|And|&|plus)\s+|\s+和\s+")
_BARE_NUMBER = re.compile(r"\d+\w{0,2}")
_CODE_THEN_TITLE = re.compile(
    r"(?P<code>[A-Z][A-Z&./ ]{0,9}[ \-]?\d{1,4}[A-Z]{0,3}|\d{5,10}[A-Z]?)\s*(?:[-–—:|]\s*|\s+)(?P<title>[^\W\d].{2,})"
)
_IN_BRACKETS = re.compile(r"(?P<title>.{2,}?)\s*[（(\[](?P<code>[A-Z]{2,6}[ \-]?\d{2,8}[A-Z]{0,2}|\d{5,12})[)）\]]\s*")


_PLAIN = str.maketrans("＋；，\u3000", "+;, ")


class Named(NamedTuple):
    """What cells say of courses; ``titles_apart`` where titles have a column of their own."""

    subject: str
    codes: str
    titles: str
    titles_apart: bool


def course_names(given: Named) -> list[tuple[str, str]]:
    """Code and title of each course; where only one of the two is told, it stands for the other."""
    codes = [f"{given.subject} {code}".strip() for code in _codes(given.codes)]
    if not given.titles_apart:
        pairs = [_taken_apart(code) for code in codes]
        return [pair for pair in pairs if pair[0]]
    if not codes:
        titles = [part for part in _TOGETHER.split(_plain(given.titles)) if part]
        return [_taken_apart(title) for title in titles]
    titles = _titles(given.titles, len(codes))
    return [(code, title or code) for code, title in zip(codes, titles, strict=True)]


def _codes(text: str) -> list[str]:
    parts = [part for part in _BETWEEN_CODES.split(_plain(text)) if part]
    if not all(any(c.isdigit() for c in part) for part in parts):
        parts = [part for part in _TOGETHER.split(_plain(text)) if part]
    found: list[str] = []
    for part in parts:
        before = re.match(r"[^\d]*[^\d\s]\s*", found[-1]) if found else None
        found.append(before[0] + part if before and _BARE_NUMBER.fullmatch(part) else part)
    return found


def _titles(text: str, count: int) -> list[str]:
    plain = _plain(text)
    for between in (_TOGETHER, _BETWEEN_CODES):
        parts = [part for part in between.split(plain) if part]
        if len(parts) == count:
            return parts
    return [plain] * count


def _taken_apart(text: str) -> tuple[str, str]:
    """Code and title of a course that is named by both in one cell ("MATH 101 - Calculus", "高等数学（0701001）")."""
    found = _CODE_THEN_TITLE.fullmatch(text) or _IN_BRACKETS.fullmatch(text)
    return (found["code"].strip(), found["title"].strip()) if found else (text, text)


def _plain(text: str) -> str:
    """With the separators that Chinese tables use in their plain form; the rest as written."""
    return text.strip().translate(_PLAIN)

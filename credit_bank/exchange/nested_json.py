"""JSON that nests what a table would repeat: courses below their institution, several courses in a list of a row."""

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 6


def flattened(document: Any) -> list[dict[str, Any]]:
    """Rows of scalars: what stands around a list is repeated in each of its rows, what stands below is named ``a.b``.

    An object whose values are all lists is a list for each name (``institution``). Lists of a row are joined by "+".
    """
    return list(_rows(document, {}, 0))


def _rows(node: Any, around: Mapping[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        for element in node:
            yield from _rows(element, around, depth + 1)
        return
    if not isinstance(node, dict):
        return
    lists = {name: value for name, value in node.items() if _is_rows(value)}
    if depth == 0 and len(lists) == len(node) > 1:
        for name, value in lists.items():
            yield from _rows(value, {"institution": name}, depth + 1)
        return
    if len(lists) == 1 and (depth == 0 or not _looks_like_a_pair(node)):
        [(name, value)] = lists.items()
        facts = _facts({key: other for key, other in node.items() if key != name}, "")
        yield from _rows(value, {**around, **facts}, depth + 1)
        return
    yield {**around, **_facts(node, "")}


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(element, dict) for element in value)


def _looks_like_a_pair(node: Mapping[str, Any]) -> bool:
    """Whether beside its one list of objects stands another object: two sides of one row."""
    return any(isinstance(value, dict) for value in node.values())


def _facts(node: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in node.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            found.update(_facts(value, f"{path}."))
        elif _is_rows(value):
            parts = [_facts(element, f"{path}.") for element in value]
            for key in dict.fromkeys(key for part in parts for key in part):
                found[key] = " + ".join(str(part[key]) for part in parts if part.get(key) not in (None, ""))
        elif isinstance(value, list):
            found[path] = " + ".join(str(element) for element in value if not isinstance(element, list | dict))
        else:
            found[path] = value
    return found

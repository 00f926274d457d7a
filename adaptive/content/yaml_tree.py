"""YAML as a tree of texts that know their line: no types guessed, no anchors, no depth that could exhaust a machine.

PyYAML's composer builds nodes by recursion and ends the process on deep input, so the tree is built here from its
events, which come one by one. A plain ``119`` or ``yes`` stays the text that stands there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 12
_EMPTY = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, or None for an empty value, ``~`` or ``null``."""

    value: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the file; ``repeated`` are keys that stand in it twice."""

    entries: dict[str, tuple["Node", int]]
    line: int
    repeated: tuple[tuple[str, int], ...] = ()


Node = Scalar | Sequence | Mapping


class Unreadable(Exception):
    """The text is not YAML as the content format allows it: a code of the content faults, its line and parameters."""

    def __init__(self, code: str, line: int, **parameters: str | int) -> None:
        super().__init__(code)
        self.code, self.line, self.parameters = code, line, parameters


def read_yaml(text: str, *, first_line: int = 1) -> Node:
    """The tree of one YAML document; lines are counted from ``first_line``.

    Raises Unreadable for what is not YAML, has an anchor, an alias or a tag, more than one document, or is nested
    deeper than twelve levels.
    """
    loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = yaml.parse(text, Loader=loader)
        return _build(events, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise Unreadable("content.yaml", line, problem=str(error.problem or error.context or "")) from error
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise Unreadable("content.yaml", line, problem=str(error.reason)) from error


def _build(events: Iterator[Any], first_line: int) -> Node:
    root: list[Node] = []
    held = root  # what the innermost open list or mapping holds
    around: list[tuple[list[Node], int]] = []  # the open ones around it, and where each began
    documents = 0
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            line = _line(event, first_line)
            empty = not event.style and event.value in _EMPTY
            held.append(Scalar(None if empty else event.value, line))
        elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
            line = _line(event, first_line)
            if len(around) >= DEEPEST:
                raise Unreadable("content.yaml_deep", line, limit=DEEPEST)
            around.append((held, line))
            held = []
        elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
            outer, line = around.pop()
            outer.append(_mapping(held, line) if kind is yaml.MappingEndEvent else Sequence(tuple(held), line))
            held = outer
        elif kind is yaml.AliasEvent:
            raise Unreadable("content.yaml_alias", first_line + event.start_mark.line)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise Unreadable("content.yaml_documents", first_line + event.start_mark.line)
    return root[0] if root else Scalar(None, first_line)


def _line(event: Any, first_line: int) -> int:
    """The line of a value, which may have neither an anchor nor a tag."""
    line: int = first_line + event.start_mark.line
    if event.anchor is not None:
        raise Unreadable("content.yaml_alias", line)
    if event.tag is not None and event.tag != "!":
        raise Unreadable("content.yaml_tag", line, tag=str(event.tag))
    return line


def _mapping(held: list[Node], line: int) -> Mapping:
    entries: dict[str, tuple[Node, int]] = {}
    repeated = []
    for key, value in zip(held[::2], held[1::2], strict=True):
        if not isinstance(key, Scalar) or key.value is None:
            raise Unreadable("content.yaml_key", key.line)
        if key.value in entries:
            repeated.append((key.value, key.line))
        else:
            entries[key.value] = (value, key.line)
    return Mapping(entries, line, tuple(repeated))

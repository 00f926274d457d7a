"""YAML as a tree of texts that know their line: no types guessed, no anchors, no depth that could exhaust a machine.

PyYAML's composer builds nodes by recursion and ends the process on deep input, so the tree is built here from its
events, which come one by one. A plain ``119`` or ``yes`` stays the text that stands there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 12


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
    stack: list[tuple[str, int, list[tuple[Node, int]]]] = [("root", first_line, [])]
    documents = 0
    for event in events:
        line = first_line + event.start_mark.line if event.start_mark else first_line
        if getattr(event, "anchor", None) is not None:
            raise Unreadable("content.yaml_alias", line)
        if getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable("content.yaml_tag", line, tag=str(event.tag))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Unreadable("content.yaml_documents", line)
        elif isinstance(event, yaml.ScalarEvent):
            stack[-1][2].append((_scalar(event, line), line))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) > DEEPEST:
                raise Unreadable("content.yaml_deep", line, limit=DEEPEST)
            stack.append(("list" if isinstance(event, yaml.SequenceStartEvent) else "mapping", line, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            kind, begun, held = stack.pop()
            node = Sequence(tuple(n for n, _ in held), begun) if kind == "list" else _mapping(held, begun)
            stack[-1][2].append((node, begun))
    held = stack[0][2]
    return held[0][0] if held else Scalar(None, first_line)


def _scalar(event: yaml.ScalarEvent, line: int) -> Scalar:
    plain = event.style is None or event.style == ""
    empty = plain and event.value in ("", "~", "null", "Null", "NULL")
    return Scalar(None if empty else event.value, line)


def _mapping(held: list[tuple[Node, int]], line: int) -> Mapping:
    entries: dict[str, tuple[Node, int]] = {}
    repeated = []
    for (key, at), (value, _) in zip(held[::2], held[1::2], strict=True):
        if not isinstance(key, Scalar) or key.value is None:
            raise Unreadable("content.yaml_key", at)
        if key.value in entries:
            repeated.append((key.value, at))
        else:
            entries[key.value] = (value, at)
    return Mapping(entries, line, tuple(repeated))

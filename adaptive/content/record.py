"""Reads the values of a YAML mapping one by one, and remembers what is wrong with each."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from difflib import get_close_matches

from adaptive.content.fault import Faults
from adaptive.content.model import Text
from adaptive.content.yaml_tree import Mapping, Node, Scalar
from adaptive.content.yaml_tree import Sequence as ListNode
from adaptive.errors import Parameter

_INTEGER = re.compile(r"[0-9]{1,6}")


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that the writer may have meant."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else None


class Record:
    """A mapping of a file. A missing or wrong value becomes a fault and an empty value; ``ok`` says whether any did."""

    def __init__(self, node: Node, file: str, faults: Faults) -> None:
        self.file, self.line, self._faults = file, node.line, faults
        self._entries = node.entries if isinstance(node, Mapping) else {}
        self._asked: set[str] = set()
        self.ok = True
        if not isinstance(node, Mapping):
            self.wrong("content.not_a_mapping", node.line)
        else:
            for key, line in node.repeated:
                self.wrong("content.key_twice", line, key=key)

    def wrong(self, code: str, line: int | None = None, /, **parameters: Parameter) -> None:
        """Remember a fault of this record, at its own line unless another is given."""
        self.ok = False
        self._faults.error(self.file, self.line if line is None else line, code, **parameters)

    def line_of(self, key: str) -> int:
        """The line on which a key stands, or the record's own."""
        return self._entries[key][1] if key in self._entries else self.line

    def has(self, key: str) -> bool:
        """Whether the key stands there with a value."""
        entry = self._entries.get(key)
        return entry is not None and not (isinstance(entry[0], Scalar) and entry[0].value is None)

    def names(self) -> tuple[str, ...]:
        """The keys as they stand."""
        return tuple(self._entries)

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The value of a key; None where it is not there."""
        self._asked.add(key)
        if self.has(key):
            return self._entries[key][0]
        if required:
            self.wrong("content.key_missing", self.line_of(key), key=key)
        return None

    def expected(self, key: str, what: str, line: int | None = None) -> None:
        """Remember that a value is not what it should be; ``what`` is a word of the catalogue."""
        self.wrong("content.value_wrong", self.line_of(key) if line is None else line, key=key, expected=what)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text without spaces around it."""
        node = self.node(key, required=required)
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.value is None or not node.value.strip():
            self.expected(key, "text")
            return None
        return node.value.strip()

    def both(self, key: str) -> Text:
        """A required text in Chinese and English, ``{zh: …, en: …}``; a plain text is Chinese alone."""
        node = self.node(key, required=True)
        if isinstance(node, Mapping):
            inner = self._inner(node)
            zh, en = inner.text("zh", required=True), inner.text("en")
            inner.done()
            self.ok &= inner.ok
            return Text(zh or "", en)
        return Text(self.text(key) or "" if node is not None else "")

    def whole(self, key: str, low: int, high: int, *, required: bool = True, otherwise: int = 0) -> int:
        """A whole number from ``low`` to ``high``."""
        node = self.node(key, required=required)
        if node is None:
            return otherwise
        value = node.value if isinstance(node, Scalar) else None
        if value is None or not _INTEGER.fullmatch(value) or not low <= int(value) <= high:
            self.wrong("content.value_range", self.line_of(key), key=key, low=low, high=high)
            return otherwise
        return int(value)

    def one_of(self, key: str, allowed: Sequence[str], *, otherwise: str | None = None) -> str:
        """One of some words; required unless there is another to take instead."""
        value = self.text(key, required=otherwise is None)
        if value is None:
            return otherwise or allowed[0]
        if value not in allowed:
            self.wrong("content.value_unknown", self.line_of(key), key=key, value=value, allowed=", ".join(allowed))
            return otherwise or allowed[0]
        return value

    def truth(self, key: str) -> bool:
        """``true`` or ``false``; false where it is not there."""
        value = self.text(key)
        if value not in (None, "true", "false"):
            self.expected(key, "truth")
        return value == "true"

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A date, ``2026-11-22``."""
        value = self.text(key, required=required)
        if value is None:
            return None
        try:
            if len(value) == len("2026-11-22"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.expected(key, "date")
        return None

    def nodes(self, key: str, *, required: bool = False) -> tuple[Node, ...]:
        """The entries of a list."""
        node = self.node(key, required=required)
        if node is None:
            return ()
        if not isinstance(node, ListNode):
            self.expected(key, "list")
            return ()
        if required and not node.items:
            self.wrong("content.key_missing", self.line_of(key), key=key)
        return node.items

    def words(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(value for value, _ in self.words_at(key, required=required))

    def words_at(self, key: str, *, required: bool = False) -> tuple[tuple[str, int], ...]:
        """A list of texts, each with its line."""
        return self.texts_of(key, self.nodes(key, required=required))

    def texts_of(self, key: str, nodes: Sequence[Node]) -> tuple[tuple[str, int], ...]:
        """Texts of nodes, each with its line; what is no text is a fault of ``key``."""
        found = []
        for node in nodes:
            if isinstance(node, Scalar) and node.value is not None and node.value.strip():
                found.append((node.value.strip(), node.line))
            else:
                self.expected(key, "texts", node.line)
        return tuple(found)

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; a text alone is a list of one."""
        found = []
        for node in self.nodes(key):
            nodes = node.items if isinstance(node, ListNode) else (node,)
            found.append(tuple(value for value, _ in self.texts_of(key, nodes)))
        return tuple(found)

    def records(self, key: str, *, required: bool = False) -> tuple["Record", ...]:
        """A list of mappings."""
        return tuple(self._inner(node) for node in self.nodes(key, required=required))

    def record(self, key: str) -> "Record | None":
        """A mapping."""
        node = self.node(key)
        return None if node is None else self._inner(node)

    def _inner(self, node: Node) -> "Record":
        return Record(node, self.file, self._faults)

    def done(self) -> None:
        """Name each key that nobody asked for: a slip of the pen would else go unseen."""
        for key, (_, line) in self._entries.items():
            if key not in self._asked:
                near = nearest(key, self._asked)
                code = "content.key_unknown" if near is None else "content.key_unknown_near"
                self._faults.error(self.file, line, code, key=key, **({} if near is None else {"near": near}))

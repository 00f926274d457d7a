"""Rewriting a text while it stays known where in the original each character comes from."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text, and for each of its characters the part of the original that it says: ``(start, end)``."""

    text: str
    origins: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, original: str) -> "Rewritten":
        """The original itself."""
        return cls(original, tuple((n, n + 1) for n in range(len(original))))

    def by(self, rule: Rule) -> "Rewritten":
        """The text with every match of a rule replaced, as ``re.sub`` does it."""
        pattern, say = rule
        text, origins, at = [], list[tuple[int, int]](), 0
        for found in pattern.finditer(self.text):
            said = say(found)
            same = _same_beginning(found[0], said)
            rest = _same_beginning(found[0][same:][::-1], said[same:][::-1])
            text += [self.text[at : found.start()], said]
            origins += self.origins[at : found.start() + same]
            changed = self.origins[found.start() + same : found.end() - rest] or self.origins[found.start() :][:1]
            whole = (changed[0][0], changed[-1][1]) if changed else (0, 0)
            origins += [whole] * (len(said) - same - rest)
            origins += self.origins[found.end() - rest : found.end()]
            at = found.end()
        if not text:
            return self
        return Rewritten("".join(text) + self.text[at:], (*origins, *self.origins[at:]))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that characters ``start`` to ``end`` of the text say."""
        if start >= end:
            raise ValueError("no characters")
        parts = self.origins[start:end]
        return min(a for a, _b in parts), max(b for _a, b in parts)


def _same_beginning(a: str, b: str) -> int:
    n = 0
    while n < len(a) and n < len(b) and a[n] == b[n]:
        n += 1
    return n

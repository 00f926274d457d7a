"""H5P's texts with gaps: ``*word*`` is a gap, ``*one/other:tip*`` has alternatives and a tip (Blanks, DragText)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from adaptive.content.model import Question
from adaptive.exchange.draft import question
from adaptive.exchange.rich_text import to_plain

BLANK = "____"
_GAP = re.compile(r"\*([^*\n]+)\*")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap: the words that fill it, and its tip."""

    words: tuple[str, ...]
    tip: str | None


def _gap(inside: str) -> Gap:
    text, _, tip = inside.partition(":")
    words = tuple(word.strip() for word in text.split("/") if word.strip())
    return Gap(words, tip.strip() or None)


def _with_gaps(line: str, asked: int) -> str:
    """A line whose gap number ``asked`` is a blank, and whose others are dots."""
    numbers = iter(range(line.count("*")))
    return _GAP.sub(lambda _m: BLANK if next(numbers) == asked else "…", line)


def blanks(name: str, intro: str, text: str) -> Iterator[Question]:
    """A question for each gap of each line."""
    for line in text.split("\n"):
        for number, found in enumerate(_GAP.findall(line)):
            gap = _gap(found)
            if gap.words:
                prompt = "\n".join(part for part in (intro, _with_gaps(line, number)) if part)
                yield question(name, "text", prompt, accept=gap.words, hints=(gap.tip,) if gap.tip else ())


def drag_text(name: str, intro: str, text: str, distractors: str) -> Question | None:
    """One question that matches each place of a text to its word; None for a text without gaps."""
    pairs, hints = [], []
    for line in to_plain(text.replace("\n", "<br>") if "<" not in text else text).split("\n"):
        for number, found in enumerate(_GAP.findall(line)):
            gap = _gap(found.replace("\\+", ""))
            if gap.words:
                pairs.append((_with_gaps(line, number), gap.words[0]))
                hints += [gap.tip] if gap.tip else []
    if not pairs:
        return None
    rest = tuple(_gap(found).words[0] for found in _GAP.findall(distractors) if _gap(found).words)
    return question(name, "match", intro or "____", pairs=tuple(pairs), distractors=rest, hints=tuple(hints))


def with_fields(found: Question, explanation: str, media: Mapping[str, object]) -> Question:
    """A question with what stands around its text."""
    return replace(found, explanation=explanation, **media)  # type: ignore[arg-type] # fields of a question

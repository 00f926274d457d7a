"""GIFT, Moodle's text format for questions (Moodle documentation, “GIFT format”)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adaptive.content.model import Option, Question
from adaptive.exchange.draft import CourseDraft, ItemDraft, choice, named, number_of, question
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_plain
from adaptive.exchange.web_text import as_text

BLANK = "____"
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
# While a question is taken apart, an escaped character is a private one, so that it is not taken for a mark.
_HIDDEN = {char: chr(0xE000 + n) for n, char in enumerate("\\~=#{}:")}
_SHOWN = {hidden: char for char, hidden in _HIDDEN.items()}
_CATEGORY = re.compile(r"\$CATEGORY:\s*(.+)", re.IGNORECASE)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_TRUE = {"t": True, "true": True, "f": False, "false": False}


class _Broken(Exception):
    """The braces of a question do not pair."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer: ``=`` or ``~``, its percent, its text and feedback."""

    mark: str
    weight: Decimal | None
    text: str
    feedback: str

    @property
    def is_right(self) -> bool:
        """Whether it earns anything."""
        return self.weight > 0 if self.weight is not None else self.mark == "="


def read_gift(data: bytes, title: str, problems: Problems) -> CourseDraft:
    """A file of questions; every category becomes an item.

    Noted: ``interaction`` (essay), ``no_key``, ``partial_credit`` (what earned part of the points is right or wrong
    here), ``question_broken`` (braces that do not close).
    """
    course = CourseDraft(title)
    item = ItemDraft(title)
    for line, block in _blocks(as_text(data)):
        category = _CATEGORY.match(block)
        if category:
            if item:
                course.items.append(item)
            item = ItemDraft(category[1].strip().removeprefix("$course$/").split("/")[-1] or title)
            continue
        try:
            read = _Block(block, line, problems).read()
        except _Broken:
            problems.left_out(_place(line, block), "question_broken")
            continue
        if isinstance(read, str):
            item.body = "\n\n".join(part for part in (item.body, read) if part)
        elif read is not None:
            item.questions.append(read)
    course.items += [item] if item else []
    for each in course.items:
        each.questions = named(each.questions)
    return course


def _place(line: int, block: str) -> str:
    return f"{line}: {' '.join(block.split())[:40]}"


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Questions are parted by empty lines; a line that begins with ``//`` is a comment."""
    block: list[str] = []
    begun = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip().startswith("//"):
            continue
        if line.strip():
            begun = begun if block else number
            block.append(line)
            if _CATEGORY.match(line.strip()) and len(block) == 1:
                yield begun, line.strip()
                block = []
        elif block and _is_open(block):
            block.append(line)
        elif block:
            yield begun, "\n".join(block).strip()
            block = []
    if block:
        yield begun, "\n".join(block).strip()


def _is_open(block: list[str]) -> bool:
    """Whether a brace is still open: an empty line inside answers does not part a question."""
    text = _ESCAPED.sub("", "\n".join(block))
    return text.count("{") > text.count("}") and len(block) < 200


class _Block:
    def __init__(self, block: str, line: int, problems: Problems) -> None:
        self.place = _place(line, block)
        self.problems = problems
        hidden = _ESCAPED.sub(lambda m: "\n" if m[1] == "n" else _HIDDEN[m[1]], block)
        self.title = ""
        if hidden.startswith("::"):
            self.title, _, hidden = hidden[2:].partition("::")
            self.title = self._shown(self.title.strip())
        self.format = "moodle"
        if found := _FORMAT.match(hidden.strip()):
            self.format, hidden = found[1].lower(), hidden.strip()[found.end() :]
        self.text = hidden

    def _shown(self, text: str) -> str:
        return "".join(_SHOWN.get(char, char) for char in text)

    def _words(self, text: str) -> str:
        found = _FORMAT.match(text.strip())
        kind, text = (found[1].lower(), text.strip()[found.end() :]) if found else (self.format, text)
        shown = self._shown(text.strip())
        return to_plain(shown, self.place, self.problems) if kind in ("html", "moodle") else shown.strip()

    def read(self) -> Question | str | None:
        """The question; the text of a description, which asks nothing; None for what cannot be taken."""
        if "{" not in self.text:
            if "}" in self.text:
                raise _Broken
            return self._words(self.text)
        before, _, rest = self.text.partition("{")
        inside, closed, after = rest.partition("}")
        if not closed or "{" in after or "{" in inside:
            raise _Broken
        blank = f" {BLANK} " if after.strip() else ""
        prompt = self._words(f"{before.rstrip()}{blank}{after.lstrip()}" if after.strip() else before)
        inside, _, general = inside.partition("####")
        name = self.title or "question"
        return self._question(name, prompt, inside.strip(), {"explanation": self._words(general)})

    def _question(self, name: str, prompt: str, inside: str, fields: dict[str, Any]) -> Question | None:
        if not inside:
            self.problems.left_out(self.place, "interaction", kind="essay")
            return None
        if inside.startswith("#"):
            return self._number(name, prompt, inside[1:].strip(), fields)
        first, *feedback = inside.split("#")
        if first.strip().lower() in _TRUE:
            return self._true_or_false(name, prompt, _TRUE[first.strip().lower()], feedback, fields)
        answers = list(self._answers(inside))
        if not any(answer.is_right for answer in answers):
            self.problems.left_out(self.place, "no_key")
            return None
        if all("->" in answer.text for answer in answers):
            return self._match(name, prompt, answers, fields)
        if all(answer.mark == "=" for answer in answers):
            return self._text(name, prompt, answers, fields)
        self._note_partial(answers)
        options = [Option(self._words(a.text), a.is_right, self._words(a.feedback) or None) for a in answers]
        several = not any(a.mark == "=" for a in answers)
        return choice(name, prompt, options, several=several, **fields)

    def _answers(self, inside: str) -> Iterator[_Answer]:
        for mark, body in re.findall(r"([=~])([^=~]*)", inside):
            text, _, feedback = body.partition("#")
            weight = _WEIGHT.match(text.strip())
            if weight:
                text = text.strip()[weight.end() :]
            yield _Answer(mark, number_of(weight[1]) if weight else None, text.strip(), feedback.strip())

    def _note_partial(self, answers: list[_Answer]) -> None:
        weights = [a.weight for a in answers if a.weight is not None and a.weight > 0]
        whole = len(weights) > 1 and abs(sum(weights, Decimal(0)) - 100) <= 1 and max(weights) - min(weights) < 1
        if weights and not whole and not all(w == 100 for w in weights):
            self.problems.changed(self.place, "partial_credit")

    def _true_or_false(
        self, name: str, prompt: str, right: bool, feedback: list[str], fields: dict[str, Any]
    ) -> Question:
        """Feedback: first for the wrong answer, then for the right one."""
        said = [self._words(text) or None for text in feedback] + [None, None]
        why = {right: said[1], not right: said[0]}
        return choice(name, prompt, [Option("对", right, why[True]), Option("错", not right, why[False])], **fields)

    def _match(self, name: str, prompt: str, answers: list[_Answer], fields: dict[str, Any]) -> Question:
        sides = [tuple(self._words(side) for side in a.text.split("->", 1)) for a in answers]
        pairs = tuple((left, right) for left, right in sides if left)
        rest = tuple(right for left, right in sides if not left)
        return question(name, "match", prompt, pairs=pairs, distractors=rest, **fields)

    def _text(self, name: str, prompt: str, answers: list[_Answer], fields: dict[str, Any]) -> Question:
        if any(a.weight is not None and 0 < a.weight < 100 for a in answers):
            self.problems.changed(self.place, "partial_credit")
        fields["explanation"] = "\n".join(
            t for t in (str(fields["explanation"]), *(self._words(a.feedback) for a in answers if a.is_right)) if t
        )
        return question(
            name, "text", prompt, accept=tuple(self._words(a.text) for a in answers if a.is_right), **fields
        )

    def _number(self, name: str, prompt: str, inside: str, fields: dict[str, Any]) -> Question | None:
        answers = [a for a in self._answers(inside) if a.is_right] if "=" in inside else []
        # "3:2~#said of every other answer" is how Moodle writes the feedback for what is wrong.
        text = answers[0].text if answers else re.split("[#~]", inside)[0].strip()
        if len(answers) > 1:
            self.problems.changed(self.place, "partial_credit")
        low, spans, high = text.partition("..")
        number, _, spread = text.partition(":")
        ends = number_of(low), number_of(high)
        value, tolerance = number_of(number), abs(number_of(spread) or Decimal(0))
        if spans and ends[0] is not None and ends[1] is not None:
            value, tolerance = (ends[0] + ends[1]) / 2, abs(ends[1] - ends[0]) / 2
        if value is None:
            self.problems.left_out(self.place, "no_key")
            return None
        return question(name, "number", prompt, answer=f"{value:f}", tolerance=f"{tolerance:f}", **fields)

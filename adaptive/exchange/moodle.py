"""Moodle XML, the format in which Moodle writes its question bank (Moodle documentation, “Moodle XML format”)."""

import base64
import binascii
import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from adaptive.content.model import Option, Question
from adaptive.exchange.draft import CourseDraft, ItemDraft, choice, named, number_of, question
from adaptive.exchange.markup import deep, each, first, words
from adaptive.exchange.picture import Shelf, of_question
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_markdown, to_plain

_PLACEHOLDER = "@@PLUGINFILE@@/"
# A picture of another kind is named where it stands in the text.
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "tif", "tiff"})


def read_moodle(root: Element, title: str, problems: Problems) -> CourseDraft:
    """A ``quiz`` document; every category becomes an item, a description a part of its text.

    Noted: ``interaction`` (essay, cloze, calculated and other kinds without a place here), ``no_key``,
    ``partial_credit``, ``wildcard`` (a pattern is judged by its words), ``case`` (capitals do not matter here).
    """
    course = CourseDraft(title)
    item = ItemDraft(title)
    for node in each(root, "question"):
        if node.get("type") == "category":
            if item:
                course.items.append(item)
            path = words(first(node, "category", "text")).removeprefix("$course$").split("/")
            item = ItemDraft(next((part for part in reversed(path) if part not in ("", "top")), title))
            item.body = to_plain(_text(first(node, "info")), item.title, problems)
            continue
        reader = _Question(node, problems)
        if node.get("type") == "description":
            part = to_markdown(reader.html("questiontext"), reader.place, problems, reader.shelf.take)
            item.body = "\n\n".join(text for text in (item.body, part) if text)
            item.add([], reader.shelf.pictures)
            continue
        found = reader.read()
        if found is not None:
            item.add([found], reader.shelf.pictures)
    course.items += [item] if item else []
    for each_item in course.items:
        each_item.questions = named(each_item.questions)
    return course


def _text(node: Element | None) -> str:
    text = first(node, "text")
    return "" if text is None else "".join(text.itertext())


class _Question:
    def __init__(self, node: Element, problems: Problems) -> None:
        self.node, self.problems = node, problems
        self.place = words(first(node, "name", "text")) or words(first(node, "questiontext", "text"))[:40]
        files = {f.get("name", ""): f for f in deep(node, "file")}

        def load(src: str) -> bytes | None:
            name = unquote(src.removeprefix(_PLACEHOLDER).partition("?")[0])
            if name not in files:
                return None
            try:
                return base64.b64decode("".join(files[name].itertext()))
            except (binascii.Error, ValueError):
                return None

        self.shelf = Shelf(problems, self.place, load)

    def html(self, name: str) -> str:
        """A text of the question as HTML, whatever format it was written in."""
        return self._html(first(self.node, name))

    def _html(self, node: Element | None) -> str:
        text = _text(node)
        plain = node is not None and node.get("format") in ("plain_text", "markdown")
        return text.replace("&", "&amp;").replace("<", "&lt;") if plain else text

    def _plain(self, node: Element | None) -> str:
        return to_plain(self._html(node), self.place, self.problems)

    def read(self) -> Question | None:
        """The question, or None (and a note) where it cannot be taken."""
        kinds = {
            "multichoice": self._choice, "truefalse": self._true_or_false, "shortanswer": self._short,
            "numerical": self._number, "matching": self._match, "ordering": self._order,
        }  # fmt: skip
        kind = self.node.get("type", "")
        if kind not in kinds:
            self.problems.left_out(self.place, "interaction", kind=kind)
            return None
        found, html = of_question(self.html("questiontext"), self.shelf, self.place, self.problems)
        explanation = self._plain(first(self.node, "generalfeedback"))
        fields: dict[str, Any] = {"hints": self._hints(), "explanation": explanation, **found}
        self._note_files()
        return kinds[kind](self.place, to_plain(html, self.place, self.problems), fields)

    def _note_files(self) -> None:
        """Name the files of a question that are no pictures: a sound behind a link, a sheet to fill in."""
        for file in deep(self.node, "file"):
            kind = file.get("name", "").rpartition(".")[2].lower()
            if kind not in _PICTURES:
                self.problems.left_out(self.place, "resource_kind", kind=kind or "?")

    def _hints(self) -> tuple[str, ...]:
        return tuple(text for hint in each(self.node, "hint") if (text := self._plain(hint)))

    def _fraction(self, answer: Element) -> Decimal:
        return number_of(answer.get("fraction", "0")) or Decimal(0)

    def _answers(self) -> list[tuple[Element, Decimal]]:
        return [(answer, self._fraction(answer)) for answer in each(self.node, "answer")]

    def _no_key(self) -> Question | None:
        self.problems.left_out(self.place, "no_key")
        return None

    def _choice(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        single = words(first(self.node, "single")).lower() in ("true", "1")
        answers = self._answers()
        best = max((fraction for _a, fraction in answers), default=Decimal(0))
        if best <= 0:
            return self._no_key()
        if (single and any(0 < f < best for _a, f in answers)) or (single and best < 100):
            self.problems.changed(self.place, "partial_credit")
        options = [
            Option(self._plain(a), f == best if single else f > 0, self._plain(first(a, "feedback")) or None)
            for a, f in answers
        ]
        return choice(name, prompt, options, several=not single, **fields)

    def _true_or_false(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        answers = self._answers()
        if not any(f > 0 for _a, f in answers):
            return self._no_key()
        shown = {"true": "对", "false": "错"}
        options = [
            Option(shown.get(self._plain(a).lower(), self._plain(a)), f > 0, self._plain(first(a, "feedback")) or None)
            for a, f in answers
        ]
        return choice(name, prompt, options, **fields)

    def _short(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        right = [(self._plain(a), f, self._plain(first(a, "feedback"))) for a, f in self._answers() if f > 0]
        if not right:
            return self._no_key()
        if any(f < 100 for _t, f, _b in right):
            self.problems.changed(self.place, "partial_credit")
        if words(first(self.node, "usecase")) == "1":
            self.problems.changed(self.place, "case")
        accept = tuple(text for text, _f, _b in right if "*" not in text.replace("\\*", ""))
        patterns = [text for text, _f, _b in right if "*" in text.replace("\\*", "")]
        keywords: tuple[tuple[str, ...], ...] = ()
        if patterns:
            self.problems.changed(self.place, "wildcard")
            keywords = tuple((part.strip(),) for part in re.split(r"(?<!\\)\*", patterns[0]) if part.strip())
        if not accept and not keywords:
            return self._no_key()
        said = [b for _t, _f, b in right if b]
        fields["explanation"] = "\n".join(dict.fromkeys(t for t in (str(fields["explanation"]), *said) if t))
        plain = tuple(text.replace("\\*", "*") for text in accept)
        return question(name, "text", prompt, accept=plain, keywords=keywords, **fields)

    def _number(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        best = max(self._answers(), key=lambda entry: entry[1], default=None)
        value = number_of(self._plain(best[0])) if best is not None and best[1] > 0 else None
        if best is None or value is None:
            return self._no_key()
        spread = abs(number_of(words(first(best[0], "tolerance"))) or Decimal(0))
        unit = words(first(self.node, "units", "unit", "unit_name")) or None
        return question(name, "number", prompt, answer=f"{value:f}", tolerance=f"{spread:f}", unit=unit, **fields)

    def _match(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        sides = [(self._plain(s), words(first(s, "answer", "text"))) for s in each(self.node, "subquestion")]
        pairs = tuple((left, right) for left, right in sides if left and right)
        if not pairs:
            return self._no_key()
        rest = tuple(right for left, right in sides if not left and right)
        return question(name, "match", prompt, pairs=pairs, distractors=rest, **fields)

    def _order(self, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        """The ordering question keeps its items in the right order; fractions count them from 1."""
        sequence = tuple(self._plain(answer) for answer, _f in sorted(self._answers(), key=lambda e: e[1]))
        return question(name, "order", prompt, sequence=sequence, **fields) if len(sequence) > 1 else self._no_key()

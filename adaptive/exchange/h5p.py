"""H5P packages: ``h5p.json`` says which content type, ``content/content.json`` holds it (H5P specification)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from adaptive.content.model import Option, Question
from adaptive.errors import InvalidInput
from adaptive.exchange import h5p_gaps
from adaptive.exchange.archive import Archive
from adaptive.exchange.draft import CourseDraft, ItemDraft, choice, named
from adaptive.exchange.picture import Shelf, shelf_of
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_markdown, to_plain

NAME = "h5p.json"
CONTENT = "content/content.json"
_DEEPEST = 8


def is_h5p(archive: Archive) -> bool:
    """Whether a package is H5P."""
    return NAME in archive and CONTENT in archive


def read_h5p(archive: Archive, problems: Problems) -> CourseDraft:
    """A package as a course of one item, or of one for each chapter or page of a book, presentation or accordion.

    Raises InvalidInput ``exchange.json_broken``. A content type without a place here is noted (``interaction``).
    """
    head, content = (_json(archive, name) for name in (NAME, CONTENT))
    title = _text(head.get("title")) or "H5P"
    authors = [_text(a.get("name")) for a in _list(head.get("authors")) if isinstance(a, dict)]
    course = CourseDraft(
        title, language=_text(head.get("language")), licence=_text(head.get("license")),
        author=", ".join(a for a in authors if a), source=None,
    )  # fmt: skip
    shelf = shelf_of(archive, CONTENT, title, problems)
    reader = _Reader(course, problems.at(CONTENT), shelf)
    reader.start(title)
    reader.take(_text(head.get("mainLibrary")), content, title, 0)
    reader.finish()
    return course


def _json(archive: Archive, name: str) -> dict[str, Any]:
    try:
        data = json.loads(archive.read(name).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("exchange.json_broken", file=name) from error
    if not isinstance(data, dict):
        raise InvalidInput("exchange.json_broken", file=name)
    return data


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


class _Reader:
    def __init__(self, course: CourseDraft, problems: Problems, shelf: Shelf) -> None:
        self.course, self.problems, self.shelf = course, problems, shelf
        self.item = ItemDraft(course.title)
        self.kinds: dict[str, Callable[[dict[str, Any], str, int], None]] = {
            "H5P.MultiChoice": self._multi_choice, "H5P.TrueFalse": self._true_or_false, "H5P.Blanks": self._blanks,
            "H5P.DragText": self._drag_text, "H5P.SingleChoiceSet": self._single_choices,
            "H5P.QuestionSet": self._question_set, "H5P.CoursePresentation": self._presentation,
            "H5P.Accordion": self._accordion, "H5P.AdvancedText": self._advanced_text, "H5P.Text": self._advanced_text,
            "H5P.Image": self._image, "H5P.Column": self._column, "H5P.InteractiveBook": self._book,
        }  # fmt: skip

    def start(self, title: str) -> None:
        """Begin another item, if this one has anything."""
        self.finish()
        self.item = ItemDraft(title)

    def finish(self) -> None:
        """End the item at hand."""
        if self.item:
            used = {q.picture for q in self.item.questions}
            self.item.pictures = {
                name: content
                for name, content in self.shelf.pictures.items()
                if name in used or f"({name})" in self.item.body
            }
            self.item.questions = named(self.item.questions)
            self.course.items.append(self.item)
        self.item = ItemDraft(self.course.title)

    def take(self, library: str, params: dict[str, Any], place: str, depth: int) -> None:
        """Take content of a type, such as ``H5P.MultiChoice 1.16``."""
        kind = library.split(" ")[0]
        if kind not in self.kinds or depth > _DEEPEST:
            self.problems.left_out(place, "interaction", kind=kind or "?")
            return
        self.kinds[kind](params, place, depth)

    def _below(self, action: object, place: str, depth: int) -> None:
        """Take content inside other content: ``{library, params, metadata}``."""
        inner = _dict(action)
        title = _text(_dict(inner.get("metadata")).get("title")) or place
        self.take(_text(inner.get("library")), _dict(inner.get("params")), title, depth + 1)

    def _plain(self, value: object, place: str) -> str:
        return to_plain(_text(value), place, self.problems)

    def _write(self, *parts: str) -> None:
        self.item.body = "\n\n".join(part for part in (self.item.body, *parts) if part)

    def _media(self, params: dict[str, Any], place: str) -> dict[str, Any]:
        """The picture above a question."""
        media = _dict(params.get("media"))
        kind = _dict(media.get("type") or media)
        if not kind.get("library"):
            return {}
        if not _text(kind.get("library")).startswith("H5P.Image"):
            self.problems.left_out(place, "interaction", kind=_text(kind.get("library")).split(" ")[0])
            return {}
        inner = _dict(kind.get("params"))
        name = self.shelf.take(_text(_dict(inner.get("file")).get("path")))
        return {"picture": name, "picture_text": _text(inner.get("alt")) or None} if name else {}

    def _explanation(self, params: dict[str, Any], place: str) -> str:
        """What is said after all points; what is said after a part of them belongs to no answer here."""
        bands = [(band.get("to"), self._plain(band.get("feedback"), place)) for band in map(_dict, _list(
            params.get("overallFeedback")
        ))]  # fmt: skip
        said = [(end, text) for end, text in bands if text]
        if len(said) > 1:
            self.problems.changed(place, "partial_credit")
            said = [(end, text) for end, text in said if end == 100]
        return "\n".join(dict.fromkeys(text for _end, text in said))

    def _add(self, question: Question) -> None:
        self.item.questions.append(question)

    def _multi_choice(self, params: dict[str, Any], place: str, _depth: int) -> None:
        options, hints, said = [], [], [self._explanation(params, place)]
        for answer in map(_dict, _list(params.get("answers"))):
            tips = _dict(answer.get("tipsAndFeedback"))
            correct = answer.get("correct") is True
            why = self._plain(tips.get("chosenFeedback"), place) or None
            options.append(Option(self._plain(answer.get("text"), place), correct, why))
            hints += [tip] if (tip := self._plain(tips.get("tip"), place)) else []
            said.append(self._plain(tips.get("notChosenFeedback"), place))
        if not any(option.correct for option in options):
            self.problems.left_out(place, "no_key")
            return
        single = _text(_dict(params.get("behaviour")).get("type")) == "single"
        several = not single and _dict(params.get("behaviour")).get("singleAnswer") is not True
        several = several and sum(o.correct for o in options) > 1
        self._add(choice(
            place, self._plain(params.get("question"), place), options, several=several, hints=tuple(hints),
            explanation="\n".join(dict.fromkeys(text for text in said if text)), **self._media(params, place),
        ))  # fmt: skip

    def _true_or_false(self, params: dict[str, Any], place: str, _depth: int) -> None:
        right = _text(params.get("correct")).lower()
        if right not in ("true", "false"):
            self.problems.left_out(place, "no_key")
            return
        labels = _dict(params.get("l10n"))
        behaviour = _dict(params.get("behaviour"))
        why = {
            True: self._plain(behaviour.get("feedbackOnCorrect"), place) or None,
            False: self._plain(behaviour.get("feedbackOnWrong"), place) or None,
        }
        options = [
            Option(_text(labels.get(f"{value}Text")) or shown, right == value, why[right == value])
            for value, shown in (("true", "对"), ("false", "错"))
        ]
        self._add(choice(
            place, self._plain(params.get("question"), place), options, explanation=self._explanation(params, place),
            **self._media(params, place),
        ))  # fmt: skip

    def _single_choices(self, params: dict[str, Any], place: str, _depth: int) -> None:
        """A set whose first answer is the right one, always (H5P.SingleChoiceSet)."""
        for entry in map(_dict, _list(params.get("choices"))):
            answers = [self._plain(answer, place) for answer in _list(entry.get("answers"))]
            prompt = self._plain(entry.get("question"), place)
            if len(answers) < 2:
                self.problems.left_out(prompt[:40] or place, "no_key")
                continue
            self._add(choice(place, prompt, [Option(text, n == 0) for n, text in enumerate(answers)]))

    def _blanks(self, params: dict[str, Any], place: str, _depth: int) -> None:
        intro = self._plain(params.get("text"), place)
        explanation, media = self._explanation(params, place), self._media(params, place)
        for html in _list(params.get("questions")):
            for found in h5p_gaps.blanks(place, intro, self._plain(html, place)):
                self._add(h5p_gaps.with_fields(found, explanation, media))

    def _drag_text(self, params: dict[str, Any], place: str, _depth: int) -> None:
        found = h5p_gaps.drag_text(
            place, self._plain(params.get("taskDescription"), place), _text(params.get("textField")),
            _text(params.get("distractors")),
        )  # fmt: skip
        if found is None:
            self.problems.left_out(place, "no_key")
            return
        self.problems.changed(place, "drag_text")
        self._add(h5p_gaps.with_fields(found, self._explanation(params, place), {}))

    def _question_set(self, params: dict[str, Any], place: str, depth: int) -> None:
        intro = _dict(params.get("introPage"))
        if intro.get("showIntroPage") is True:
            self._write(to_markdown(_text(intro.get("introduction")), place, self.problems, self.shelf.take))
        for number, action in enumerate(_list(params.get("questions")), 1):
            self._below(action, f"{place} ({number})", depth)

    def _presentation(self, params: dict[str, Any], place: str, depth: int) -> None:
        """Every slide with words or questions of its own goes into the item, in order."""
        for number, slide in enumerate(_list(_dict(params.get("presentation")).get("slides")), 1):
            for element in self._by_place(_list(_dict(slide).get("elements"))):
                self._below(element.get("action"), f"{place} ({number})", depth)

    def _by_place(self, elements: list[Any]) -> Iterator[dict[str, Any]]:
        """Elements from top to bottom, as they are read."""

        def at(element: dict[str, Any]) -> tuple[float, float]:
            x, y = element.get("x", 0), element.get("y", 0)
            return (float(y) if isinstance(y, int | float) else 0, float(x) if isinstance(x, int | float) else 0)

        yield from sorted((e for e in map(_dict, elements) if e.get("action")), key=at)

    def _accordion(self, params: dict[str, Any], place: str, depth: int) -> None:
        for panel in map(_dict, _list(params.get("panels"))):
            title = self._plain(panel.get("title"), place)
            self._write(f"## {title}" if title else "")
            self._below(panel.get("content"), title or place, depth)

    def _advanced_text(self, params: dict[str, Any], place: str, _depth: int) -> None:
        self._write(to_markdown(_text(params.get("text")), place, self.problems, self.shelf.take))

    def _image(self, params: dict[str, Any], _place: str, _depth: int) -> None:
        name = self.shelf.take(_text(_dict(params.get("file")).get("path")))
        alt = " ".join(_text(params.get("alt")).replace("[", "(").replace("]", ")").split())
        self._write(f"![{alt}]({name})" if name else alt)

    def _column(self, params: dict[str, Any], place: str, depth: int) -> None:
        for entry in map(_dict, _list(params.get("content"))):
            self._below(entry.get("content"), place, depth)

    def _book(self, params: dict[str, Any], place: str, depth: int) -> None:
        for number, chapter in enumerate(map(_dict, _list(params.get("chapters"))), 1):
            title = _text(_dict(chapter.get("metadata")).get("title")) or f"{place} ({number})"
            self.start(title)
            self.course.outline.append((0, title))
            self._below(chapter, title, depth)

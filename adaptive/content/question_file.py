"""Reads practice.yaml: the questions of an item."""

import re
from collections.abc import Iterator

from adaptive.content.fault import Faults
from adaptive.content.model import QUESTION_KINDS, Option, Question, QuestionKind
from adaptive.content.places import Places
from adaptive.content.record import Record
from adaptive.content.yaml_tree import Node
from adaptive.content.yaml_tree import Sequence as ListNode

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OPTIONS = ("options",)
FIELDS: dict[QuestionKind, tuple[str, ...]] = {
    "choice": _OPTIONS,
    "several": _OPTIONS,
    "listen": ("script", "lang", *_OPTIONS),
    "order": ("sequence",),
    "match": ("pairs", "distractors"),
    "number": ("answer", "tolerance", "unit"),
    "text": ("accept", "keywords", "reject", "model_answer"),
}


def read_questions(
    node: Node, file: str, item_id: str, item_skills: tuple[str, ...], faults: Faults, places: Places
) -> Iterator[Question]:
    """The questions that could be read whole; each fault of the others is among ``faults``."""
    whole = Record(node, file, faults)
    for record in whole.records("questions", required=True):
        question = _question(record, item_id, item_skills)
        if question is None:
            continue
        if places.holds("question", question.id):
            before = places.of("question", question.id)
            record.wrong("content.duplicate", name=question.id, file=before[0], line=before[1])
            continue
        places.add("question", question.id, record, "skills", "hints", "accept")
        yield question
    whole.done()


def _question(record: Record, item_id: str, item_skills: tuple[str, ...]) -> Question | None:
    name = record.text("id", required=True) or ""
    if name and not NAME.fullmatch(name):
        record.wrong("content.name_wrong", record.line_of("id"), name=name)
    kind: QuestionKind = record.one_of("kind", QUESTION_KINDS)  # type: ignore[assignment] # one_of gives one of these
    question = Question(
        id=f"{item_id}#{name}",
        kind=kind,
        prompt=record.text("prompt", required=True) or "",
        skills=record.words("skills") or item_skills,
        difficulty=record.whole("difficulty", 1, 5),
        explanation=record.text("explanation", required=True) or "",
        easy_prompt=record.text("easy_prompt"),
        picture=record.text("picture"),
        picture_text=record.text("picture_text"),
        hints=record.words("hints"),
        options=tuple(_options(record)) if "options" in FIELDS[kind] else (),
        sequence=record.words("sequence", required=True) if kind == "order" else (),
        pairs=tuple(_pairs(record)) if kind == "match" else (),
        distractors=record.words("distractors") if kind == "match" else (),
        answer=record.text("answer", required=True) if kind == "number" else None,
        tolerance=(record.text("tolerance") or "0") if kind == "number" else "0",
        unit=record.text("unit") if kind == "number" else None,
        accept=record.words("accept") if kind == "text" else (),
        keywords=record.groups("keywords") if kind == "text" else (),
        reject=record.words("reject") if kind == "text" else (),
        model_answer=record.text("model_answer") if kind == "text" else None,
        script=record.text("script", required=True) if kind == "listen" else None,
        lang=record.one_of("lang", ("zh-CN", "en"), otherwise="zh-CN") if kind == "listen" else "zh-CN",
    )
    _strangers(record, kind)
    record.done()
    return question if record.ok else None


def _options(record: Record) -> Iterator[Option]:
    for option in record.records("options", required=True):
        yield Option(option.text("text", required=True) or "", option.truth("correct"), option.text("why"))
        option.done()
        record.ok &= option.ok


def _pairs(record: Record) -> Iterator[tuple[str, str]]:
    for node in record.nodes("pairs", required=True):
        sides = record.texts_of("pairs", node.items) if isinstance(node, ListNode) else ()
        if len(sides) == 2:
            yield sides[0][0], sides[1][0]
        else:
            record.expected("pairs", "pairs", node.line)


def _strangers(record: Record, kind: QuestionKind) -> None:
    """Name the fields that belong to another kind of question."""
    for field in {field for fields in FIELDS.values() for field in fields} - set(FIELDS[kind]):
        if record.node(field) is not None:
            record.wrong("content.field_not_of_kind", record.line_of(field), key=field, kind=kind)

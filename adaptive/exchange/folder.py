"""A course draft as the files of a content folder (docs/reference/content-format.md)."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import yaml

from adaptive.content.model import Question
from adaptive.exchange.draft import CourseDraft, ItemDraft, Names
from adaptive.sentences import sentence

REVIEW_WITHIN = timedelta(days=90)
"""How soon a person should have looked at a course that came from elsewhere."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+")
_HAN_A_MINUTE, _WORDS_A_MINUTE = 200, 100


def course_files(
    course: CourseDraft, *, today: date, area: str | None = None, name: str | None = None
) -> dict[str, bytes]:
    """The files of a course by their paths in a library's folder: its skills, ``course.md``, and its items.

    The skills stand in a file of their own, one for each item; ``area`` is the area that the course is shown under,
    its own unless given. Names are the package's own where they can be names. What it cannot know is said with care:
    reading level ``hard``, level 1, and a review that is due within 90 days.
    """
    course_name = name or course.name or "imported"
    names = Names()
    placed = [(names.give([item.name, item.title], "item"), item) for item in course.items]
    skills = {item_name: f"{course_name}.{item_name}" for item_name, _item in placed}
    files = {
        f"skills/{course_name}.yaml": _yaml(_skills(course, placed, skills)),
        f"courses/{course_name}/course.md": _course(course, [n for n, _item in placed], today, area or course_name),
    }
    for item_name, item in placed:
        folder = f"courses/{course_name}/{item_name}"
        files[f"{folder}/item.md"] = _item(course, item, skills[item_name], today)
        if item.questions:
            files[f"{folder}/practice.yaml"] = _yaml({"questions": _questions(item)})
        for picture, content in item.pictures.items():
            files[f"{folder}/{picture}"] = content
    return files


def _questions(item: ItemDraft) -> list[dict[str, Any]]:
    names = Names()
    return [question_data(replace(q, id=names.give([q.id], "question"))) for q in item.questions]


def _text(text: str, course: CourseDraft) -> dict[str, str]:
    """A title in its language; Chinese has to be there, so that a text in another stands in both places."""
    plain = " ".join(text.split())
    return {"zh": plain, "en": plain} if course.language.lower().startswith("en") else {"zh": plain}


def _skills(course: CourseDraft, placed: list[tuple[str, ItemDraft]], skills: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": _text(course.title, course),
        "skills": [
            {"id": skills[name], "name": _text(item.title, course), "can": _text(item.title, course), "level": 1}
            for name, item in placed
        ],
    }


def _course(course: CourseDraft, items: list[str], today: date, area: str) -> bytes:
    front: dict[str, Any] = {
        "title": _text(course.title, course),
        "summary": _text(course.summary or course.title, course),
        "area": area,
        "level": 1,
        "audience": ["adult"],
        "items": items,
        "author": course.author or sentence("word.exchange.author_unknown", "zh-CN"),
        "licence": course.licence or sentence("word.exchange.licence_unknown", "zh-CN"),
        "drafting": "person",
        "reviewed": today,
        "review_due": today + REVIEW_WITHIN,
    }
    if course.source:
        front["source"] = course.source
    outline = "\n".join(f"{'  ' * min(depth, 4)}- {title}" for depth, title in course.outline)
    return _document(
        front, "\n\n".join(part for part in (course.about or course.summary or course.title, outline) if part)
    )


def _item(course: CourseDraft, item: ItemDraft, skill: str, today: date) -> bytes:
    body = item.body or sentence("word.exchange.only_questions", "zh-CN")
    front = {
        "title": _text(item.title, course),
        "skills": [skill],
        "level": 1,
        "minutes": minutes(body, len(item.questions)),
        "reading_level": "hard",
        "recheck": today + REVIEW_WITHIN,
    }
    return _document(front, body)


def minutes(body: str, questions: int) -> int:
    """How long an item takes: 200 characters or 100 words a minute, and a minute a question; at least one."""
    reading = len(_HAN.findall(body)) / _HAN_A_MINUTE + len(_WORD.findall(body)) / _WORDS_A_MINUTE
    return max(1, min(240, math.ceil(reading + questions)))


_PLAIN = ("easy_prompt", "picture", "picture_text", "unit", "model_answer", "script")
_LISTS = ("hints", "sequence", "distractors", "accept", "reject")


def question_data(question: Question) -> dict[str, Any]:
    """A question as the format writes it; only what it has."""
    data: dict[str, Any] = {"id": question.id, "kind": question.kind, "difficulty": question.difficulty}
    data["prompt"] = question.prompt
    data |= {name: value for name in _PLAIN if (value := getattr(question, name)) is not None}
    if question.kind == "listen":
        data["lang"] = question.lang
    if question.options:
        data["options"] = [
            {"text": o.text, **({"correct": True} if o.correct else {}), **({"why": o.why} if o.why else {})}
            for o in question.options
        ]
    data |= {name: list(value) for name in _LISTS if (value := getattr(question, name))}
    if question.pairs:
        data["pairs"] = [list(pair) for pair in question.pairs]
    if question.keywords:
        data["keywords"] = [list(group) for group in question.keywords]
    if question.answer is not None:
        data |= {"answer": question.answer, "tolerance": question.tolerance}
    if question.explanation:
        data["explanation"] = question.explanation
    return data


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands: the content format has no anchors."""

    def ignore_aliases(self, _data: Any) -> bool:
        """None, whatever is repeated."""
        return True


def _yaml(data: Any) -> bytes:
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text.encode()


def _document(front: dict[str, Any], body: str) -> bytes:
    return b"---\n" + _yaml(front) + b"---\n" + body.strip().encode() + b"\n"

"""What our questions have and QTI has no words for, in attributes of our own that others pass over.

QTI 3.0 lets any element carry ``data-`` attributes (1EdTech QTI 3.0 ASI, data extensions), so that a question that went
out comes back whole.
"""

import json
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from adaptive.content.model import Question
from adaptive.exchange.draft import slug

ATTRIBUTE = "data-evergreen"
_TEXTS = ("easy_prompt", "unit", "model_answer", "script", "lang", "picture_text")
_LISTS = ("accept", "reject", "distractors")


def beyond_qti(question: Question) -> dict[str, Any]:
    """What of a question QTI cannot say itself."""
    data: dict[str, Any] = {"difficulty": question.difficulty, "name": question.id.partition("#")[2]}
    data |= {name: value for name in _TEXTS if name != "lang" and (value := getattr(question, name)) is not None}
    data |= {name: list(value) for name in ("reject",) if (value := getattr(question, name))}
    if question.keywords:
        data["keywords"] = [list(group) for group in question.keywords]
    if question.kind == "listen":
        data["lang"] = question.lang
    data["prompt"] = question.prompt
    return data


def attributes(question: Question) -> dict[str, str]:
    """The attribute to write on a question's interaction."""
    return {ATTRIBUTE: json.dumps(beyond_qti(question), ensure_ascii=False, sort_keys=True)}


def _read(interaction: Element) -> dict[str, Any]:
    try:
        data = json.loads(interaction.get(ATTRIBUTE, "{}"))
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def answers(interaction: Element) -> bool:
    """Whether a text is judged by words of ours, though QTI states no right answer."""
    return bool(_read(interaction).get("keywords"))


def restored(question: Question, interaction: Element) -> Question:
    """A question with what our own attribute adds; a stranger's attribute of another shape adds nothing."""
    return with_extra(question, _read(interaction))


def with_extra(question: Question, data: dict[str, Any]) -> Question:
    """A question with what ``beyond_qti`` wrote; anything of another shape adds nothing."""
    fields: dict[str, Any] = {n: data[n] for n in _TEXTS if isinstance(data.get(n), str)}
    fields |= {n: tuple(data[n]) for n in _LISTS if _texts(data.get(n))}
    difficulty, groups = data.get("difficulty"), data.get("keywords")
    if type(difficulty) is int and 1 <= difficulty <= 5:
        fields["difficulty"] = difficulty
    if isinstance(groups, list) and groups and all(_texts(group) for group in groups):
        fields["keywords"] = tuple(tuple(group) for group in groups)
    if "script" in fields and question.kind == "choice":
        fields["kind"] = "listen"
    if isinstance(data.get("prompt"), str) and data["prompt"]:
        fields["prompt"] = data["prompt"]
    if isinstance(data.get("name"), str) and slug(data["name"]):
        fields["id"] = data["name"]
    return replace(question, **fields)


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)

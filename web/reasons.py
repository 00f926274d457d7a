"""Reasons of choices in words: codes and numbers of the adaptive library, sentences of its catalogue."""

from typing import Any

from adaptive.store.tables import Decision
from web import learning
from web.languages import marked
from web.libraries import catalogue, sentence
from web.messages import locale


def reason_sentence(reason: dict[str, Any]) -> str:
    """One stored reason as a sentence; ids of skills, items and courses become their names."""
    key = f"reason.{reason['code']}"
    if key not in catalogue():
        return ""
    named = {name: _named(name, value) for name, value in reason.get("parameters", {}).items()}
    return marked(sentence(key, locale(), **named))


def reason_sentences(chosen: Decision) -> list[str]:
    """The reasons of a choice, the most telling first."""
    return [said for reason in chosen.reasons if (said := reason_sentence(reason))]


def _named(name: str, value: Any) -> Any:
    library = learning.library()
    if name in ("skill", "before", "after", "weakest") and value in library.skills:
        return library.skills[value].name.in_language(locale())
    if name == "item" and value in library.items:
        return library.items[value].title.in_language(locale())
    if name == "course" and value in library.courses:
        return library.courses[value].title.in_language(locale())
    return value

"""What a page says of itself when somebody speaks: its controls with their numbers, and what can be said on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from accessibility.errors import InvalidInput
from accessibility.intent.model import intents
from accessibility.intent.understanding import Label, plain
from web.voice.actions import ACTIONS, Answer, Ask, Press

MOST_CONTROLS, LONGEST_WORDS, MOST_FIGURES = 80, 120, 12
ALWAYS = frozenset({"place", "speech", "display", "person"})
"""Kinds of intents that can be said on every page."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control in sight: its number, its words, whether it is an option, whether it changes what is kept."""

    number: int
    words: str
    option: bool = False
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """A page while somebody speaks: where it is, its controls, the intents whose control it has.

    ``field`` is "number" where a number can be filled in, "secret" where figures of a PIN can, "words" where words can;
    ``filled`` is how many figures of a PIN there are, ``submit`` the number of the control that sends the page's form.
    ``asked`` says that the voice has just asked something, so that only an answer to it counts. ``misses`` is how often
    it heard nothing.
    """

    path: str
    controls: tuple[Control, ...] = ()
    able: frozenset[str] = frozenset()
    field: str = ""
    asked: bool = False
    misses: int = 0
    filled: int = 0
    submit: int = 0

    @classmethod
    def of(cls, path: str, told: Any) -> Self:
        """From what the page's script told (JSON). Raises InvalidInput ``voice.page_unreadable``."""
        if not isinstance(told, Mapping) or not isinstance(told.get("controls", []), list):
            raise InvalidInput("voice.page_unreadable")
        controls = told.get("controls", [])
        able, field = told.get("able", []), told.get("field", "")
        misses, filled, submit = (_whole(told.get(name, 0)) for name in ("misses", "filled", "submit"))
        if len(controls) > MOST_CONTROLS or not isinstance(able, list):
            raise InvalidInput("voice.page_unreadable")
        return cls(
            path,
            tuple(_control(one) for one in controls),
            frozenset(name for name in able if isinstance(name, str) and isinstance(ACTIONS.get(name), Press)),
            field if field in ("number", "secret", "words") else "",
            told.get("asked") is True,
            min(misses, 9),
            min(filled, MOST_FIGURES),
            submit,
        )

    @property
    def figures(self) -> bool:
        """Whether figures can be filled in."""
        return self.field in ("number", "secret")

    @property
    def labels(self) -> list[Label]:
        """The controls as they can be said by their words."""
        return [Label(str(one.number), one.words) for one in self.controls if one.words]

    def control(self, number: str) -> Control | None:
        """The control of that number."""
        return next((one for one in self.controls if str(one.number) == number), None)

    def option(self, intent: str) -> Control | None:
        """The option that such an answer chooses, where there is exactly one."""
        action = ACTIONS[intent]
        if not isinstance(action, Answer):
            return None
        found = [one for one in self.controls if one.option and plain(one.words) in action.options]
        return found[0] if len(found) == 1 else None

    def available(self) -> frozenset[str]:
        """The intents that can be said here now."""
        return frozenset(intent for intent in intents() if self._has(intent))

    def _has(self, intent: str) -> bool:
        action, kind = ACTIONS[intent], intents()[intent].kind
        if isinstance(action, Ask):
            return {
                "number": bool(self.controls),
                "digits": bool(self.figures) or bool(self.controls),
                "yes": self.asked or "submit" in self.able,
                "no": self.asked or bool(self.field),
                "undo": not self.asked,
                "list": not self.asked,
            }[action.kind]
        if self.asked:
            return intent in ("help", "repeat") or (isinstance(action, Press) and intent in self.able)
        if isinstance(action, Answer):
            return self.option(intent) is not None
        if isinstance(action, Press):
            return intent in self.able
        return kind in ALWAYS or intent == "what_can_i_say"


def _whole(told: Any) -> int:
    if type(told) is not int:
        raise InvalidInput("voice.page_unreadable")
    return max(told, 0)


def _control(told: Any) -> Control:
    if not isinstance(told, Mapping):
        raise InvalidInput("voice.page_unreadable")
    number, words = told.get("n"), told.get("words", "")
    if type(number) is not int or not 1 <= number <= 999 or not isinstance(words, str):
        raise InvalidInput("voice.page_unreadable")
    option, changes = told.get("option") is True, told.get("changes") is True
    return Control(number, " ".join(words.split())[:LONGEST_WORDS], option, changes)

"""What each intent does: the page that it goes to, or the control of the page that it presses. The one table of them.

Nothing here does anything by itself. A place is an address that the browser then asks for as after a click; a press is
a press of the control that a finger would press. So a word has the permission of a click, and no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Go:
    """Goes to a page; ``words`` names the parameter of the address that takes what was said after the phrase.

    ``next``: the page gets the address from which it was asked for.
    """

    endpoint: str
    words: str = ""
    next: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """Presses the first control in sight that one of the selectors finds, the first selector first.

    ``otherwise``: what the browser itself can do where there is none.
    """

    selectors: tuple[str, ...]
    otherwise: Literal["", "back"] = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Tells the player that reads aloud; ``noticed`` is what the assistant of presentation is told."""

    do: Literal["play", "pause", "repeat", "slower", "faster"]
    noticed: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """Changes a preference of display or speech by the settings' own forms; the player is told where it concerns it."""

    change: Literal["bigger", "smaller", "slower", "faster", "elder", "standard", "contrast"]
    read: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Chooses the option whose words are one of these."""

    options: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Ask:
    """Something of the conversation itself: a number, yes, no, undoing, hearing what there is to press."""

    kind: Literal["number", "digits", "yes", "no", "undo", "list"]


Action = Go | Press | Read | Show | Answer | Ask

_PRIMARY = "main .actions > a.button:not(.second, .plain)"
_QUESTION = "main form.question button[name=do]"
_OFFERED = "#voice .voice-choice"

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "next": Press((f"{_OFFERED}[data-voice=next]", "main [data-voice~=next]", "main a[rel=next]", _PRIMARY)),
        "previous": Press((f"{_OFFERED}[data-voice=previous]", "main [data-voice~=previous]", "main a[rel=prev]")),
        "back": Press(("main a.back",), otherwise="back"),
        "choose": Ask("number"),
        "undo": Ask("undo"),
        "home": Go("home.home"),
        "credits": Go("portfolio.overview"),
        "credit_account": Go("credits.account"),
        "today": Go("today.index"),
        "lesson": Go("practice.everything"),
        "library": Go("library.index"),
        "progress": Go("progress.index"),
        "map": Go("map.index"),
        "companion": Go("voice.ask"),
        "ask": Go("companion.ask", words="q"),
        "share": Go("portfolio.overview"),
        "verify": Go("verify.page"),
        "activities": Go("recommended.index"),
        "settings": Go("display.settings"),
        "account": Go("account.overview"),
        "play": Read("play"),
        "pause": Read("pause"),
        "repeat": Read("repeat", noticed="asked_again"),
        "slower": Show("slower", read="slower"),
        "faster": Show("faster", read="faster"),
        "bigger": Show("bigger"),
        "smaller": Show("smaller"),
        "elder": Show("elder"),
        "standard": Show("standard"),
        "contrast": Show("contrast"),
        "yes_no_true": Answer(frozenset({"对", "是", "正确", "对的", "是的", "true", "yes", "right", "correct"})),
        "yes_no_false": Answer(frozenset({"不对", "不是", "错", "错误", "错的", "false", "no", "wrong", "incorrect"})),
        "unsure": Press((f"{_QUESTION}[value=unknown]",)),
        "hint": Press((f"{_QUESTION}[value=hint]",)),
        "number": Ask("digits"),
        "submit": Press(
            (
                "main [data-voice~=submit]",
                f"{_QUESTION}[value=answer]",
                "main form[method=post] button.button:not(.second, .plain, [type=button])",
            )
        ),
        "easier": Press((f"{_QUESTION}[value=easier]",)),
        "harder": Press((f"{_QUESTION}[value=harder]",)),
        "not_now": Press((f"{_QUESTION}[value=not_now]",)),
        "easy_read": Press(("main .forms-nav a[href*='form=easy']:not([aria-current])",)),
        "help": Go("help.ask", next=True),
        "neighbour": Go("neighbours.ask"),
        "call": Press(("a[href^='tel:']",)),
        "confirm": Ask("yes"),
        "cancel": Ask("no"),
        "list": Ask("list"),
        "what_can_i_say": Go("voice.say", next=True),
        "sign_out": Press(("form[action='/sign-out'] button",)),
    }
)
"""Every intent of ``accessibility.intent``, and what it does (a test holds the two against each other)."""


def presses() -> dict[str, Press]:
    """The intents that press a control: those a page has only where it has the control."""
    return {intent: action for intent, action in ACTIONS.items() if isinstance(action, Press)}

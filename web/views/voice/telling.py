"""What the voice answers: a sentence, the click that it asks the page to make, or up to three to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for

from accessibility.intent.model import intents
from accessibility.intent.understanding import Understood
from web.messages import locale, t
from web.views.voice.blueprint import sound_of, speaks
from web.views.voice.changing import Change, change_of
from web.voice.actions import ACTIONS, Answer, Ask, Go, Press, Read, Show
from web.voice.here import MOST_FIGURES, Here

Step = Literal["act", "confirm", "offer", "again", "buttons", "nothing"]
MOST_SUGGESTED = 6
_SUGGESTED = ("list", "next", "submit", "back", "help", "play", "bigger", "credits", "lesson")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the page can do: its words, what the script does, whether it is asked about first."""

    words: str
    do: dict[str, Any]
    changes: bool = False
    said: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        return {"words": self.words, "do": self.do, "changes": self.changes}


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one utterance."""

    step: Step
    say: str
    deeds: tuple[Deed, ...] = ()
    misses: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the page's script: what is said, where it is heard, and the deeds."""
        return {
            "step": self.step,
            "say": self.say,
            "sound": sound_of(self.say) if speaks() else None,
            "deeds": [deed.as_json() for deed in self.deeds],
            "misses": self.misses,
            "say_page": url_for("voice.say"),
            "help": url_for("help.ask"),
        }


def told(step: Step, found: Sequence[Understood], here: Here, *, misses: int = 0, heard: bool = True) -> Told:
    """What is answered where that was understood on that page; what cannot be done there is left out.

    ``heard`` is False where nobody was there to recognise it.
    """
    if here.field == "secret":
        step, found = _to_oneself(step, found)
    if here.asked:  # an answer to a question is not asked about again
        step = "act" if step == "confirm" else "again" if step in ("offer", "nothing") else step
    deeds = tuple(deed for deed in (deed_of(one, here) for one in found) if deed is not None)
    if step in ("act", "confirm") and not deeds:
        return Told("nothing", _why_not(found, here), _suggested(here), misses)
    if step == "act" and deeds[0].changes:
        return Told("confirm", t("voice.confirm_change", what=deeds[0].words), deeds[:1], misses)
    match step:
        case "act":
            return Told("act", deeds[0].said or t("voice.doing", what=deeds[0].words), deeds[:1])
        case "confirm":
            return Told("confirm", t("voice.confirm", what=deeds[0].words), deeds[:1], misses)
        case "offer" if deeds:
            return Told("offer", _offering(deeds), deeds, misses)
        case "buttons":
            return Told("buttons", t("voice.buttons" if heard else "voice.nobody"), deeds or _suggested(here), misses)
        case "nothing":
            return Told("nothing", t("voice.nothing"), _suggested(here), misses)
    return Told("again", t("voice.again"), (), misses)


def _to_oneself(step: Step, found: Sequence[Understood]) -> tuple[Step, Sequence[Understood]]:
    """Where a PIN is said: no figure that may have been meant is shown, said or asked about, it is filled in or not."""
    if step == "confirm" and found and "number" in found[0].slots:
        return "act", found
    if step == "offer" and found and "number" in found[0].slots:
        return "again", ()
    return step, found if step == "act" else [one for one in found if "number" not in one.slots]


def _offering(deeds: Sequence[Deed]) -> str:
    choices = t("voice.between").join(
        t("voice.offered", number=number, what=deed.words) for number, deed in enumerate(deeds, 1)
    )
    return t("voice.offer", choices=choices)


def _why_not(found: Sequence[Understood], here: Here) -> str:
    """Why the first that was meant cannot be done: a number that nothing has, or a step beyond the last."""
    first = found[0] if found else None
    action = ACTIONS.get(first.intent) if first is not None else None
    if isinstance(action, Ask) and first is not None and "number" in first.slots:
        return t("voice.no_number", number=first.slots["number"], most=len(here.controls))
    return t("voice.no_further") if isinstance(action, Show) else t("voice.nothing")


def _suggested(here: Here) -> tuple[Deed, ...]:
    """What can be said here, a few of it."""
    available = here.available()
    found = (deed_of(Understood(intent, 1.0), here) for intent in _SUGGESTED if intent in available)
    return tuple(deed for deed in found if deed is not None)[:MOST_SUGGESTED]


def deed_of(found: Understood, here: Here) -> Deed | None:
    """What an understood utterance does on a page; None where it does nothing there."""
    if found.intent == "label":
        return _control(found.slots["label"], here)
    action, intent = ACTIONS[found.intent], intents()[found.intent]
    words = intent.offered(locale())
    match action:
        case Go():
            return Deed(said_words(found, words), {"do": "go", "url": address(action, found, here.path)})
        case Press():
            if found.intent == "submit" and (control := _control(str(here.submit), here)) is not None:
                return control
            do: dict[str, Any] = {"do": "press", "selectors": action.selectors, "otherwise": action.otherwise}
            return Deed(words, do, intent.changes)
        case Read():
            return Deed(words, {"do": "read", "what": action.do, "noticed": action.noticed})
        case Show():
            return _shown(action, words, here)
        case Answer():
            option = here.option(found.intent)
            return _control(str(option.number), here) if option is not None else None
        case Ask():
            return _asked(action, found, here, words)


def said_words(found: Understood, words: str) -> str:
    """The words of what was understood, with what was said after them."""
    return found.slots.get("words", words)


def address(action: Go, found: Understood, path: str) -> str:
    """Where a place is."""
    values = {action.words: found.slots.get("words", "")} if action.words else {}
    if action.next:
        values |= {"from": path} if action.endpoint == "voice.say" else {"next": path}
    return url_for(action.endpoint, **values)  # type: ignore[arg-type]


def _control(number: str, here: Here) -> Deed | None:
    control = here.control(number)
    if control is None:
        return None
    words = control.words or t("voice.numbered", number=control.number)
    return Deed(words, {"do": "number", "number": control.number}, control.changes)


def _shown(action: Show, words: str, here: Here) -> Deed | None:
    change: Change | None = change_of(action.change)
    if change is None:
        return None
    undo = [send.as_json() for send in change.undo]
    do: dict[str, Any]
    if action.change in ("elder", "standard"):  # the switch that stands on every page
        do = {"do": "go", "url": url_for(f"display.{action.change}", next=here.path), "undo": undo}
    else:
        do = {"do": "send", "send": change.send.as_json(), "undo": undo, "read": action.read}
    return Deed(words, do, said=t("voice.done", said=change.said))


def dictated(text: str) -> Told:
    """Words for the field that was in use, to be read over before they are sent."""
    deed = Deed(text, {"do": "fill", "value": text, "append": False})
    return Told("act", t("voice.written", words=text), (deed,))


def _asked(action: Ask, found: Understood, here: Here, words: str) -> Deed | None:
    number = found.slots.get("number", "")
    if action.kind == "digits" and here.figures:
        figure = "figure" in found.slots
        if here.field == "secret" and (len(number) != 1 or not number.isdecimal()):
            return None
        do = {"do": "fill", "value": number, "append": figure}
        if here.field == "secret":
            full = here.filled >= MOST_FIGURES
            return Deed("", do, said=t("voice.full") if full else t("voice.figures", count=here.filled + 1))
        return Deed(number, do, said=t("voice.filled", number=number))
    if action.kind in ("number", "digits"):
        return _control(number, here)
    if action.kind == "no" and not here.asked:
        return Deed(words, {"do": "erase"}, said=t("voice.erased"))
    if action.kind == "yes" and not here.asked:
        return deed_of(Understood("submit", 1.0), here)
    return Deed(words, {"do": action.kind})


def heard_as(sentence: str) -> dict[str, str | None]:
    """A sentence that the page puts together of its own words, and where it is heard."""
    return {"say": sentence, "sound": sound_of(sentence) if speaks() else None}

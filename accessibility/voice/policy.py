"""Which recogniser is asked, and what comes of it: act, confirm, offer three, ask again, or plain buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from accessibility.voice.audio import Samples
from accessibility.voice.recogniser import MOST_OFFERED, Heard, Recogniser

Step = Literal["act", "confirm", "offer", "again", "buttons"]
MOST_MISSES = 2
ORDER = ("own", "sherpa", "vosk", "pocketsphinx")
"""A person's own commands first; then what an operator has installed; English from the package last."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page does next.

    ``act``: carry ``commands[0]`` out, show it, offer to undo it. ``confirm``: ask whether ``commands[0]`` was meant.
    ``offer``: show up to three large buttons. ``again``: ask to say it once more. ``buttons``: no more listening;
    plain buttons and a person who helps. ``misses`` goes into the next turn; ``recogniser`` is who decided.
    """

    step: Step
    commands: tuple[str, ...] = ()
    misses: int = 0
    recogniser: str = ""


def in_order(recognisers: Sequence[Recogniser]) -> list[Recogniser]:
    """The recognisers in the order in which they are asked."""
    return sorted(recognisers, key=lambda r: ORDER.index(r.name) if r.name in ORDER else len(ORDER))


def take_turn(
    recognisers: Sequence[Recogniser],
    samples: Samples,
    expected: Mapping[str, str],
    *,
    misses: int = 0,
    final: frozenset[str] = frozenset(),
) -> Turn:
    """Ask each recogniser until one accepts; otherwise offer what they thought of.

    ``final`` names the commands that can't be undone: those are always confirmed. ``misses`` is how many turns before
    this one came to nothing.
    """
    offered: list[str] = []
    spoke = False
    asked = in_order(recognisers)
    for recogniser in asked:
        heard = recogniser.recognise(samples, expected)
        if heard.command is not None:
            step: Step = "act" if recogniser.sure and heard.command not in final else "confirm"
            return Turn(step, (heard.command,), 0 if step == "act" else misses, recogniser.name)
        spoke = spoke or heard.outcome == "unsure"
        offered += _new(heard, offered)
    misses += 1
    if misses >= MOST_MISSES or not asked:
        return Turn("buttons", tuple(offered[:MOST_OFFERED]), misses)
    if spoke and offered:
        return Turn("offer", tuple(offered[:MOST_OFFERED]), misses)
    return Turn("again", (), misses)


def refused(turn: Turn) -> Turn:
    """What follows a confirmation answered with no: a miss like any other."""
    misses = turn.misses + 1
    return Turn("buttons" if misses >= MOST_MISSES else "again", (), misses)


def _new(heard: Heard, offered: Sequence[str]) -> list[str]:
    return [guess.command for guess in heard.guesses if guess.command not in offered]

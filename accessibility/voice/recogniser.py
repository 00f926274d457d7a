"""What every recogniser keeps to: samples and the words expected in, what was heard out, never a guess as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from accessibility.voice.audio import Samples

Outcome = Literal["accepted", "unsure", "nothing"]
MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A command that may have been meant; ``score`` compares guesses of one recogniser and no more."""

    command: str
    score: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of a recording.

    ``accepted``: the first guess is what was said. ``unsure``: somebody spoke; up to three guesses, the best first,
    perhaps none. ``nothing``: nobody spoke.
    """

    outcome: Outcome
    guesses: tuple[Guess, ...] = ()

    @property
    def command(self) -> str | None:
        """The command accepted, if one was."""
        return self.guesses[0].command if self.outcome == "accepted" else None


NOTHING = Heard("nothing")


class Recogniser(Protocol):
    """Takes a recording for one of the commands expected.

    ``sure`` says whether what it accepts may be carried out; if not, it has to be confirmed.
    """

    @property
    def name(self) -> str: ...
    @property
    def sure(self) -> bool: ...
    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        """``expected`` names each command that the page knows, with the words on its button."""
        ...

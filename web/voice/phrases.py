"""What the recognisers are told to expect on a page, and what they heard in the words of the page again.

A command is an intent, ``number.N`` or ``label.N``. Where a recogniser knows phrases and not people, every way of
saying a command is expected; whichever was heard, it is the command that counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from accessibility.intent.model import intents
from accessibility.text.spoken import cardinal
from accessibility.voice.audio import Samples
from accessibility.voice.recogniser import MOST_OFFERED, Guess, Heard, Recogniser
from web.messages import Locale
from web.voice.actions import ACTIONS, Ask
from web.voice.here import Here

MOST_NUMBERS = 20
_ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERED = {"zh-CN": ("第{}个", "选{}", "说{}", "{}号"), "en": ("number {}", "choose {}", "open {}", "option {}")}
_APART = "|"


def in_words(number: int, locale: Locale) -> str:
    """A number up to twenty as it is said."""
    return _ENGLISH[number] if locale == "en" else cardinal(number)


def expected(here: Here, locale: Locale) -> dict[str, str]:
    """The commands that can be said there, each with the words by which it is offered."""
    available = here.available()
    found = {
        name: intents()[name].offered(locale)
        for name in ACTIONS
        if name in available and not isinstance(ACTIONS[name], Ask)
    }
    found |= {
        name: intents()[name].offered(locale) for name in ("confirm", "cancel", "undo", "list") if name in available
    }
    if "number" in available:
        most = 9 if here.figures else min(len(here.controls), MOST_NUMBERS)
        found |= {f"number.{n}": in_words(n, locale) for n in range(0 if here.figures else 1, most + 1)}
    return found | {f"label.{one.number}": one.words for one in here.controls if one.words}


def ways(command: str, words: str, locale: Locale) -> tuple[str, ...]:
    """Every way of saying a command; a bare number is too short for a recogniser that does not know the person."""
    if command.startswith("label."):
        return (words,)
    if command.startswith("number."):
        return tuple(phrase.format(words) for phrase in _NUMBERED[locale])
    tongues = ("en",) if locale == "en" else ("zh", "dialect")
    phrases = (phrase for tongue in tongues for phrase in intents()[command].phrases[tongue])
    return tuple(phrase for phrase in phrases if "{" not in phrase)


@dataclass(frozen=True, slots=True)
class InEveryWay:
    """A recogniser that is told every way of saying each command."""

    inner: Recogniser
    locale: Locale

    @property
    def name(self) -> str:
        """The name of the recogniser within."""
        return self.inner.name

    @property
    def sure(self) -> bool:
        """Whether what it accepts may be carried out."""
        return self.inner.sure

    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        """What was heard, by command; each once, the best first."""
        told = {
            f"{command}{_APART}{n}": phrase
            for command, words in expected.items()
            for n, phrase in enumerate(ways(command, words, self.locale))
        }
        heard = self.inner.recognise(samples, told)
        best: dict[str, Guess] = {}
        for guess in heard.guesses:
            command = guess.command.partition(_APART)[0]
            best.setdefault(command, Guess(command, guess.score))
        return Heard(heard.outcome, tuple(best.values())[:MOST_OFFERED])

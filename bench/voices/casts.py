"""Who speaks in a measurement: synthetic people, or recordings of real ones in a folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.random import Generator

from accessibility.errors import InvalidInput
from accessibility.voice.audio import Samples, read_wav
from accessibility.voice.enrolment import take
from bench.voices.conditions import MEASURED, TUNED, Condition, crowd, placed, recorded
from bench.voices.people import (
    CHECKED,
    CROWD,
    CROWD_CHECKED,
    CROWD_NEW,
    CROWD_TUNING,
    HELD_OUT,
    NEW,
    TUNING,
    Person,
    Voices,
    shaken,
    stretched,
)
from bench.voices.talk import COMMANDS, TALK, TALK_CHECKED, TALK_NEW, TALK_TUNED, TALK_TUNING

OTHER = "other"
Which = Literal["measured", "checked", "tuning"]


class Cast(Protocol):
    """One speaker: what was recorded in a quiet room to enrol, and what is said afterwards, the ``number``-th time.

    ``kind``: which speakers are counted together. ``conditions``: a quiet room, and then others.
    """

    kind: str
    name: str
    commands: Sequence[str]
    conditions: Sequence[Condition]

    def enrolled(self, rng: Generator) -> dict[str, list[Samples]]: ...
    def said(self, command: str, condition: Condition, number: int, rng: Generator) -> Samples | None: ...
    def other(self, condition: Condition, number: int, rng: Generator) -> Samples | None: ...
    def phrase(self, number: int) -> str: ...


class Synthetic:
    """A synthetic person who says each command three times to enrol, and as often as is wanted afterwards."""

    def __init__(
        self,
        kind: str,
        voices: Voices,
        person: Person,
        talk: Sequence[str],
        behind: Samples,
        conditions: Sequence[Condition] = MEASURED,
    ) -> None:
        self.kind, self.name, self.commands, self.conditions = kind, person.name, COMMANDS, conditions
        self._voices, self._person, self._talk, self._behind = voices, person, talk, behind

    def _take(self, text: str, condition: Condition, rng: Generator) -> Samples:
        return recorded(self._voices, self._person, text, condition, rng, self._behind)

    def enrolled(self, rng: Generator) -> dict[str, list[Samples]]:
        """Three takes of each command in a quiet room."""
        quiet = Condition("quiet")
        return {command: [self._take(command, quiet, rng) for _ in range(3)] for command in COMMANDS}

    def said(
        self,
        command: str,
        condition: Condition,
        number: int,  # noqa: ARG002 - as often as is wanted
        rng: Generator,
    ) -> Samples | None:
        """Another take of a command."""
        return self._take(command, condition, rng)

    def other(self, condition: Condition, number: int, rng: Generator) -> Samples | None:
        """Something that is no command; nothing when there is no more."""
        return self._take(self._talk[number], condition, rng) if number < len(self._talk) else None

    def phrase(self, number: int) -> str:
        """What ``other`` says."""
        return self._talk[number] if number < len(self._talk) else ""


class Recorded:
    """A person's folder: ``command_take.wav``; the first takes enrol, at most three, later ones are what was said.

    ``other_1.wav`` and so on are what was said and is no command. Noise and echo are laid over the recordings.
    """

    def __init__(self, folder: Path, behind: Samples) -> None:
        self.kind, self.name, self.conditions, self._behind = "recorded speakers", folder.name, MEASURED, behind
        self._takes: dict[str, list[Samples]] = {}
        self._phrases: list[str] = []
        for command, _take, file in sorted(_named(folder)):
            self._takes.setdefault(command, []).append(_spoken(file))
            self._phrases += [file.stem] if command == OTHER else []
        self._others = self._takes.pop(OTHER, [])
        self.commands = sorted(self._takes)
        if len(self.commands) < 2 or any(len(takes) < 2 for takes in self._takes.values()):
            raise SystemExit(f"{folder}: two commands at least, with two takes each (command_1.wav, command_2.wav)")

    def enrolled(self, rng: Generator) -> dict[str, list[Samples]]:  # noqa: ARG002 - recorded already
        """The takes to enrol: at most three, and one is always kept to be said."""
        return {command: takes[: min(3, len(takes) - 1)] for command, takes in self._takes.items()}

    def said(self, command: str, condition: Condition, number: int, rng: Generator) -> Samples | None:
        """A later take of a command, once."""
        takes = self._takes[command]
        later = takes[min(3, len(takes) - 1) :]
        return self._placed(later[number], condition, rng) if number < len(later) else None

    def other(self, condition: Condition, number: int, rng: Generator) -> Samples | None:
        """Something that is no command; nothing when there is no more."""
        return self._placed(self._others[number], condition, rng) if number < len(self._others) else None

    def phrase(self, number: int) -> str:
        """What the file of ``other`` is called."""
        return self._phrases[number] if number < len(self._phrases) else ""

    def _placed(self, sound: Samples, condition: Condition, rng: Generator) -> Samples:
        if condition.quicker != 1:
            sound = stretched(sound, np.full(len(sound), 1 / condition.quicker))
        if condition.shaking:
            sound = shaken(sound, rng, condition.shaking)
        return placed(sound, condition, rng, self._behind)


def _named(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Command, number of the take and file of each recording."""
    for file in folder.iterdir():
        command, _line, number = file.stem.rpartition("_")
        if file.suffix.lower() == ".wav":
            if not command or not number.isdecimal():
                raise SystemExit(f"{file}: its name must be a command, a line and a number (command_1.wav)")
            yield command, int(number), file


def _spoken(file: Path) -> Samples:
    try:
        sound = read_wav(file.read_bytes())
        take(sound)
    except InvalidInput as error:
        raise SystemExit(f"{file}: {error}") from error
    return sound


def casts(voices: Voices, recordings: Path | None, which: Which = "measured") -> Iterator[Cast]:
    """The speakers held out from tuning, or those of a folder by name, or those to check with, or those for tuning."""
    if which == "tuning":
        behind = crowd(voices, CROWD_TUNING[:6], TALK_TUNING, np.random.default_rng(100))
        yield from (Synthetic("tuning speakers", voices, one, TALK_TUNED, behind, TUNED) for one in TUNING)
        return
    behind = crowd(voices, CROWD, TALK, np.random.default_rng(3))
    if recordings is not None:
        yield from (Recorded(folder, behind) for folder in sorted(recordings.iterdir()) if folder.is_dir())
        return
    if which == "checked":
        yield from (Synthetic("synthetic speakers measured before", voices, one, TALK, behind) for one in HELD_OUT)
        behind = crowd(voices, CROWD_CHECKED, TALK_CHECKED, np.random.default_rng(5))
        yield from (Synthetic("speakers to check with", voices, one, TALK_CHECKED, behind) for one in CHECKED)
        return
    behind = crowd(voices, CROWD_NEW, TALK_NEW, np.random.default_rng(4))
    yield from (Synthetic("new synthetic speakers", voices, person, TALK_NEW, behind) for person in NEW)

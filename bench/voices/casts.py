"""Who speaks in a measurement: synthetic people, or recordings of real ones in a folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.random import Generator

from accessibility.voice.audio import Samples, read_wav
from bench.voices.conditions import Condition, crowd, placed, recorded
from bench.voices.people import COMMANDS, CROWD, HELD_OUT, TALK, Person, Voices, shaken, stretched

OTHER = "other"


class Cast(Protocol):
    """One speaker: what was recorded in a quiet room to enrol, and what is said afterwards, the ``number``-th time."""

    name: str
    commands: Sequence[str]

    def enrolled(self, rng: Generator) -> dict[str, list[Samples]]: ...
    def said(self, command: str, condition: Condition, number: int, rng: Generator) -> Samples | None: ...
    def other(self, condition: Condition, number: int, rng: Generator) -> Samples | None: ...


class Synthetic:
    """A synthetic person who says each command three times to enrol, and as often as is wanted afterwards."""

    def __init__(self, voices: Voices, person: Person, behind: Samples) -> None:
        self.name, self.commands = person.name, COMMANDS
        self._voices, self._person, self._behind = voices, person, behind

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
        return self._take(TALK[number], condition, rng) if number < len(TALK) else None


class Recorded:
    """A person's folder: ``command_take.wav``; the first takes enrol, at most three, later ones are what was said.

    ``other_1.wav`` and so on are what was said and is no command. Noise and echo are laid over the recordings.
    """

    def __init__(self, folder: Path, behind: Samples) -> None:
        self.name, self._behind = folder.name, behind
        self._takes: dict[str, list[Samples]] = {}
        for file in sorted(folder.glob("*_*.wav")):
            self._takes.setdefault(file.stem.rpartition("_")[0], []).append(read_wav(file.read_bytes()))
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

    def _placed(self, sound: Samples, condition: Condition, rng: Generator) -> Samples:
        if condition.quicker != 1:
            sound = stretched(sound, np.full(len(sound), 1 / condition.quicker))
        if condition.shaking:
            sound = shaken(sound, rng, condition.shaking)
        return placed(sound, condition, rng, self._behind)


def casts(voices: Voices, recordings: Path | None) -> Iterator[Cast]:
    """The speakers held out from tuning, or those of a folder, by name."""
    behind = crowd(voices, CROWD, TALK, np.random.default_rng(3))
    if recordings is None:
        yield from (Synthetic(voices, person, behind) for person in HELD_OUT)
    else:
        yield from (Recorded(folder, behind) for folder in sorted(recordings.iterdir()) if folder.is_dir())

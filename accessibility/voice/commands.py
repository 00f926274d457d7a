"""A person's own commands recognised: any language, any way of speaking, rather asked again than wrong."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.aligning import LENGTH, Compared, compared
from accessibility.voice.audio import Samples
from accessibility.voice.decoys import NearWords, told_apart, told_in_noise
from accessibility.voice.echoing import echoing
from accessibility.voice.endpoint import Span, left_out, restlessness, spans
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.recogniser import MOST_OFFERED, NOTHING, Guess, Heard
from accessibility.voice.spectrum import Bands, bands, quiet_noise

_FEWEST_OTHERS = 4
_WORST = 2
_PIECES_WEIGH = 0.4
_ECHOES = 1  # of the two rooms that templates are made for


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the nearest command is taken for what was said; set on the tuning speakers of ``bench.voices``.

    ``steady``: how sure it must be in a room with steady noise, where noise leaves as much of the words as
    ``steady_visible`` says, and in proportion between them. ``restless``: the same where others speak, at each of the
    decibels above noise of ``restless_db``. ``rooms``: restlessness of a steady room, and of one where others speak.
    ``quick``: how sure it must at least be where it lasted as much longer (less, below 0) as ``quick_longer`` says and
    noise leaves more than the second of ``quick_visible``; noise hides ends, so below the first that says nothing.
    ``margin``: how much nearer than the second, at each share of ``margin_visible``; the first where others speak.
    ``real``: how much nearer than what is no word. ``longer``: nothing is taken that lasted less or more. ``left``: nor
    where more was said beside it, at ``left_db`` above steady noise; where others speak that says nothing.
    ``least_db``: nothing is taken below. ``told``: how surely it must be told from words that sound like it; less
    where it was drawn out as ``told_longer`` says, where it is less sure than ``told_sure``, as tremor makes it, and
    where noise leaves less than ``told_visible``; ``told_echo`` where a room echoes. ``told_in_noise``: the same, in
    deviations, in noise that leaves as much as ``told_in_noise_visible`` says, and nowhere where it leaves more.
    """

    steady: tuple[float, ...] = (0.56, 0.47, 0.43, 0.42, 0.36, 0.30, 0.30, 0.25)
    steady_visible: tuple[float, ...] = (0.12, 0.16, 0.20, 0.25, 0.29, 0.31, 0.50, 0.58)
    restless: tuple[float, ...] = (0.52, 0.46, 0.41, 0.37)
    restless_db: tuple[float, ...] = (3.0, 9.0, 12.0, 16.0)
    rooms: tuple[float, float] = (0.34, 0.44)
    quick: tuple[float, ...] = (0.44, 0.25)
    quick_longer: tuple[float, ...] = (-0.20, -0.08)
    quick_visible: tuple[float, float] = (0.48, 0.57)
    margin: tuple[float, float] = (0.05, 0.03)
    margin_visible: tuple[float, float] = (0.35, 0.50)
    real: float = 0.1
    longer: tuple[float, float] = (-0.7, 1.1)
    left: tuple[float, float] = (0.1, 3.0)
    left_db: tuple[float, float] = (12.0, 26.0)
    least_db: float = -12.0
    told: tuple[float, float] = (0.6, 0.45)
    told_longer: tuple[float, float] = (0.15, 0.25)
    told_least: tuple[float, float] = (0.35, 0.25)  # by sureness, by noise
    told_sure: tuple[float, float] = (0.44, 0.50)
    told_visible: tuple[float, float] = (0.40, 0.58)
    told_echo: float = 0.65
    told_in_noise: tuple[float, ...] = (-2.1, -3.8, -9.0)
    told_in_noise_visible: tuple[float, ...] = (0.25, 0.29, 0.45)

    def left_at(self, above: float) -> float:
        """How much may be said beside a command that stands so many decibels above steady noise."""
        return float(np.interp(above, self.left_db, self.left))

    def margin_at(self, visible: float, restlessness: float) -> float:
        """How much nearer than the second it must be where noise leaves so much in such a room."""
        steady = np.interp(visible, self.margin_visible, self.margin)
        return float(np.interp(restlessness, self.rooms, (steady, self.margin[0])))

    def told_at(self, visible: float, sure: float, longer: float, echoes: bool) -> float:
        """How surely it must be told from words that sound like it, by noise, sureness and length."""
        if echoes:
            return self.told_echo
        heard = float(np.interp(longer, self.told_longer, self.told))
        heard = min(heard, float(np.interp(sure, self.told_sure, (self.told_least[0], heard))))
        return float(np.interp(visible, self.told_visible, (self.told_least[1], heard)))

    def told_in_noise_at(self, visible: float) -> float:
        """The same in noise that leaves so much, in deviations."""
        return float(np.interp(visible, self.told_in_noise_visible, self.told_in_noise))

    def sure_at(self, visible: float, above: float, restlessness: float, longer: float) -> float:
        """How sure it must be where noise leaves so much, at so many decibels in such a room, when it is so long."""
        steady = np.interp(visible, self.steady_visible, self.steady)
        restless = np.interp(above, self.restless_db, self.restless)
        room = np.interp(restlessness, self.rooms, (steady, restless))
        quick = np.interp(longer, self.quick_longer, self.quick)
        return float(max(room, np.interp(visible, self.quick_visible, (0, quick))))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a recording compares: commands from the nearest, and what is decided by.

    ``even``: 1 - worst stretches of the nearest / mean of the other commands. ``nearer``: 1 - nearest / mean of the
    others. ``beyond``: how much farther its worst stretches are than pieces of other commands, / mean of the others.
    ``real``: 1 - nearest / nearest three of the templates that are no words. ``margin``: (second - nearest) / mean of
    the others. ``longer``: natural logarithm of how much longer it lasted than when it was enrolled. ``above``:
    decibels above noise. ``visible``: share of it that noise leaves. ``left``: how much was said beside it.
    ``told``, ``told_in_noise``: how surely it is told from words that sound like it (``decoys``); infinite where none
    is known or, the second, in quiet. ``echoes``: whether the templates of a room that echoes were nearer.
    """

    order: tuple[str, ...]
    distances: tuple[float, ...]
    even: float
    nearer: float
    beyond: float
    real: float
    margin: float
    longer: float
    above: float
    visible: float
    restlessness: float
    left: float
    told: float = math.inf
    told_in_noise: float = math.inf
    echoes: bool = False

    @property
    def sure(self) -> float:
        """Near all along, near, and nearer than pieces of other commands, which an echo blurs as much.

        Other speech that shares syllables with a command is far from it somewhere, where pieces of others may be near.
        """
        return (2 * self.even + self.nearer) / 3 - _PIECES_WEIGH * self.beyond


class EnrolledCommands:
    """Recognises the commands of one enrolment; made once per person, used for many recordings.

    ``near`` knows the words that sound like a command, by its id; nothing where none is known.
    """

    name: ClassVar[str] = "own"
    sure: ClassVar[bool] = True

    def __init__(
        self,
        enrolment: Enrolment,
        thresholds: Thresholds | None = None,
        near: Callable[[str], NearWords | None] = lambda _command: None,
    ) -> None:
        self._names, self._owners, words = enrolment.templates()
        self._thresholds = thresholds or Thresholds()
        self._near, self._decoys = near, cache(self._decoys_of)
        self._frames = np.array([max(1, own.frames) for name in self._names for own in enrolment.takes[name]])
        self._rooms = [
            np.concatenate([own, _no_words(self._owners, own)]) for own in (words, echoing(words, self._frames))
        ]
        # What pieces are taken from: all other commands, and what is no word where those are few.
        strangers = len(self._rooms[0]) - len(words) if len(self._names) <= _FEWEST_OTHERS else 0
        owners = np.pad(self._owners, (0, strangers), constant_values=-1)
        self._others = [np.flatnonzero(owners != number) for number in range(len(self._names))]

    def compare(self, samples: Samples) -> Likeness | None:
        """How the recording compares with every command; nothing where nobody speaks or nothing is enrolled."""
        energies = bands(samples)
        if not self._names or not len(energies):
            return None
        quiet = quiet_noise(energies)
        found: list[tuple[Likeness, Span, int]] = []
        for span in spans(energies, quiet):
            room, beside = self._beside(energies, span, quiet)
            around = restlessness(energies, span), left_out(energies, quiet, span)
            found.append((self._likeness(beside, len(span.speech(energies)), *around), span, room))
        if not found:
            return None
        likeness, span, room = max(found, key=lambda one: one[0].sure)
        if not self._alone(likeness):
            return likeness
        return self._held_against_near_words(replace(likeness, echoes=room == _ECHOES), energies, span, quiet)

    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        """The command said, if it is surely one and one of those expected; otherwise the nearest three of those."""
        likeness = self.compare(samples)
        if likeness is None:
            return NOTHING
        usual = max(likeness.distances)
        guesses = [
            Guess(command, 1 - distance / usual)
            for command, distance in zip(likeness.order, likeness.distances, strict=True)
            if command in expected
        ][:MOST_OFFERED]
        accepted = self.accepts(likeness) and likeness.order[0] in expected
        return Heard("accepted" if accepted else "unsure", tuple(guesses))

    def accepts(self, likeness: Likeness) -> bool:
        """Whether the nearest command is near enough to be carried out, and is told from words that sound like it."""
        limit = self._thresholds
        told = limit.told_at(likeness.visible, likeness.sure, likeness.longer, likeness.echoes)
        in_noise = limit.told_in_noise_at(likeness.visible)
        return self._alone(likeness) and likeness.told >= told and likeness.told_in_noise >= in_noise

    def _alone(self, likeness: Likeness) -> bool:
        """Whether the nearest command would be carried out if no other word sounded like it."""
        limit = self._thresholds
        shortest, longest = limit.longer
        return (
            likeness.sure >= limit.sure_at(likeness.visible, likeness.above, likeness.restlessness, likeness.longer)
            and likeness.margin >= limit.margin_at(likeness.visible, likeness.restlessness)
            and likeness.real >= limit.real
            and shortest < likeness.longer < longest
            and (likeness.restlessness > limit.rooms[0] or likeness.left <= limit.left_at(likeness.above))
            and likeness.above >= limit.least_db
        )

    def _beside(self, energies: Bands, span: Span, quiet: Bands) -> tuple[int, Compared]:
        """The words beside templates in a dry room or in one that echoes, whichever is nearer; and in which."""
        both = enumerate(compared(templates, energies, span, quiet) for templates in self._rooms)
        return min(both, key=lambda one: float(one[1].apart[: len(self._owners)].min()))

    def _held_against_near_words(self, likeness: Likeness, energies: Bands, span: Span, quiet: Bands) -> Likeness:
        """The same, with how surely it is told from words that sound like the nearest command."""
        room = int(likeness.echoes)
        decoys = self._decoys(likeness.order[0], room)
        if decoys is None:
            return likeness
        own = self._rooms[room][: len(self._owners)][self._owners == self._names.index(likeness.order[0])]
        told, instead = told_apart(own, decoys[0], energies, span, quiet), decoys[1]
        if not instead.shape[1] or likeness.visible > self._thresholds.told_in_noise_visible[-1]:
            return replace(likeness, told=told)
        return replace(likeness, told=told, told_in_noise=told_in_noise(own, instead, energies, span, quiet))

    def _decoys_of(self, command: str, room: int) -> tuple[Bands, Bands] | None:
        """The words that sound like a command in this person's voice, in that room, in their own time and in its time.

        Both [templates of the command, words, LENGTH, 26].
        """
        near = self._near(command)
        if near is None:
            return None
        own = np.flatnonzero(self._owners == self._names.index(command))
        dry = self._rooms[0][own]
        return self._in_room(near.said_by(dry), own, room), self._in_room(near.said_instead(dry), own, room)

    def _in_room(self, decoys: Bands, own: NDArray[np.intp], room: int) -> Bands:
        if room != _ECHOES or not decoys.size:
            return decoys
        frames = np.repeat(self._frames[own], decoys.shape[1])
        return echoing(decoys.reshape(-1, *decoys.shape[2:]), frames).reshape(decoys.shape)

    def _likeness(self, beside: Compared, frames: int, room: float, left: float) -> Likeness:
        count = len(self._owners)
        nearest = np.array([beside.apart[:count][self._owners == n].min() for n in range(len(self._names))])
        strangers = np.sort(beside.apart[count:])
        order = np.argsort(nearest, kind="stable")
        others = nearest[order[1:]]
        if len(others) < _FEWEST_OTHERS:
            others = np.sort(np.concatenate([others, strangers]))[: max(_FEWEST_OTHERS, len(others))]
        first, usual = float(nearest[order[0]]), float(others.mean())
        own = np.flatnonzero(self._owners == order[0])
        stretches = beside.stretches(own)
        worst = np.sort(stretches, axis=1)[:, -_WORST:]
        beyond = np.sort(stretches[0] - beside.pieces(self._others[order[0]]))[-_WORST:]
        return Likeness(
            tuple(self._names[n] for n in order),
            tuple(float(nearest[n]) for n in order),
            even=1 - float(worst.mean()) / usual,
            nearer=1 - first / usual,
            beyond=float(beyond.mean()) / usual,
            real=1 - first / float(strangers[:3].mean()),
            margin=(float(others.min()) - first) / usual,
            longer=float(np.log(frames / self._frames[own].mean())),
            above=beside.above,
            visible=beside.visible,
            restlessness=room,
            left=left,
        )


def _no_words(owners: NDArray[np.intp], words: Bands) -> Bands:
    """What sounds like this person and is no command: each backwards, and halves of two joined.

    Other speech is about as near to these as to the commands, so they show what was said and not enrolled.
    """
    firsts = words[np.flatnonzero(np.diff(owners, prepend=-1))]
    made = [firsts[:, ::-1]]
    for step in (1, 5):
        if len(firsts) > step:
            made.append(np.concatenate([firsts[:, : LENGTH // 2], np.roll(firsts, -step, axis=0)[:, LENGTH // 2 :]], 1))
    return np.concatenate(made).astype(np.float32)

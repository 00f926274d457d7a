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
from accessibility.voice.decoys import NearWords, over_hiss, told_apart, told_in_noise
from accessibility.voice.echoing import echoing
from accessibility.voice.endpoint import Span, left_out, restlessness, spans
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.recogniser import MOST_OFFERED, NOTHING, Guess, Heard
from accessibility.voice.spectrum import Bands, bands, quiet_noise
from accessibility.voice.thresholds import Thresholds

_FEWEST_OTHERS = 4
_WORST = 2
_PIECES_WEIGH = 0.4
_ECHOES = 1  # of the two rooms that templates are made for
CONFIRMING = frozenset({"confirm"})
"""The commands that carry out what can't be undone, by intent."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a recording compares: commands from the nearest, and what is decided by.

    ``even``: 1 - worst stretches of the nearest / mean of the other commands. ``nearer``: 1 - nearest / mean of the
    others. ``beyond``: how much farther its worst stretches are than pieces of other commands, / mean of the others.
    ``real``: 1 - nearest / nearest three of the templates that are no words. ``margin``: (second - nearest) / mean of
    the others. ``longer``: natural logarithm of how much longer it lasted than when it was enrolled. ``above``:
    decibels above noise. ``visible``: share of it that noise leaves. ``left``: how much was said beside it.
    ``told``, ``told_in_noise``: how surely it is told from words that sound like it (``decoys``); infinite where none
    is known or, the second, in quiet. ``over_hiss``: for a command that confirms, decibels that the voice stands above
    noise where they differ; infinite for others. ``echoes``: whether the templates of a room that echoes were nearer.
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
    over_hiss: float = math.inf
    echoes: bool = False

    @property
    def sure(self) -> float:
        """Near all along, near, and nearer than pieces of other commands, which an echo blurs as much.

        Other speech that shares syllables with a command is far from it somewhere, where pieces of others may be near.
        """
        return (2 * self.even + self.nearer) / 3 - _PIECES_WEIGH * self.beyond


class EnrolledCommands:
    """Recognises the commands of one enrolment; made once per person, used for many recordings.

    ``near`` knows the words that sound like a command, by its id; nothing where none is known. ``confirming``: the
    commands that carry out what can't be undone, of which more is demanded.
    """

    name: ClassVar[str] = "own"
    sure: ClassVar[bool] = True

    def __init__(
        self,
        enrolment: Enrolment,
        thresholds: Thresholds | None = None,
        near: Callable[[str], NearWords | None] = lambda _command: None,
        confirming: frozenset[str] = CONFIRMING,
    ) -> None:
        self._names, self._owners, words = enrolment.templates()
        self._thresholds = thresholds or Thresholds()
        self._near, self._decoys, self._confirming = near, cache(self._decoys_of), confirming
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
        found: list[tuple[Likeness, Span, int, Compared]] = []
        for span in spans(energies, quiet):
            room, beside = self._beside(energies, span, quiet)
            around = restlessness(energies, span), left_out(energies, quiet, span)
            found.append((self._likeness(beside, len(span.speech(energies)), *around), span, room, beside))
        if not found:
            return None
        likeness, span, room, beside = max(found, key=lambda one: one[0].sure)
        if not self._alone(likeness):
            return likeness
        likeness = self._held_against_near_words(replace(likeness, echoes=room == _ECHOES), energies, span, quiet)
        return self._with_what_noise_hides(likeness, beside) if likeness.order[0] in self._confirming else likeness

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
        demanded = limit.told_to_confirm_at if likeness.order[0] in self._confirming else limit.told_at
        return (
            self._alone(likeness)
            and likeness.told >= demanded(likeness.visible, likeness.sure, likeness.longer, likeness.echoes)
            and likeness.told_in_noise >= limit.told_in_noise_at(likeness.visible)
            and likeness.over_hiss >= limit.over_hiss
        )

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

    def _with_what_noise_hides(self, likeness: Likeness, beside: Compared) -> Likeness:
        """The same, with how far the voice stands above noise where near words differ from the nearest command."""
        command = likeness.order[0]
        near = self._near(command)
        if near is None or not len(near.instead):
            return likeness
        own = self._rooms[0][: len(self._owners)][self._owners == self._names.index(command)]
        return replace(likeness, over_hiss=over_hiss(near, own, beside))

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

"""A person's own commands recognised: any language, any way of speaking, rather asked again than wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.aligning import LENGTH, Compared, compared
from accessibility.voice.audio import Samples
from accessibility.voice.endpoint import left_out, restlessness, spans
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.recogniser import MOST_OFFERED, NOTHING, Guess, Heard
from accessibility.voice.spectrum import Bands, bands, quiet_noise

_FEWEST_OTHERS = 4
_WORST = 2


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the nearest command is taken for what was said; set on the tuning speakers of ``bench.voices``.

    ``steady``: how sure it must be in a room with steady noise, at each of the decibels above noise of ``steady_db``,
    and in proportion between them. ``restless``: the same where others speak. ``rooms``: restlessness of a steady room,
    and of one where others speak. ``quick``: how sure it must at least be where it lasted as much longer (less, below
    0) as ``quick_longer`` says. ``margin``: how much nearer than the second. ``real``: how much nearer than what is no
    word. ``longer``: nothing is taken that lasted less or more. ``left``: nor where more was said beside it, at
    ``left_db`` above steady noise; where others speak that says nothing. ``least_db``: nothing is taken below.
    """

    steady: tuple[float, ...] = (0.42, 0.36, 0.36, 0.32, 0.28)
    steady_db: tuple[float, ...] = (-4.0, 8.0, 12.0, 26.0, 36.0)
    restless: tuple[float, ...] = (0.58, 0.36)
    restless_db: tuple[float, ...] = (5.0, 13.0)
    rooms: tuple[float, float] = (0.34, 0.44)
    quick: tuple[float, ...] = (0.40, 0.28)
    quick_longer: tuple[float, ...] = (-0.28, -0.10)
    margin: float = 0.05
    real: float = 0.1
    longer: tuple[float, float] = (-0.7, 1.1)
    left: tuple[float, float] = (0.1, 3.0)
    left_db: tuple[float, float] = (12.0, 26.0)
    least_db: float = -12.0

    def left_at(self, above: float) -> float:
        """How much may be said beside a command that stands so many decibels above steady noise."""
        return float(np.interp(above, self.left_db, self.left))

    def sure_at(self, above: float, restlessness: float, longer: float) -> float:
        """How sure it must be where speech stands so many decibels above the noise of such a room, and is so long."""
        steady = np.interp(above, self.steady_db, self.steady)
        restless = np.interp(above, self.restless_db, self.restless)
        room = np.interp(restlessness, self.rooms, (steady, restless))
        return float(max(room, np.interp(longer, self.quick_longer, self.quick)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a recording compares: commands from the nearest, and what is decided by.

    ``even``: 1 - worst stretches of the nearest / mean of the other commands. ``nearer``: 1 - nearest / mean of the
    others. ``real``: 1 - nearest / nearest three of the templates that are no words. ``margin``: (second - nearest) /
    mean of the others. ``longer``: natural logarithm of how much longer it lasted than when it was enrolled.
    ``above``: decibels above noise. ``left``: how much was said beside it.
    """

    order: tuple[str, ...]
    distances: tuple[float, ...]
    even: float
    nearer: float
    real: float
    margin: float
    longer: float
    above: float
    restlessness: float
    left: float

    @property
    def sure(self) -> float:
        """Near all along, and near: other speech that shares syllables with a command is far from it somewhere."""
        return (2 * self.even + self.nearer) / 3


class EnrolledCommands:
    """Recognises the commands of one enrolment; made once per person, used for many recordings."""

    name: ClassVar[str] = "own"
    sure: ClassVar[bool] = True

    def __init__(self, enrolment: Enrolment, thresholds: Thresholds | None = None) -> None:
        self._names, self._owners, words = enrolment.templates()
        self._thresholds = thresholds or Thresholds()
        self._templates = np.concatenate([words, _no_words(self._owners, words)])
        self._frames = np.array([max(1, own.frames) for name in self._names for own in enrolment.takes[name]])

    def compare(self, samples: Samples) -> Likeness | None:
        """How the recording compares with every command; nothing where nobody speaks or nothing is enrolled."""
        energies = bands(samples)
        if not self._names or not len(energies):
            return None
        quiet = quiet_noise(energies)
        found = [
            self._likeness(
                compared(self._templates, energies, span, quiet),
                len(span.speech(energies)),
                restlessness(energies, span),
                left_out(energies, quiet, span),
            )
            for span in spans(energies, quiet)
        ]
        return max(found, key=lambda likeness: likeness.sure, default=None)

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
        """Whether the nearest command is near enough to be carried out."""
        limit = self._thresholds
        shortest, longest = limit.longer
        return (
            likeness.sure >= limit.sure_at(likeness.above, likeness.restlessness, likeness.longer)
            and likeness.margin >= limit.margin
            and likeness.real >= limit.real
            and shortest < likeness.longer < longest
            and (likeness.restlessness > limit.rooms[0] or likeness.left <= limit.left_at(likeness.above))
            and likeness.above >= limit.least_db
        )

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
        worst = np.sort(beside.stretches(own), axis=1)[:, -_WORST:]
        return Likeness(
            tuple(self._names[n] for n in order),
            tuple(float(nearest[n]) for n in order),
            even=1 - float(worst.mean()) / usual,
            nearer=1 - first / usual,
            real=1 - first / float(strangers[:3].mean()),
            margin=(float(others.min()) - first) / usual,
            longer=float(np.log(frames / self._frames[own].mean())),
            above=beside.above,
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

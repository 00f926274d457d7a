"""A person's own commands recognised: any language, any way of speaking, rather asked again than wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.aligning import LENGTH, distances
from accessibility.voice.audio import Samples
from accessibility.voice.endpoint import restlessness, spans
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.recogniser import MOST_OFFERED, NOTHING, Guess, Heard
from accessibility.voice.spectrum import Bands, bands, quiet_noise

_FEWEST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the nearest command is taken for what was said; set on the tuning speakers of ``bench.voices``.

    ``steady`` and ``restless``: how sure it must be in a room with steady noise and in one where others speak, first
    where speech is loud and then where it is hardly louder, with the decibels above noise that this means; between
    them in proportion. ``rooms``: restlessness of a steady room, and of one where others speak.
    ``margin``: how much nearer than the second. ``least_db``: nothing is taken below.
    """

    steady: tuple[float, float] = (0.30, 0.34)
    steady_db: tuple[float, float] = (14.0, 8.0)
    restless: tuple[float, float] = (0.32, 0.46)
    restless_db: tuple[float, float] = (18.0, 10.0)
    rooms: tuple[float, float] = (0.34, 0.44)
    margin: float = 0.05
    least_db: float = -12.0

    def sure_at(self, above: float, restlessness: float) -> float:
        """How sure it must be where speech stands so many decibels above the noise of such a room."""
        steady = _between(self.steady, self.steady_db, above)
        restless = _between(self.restless, self.restless_db, above)
        return _between((steady, restless), self.rooms, restlessness)


def _between(values: tuple[float, float], places: tuple[float, float], at: float) -> float:
    part = float(np.clip((at - places[0]) / (places[1] - places[0]), 0, 1))
    return values[0] + part * (values[1] - values[0])


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a recording compares: commands from the nearest, and what is decided by.

    ``nearer``: 1 - nearest / mean of the other commands. ``real``: 1 - nearest / nearest three of the templates that
    are no words. ``margin``: (second - nearest) / mean of the others. ``above``: decibels above noise.
    """

    order: tuple[str, ...]
    distances: tuple[float, ...]
    nearer: float
    margin: float
    real: float
    above: float
    restlessness: float

    @property
    def sure(self) -> float:
        """Nearer than other commands and than no words, in the mean: each alone lets more other speech through."""
        return (self.nearer + self.real) / 2


class EnrolledCommands:
    """Recognises the commands of one enrolment; made once per person, used for many recordings."""

    name: ClassVar[str] = "own"
    sure: ClassVar[bool] = True

    def __init__(self, enrolment: Enrolment, thresholds: Thresholds | None = None) -> None:
        self._names, self._owners, words = enrolment.templates()
        self._thresholds = thresholds or Thresholds()
        self._templates = np.concatenate([words, _no_words(self._owners, words)])

    def compare(self, samples: Samples) -> Likeness | None:
        """How the recording compares with every command; nothing where nobody speaks or nothing is enrolled."""
        energies = bands(samples)
        if not self._names or not len(energies):
            return None
        quiet = quiet_noise(energies)
        compared = [
            self._likeness(*distances(self._templates, energies, span, quiet), restlessness(energies, span))
            for span in spans(energies, quiet)
        ]
        return max(compared, key=lambda likeness: likeness.nearer, default=None)

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
        return (
            likeness.sure >= limit.sure_at(likeness.above, likeness.restlessness)
            and likeness.margin >= limit.margin
            and likeness.above >= limit.least_db
        )

    def _likeness(self, apart: Bands, above: float, room: float) -> Likeness:
        count = len(self._owners)
        nearest = np.array([apart[:count][self._owners == n].min() for n in range(len(self._names))])
        strangers = np.sort(apart[count:])
        order = np.argsort(nearest, kind="stable")
        others = nearest[order[1:]]
        if len(others) < _FEWEST_OTHERS:
            others = np.sort(np.concatenate([others, strangers]))[: max(_FEWEST_OTHERS, len(others))]
        first, usual = float(nearest[order[0]]), float(others.mean())
        return Likeness(
            tuple(self._names[n] for n in order),
            tuple(float(nearest[n]) for n in order),
            1 - first / usual,
            (float(others.min()) - first) / usual,
            1 - first / float(strangers[:3].mean()),
            above,
            room,
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

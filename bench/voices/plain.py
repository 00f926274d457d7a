"""The peer: plain dynamic time warping as such recognisers are usually built, in whole arrays like ours.

Nine cepstra with slopes every 15 ms, noise taken from the speech, mean and variance made equal, a band of a quarter;
taken where 1 - nearest / mean of the others is at least .24 and the second is .025 behind.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.audio import Samples
from accessibility.voice.endpoint import spans
from accessibility.voice.spectrum import BANDS, bands, quiet_noise

Frames = NDArray[np.float32]
NEARER, MARGIN = 0.24, 0.025
_BAND = 0.25
_FAR = np.float32(1e9)
_COSINES = np.cos(np.pi * np.arange(1, 10)[None] * (np.arange(BANDS)[:, None] + 0.5) / BANDS) * np.sqrt(2 / BANDS)


class Plain:
    """A recogniser of enrolled commands without any of what ours adds."""

    def __init__(self, takes: Mapping[str, Sequence[Samples]]) -> None:
        made = [(name, heard) for name, own in takes.items() for one in own if (heard := _features(one)) is not None]
        self._names = list(takes)
        self._owners = np.array([self._names.index(name) for name, _frames in made])
        self._templates = [frames for _name, frames in made]

    def recognise(self, samples: Samples) -> tuple[list[str], bool]:
        """The commands from the nearest, and whether the nearest is taken."""
        words = _features(samples)
        if words is None:
            return [], False
        apart = _distances(words, self._templates)
        nearest = np.array([apart[self._owners == n].min() for n in range(len(self._names))])
        order = np.argsort(nearest)
        first, second, others = nearest[order[0]], nearest[order[1]], nearest[order[1:]].mean()
        taken = 1 - first / others >= NEARER and (second - first) / others >= MARGIN
        return [self._names[n] for n in order], bool(taken)


def _features(samples: Samples) -> Frames | None:
    energies = bands(samples)
    noise = quiet_noise(energies)
    found = spans(energies, noise)
    if not found:
        return None
    clean = np.maximum(energies - 1.2 * noise, 0.05 * noise)[found[0].start : found[0].end]
    cepstra = np.log(clean) @ _COSINES
    wide = np.pad(cepstra, ((2, 2), (0, 0)), "edge")
    both = np.hstack([cepstra, (2 * (wide[4:] - wide[:-4]) + wide[3:-1] - wide[1:-3]) / 10])
    made: Frames = ((both - both.mean(axis=0)) / (both.std(axis=0) + 1e-6)).astype(np.float32)
    return made


def _distances(words: Frames, templates: Sequence[Frames]) -> NDArray[np.float32]:
    lengths = np.array([len(template) for template in templates])
    count, longest, rows = len(templates), int(lengths.max()), len(words)
    stacked = np.zeros((count, longest, words.shape[1]), np.float32)
    for n, template in enumerate(templates):
        stacked[n, : len(template)] = template
    squares = (stacked**2).sum(axis=2)[:, :, None] + (words**2).sum(axis=1)[None, None]
    local = np.sqrt(np.maximum(squares - 2 * stacked @ words.T, 0))
    there = np.arange(longest)[None, :, None] / np.maximum(lengths - 1, 1)[:, None, None]
    local[np.abs(there - np.arange(rows) / max(rows - 1, 1)) > _BAND] = 1e6
    column = np.arange(longest)
    before = last = np.full((count, longest + 1), _FAR)
    result = np.full(count, _FAR)
    for diagonal in range(longest + rows - 1):
        row = diagonal - column
        inside = (row >= 0) & (row < rows)
        cost = np.full((count, longest), _FAR)
        cost[:, inside] = local[:, column[inside], row[inside]]
        here = np.full((count, longest + 1), _FAR)
        if diagonal == 0:
            here[:, 1] = cost[:, 0]
        else:
            here[:, 1:] = np.minimum(np.minimum(last[:, 1:], last[:, :-1]) + cost, before[:, :-1] + 2 * cost)
        ended = lengths - 1 + rows - 1 == diagonal
        result[ended] = here[ended, lengths[ended]]
        before, last = last, here
    return result / (lengths + rows)

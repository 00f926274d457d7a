"""How far speech is from many templates at once: dynamic time warping in a band, templates given the room's noise.

Speech and templates are brought to one length, so that pace does not count and one array holds all templates.
A template is of clean speech; the noise of the recording is added to it (parallel model combination, Gales and Young
1993) instead of being taken from the speech, and what lies below three times the noise counts for neither side.
How near speech is to a command is held against how near pieces of other commands are to it, wherever they stand in
those: a loop of fillers, as keywords are spotted in running speech (Rose and Paul 1990).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.endpoint import Span
from accessibility.voice.spectrum import Bands, features

LENGTH = 48
"""Frames to which every utterance and template is brought."""
STRETCHES = 6
"""Stretches of equal length in which speech and template are held against each other, about a syllable's half each."""
_BAND = 0.27
_DROWNED, _STANDS_OUT = 3.0, 1.01
_LEAST_NOISE = 2e-4
_SKIP, _STAY = np.float32(0.15), np.float32(0.1)
_LOOSE_ENDS = 3
_PIECE = 3  # frames before and after: pieces of seven, about an eighth of a second
_FAR = np.float32(1e4)
_OUTSIDE = np.where(
    np.abs(np.arange(LENGTH)[:, None] - np.arange(LENGTH)[None]) <= _BAND * LENGTH, np.float32(0), _FAR
).astype(np.float32)


def at_length(frames: Bands) -> Bands:
    """Rows brought to ``LENGTH`` of them, by interpolation."""
    where = np.linspace(0, len(frames) - 1, LENGTH)
    low = np.minimum(where.astype(int), max(0, len(frames) - 2))
    part = (where - low)[:, None].astype(np.float32)
    made: Bands = frames[low] * (1 - part) + frames[np.minimum(low + 1, len(frames) - 1)] * part
    return made


def speech_noise(energies: Bands, span: Span, quiet: Bands) -> Bands:
    """The noise under the words, [26]: the mean of what lies outside them, or the quietest where that is too little."""
    outside = np.concatenate([energies[: max(0, span.start - 3)], energies[span.end + 3 :]])
    if len(outside) < 12:
        return quiet
    noise: Bands = np.maximum(quiet, outside.mean(axis=0)).astype(np.float32)
    return noise


def smoothed(energies: Bands) -> Bands:
    """Half of each frame and a quarter of its neighbours: noise flickers from frame to frame, speech hardly."""
    wide = np.concatenate([energies[:1], energies, energies[-1:]])
    made: Bands = (0.5 * energies + 0.25 * (wide[:-2] + wide[2:])).astype(np.float32)
    return made


@dataclass(frozen=True, slots=True)
class Compared:
    """Words beside many templates: the distance to each, [templates], and decibels that the words stand above noise.

    ``local``: the distance of every point of the words to every point of each template, [templates, LENGTH, LENGTH].
    ``shown``: features of the templates in that noise, [templates, LENGTH, 26]. ``noise``: energies under the words,
    [26]; ``level``: the mean energy of the words without it.
    ``visible``: the share of the words' points, in time and bands, that the noise does not drown.
    """

    apart: Bands
    above: float
    visible: float
    local: Bands
    shown: Bands
    noise: Bands
    level: float

    def stretches(self, which: Sequence[int] | NDArray[np.intp]) -> Bands:
        """Mean distances along the best paths to the nearest of some templates, in stretches of words and of templates.

        Shape [2, STRETCHES]. Another word that shares most syllables with a command is far from it in one stretch only.
        """
        chosen = self.local[which] + _OUTSIDE
        made: Bands = np.stack([_by_stretch(along(way)).min(axis=0) for way in (chosen, np.swapaxes(chosen, 1, 2))])
        return made

    def pieces(self, which: Sequence[int] | NDArray[np.intp]) -> Bands:
        """How near the nearest pieces of some templates are to each stretch of the words, [STRETCHES]."""
        chosen = self.local[which]
        near, points = np.zeros_like(chosen), np.zeros((LENGTH, LENGTH), np.float32)
        for step in range(-_PIECE, _PIECE + 1):
            here, there = slice(max(0, -step), LENGTH - max(0, step)), slice(max(0, step), LENGTH + min(0, step))
            near[:, here, here] += chosen[:, there, there]
            points[here, here] += 1
        return _by_stretch((near / points).min(axis=(0, 2)))


def _by_stretch(rows: Bands) -> Bands:
    """Means of stretches: [.., STRETCHES] of [.., LENGTH]."""
    made: Bands = rows.reshape(*rows.shape[:-1], STRETCHES, -1).mean(axis=-1)
    return made


def compared(templates: Bands, energies: Bands, span: Span, quiet: Bands) -> Compared:
    """The words of a recording beside every template.

    ``templates`` are logarithms of energies about their mean level, [templates, LENGTH, 26].
    """
    noise = speech_noise(energies, span, quiet)
    spoken = span.speech(smoothed(energies))
    level = max(float(np.maximum(spoken - noise, 0).mean()), 1e-9)
    above = 10 * float(np.log10(level / noise.mean()))
    noise = np.maximum(noise, level * _LEAST_NOISE)
    words = np.maximum(np.exp(at_length(np.log(np.maximum(spoken, 0.3 * noise)))), _DROWNED * noise)
    expected = np.maximum(np.exp(templates) * level + noise, _DROWNED * noise)
    shown = features(expected)
    local = local_distances(features(words[None])[0], shown)
    visible = float(np.mean(words > _STANDS_OUT * _DROWNED * noise))
    return Compared(_both_ways(local), above, visible, local, shown, noise, level)


def between(templates: Bands) -> Bands:
    """The distance of every template to every other in a quiet room, [templates, templates]."""
    sound = in_quiet(templates)
    apart = [_both_ways(local_distances(one, sound)) for one in sound]
    return np.stack(apart) if apart else np.zeros((0, 0), np.float32)


def in_quiet(templates: Bands) -> Bands:
    """Features of templates as they are in a quiet room."""
    return features(np.exp(np.maximum(templates, np.float32(np.log(_LEAST_NOISE * _DROWNED)))))


def local_distances(here: Bands, there: Bands) -> Bands:
    """The distance of each row of features, [LENGTH, 26], to each row of many, [templates, LENGTH, 26]."""
    squares = (there**2).sum(axis=2)[:, None, :] + (here**2).sum(axis=1)[None, :, None]
    made: Bands = np.sqrt(np.maximum(squares - 2 * np.swapaxes(there @ here.T, 1, 2), 0))
    return made


def _both_ways(local: Bands) -> Bands:
    local = local + _OUTSIDE
    apart: Bands = (warped(local) + warped(np.swapaxes(local, 1, 2))) / np.float32(2)
    return apart


def warped(local: Bands) -> Bands:
    """The mean local distance along the best path through each template, [templates], of [templates, rows, columns].

    Every row is passed once while the column stays, moves by one or by two: the slopes of Itakura (1975), so that a
    path needs no sum over its own row and all templates go together.
    """
    best = _first(local)
    for row in range(1, local.shape[1]):
        best[:, 2:] = _steps(best).min(axis=0) + local[:, row]
    made: Bands = best[:, -_LOOSE_ENDS:].min(axis=1) / local.shape[1]
    return made


def along(local: Bands) -> Bands:
    """The local distances that lie on the path of ``warped``, [templates, rows], of [templates, rows, columns]."""
    made: Bands = np.take_along_axis(local, _columns(local)[..., None], axis=2)[..., 0]
    return made


def path_columns(local: Bands) -> NDArray[np.intp]:
    """The column of each row on the best path within the band, [templates, rows]."""
    return _columns(local + _OUTSIDE)


def path_squares(local: Bands) -> Bands:
    """The mean of the squared distances along the best paths within the band, both ways, [templates]."""
    inside = local + _OUTSIDE
    ways = [(along(way) ** 2).mean(axis=1) for way in (inside, np.swapaxes(inside, 1, 2))]
    made: Bands = (ways[0] + ways[1]) / np.float32(2)
    return made


def _columns(local: Bands) -> NDArray[np.intp]:
    """The column of each row on the path of ``warped``, [templates, rows]."""
    count, rows, columns = local.shape
    best, came = _first(local), np.zeros((rows, count, columns), np.int8)
    for row in range(1, rows):
        steps = _steps(best)
        came[row] = steps.argmin(axis=0)
        best[:, 2:] = steps.min(axis=0) + local[:, row]
    template = np.arange(count)
    column = columns - _LOOSE_ENDS + best[:, -_LOOSE_ENDS:].argmin(axis=1)
    made = np.zeros((count, rows), np.intp)
    for row in range(rows - 1, -1, -1):
        made[:, row] = column
        column = column - came[row, template, column]
    return made


def _first(local: Bands) -> Bands:
    """The cost of beginning in each column, after two columns that no path can come from."""
    best = np.full((len(local), local.shape[2] + 2), _FAR, np.float32)
    best[:, 2 : 2 + _LOOSE_ENDS] = local[:, 0, :_LOOSE_ENDS]
    return best


def _steps(best: Bands) -> Bands:
    """The cost of coming to each column from itself, from the one before and from the one before that."""
    return np.stack([best[:, 2:] + _STAY, best[:, 1:-1], best[:, :-2] + _SKIP])

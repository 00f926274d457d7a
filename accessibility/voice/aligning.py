"""How far speech is from many templates at once: dynamic time warping in a band, templates given the room's noise.

Speech and templates are brought to one length, so that pace does not count and one array holds all templates.
A template is of clean speech; the noise of the recording is added to it (parallel model combination, Gales and Young
1993) instead of being taken from the speech, and what lies below three times the noise counts for neither side.
"""

import numpy as np

from accessibility.voice.endpoint import Span
from accessibility.voice.spectrum import Bands, features

LENGTH = 48
"""Frames to which every utterance and template is brought."""
_BAND = 0.27
_DROWNED = 3.0
_LEAST_NOISE = 2e-4
_SKIP, _STAY = np.float32(0.15), np.float32(0.1)
_LOOSE_ENDS = 3
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


def _smoothed(energies: Bands) -> Bands:
    """Half of each frame and a quarter of its neighbours: noise flickers from frame to frame, speech hardly."""
    wide = np.concatenate([energies[:1], energies, energies[-1:]])
    made: Bands = (0.5 * energies + 0.25 * (wide[:-2] + wide[2:])).astype(np.float32)
    return made


def distances(templates: Bands, energies: Bands, span: Span, quiet: Bands) -> tuple[Bands, float]:
    """The distance of the words to each template, [templates], and how far they stand above the noise, in decibels.

    ``templates`` are logarithms of energies about their mean level, [templates, LENGTH, 26].
    """
    noise = speech_noise(energies, span, quiet)
    spoken = span.speech(_smoothed(energies))
    level = max(float(np.maximum(spoken - noise, 0).mean()), 1e-9)
    above = 10 * float(np.log10(level / noise.mean()))
    noise = np.maximum(noise, level * _LEAST_NOISE)
    words = np.maximum(np.exp(at_length(np.log(np.maximum(spoken, 0.3 * noise)))), _DROWNED * noise)
    expected = np.maximum(np.exp(templates) * level + noise, _DROWNED * noise)
    return _both_ways(features(words[None])[0], features(expected)), above


def between(templates: Bands) -> Bands:
    """The distance of every template to every other in a quiet room, [templates, templates]."""
    sound = features(np.exp(np.maximum(templates, np.float32(np.log(_LEAST_NOISE * _DROWNED)))))
    return np.stack([_both_ways(one, sound) for one in sound]) if len(sound) else np.zeros((0, 0), np.float32)


def _both_ways(here: Bands, there: Bands) -> Bands:
    """The distance of one row of features, [LENGTH, 26], to many, [templates, LENGTH, 26]."""
    squares = (there**2).sum(axis=2)[:, None, :] + (here**2).sum(axis=1)[None, :, None]
    local = np.sqrt(np.maximum(squares - 2 * np.swapaxes(there @ here.T, 1, 2), 0)) + _OUTSIDE
    apart: Bands = (warped(local) + warped(np.swapaxes(local, 1, 2))) / np.float32(2)
    return apart


def warped(local: Bands) -> Bands:
    """The mean local distance along the best path through each template, [templates], of [templates, rows, columns].

    Every row is passed once while the column stays, moves by one or by two: the slopes of Itakura (1975), so that a
    path needs no sum over its own row and all templates go together.
    """
    count, rows, columns = local.shape
    best = np.full((count, columns + 2), _FAR, np.float32)
    best[:, 2 : 2 + _LOOSE_ENDS] = local[:, 0, :_LOOSE_ENDS]
    for row in range(1, rows):
        step = np.minimum(np.minimum(best[:, 2:] + _STAY, best[:, 1:-1]), best[:, :-2] + _SKIP)
        best[:, 2:] = step + local[:, row]
    made: Bands = best[:, -_LOOSE_ENDS:].min(axis=1) / rows
    return made

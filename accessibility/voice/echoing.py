"""Templates as they would sound in a room that echoes: what was said before is still heard under what is said now."""

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.aligning import LENGTH, at_length
from accessibility.voice.audio import RATE
from accessibility.voice.spectrum import HOP, Bands

_SECONDS, _SHARE = 0.5, 0.6
"""Seconds until the echo has died away by 60 dB, and its energy as a share of the direct sound: a bare living room."""
_DIES_AWAY = 6 * np.log(10)
_TAIL = 6  # points for which the echo is still counted after the words
_NOTHING = np.float32(1e-7)


def echoing(templates: Bands, frames: NDArray[np.intp]) -> Bands:
    """Templates, [templates, LENGTH, 26], of speech that lasted so many frames each, with an echo added to them.

    The energy of an echo dies away exponentially and is diffuse (Lebart, Boucher and Denbigh 2001), so it is a sum over
    what came before; it is added to the templates, as noise is, rather than taken from the speech.
    """
    energies = np.exp(templates)
    seconds = frames * (HOP / RATE / (LENGTH - 1))
    kept = np.exp(-_DIES_AWAY * seconds / _SECONDS).astype(np.float32)[:, None]
    late, heard = np.zeros_like(energies[:, 0]), []
    for point in range(LENGTH + _TAIL):
        direct = energies[:, point] if point < LENGTH else np.full_like(late, _NOTHING)
        heard.append(direct + late)
        late = kept * late + _SHARE * (1 - kept) * direct
    rows = np.stack(heard)
    rows /= rows.mean(axis=(0, 2), keepdims=True)
    made = at_length(np.log(rows).reshape(LENGTH + _TAIL, -1)).reshape(LENGTH, *templates.shape[::2])
    return np.swapaxes(made, 0, 1).astype(np.float32)

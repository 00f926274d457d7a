"""What the ear keeps of sound: energy in 26 bands, every 15 milliseconds, and the noise that lies under it."""

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.audio import RATE, Samples

Bands = NDArray[np.float32]
"""Energy, one row a frame (or a frame of each template), one column a band."""

HOP, WINDOW, BANDS = 240, 512, 26
LOWEST_HERTZ, HIGHEST_HERTZ = 120.0, 6800.0
CEPSTRA = 12
_SILENCE, _SHARPER = 1e-9, 0.95
_QUIET_SHARE, _QUIET_FRAMES = 5, 8
_SLOPE_WEIGHT = 3.0
_LOUDNESS_WEIGHT = 0.2


def _mel_bank() -> Bands:
    """Triangles on the mel scale (O'Shaughnessy 1987): one column a band over the bins of the transform."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (LOWEST_HERTZ, HIGHEST_HERTZ))
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    bank: Bands = np.clip(np.minimum(rising, falling), 0, None).T.astype(np.float32)
    return bank


_BANK = _mel_bank()
_HAMMING = np.hamming(WINDOW).astype(np.float32)
_ORDER = np.arange(CEPSTRA + 1)
COSINES: Bands = (
    np.cos(np.pi * _ORDER[None] * (np.arange(BANDS)[:, None] + 0.5) / BANDS)
    * np.sqrt(2 / BANDS)
    * np.where(_ORDER == 0, np.sqrt(0.5), 1.0)
).astype(np.float32)
"""An orthonormal cosine transform: logarithms of bands times this are cepstra 0 to 12."""
# The higher a cepstrum the smaller it is, and the less loudness or a tilt of the whole touches it.
_WEIGHTS = np.where(_ORDER == 0, _LOUDNESS_WEIGHT * np.sqrt(2), 1 + _ORDER / CEPSTRA).astype(np.float32)


def _hiss() -> tuple[Bands, Bands]:
    """White noise of power 1: its energies as ``bands`` has them, to a factor, and its power in each band, [26]."""
    angle = 2 * np.pi * np.arange(WINDOW // 2 + 1) / WINDOW
    sharpened = 1 + _SHARPER**2 - 2 * _SHARPER * np.cos(angle)
    share = _BANK / np.maximum(_BANK.sum(axis=1, keepdims=True), 1) * 2 / WINDOW
    return (sharpened @ _BANK).astype(np.float32), share.sum(axis=0).astype(np.float32)


_HISS, _HISS_POWER = _hiss()


def over_white_noise(speech: Bands, noise: Bands) -> Bands:
    """Decibels that all of speech, [.., 26], stands above white noise as loud as ``noise``, [26], is in each band."""
    voice = float((speech.reshape(-1, BANDS).mean(axis=0) / _HISS * _HISS_POWER).sum())
    made: Bands = (10 * np.log10(voice * _HISS / noise)).astype(np.float32)
    return made


def bands(samples: Samples) -> Bands:
    """Energies of a recording, [frames, 26]; no frame where it is shorter than one window (32 ms)."""
    if len(samples) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    sharper = np.append(samples[:1], samples[1:] - np.float32(_SHARPER) * samples[:-1]).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sharper, WINDOW)[::HOP] * _HAMMING
    transform = np.fft.rfft(frames, axis=1)
    energies: Bands = ((transform.real**2 + transform.imag**2) @ _BANK + _SILENCE).astype(np.float32)
    return energies


def quiet_noise(energies: Bands) -> Bands:
    """The noise in each band, [26]: what the quietest fifth of the frames has, after smoothing over 75 ms.

    After the minimum statistics of Martin (2001), for a clip of some seconds that holds some room before or after.
    """
    loudness = np.log(energies).mean(axis=1)
    smooth = np.convolve(np.pad(loudness, 2, mode="edge"), np.ones(5) / 5, "valid")
    quietest = np.argsort(smooth)[: max(_QUIET_FRAMES, len(energies) // _QUIET_SHARE)]
    noise: Bands = energies[quietest].mean(axis=0)
    return noise


def features(energies: Bands) -> Bands:
    """Cepstra about their mean with their slopes, [templates, frames, 26], of energies [templates, frames, 26]."""
    cepstra = (np.log(energies) @ COSINES) * _WEIGHTS
    cepstra -= cepstra.mean(axis=1, keepdims=True)
    before, after = cepstra[:, :1], cepstra[:, -1:]
    wide = np.concatenate([before, before, cepstra, after, after], axis=1)
    slopes = (2 * (wide[:, 4:] - wide[:, :-4]) + wide[:, 3:-1] - wide[:, 1:-3]) / 10
    made: Bands = np.concatenate([cepstra, _SLOPE_WEIGHT * slopes], axis=2).astype(np.float32)
    return made

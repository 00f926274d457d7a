"""Recordings in: a WAV of any common kind to 16,000 samples a second of one channel, within limits."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import InvalidInput

Samples = NDArray[np.float32]
"""Sound at ``RATE`` samples a second, one channel, between -1 and 1."""

RATE = 16_000
LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000
COMMAND_SECONDS, LONGEST_SECONDS = 6.0, 60.0
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_BEYOND_SOUND = 65_536  # bytes that a file may have besides its samples: names of programs, pictures of waves
_SILENT_PEAK = 0.003  # about -50 dB: nobody spoke, or the microphone is off
_CLIPPED_AT, _CLIPPED_SHARE = 0.985, 0.004
_ZERO_CROSSINGS, _KAISER = 12, 8.0


def read_wav(data: bytes, *, longest: float = COMMAND_SECONDS) -> Samples:
    """The samples of a WAV: PCM of 16 bits or floats of 32, one or two channels, 8 to 48 kHz.

    Raises InvalidInput: ``voice.too_large``, ``voice.not_wav``, ``voice.wav_unsupported``, ``voice.too_long`` (more
    than ``longest`` seconds, 60 at most), ``voice.silent`` (a file without samples).
    """
    longest = min(longest, LONGEST_SECONDS)
    if len(data) > longest * HIGHEST_RATE * 2 * 4 + _BEYOND_SOUND:
        raise InvalidInput("voice.too_large", bytes=len(data))
    kind, channels, rate, bits, sound = _parts(data)
    if (kind, bits) not in ((_PCM, 16), (_FLOAT, 32)) or channels not in (1, 2):
        raise InvalidInput("voice.wav_unsupported", kind=kind, bits=bits, channels=channels)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise InvalidInput("voice.wav_unsupported", rate=rate)
    width = channels * bits // 8
    frames = len(sound) // width
    if frames == 0:
        raise InvalidInput("voice.silent")
    if frames > longest * rate:
        raise InvalidInput("voice.too_long", seconds=int(longest))
    values = np.frombuffer(sound, "<i2" if kind == _PCM else "<f4", frames * channels)
    if kind == _FLOAT and not np.isfinite(values).all():
        raise InvalidInput("voice.not_wav")
    mono = values.reshape(frames, channels).mean(axis=1, dtype=np.float64)
    mono = mono / 32768.0 if kind == _PCM else np.clip(mono, -1.0, 1.0)
    return resample(mono.astype(np.float32), rate)


def demand_audible(samples: Samples) -> None:
    """Raises InvalidInput: ``voice.silent`` where nothing is loud, ``voice.clipped`` where much is cut off."""
    loud = np.abs(samples)
    if loud.size == 0 or float(loud.max()) < _SILENT_PEAK:
        raise InvalidInput("voice.silent")
    if float(np.mean(loud >= _CLIPPED_AT)) > _CLIPPED_SHARE:
        raise InvalidInput("voice.clipped")


def _parts(data: bytes) -> tuple[int, int, int, int, bytes]:
    """Kind, channels, rate, bits and sound of a RIFF file (Microsoft, Multimedia Programming Interface 1.0)."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise InvalidInput("voice.not_wav")
    form: tuple[int, int, int, int] | None = None
    for name, body in _chunks(data):
        if name == b"fmt ":
            if len(body) < 16:
                break
            kind, channels, rate, _second, _block, bits = struct.unpack_from("<HHIIHH", body)
            if kind == _EXTENSIBLE and len(body) >= 26:
                (kind,) = struct.unpack_from("<H", body, 24)
            form = kind, channels, rate, bits
        elif name == b"data" and form is not None:
            return *form, body
    raise InvalidInput("voice.not_wav")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks; one that says it is longer than the file (as recorders that stream write) ends with the file."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def resample(samples: Samples, rate: int) -> Samples:
    """Sound at another rate brought to ``RATE``, by a polyphase filter that keeps out what would fold back."""
    if rate == RATE:
        return samples
    ratio = Fraction(RATE, rate)
    up, down = ratio.numerator, ratio.denominator
    bank = _filters(up, down)
    taps = bank.shape[1]
    padded = np.pad(samples, (taps // 2 - 1, taps))
    windows = np.lib.stride_tricks.sliding_window_view(padded, taps)
    where = np.arange(-(-len(samples) * up // down)) * down
    pieces = [
        np.einsum("ij,ij->i", windows[at // up], bank[at % up])
        for at in np.array_split(where, max(1, len(where) // 16_384))
    ]
    return np.concatenate(pieces).astype(np.float32)


@lru_cache(maxsize=8)  # a recording may name any of 40,000 rates, and some make a table of 5 MB
def _filters(up: int, down: int) -> Samples:
    """A low-pass for every phase: ``up`` rows of taps (windowed sinc; Kaiser, β = 8), each with a sum of one."""
    cut = min(1.0, up / down) * 0.94
    half = int(np.ceil(_ZERO_CROSSINGS / cut))
    offset = np.arange(1 - half, half + 1)[None, :] - np.arange(up)[:, None] / up
    window = np.i0(_KAISER * np.sqrt(np.clip(1 - (offset / half) ** 2, 0, None)))
    taps = np.sinc(cut * offset) * window
    made: Samples = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return made

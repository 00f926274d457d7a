"""A message left by voice: a recording of any common kind in, one channel and a small MP3 out."""

import io

import numpy as np
import soundfile  # type: ignore[import-untyped]

from accessibility.errors import InvalidInput
from accessibility.voice.audio import HIGHEST_RATE, LOWEST_RATE, RATE, Samples, demand_audible, read_wav, resample
from accessibility.voice.sound import Sound

LONGEST = 60.0
"""Seconds of a message."""
LARGEST = 8_000_000
"""Bytes of a recording: a minute at 48 kHz and 16 bits, and some."""
_KINDS = frozenset({"MP3", "OGG", "FLAC"})


def message(data: bytes) -> Sound:
    """What was recorded, at ``RATE`` and without what its file says beside the sound (place, device, pictures).

    WAV as ``read_wav`` takes it; else MP3, Ogg (Opus, Vorbis) or FLAC, by what the file is and not what it is called.
    Raises InvalidInput: ``voice.too_large``, ``voice.recording_unreadable``, ``voice.wav_unsupported``,
    ``voice.too_long`` (more than a minute), ``voice.silent``.
    """
    if len(data) > LARGEST:
        raise InvalidInput("voice.too_large", bytes=len(data))
    samples = read_wav(data, longest=LONGEST) if data[:4] == b"RIFF" else _decoded(data)
    try:
        demand_audible(samples)
    except InvalidInput as error:
        if error.code != "voice.clipped":  # a person understands it all the same
            raise
    whole = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
    return Sound(whole.tobytes(), RATE, ())


def _decoded(data: bytes) -> Samples:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, channels = file.samplerate, file.channels
            if file.format not in _KINDS or not LOWEST_RATE <= rate <= HIGHEST_RATE or channels not in (1, 2):
                raise InvalidInput("voice.recording_unreadable")
            # As far as the limit and one frame more: how long a file says it is need not be true.
            frames = file.read(int(LONGEST * rate) + 1, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise InvalidInput("voice.recording_unreadable") from error
    if len(frames) > LONGEST * rate:
        raise InvalidInput("voice.too_long", seconds=int(LONGEST))
    if not np.isfinite(frames).all():
        raise InvalidInput("voice.recording_unreadable")
    mono: Samples = frames.mean(axis=1, dtype=np.float64).astype(np.float32)
    return resample(mono, rate) if len(mono) else mono

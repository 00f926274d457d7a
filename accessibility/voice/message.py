"""A message left by voice: a recording of any common kind in; out a small MP3 of one channel.

What telephones record as M4A cannot be decoded here: it is looked into, and kept as it is (``mp4``).
"""

import io
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import soundfile  # type: ignore[import-untyped]

from accessibility.errors import InvalidInput
from accessibility.voice import mp4
from accessibility.voice.audio import HIGHEST_RATE, LOWEST_RATE, RATE, Samples, demand_audible, read_wav, resample
from accessibility.voice.sound import Sound

LONGEST = 60.0
"""Seconds of a message."""
LARGEST = 8_000_000
"""Bytes of a recording: a minute at 48 kHz and 16 bits, and some."""
_KINDS = frozenset({"MP3", "OGG", "FLAC"})
MediaType = Literal["audio/mpeg", "audio/mp4"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is kept of a recording: a file that browsers play, and its seconds."""

    file: bytes
    seconds: float

    @classmethod
    def of(cls, sound: Sound) -> Self:
        """Sound as it is kept."""
        return cls(sound.encode("MP3"), sound.seconds)


def media_type(file: bytes) -> MediaType:
    """What kind of file a kept recording is."""
    return "audio/mp4" if mp4.is_mp4(file) else "audio/mpeg"


def message(data: bytes) -> Message:
    """What was recorded, without what its file says beside the sound (place, device, pictures).

    WAV as ``read_wav`` takes it; else MP3, Ogg (Opus, Vorbis) or FLAC, by what the file is, not what it is called: an
    MP3 at ``RATE``. M4A (AAC) stays as it is: whether it is silent nobody here can tell.
    Raises InvalidInput: ``voice.too_large``, ``voice.recording_unreadable``, ``voice.wav_unsupported``,
    ``voice.too_long`` (more than a minute), ``voice.silent``.
    """
    if len(data) > LARGEST:
        raise InvalidInput("voice.too_large", bytes=len(data))
    if mp4.is_mp4(data):
        file, seconds = mp4.looked_into(data)
        if seconds > LONGEST:
            raise InvalidInput("voice.too_long", seconds=int(LONGEST))
        return Message(file, seconds)
    samples = read_wav(data, longest=LONGEST) if data[:4] == b"RIFF" else _decoded(data)
    try:
        demand_audible(samples)
    except InvalidInput as error:
        if error.code != "voice.clipped":  # a person understands it all the same
            raise
    whole = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
    return Message.of(Sound(whole.tobytes(), RATE, ()))


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

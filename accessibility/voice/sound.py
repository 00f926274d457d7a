"""Sound with the time of each sentence and word; as a file, as captions, as timings."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

Kind = Literal["MP3", "WAV", "OPUS"]
OPUS_RATE = 48_000  # its own rate; encoding at it takes half the time of 24,000
_UP, _DOWN = 320, 147  # 48,000 to 22,050
_SMALL = 0.9  # of the range that libsndfile has for MP3: 35 kbit/s for a voice of 22,050 samples a second
_BLOCK, _OVERLAP = 400, 20  # in units of ``_DOWN`` samples


@dataclass(frozen=True, slots=True)
class WordMark:
    """A word, and when it is heard: characters of its sentence, seconds from the beginning of the sound."""

    first: int
    last: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence, and when it is heard: seconds from the beginning. ``words`` is empty where a voice tells none."""

    text: str
    start: float
    end: float
    words: tuple[WordMark, ...] = ()

    def later(self, seconds: float) -> "Mark":
        """The same, so many seconds later."""
        words = tuple(WordMark(w.first, w.last, w.start + seconds, w.end + seconds) for w in self.words)
        return Mark(self.text, self.start + seconds, self.end + seconds, words)


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound of one channel: samples of 16 bits, and the time of each sentence."""

    samples: bytes
    sample_rate: int
    marks: tuple[Mark, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / 2 / self.sample_rate

    @classmethod
    def joined(cls, sounds: Sequence["Sound"]) -> "Sound":
        """Several sounds after each other, at the rate of the first."""
        rate = sounds[0].sample_rate if sounds else 22050
        samples, marks = bytearray(), list[Mark]()
        for sound in sounds:
            begun = len(samples) / 2 / rate
            marks += [mark.later(begun) for mark in sound.marks]
            samples += sound.samples if sound.sample_rate == rate else _at(sound, rate)
        return cls(bytes(samples), rate, tuple(marks))

    def ending(self, pause: float) -> "Sound":
        """The same with so many seconds of silence after its last sentence; a sound without sentences is silence."""
        end = 2 * round(self.marks[-1].end * self.sample_rate) if self.marks else 0
        return Sound(self.samples[:end] + bytes(2 * round(pause * self.sample_rate)), self.sample_rate, self.marks)

    def encode(self, kind: Kind = "MP3") -> bytes:
        """The sound as a file; Opus in Ogg."""
        file = io.BytesIO()
        samples = np.frombuffer(self.samples, np.int16)
        if kind == "OPUS":
            soundfile.write(file, _for_opus(samples, self.sample_rate), OPUS_RATE, format="OGG", subtype="OPUS")
        else:
            smaller = {"compression_level": _SMALL} if kind == "MP3" else {}
            soundfile.write(file, samples, self.sample_rate, format=kind, **smaller)
        return file.getvalue()

    def captions(self) -> str:
        """The sentences as WebVTT (W3C, §6.1)."""
        cues = [f"{_stamp(m.start)} --> {_stamp(m.end)}\n{m.text.replace('-->', '→')}\n" for m in self.marks]
        return "WEBVTT\n\n" + "\n".join(cues)

    def timings(self) -> dict[str, Any]:
        """Seconds of the sound, its sentences and words, for a script that highlights what is heard."""
        return {
            "seconds": round(self.seconds, 3),
            "sentences": [
                {
                    "text": mark.text,
                    "start": round(mark.start, 3),
                    "end": round(mark.end, 3),
                    "words": [[w.first, w.last, round(w.start, 3), round(w.end, 3)] for w in mark.words],
                }
                for mark in self.marks
            ],
        }


def _at(sound: Sound, rate: int) -> bytes:
    samples = np.frombuffer(sound.samples, np.int16)
    positions = np.arange(0, len(samples), sound.sample_rate / rate)
    moved: NDArray[np.int16] = np.interp(positions, np.arange(len(samples)), samples).astype(np.int16)
    return moved.tobytes()


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _for_opus(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Samples at a rate that Opus has: as they are, or from 22,050 a second, block by block through the spectrum."""
    if rate == OPUS_RATE:
        return samples
    if rate * _UP != OPUS_RATE * _DOWN:
        positions = np.arange(0, len(samples), rate / OPUS_RATE)
        straight: NDArray[np.int16] = np.interp(positions, np.arange(len(samples)), samples).astype(np.int16)
        return straight
    step, edge = _BLOCK * _DOWN, _OVERLAP * _DOWN
    padded = np.pad(samples.astype(np.float64), (edge, edge + -len(samples) % step))
    inner = slice(_OVERLAP * _UP, (_OVERLAP + _BLOCK) * _UP)
    pieces = []
    for at in range(0, len(padded) - 2 * edge, step):
        spectrum = np.fft.rfft(padded[at : at + step + 2 * edge])
        pieces.append(np.fft.irfft(spectrum, (_BLOCK + 2 * _OVERLAP) * _UP)[inner] * (_UP / _DOWN))
    wanted = -(-len(samples) * _UP // _DOWN)
    whole = np.concatenate(pieces)[:wanted] if pieces else np.zeros(0)
    made: NDArray[np.int16] = np.clip(whole, -32768, 32767).astype(np.int16)
    return made

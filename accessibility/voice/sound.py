"""Sound with the time of each sentence and word; as a file, as captions, as timings."""

import io
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

Kind = Literal["MP3", "WAV", "OPUS"]
OPUS_RATE = 24_000  # of the rates that Opus has, the next above espeak-ng's 22,050
_UP, _DOWN = 160, 147  # 24,000 to 22,050
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

    def encode(self, kind: Kind = "MP3") -> bytes:
        """The sound as a file; Opus in Ogg."""
        file = io.BytesIO()
        samples = np.frombuffer(self.samples, np.int16)
        if kind == "OPUS":
            soundfile.write(file, _for_opus(samples, self.sample_rate), OPUS_RATE, format="OGG", subtype="OPUS")
        else:
            soundfile.write(file, samples, self.sample_rate, format=kind)
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

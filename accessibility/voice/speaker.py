"""Speaking: a text in, sound with the time of each sentence out."""

import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import soundfile  # type: ignore[import-untyped]

from accessibility.text.spoken import spoken
from accessibility.voice.mandarin import pinyin, runs

Language = Literal["zh-CN", "en"]
SLOWEST, FASTEST = 60, 300
STANDARD, SLOWER, SLOW, VERY_SLOW = 200, 150, 120, 95
"""Paces in characters a minute; grown people read aloud at 209 to 221. The pace for elders is ``SLOWER``."""

VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us"}
PITCH = 45
# The synthesiser's setting in words a minute, and the characters a minute that come of it with words joined.
_PACES = ((80, 104), (100, 125), (120, 151), (140, 179), (160, 208), (180, 236), (200, 267), (230, 310))
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")
_PAUSE = re.compile(r"[（(]停顿\s*(\d+(?:\.\d+)?)\s*秒[）)]")
_AFTER_SENTENCE, _AFTER_PARAGRAPH = 0.35, 0.7
_ANSWER_WITHIN = 20.0


class SpeechUnavailable(RuntimeError):
    """The synthesiser does not start, failed or took too long."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence, and when it is heard: seconds from the beginning."""

    text: str
    start: float
    end: float


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

    def encode(self, kind: Literal["MP3", "WAV"] = "MP3") -> bytes:
        """The sound as a file."""
        file = io.BytesIO()
        soundfile.write(file, np.frombuffer(self.samples, np.int16), self.sample_rate, format=kind)
        return file.getvalue()

    def captions(self) -> str:
        """The sentences as WebVTT (W3C, §6.1)."""
        cues = [f"{_stamp(m.start)} --> {_stamp(m.end)}\n{m.text.replace('-->', '→')}\n" for m in self.marks]
        return "WEBVTT\n\n" + "\n".join(cues)


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def setting(pace: int) -> tuple[int, int]:
    """The synthesiser's words a minute and word gap (10 ms) for a pace in characters a minute.

    Below what it can do without slurring, words are set apart instead.
    """
    pace = max(SLOWEST, min(FASTEST, pace))
    if pace < _PACES[0][1]:
        return 100, 10 + round((94 - pace) / 2.5) if pace < 94 else 8
    for (low, slow), (high, fast) in pairwise(_PACES):
        if pace <= fast:
            return round(low + (high - low) * (pace - slow) / (fast - slow)), 0
    return _PACES[-1][0], 0


def paragraphs(text: str) -> list[list[str | float]]:
    """A text cut into paragraphs of sentences; a number is a pause in seconds (``（停顿 2 秒）``)."""
    found: list[list[str | float]] = []
    for block in re.split(r"\n\s*\n", text):
        pieces: list[str | float] = []
        for n, piece in enumerate(_PAUSE.split(block)):
            pieces += [float(piece)] if n % 2 else [s.strip() for s in _SENTENCE.findall(piece) if s.strip()]
        if pieces:
            found.append(pieces)
    return found


class Speaker:
    """The synthesiser's process, started at the first word; calls from several threads wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def speak(self, text: str, *, language: Language = "zh-CN", pace: int = SLOWER) -> Sound:
        """The sound of a text in plain words. Raises SpeechUnavailable."""
        rate, gap = setting(pace)
        sound, marks, sample_rate = bytearray(), [], 0

        def rest(seconds: float) -> None:
            sound.extend(bytes(2 * round(seconds * (sample_rate or 22050))))

        for block in paragraphs(text):
            for piece in block:
                if isinstance(piece, float):
                    rest(min(piece, 30.0))
                    continue
                start = len(sound)
                for voice, words in _voiced(piece, language):
                    samples, sample_rate = self._ask(voice=voice, text=words, rate=rate, gap=gap, pitch=PITCH)
                    sound.extend(samples)
                if len(sound) > start:
                    marks.append((piece, start, len(sound)))
                    rest(_AFTER_SENTENCE)
            rest(_AFTER_PARAGRAPH)
        scale = 2 * (sample_rate or 22050)
        return Sound(bytes(sound), scale // 2, tuple(Mark(t, a / scale, b / scale) for t, a, b in marks))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, **request: str | int) -> tuple[bytes, int]:
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                self._end()
                process = self._process = _start()
            late = threading.Timer(_ANSWER_WITHIN, process.kill)
            late.start()
            try:
                return _exchange(process, request)
            except (OSError, ValueError, SpeechUnavailable) as error:
                self._end()
                raise SpeechUnavailable(str(error)) from error
            finally:
                late.cancel()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "accessibility.voice.espeak_process"]
    try:
        return subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise SpeechUnavailable(str(error)) from error


def _exchange(process: subprocess.Popen[bytes], request: dict[str, Any]) -> tuple[bytes, int]:
    if process.stdin is None or process.stdout is None:
        raise SpeechUnavailable("no pipe")
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SpeechUnavailable("the synthesiser ended")
    answer = json.loads(line)
    if "error" in answer:
        raise SpeechUnavailable(answer["error"])
    wanted = 2 * int(answer["samples"])
    samples = process.stdout.read(wanted)
    if len(samples) < wanted:
        raise SpeechUnavailable("the synthesiser ended")
    return samples, int(answer["sample_rate"])


def _voiced(sentence: str, language: Language) -> Iterable[tuple[str, str]]:
    """The pieces of a sentence with the voice for each, as the synthesiser reads them."""
    if language == "en":
        return [(VOICES["en"], sentence)]
    pieces: Sequence[tuple[str, str]] = runs(spoken(sentence))
    ready = [(VOICES[kind], pinyin(words) if kind == "zh" else words) for kind, words in pieces]
    return [(voice, words) for voice, words in ready if re.search(r"\w", words)]

"""Speaking: a text in, sound with the time of each sentence and word out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from accessibility.text.rewriting import Rewritten
from accessibility.text.spoken import rewritten
from accessibility.voice import mandarin
from accessibility.voice.lexicon import Lexicon, base
from accessibility.voice.sound import Mark, Sound, WordMark
from accessibility.voice.worker import Said, SpeechUnavailable, Worker

__all__ = ["Mark", "Sound", "SpeechUnavailable"]

Language = Literal["zh-CN", "en"]
SLOWEST, FASTEST = 60, 300
STANDARD, SLOWER, SLOW, VERY_SLOW = 200, 150, 120, 95
"""Paces in characters a minute; grown people read aloud at 209 to 221. The pace for elders is ``SLOWER``."""

VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us"}
LOW, MIDDLE, HIGH = 30, 45, 65
PITCH = MIDDLE
# The synthesiser's setting in words a minute, and the characters a minute that come of it with words joined.
_PACES = ((80, 104), (100, 125), (120, 151), (140, 179), (160, 208), (180, 236), (200, 267), (230, 310))
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")
_PAUSE = re.compile(r"[（(]停顿\s*(\d+(?:\.\d+)?)\s*秒[）)]")
_ENGLISH_WORD = re.compile(r"[\w'’]+")
_AFTER_SENTENCE, _AFTER_PARAGRAPH = 0.35, 0.7
_PROCESS, _NEURAL = "accessibility.voice.espeak_process", "accessibility.voice.neural_process"


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


@dataclass(frozen=True, slots=True)
class Piece:
    """What one voice says of a sentence, and its words: (character of ``said``, first and last of the sentence)."""

    voice: str
    said: str
    words: tuple[tuple[int, int, int], ...]


def pieces(sentence: str, language: Language = "zh-CN", lexicon: Lexicon | None = None) -> list[Piece]:
    """A sentence as the voices take it: figures written out, Chinese as pinyin, English words for the English voice."""
    known = lexicon or base()
    text = rewritten(sentence, english=language == "en")
    if language == "en":
        return [found] if (found := _english(text, 0, len(text.text), known)) else []
    made, at = [], 0
    for kind, run in mandarin.runs(text.text):
        end = at + len(run)
        found = (_english if kind == "en" else _chinese)(text, at, end, known)
        made += [found] if found else []
        at = end
    return made


def _chinese(text: Rewritten, start: int, end: int, lexicon: Lexicon) -> Piece | None:
    said, words = "", []
    for word in mandarin.words(text.text[start:end], lexicon):
        said += " " if said else ""
        if re.search(r"\w", word.said):
            words.append((len(said), *text.origin(start + word.start, start + word.end)))
        said += word.said
    return Piece(VOICES["zh"], said, tuple(words)) if words else None


def _english(text: Rewritten, start: int, end: int, lexicon: Lexicon) -> Piece | None:
    part = Rewritten(text.text[start:end].replace("[[", "  "), text.origins[start:end])
    part = part.by((lexicon.latin_words, lambda found: lexicon.latin[found[0].upper()]))
    words = [(found.start(), *part.origin(*found.span())) for found in _ENGLISH_WORD.finditer(part.text)]
    return Piece(VOICES["en"], part.text, tuple(words)) if words else None


class Speaker:
    """The synthesisers' processes, started at the first word; calls from several threads wait for each other.

    ``neural`` is the folder of a neural voice; where that cannot be used, ``told`` is given the reason once and
    espeak-ng speaks.
    """

    def __init__(self, neural: Path | None = None, told: Callable[[str], None] = lambda _reason: None) -> None:
        self._espeak = Worker(_PROCESS)
        self._neural = Worker(_NEURAL, str(neural), answer_within=60.0) if neural else None
        self._told = told

    def speak(
        self,
        text: str,
        *,
        language: Language = "zh-CN",
        pace: int = SLOWER,
        pitch: int = PITCH,
        lexicon: Lexicon | None = None,
    ) -> Sound:
        """The sound of a text in plain words. Raises SpeechUnavailable."""
        sound, marks, rate = bytearray(), [], 0

        def rest(seconds: float) -> None:
            sound.extend(bytes(2 * round(seconds * (rate or 22050))))

        for block in paragraphs(text):
            for piece in block:
                if isinstance(piece, float):
                    rest(min(piece, 30.0))
                    continue
                spoken = self._sentence(piece, language, pace, pitch, lexicon)
                if spoken is None:
                    continue
                samples, rate, words = spoken
                begun = len(sound) / 2 / rate
                shifted = tuple(WordMark(a, b, begun + s, begun + e) for a, b, s, e in words)
                marks.append(Mark(piece, begun, begun + len(samples) / 2 / rate, shifted))
                sound.extend(samples)
                rest(_AFTER_SENTENCE)
            rest(_AFTER_PARAGRAPH)
        return Sound(bytes(sound), rate or 22050, tuple(marks))

    def _sentence(
        self, sentence: str, language: Language, pace: int, pitch: int, lexicon: Lexicon | None
    ) -> tuple[bytes, int, list[tuple[int, int, float, float]]] | None:
        """Samples, rate and words (characters, seconds) of a sentence; None when nothing of it is said."""
        parts = pieces(sentence, language, lexicon)
        if not parts:
            return None
        if self._neural is not None and language == "zh-CN":
            text = rewritten(sentence).text
            try:
                said = self._neural.ask({"text": text, "speed": max(SLOWEST, min(FASTEST, pace)) / STANDARD})
            except SpeechUnavailable as error:
                self._neural = None  # what is broken now is broken at the next sentence
                self._told(str(error))
            else:
                return said.samples, said.sample_rate, []
        speed, gap = setting(pace)
        sound, words, rate = bytearray(), list[tuple[int, int, float]](), 0
        for part in parts:
            said = self._espeak.ask({"voice": part.voice, "text": part.said, "rate": speed, "gap": gap, "pitch": pitch})
            rate = said.sample_rate
            words += _heard(part, said, len(sound) // 2)
            sound += said.samples
        ends = [start for _a, _b, start in words[1:]] + [len(sound) / 2 / rate]
        return bytes(sound), rate, [(a, b, start, end) for (a, b, start), end in zip(words, ends, strict=True)]

    def close(self) -> None:
        """End the processes."""
        for worker in (self._espeak, self._neural):
            if worker is not None:
                worker.close()

    def say(self, *, voice: str, text: str, rate: int, gap: int, pitch: int) -> tuple[bytes, int]:
        """The samples of words as espeak-ng takes them, 16 bits each, and their rate. Raises SpeechUnavailable.

        ``rate`` is in words a minute, ``gap`` in units of 10 ms, ``pitch`` from 0 to 100.
        """
        said = self._espeak.ask({"voice": voice, "text": text, "rate": rate, "gap": gap, "pitch": pitch})
        return said.samples, said.sample_rate


def _heard(piece: Piece, said: Said, before: int) -> list[tuple[int, int, float]]:
    """When each word of a piece begins: the first event within it; words of which none tells go to the one before."""
    found: list[tuple[int, int, float]] = []
    events = iter(said.words)
    event = next(events, None)
    for n, (at, first, last) in enumerate(piece.words):
        following = piece.words[n + 1][0] if n + 1 < len(piece.words) else len(piece.said) + 1
        while event is not None and event[0] < at:
            event = next(events, None)
        if event is not None and event[0] < following:
            found.append((first, last, (before + event[1]) / said.sample_rate))
        elif found:
            found[-1] = (found[-1][0], max(found[-1][1], last), found[-1][2])
    return found

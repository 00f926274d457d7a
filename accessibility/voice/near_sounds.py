"""The words near a command as a synthesiser says them, from which decoys are made (``decoys``)."""

from collections.abc import Sequence

import numpy as np

from accessibility.voice.aligning import between
from accessibility.voice.audio import Samples, resample
from accessibility.voice.decoys import NearWords
from accessibility.voice.enrolment import take
from accessibility.voice.mandarin import pinyin
from accessibility.voice.near_words import near_words, nearest_words
from accessibility.voice.speaker import PITCH, VOICES, Speaker
from accessibility.voice.spectrum import Bands

_PACE = 110
_LOUDEST, _ROOM, _AROUND = 0.25, 2.5e-4, 6000


def near_sounds(command: str, speaker: Speaker) -> NearWords | None:
    """A command in Chinese and the words near it; nothing where none is known. Raises SpeechUnavailable."""
    words = near_words().get(command, ())
    return NearWords.of(*_templates(command, words, speaker), nearest_words(command)) if words else None


def distances(command: str, words: Sequence[str], speaker: Speaker) -> list[float]:
    """How far each of some words is from a command when the synthesiser says them. Raises SpeechUnavailable."""
    own, others = _templates(command, words, speaker)
    return [float(between(np.stack([own, other]))[0, 1]) for other in others]


def _templates(command: str, words: Sequence[str], speaker: Speaker) -> tuple[Bands, Bands]:
    return _template(command, speaker), np.stack([_template(word, speaker) for word in words])


def _template(words: str, speaker: Speaker) -> Bands:
    said, rate = speaker.say(voice=VOICES["zh"], text=pinyin(words), rate=_PACE, gap=0, pitch=PITCH)
    sound = resample(np.frombuffer(said, np.int16).astype(np.float32) / np.float32(32768), rate)
    return take(_in_a_room(sound)).take.template


def _in_a_room(sound: Samples) -> Samples:
    """With silence around it and a little noise, the same each time, under which words begin and end."""
    wide = np.pad(sound * (_LOUDEST / max(1e-6, float(np.abs(sound).max()))), _AROUND)
    return (wide + np.random.default_rng(0).normal(0, _ROOM, len(wide))).astype(np.float32)

"""What is spoken here: one synthesiser for the process, what it said lately, and the limits on asking it.

Only what the server itself showed or was given to show is spoken (``web.views.read_aloud``, ``web.views.speech``);
one text at a time, few may wait, and each person can ask for so many characters an hour and no more.
"""

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import structlog
from flask import request
from flask_limiter.util import get_remote_address

from accessibility.voice.lexicon import Lexicon
from accessibility.voice.sound import Kind, Sound
from accessibility.voice.speaker import HIGH, LOW, MIDDLE, SLOW, SLOWER, STANDARD, VERY_SLOW, Language, Speaker
from accessibility.voice.worker import SpeechUnavailable
from web.accounts.permissions import actor_or_none
from web.banking import settings
from web.database import tx
from web.operations import pronouncing
from web.presentation import preference

PACES = (STANDARD, SLOWER, SLOW, VERY_SLOW)
PITCHES: dict[str, int] = {"standard": MIDDLE, "low": LOW, "high": HIGH}
CHARACTERS_AN_HOUR = 120_000  # spoken or looked up again; 9,000 are heard in an hour at the slower pace
_log = structlog.get_logger()

Text = tuple[str, Language]
"""What is said, and in which language."""
File = Literal["MP3", "WAV", "OPUS"]
MIMETYPES: dict[File, str] = {"MP3": "audio/mpeg", "WAV": "audio/wav", "OPUS": "audio/ogg; codecs=opus"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Texts that are spoken after each other, and how; ``pauses``: seconds after each, else the speaker's own."""

    texts: tuple[Text, ...]
    pace: int = SLOWER
    pitch: int = MIDDLE
    pauses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sound as a file, its captions (WebVTT) and its timings (JSON)."""

    data: bytes
    captions: str
    timings: str


class Lately:
    """What was spoken lately, at most so many bytes of it.

    One text at a time is spoken, and few may wait for their turn: strangers who ask for everything at once take neither
    every processor nor every thread of the site.
    """

    def __init__(self, *, most: int = 32 * 2**20, waiting: int = 6) -> None:
        self._most = most
        self._places = threading.BoundedSemaphore(waiting)
        self._turn = threading.Lock()
        self._kept: dict[str, Spoken] = {}
        self._bytes = 0

    def spoken(self, speaker: Speaker, wanted: Wanted, lexicon: Lexicon, kind: Kind = "MP3") -> Spoken:
        """Raises SpeechUnavailable, also when too many wait."""
        key = _key(wanted, lexicon, kind)
        if (there := self._kept.get(key)) is not None:
            return there
        if not self._places.acquire(blocking=False):
            raise SpeechUnavailable("busy")
        try:
            with self._turn:
                if (there := self._kept.get(key)) is not None:
                    return there
                made = _speak(speaker, wanted, lexicon, kind)
                self._keep(key, made)
                return made
        finally:
            self._places.release()

    def _keep(self, key: str, made: Spoken) -> None:
        self._bytes += len(made.data)
        self._kept[key] = made
        while self._bytes > self._most and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            self._bytes -= len(self._kept.pop(oldest).data)


def _key(wanted: Wanted, lexicon: Lexicon, kind: Kind) -> str:
    how = [wanted.pauses, wanted.pace, wanted.pitch, lexicon.version, kind]
    said = json.dumps([wanted.texts, *how], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _speak(speaker: Speaker, wanted: Wanted, lexicon: Lexicon, kind: Kind) -> Spoken:
    sounds = [
        speaker.speak(text, language=language, pace=wanted.pace, pitch=wanted.pitch, lexicon=lexicon)
        for text, language in wanted.texts
    ]
    if wanted.pauses:
        sounds = [sound.ending(pause) for sound, pause in zip(sounds, wanted.pauses, strict=True)]
    sound = sounds[0] if len(sounds) == 1 else Sound.joined(sounds)
    return Spoken(sound.encode(kind), sound.captions(), json.dumps(sound.timings(), ensure_ascii=False))


@cache
def _speaker(neural: Path | None) -> Speaker:
    def told(reason: str) -> None:
        _log.warning("speech.neural_voice_unusable", folder=str(neural), reason=reason)

    return Speaker(neural, told)


_lately = Lately()


def speaker() -> Speaker:
    """The process's synthesiser; it starts its own program at the first word and is safe among threads."""
    return _speaker(settings().speech_voice_dir)


def current_lexicon() -> Lexicon:
    """The lexicon that holds now."""
    return pronouncing.current(tx())


def speak(
    texts: Sequence[Text], *, kind: File = "MP3", pauses: Sequence[float] = (), lexicon: Lexicon | None = None
) -> Spoken:
    """Texts spoken at the pace and pitch that the address, else the reader's preference, names.

    Raises SpeechUnavailable.
    """
    wanted = Wanted(tuple(texts), asked_pace(), asked_pitch(), tuple(pauses))
    return _lately.spoken(speaker(), wanted, lexicon or current_lexicon(), kind)


def asked_pace() -> int:
    """Characters a minute: what the address names, else what the reader prefers."""
    asked = request.args.get("pace", type=int)
    return asked if asked in PACES else preferred_pace()


def preferred_pace() -> int:
    """The reader's own pace."""
    return int(getattr(preference(), "speech_rate", SLOWER))


def asked_pitch() -> int:
    """How high the voice is: what the address names, else what the reader prefers."""
    named = request.args.get("pitch", "")
    return PITCHES[named if named in PITCHES else getattr(preference(), "speech_pitch", "standard")]


def reader() -> str:
    """Whom limits count: the person where somebody is signed in, the address where not."""
    who = actor_or_none()
    return f"person {who.person_id}" if who is not None else f"address {get_remote_address()}"

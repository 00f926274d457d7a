"""The recognisers of this process: model folders that the operator named, English from its package, and people's own.

A folder is loaded once, in the background, at the first word; one that does not load is logged and counts as absent.
"""

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import structlog
from flask import Flask, current_app

from accessibility.errors import Unavailable
from accessibility.intent.model import intents
from accessibility.voice import sphinx
from accessibility.voice.audio import Samples
from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.decoys import NearWords
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.model_folder import ModelFolder, Transcriber, load
from accessibility.voice.near_sounds import near_sounds
from accessibility.voice.recogniser import Recogniser
from accessibility.voice.worker import SpeechUnavailable
from web.messages import Locale, locale
from web.settings import Settings
from web.speaking import speaker
from web.voice.phrases import InEveryWay

AT_ONCE = 3  # recordings that are recognised at the same time; whoever comes then is asked to wait
_log = structlog.get_logger()


class Recognisers:
    """What this process can recognise with; ``places`` are those of recordings that are recognised at once."""

    def __init__(self, settings: Settings) -> None:
        self.places = threading.BoundedSemaphore(AT_ONCE)
        self._makers: dict[str, Callable[[], Recogniser]] = {}
        self._ready: dict[str, Recogniser] = {}
        self._loading: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._sherpa = settings.voice_sherpa_dir
        self._writer: Transcriber | None = None
        self._writing = threading.Lock()
        if settings.voice_sherpa_dir is not None:
            self._makers["sherpa"] = _folder("sherpa", settings.voice_sherpa_dir)
        if settings.voice_vosk_dir is not None:
            self._makers["vosk"] = _folder("vosk", settings.voice_vosk_dir)
        if sphinx.available():
            self._makers["pocketsphinx"] = sphinx.SphinxCommands

    def named(self, locale: Locale) -> tuple[str, ...]:
        """Those that can be used for that language, whether they are loaded yet or not; this loads them."""
        names = tuple(name for name in self._makers if name != "pocketsphinx" or locale == "en")
        for name in names:
            self._load(name)
        return names

    def ready(self, locale: Locale, *, within: float = 0.0) -> list[Recogniser]:
        """Those that are loaded, at most so many seconds after being asked for."""
        names = self.named(locale)
        for name in names:
            if name in self._loading:
                self._loading[name].join(within)
        return [InEveryWay(self._ready[name], locale) for name in names if name in self._ready]

    def dictated(self, samples: Samples) -> str:
        """What was said, as text, by the sherpa-onnx model; empty where there is none, or it is not loaded yet.

        A Vosk model is bound to its phrases and writes nothing else down.
        """
        if self._sherpa is None or "sherpa" not in self._ready:
            return ""
        with self._writing:
            if self._writer is None:
                self._writer = load("sherpa", self._sherpa)  # it loaded before, as a recogniser of commands
            return self._writer(samples, []).strip()

    def _load(self, name: str) -> None:
        with self._lock:
            if name in self._loading:
                return
            self._loading[name] = threading.Thread(target=self._make, args=(name,), name=f"load {name}", daemon=True)
            self._loading[name].start()

    def _make(self, name: str) -> None:
        try:
            self._ready[name] = self._makers[name]()
        except Unavailable as error:
            self._makers.pop(name)
            _log.warning("voice.recogniser_unusable", recogniser=name, reason=str(error))


def _folder(kind: str, folder: Path) -> Callable[[], Recogniser]:
    return lambda: ModelFolder("vosk" if kind == "vosk" else "sherpa", folder)


def own(enrolment: Enrolment | None) -> list[Recogniser]:
    """The recogniser of a person's own commands, where there are any."""
    return [EnrolledCommands(enrolment, near=near)] if enrolment is not None and enrolment.takes else []


def near(command: str) -> NearWords | None:
    """The words that sound like a command in Chinese; nothing on English pages, and where no voice can say them."""
    if locale() == "en" or command not in intents():
        return None
    try:
        return _near(intents()[command].offered("zh-CN"))
    except SpeechUnavailable as error:
        _log.warning("voice.near_words_unsaid", reason=str(error))
        return None


@cache
def _near(words: str) -> NearWords | None:
    return near_sounds(words, speaker())


def recognisers() -> Recognisers:
    """The application's recognisers."""
    found: Recognisers = current_app.extensions["evergreen_recognisers"]
    return found


def install(app: Flask, settings: Settings) -> None:
    """Give an application its recognisers; nothing is loaded yet."""
    app.extensions["evergreen_recognisers"] = Recognisers(settings)

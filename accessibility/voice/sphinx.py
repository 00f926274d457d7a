"""English by pocketsphinx, whose model comes in its package (extra ``voice``): a grammar of the phrases expected.

A grammar always finds something, so what is found is held against free phones, and is never carried out unconfirmed.
"""

import re
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import Unavailable
from accessibility.voice.audio import Samples
from accessibility.voice.endpoint import spans
from accessibility.voice.recogniser import NOTHING, Guess, Heard
from accessibility.voice.spectrum import HOP, bands, quiet_noise

DITHER_DB = -45.0
"""Noise laid over every recording: on digital silence the model hears half as much."""
_ROOM = 0.25  # seconds kept around the words
_WORSE_THAN_PHONES = 0.0018  # of the decoder's scale, per frame
_WORD = re.compile(r"[a-z']+")


def available() -> bool:
    """Whether the package is installed."""
    return find_spec("pocketsphinx") is not None


def grammar(phrases: Mapping[str, str]) -> str:
    """A JSGF grammar (W3C, 2000) whose only sentences are these phrases, in plain words already."""
    return "#JSGF V1.0;\ngrammar commands;\npublic <command> = " + " | ".join(sorted(phrases.values())) + ";\n"


class SphinxCommands:
    """English phrases; each has to be said as it stands on the button. Safe among threads, one recording at a time."""

    name: ClassVar[str] = "pocketsphinx"
    sure: ClassVar[bool] = False

    def __init__(self) -> None:
        """Raises Unavailable ``voice.recogniser_absent`` without the package, ``voice.model_broken`` if it fails."""
        if not available():
            raise Unavailable("voice.recogniser_absent", name=self.name)
        import pocketsphinx

        self._lock = threading.Lock()
        phones = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us-phone.lm.bin"
        try:
            self._decoder: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
            self._free: Any = pocketsphinx.Decoder(
                lm=None, allphone=str(phones), lw=2.0, pip=0.3, beam=1e-10, pbeam=1e-10, loglevel="FATAL"
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise Unavailable("voice.model_broken", name=self.name, why=str(error)) from error

    def known(self, expected: Mapping[str, str]) -> dict[str, str]:
        """The phrases all of whose words the model knows, in small letters; others are left out."""
        said = {
            command: " ".join(_WORD.findall(words.lower().replace("’", "'"))) for command, words in expected.items()
        }
        plain = {c for c, words in expected.items() if not re.search(r"[^\x00-\x7f’…]|\d", words)}
        return {
            command: words
            for command, words in said.items()
            if words and command in plain and all(self._decoder.lookup_word(word) for word in words.split())
        }

    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        """The phrase that fits, ``accepted`` where it fits about as well as free phones do, otherwise ``unsure``."""
        energies = bands(samples)
        found = spans(energies, quiet_noise(energies)) if len(energies) else []
        if not found:
            return NOTHING
        edge = round(_ROOM * 16_000)
        words = samples[max(0, found[0].start * HOP - edge) : found[0].end * HOP + edge]
        sound = _dithered(words).tobytes()
        with self._lock:
            phrases = self.known(expected)
            if not phrases:
                return Heard("unsure")
            self._decoder.add_jsgf_string("commands", grammar(phrases))
            self._decoder.activate_search("commands")
            fitting, score = _decoded(self._decoder, sound)
            _phones, free = _decoded(self._free, sound)
        commands = [command for command, phrase in phrases.items() if phrase == fitting]
        if not commands:
            return Heard("unsure")
        worse = (free - score) / max(1, found[0].end - found[0].start)
        guess = Guess(commands[0], -worse)
        return Heard("accepted" if worse <= _WORSE_THAN_PHONES else "unsure", (guess,))


def _decoded(decoder: Any, sound: bytes) -> tuple[str, float]:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return (best.hypstr, float(best.score)) if best is not None else ("", -1e9)


def _dithered(samples: Samples) -> NDArray[np.int16]:
    """Sixteen bits with noise under them that is always the same, so that a recording is always heard alike."""
    loud = max(float(np.abs(samples).max()), 1e-6)
    noise = np.random.default_rng(0).normal(scale=10 ** (DITHER_DB / 20), size=len(samples))
    return np.rint(np.clip(samples / loud * 0.5 + noise, -1, 1) * 32767).astype(np.int16)

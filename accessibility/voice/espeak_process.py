"""The synthesiser espeak-ng in a process of its own: ``python -m accessibility.voice.espeak_process``.

A process of its own, because espeak-ng is under the GPL 3 and is not safe among threads. It answers requests on
standard input, one JSON object a line (``voice``, ``text``, ``rate`` in words a minute, ``gap`` in units of 10 ms,
``pitch`` 0 to 100), with a line of JSON (``samples``, ``sample_rate``, ``words``, or ``error``) and then the samples,
16 bits each, on standard output. ``words`` says of each word at which character it begins and at which sample. What
stands between ``[[`` and ``]]`` is read as the voice's phonemes.
"""

import ctypes
import json
import sys
from typing import Any, BinaryIO

import espeakng_loader  # type: ignore[import-untyped]

_SYNCHRONOUS = 2
_UTF8, _PHONEMES = 1, 0x100
_RATE, _PITCH, _GAP = 1, 3, 7
_LAST, _WORD = 0, 1


class _Event(ctypes.Structure):
    """``espeak_EVENT`` of speak_lib.h, revision 12."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """The library, loaded and ready."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().removesuffix("/espeak-ng-data")
        self.sample_rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0))
        if self.sample_rate <= 0:
            raise RuntimeError("espeak-ng does not start")
        self._sound = bytearray()
        self._words: list[tuple[int, int]] = []
        self._callback = _CALLBACK(self._take)  # kept, or it would be freed under the library's feet
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, 2 * count)
        n = 0
        while events[n].type != _LAST:
            if events[n].type == _WORD:
                self._words.append((events[n].text_position - 1, events[n].sample))
            n += 1
        return 0

    def say(self, *, voice: str, text: str, rate: int, gap: int, pitch: int) -> tuple[bytes, list[tuple[int, int]]]:
        """The samples of a text, and (character, sample) of each word. Raises RuntimeError for an unknown voice."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise RuntimeError(f"no voice {voice}")
        for parameter, value in ((_RATE, rate), (_GAP, gap), (_PITCH, pitch)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._sound.clear()
        self._words = []
        data = text.encode()
        if self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8 | _PHONEMES, None, None) != 0:
            raise RuntimeError("espeak-ng failed")
        self._library.espeak_Synchronize()
        return bytes(self._sound), self._words


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end."""
    espeak = Espeak()
    for line in requests:
        sound = b""
        answer: dict[str, object]
        try:
            sound, words = espeak.say(**json.loads(line))
            answer = {"samples": len(sound) // 2, "sample_rate": espeak.sample_rate, "words": words}
        except (RuntimeError, TypeError, ValueError) as error:
            answer = {"error": str(error)}
        answers.write(json.dumps(answer).encode() + b"\n" + sound)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)

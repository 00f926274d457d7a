"""The synthesiser espeak-ng in a process of its own: ``python -m accessibility.voice.espeak_process``.

A process of its own, because espeak-ng is under the GPL 3 and is not safe among threads. It answers requests on
standard input, one JSON object a line (``voice``, ``text``, ``rate`` in words a minute, ``gap`` in units of 10 ms,
``pitch`` 0 to 100), with a line of JSON (``samples``, ``sample_rate``, or ``error``) and then the samples, 16 bits
each, on standard output.
"""

import ctypes
import json
import sys
from typing import Any, BinaryIO

import espeakng_loader  # type: ignore[import-untyped]

_SYNCHRONOUS = 2
_UTF8 = 1
_RATE, _PITCH, _GAP = 1, 3, 7
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """The library, loaded and ready."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().removesuffix("/espeak-ng-data")
        self.sample_rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0))
        if self.sample_rate <= 0:
            raise RuntimeError("espeak-ng does not start")
        self._sound = bytearray()
        self._callback = _CALLBACK(self._take)  # kept, or it would be freed under the library's feet
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, 2 * count)
        return 0

    def say(self, *, voice: str, text: str, rate: int, gap: int, pitch: int) -> bytes:
        """The samples of a text. Raises RuntimeError for an unknown voice or a failure."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise RuntimeError(f"no voice {voice}")
        for parameter, value in ((_RATE, rate), (_GAP, gap), (_PITCH, pitch)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._sound.clear()
        data = text.encode()
        if self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8, None, None) != 0:
            raise RuntimeError("espeak-ng failed")
        self._library.espeak_Synchronize()
        return bytes(self._sound)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end."""
    espeak = Espeak()
    for line in requests:
        sound = b""
        answer: dict[str, object]
        try:
            sound = espeak.say(**json.loads(line))
            answer = {"samples": len(sound) // 2, "sample_rate": espeak.sample_rate}
        except (RuntimeError, TypeError, ValueError) as error:
            answer = {"error": str(error)}
        answers.write(json.dumps(answer).encode() + b"\n" + sound)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)

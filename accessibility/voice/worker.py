"""A synthesiser's process: a line of JSON in, a line of JSON and samples out; started anew when it died or hangs."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

ANSWER_WITHIN = 20.0


class SpeechUnavailable(RuntimeError):
    """The synthesiser does not start, failed or took too long."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a synthesiser answers: samples of 16 bits, their rate, and (character, sample) where each word begins."""

    samples: bytes
    sample_rate: int
    words: tuple[tuple[int, int], ...] = ()


class Worker:
    """One process of ``python -m MODULE``, started at the first request; requests of several threads wait in turn."""

    def __init__(self, module: str, *arguments: str, answer_within: float = ANSWER_WITHIN) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._within = answer_within
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any]) -> Said:
        """What it says to a request. Raises SpeechUnavailable with its own words."""
        with self._lock:
            process = self.process
            if process is None or process.poll() is not None:
                self._end()
                process = self.process = self._start()
            late = threading.Timer(self._within, process.kill)
            late.start()
            try:
                return _exchange(process, request)
            except (OSError, ValueError, KeyError, SpeechUnavailable) as error:
                self._end()
                raise SpeechUnavailable(str(error)) from error
            finally:
                late.cancel()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - our own module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise SpeechUnavailable(str(error)) from error

    def _end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def _exchange(process: subprocess.Popen[bytes], request: dict[str, Any]) -> Said:
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
    words = tuple((int(a), int(b)) for a, b in answer.get("words", ()))
    return Said(samples, int(answer["sample_rate"]), words)

"""General recognisers from a model folder that the operator names: sherpa-onnx or Vosk. Nothing is ever downloaded.

A broken model can end the process that loads it, so a folder is first loaded in a process of its own:
``python -m accessibility.voice.model_folder KIND FOLDER``.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from accessibility.errors import Unavailable
from accessibility.text.words import segmenter
from accessibility.voice.audio import RATE, Samples
from accessibility.voice.recogniser import MOST_OFFERED, NOTHING, Guess, Heard

Kind = Literal["sherpa", "vosk"]
_LOADS_WITHIN = 120.0
_RESEMBLES = 60.0  # of 100: below that, a guess is not worth offering


class Transcriber(Protocol):
    """Sound to text; the phrases may guide it."""

    def __call__(self, samples: Samples, phrases: list[str], /) -> str: ...


class ModelFolder:
    """A general recogniser: what it writes is taken where it sounds like one of the phrases and like no other."""

    sure: ClassVar[bool] = False

    def __init__(self, kind: Kind, folder: Path) -> None:
        """Load the model.

        Raises Unavailable: ``voice.recogniser_absent``, ``voice.model_missing``, ``voice.model_broken``.
        """
        module = "sherpa_onnx" if kind == "sherpa" else "vosk"
        if find_spec(module) is None:
            raise Unavailable("voice.recogniser_absent", name=kind)
        demand_files(kind, folder)
        _try_elsewhere(kind, folder)
        self.name = kind
        self._lock = threading.Lock()
        self._transcribe = load(kind, folder)

    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        """``accepted`` where the text sounds like exactly one phrase, else ``unsure`` with those it resembles."""
        with self._lock:
            text = self._transcribe(samples, list(expected.values()))
        return matched(text, expected)


def matched(text: str, expected: Mapping[str, str]) -> Heard:
    """What a transcript means among the phrases, by how they sound: 在听 and 再听 are the same."""
    said = _sounds(text)
    if not said:
        return NOTHING
    alike = {command: fuzz.ratio(said, _sounds(words)) for command, words in expected.items()}
    same = [command for command, likeness in alike.items() if likeness == 100]
    if len(same) == 1:
        return Heard("accepted", (Guess(same[0], 1.0),))
    best = sorted((c for c in alike if alike[c] >= _RESEMBLES), key=lambda c: -alike[c])[:MOST_OFFERED]
    return Heard("unsure", tuple(Guess(command, alike[command] / 100) for command in best))


def _sounds(text: str) -> str:
    """Pinyin without tones, and letters, with nothing between."""
    return "".join("".join(c for c in part.lower() if c.isalnum()) for part in lazy_pinyin(text))


def demand_files(kind: Kind, folder: Path) -> None:
    """Raises Unavailable ``voice.model_missing`` where the folder lacks what the kind needs."""
    if kind == "vosk":
        needed = (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()
    else:
        needed = (folder / "tokens.txt").is_file() and bool(_sherpa_files(folder))
    if not needed:
        raise Unavailable("voice.model_missing", name=kind, folder=str(folder))


def _sherpa_files(folder: Path) -> dict[str, str]:
    """The parts of a transducer, or one model; the smaller where there are several (``int8`` sorts by size)."""
    found: dict[str, str] = {}
    for part in ("encoder", "decoder", "joiner", "model"):
        files = sorted(folder.glob(f"{part}*.onnx"), key=lambda file: file.stat().st_size)
        if files:
            found[part] = str(files[0])
    if {"encoder", "decoder", "joiner"} <= found.keys():
        return {part: found[part] for part in ("encoder", "decoder", "joiner")}
    return {"model": found["model"]} if "model" in found else {}


def load(kind: Kind, folder: Path) -> Transcriber:
    """The model as a function. Raises Unavailable ``voice.model_broken``."""
    try:
        return _sherpa(folder) if kind == "sherpa" else _vosk(folder)
    except Exception as error:  # Vosk raises no narrower one
        raise Unavailable("voice.model_broken", name=kind, why=str(error)[:200]) from error


def _sherpa(folder: Path) -> Transcriber:
    import sherpa_onnx

    files, tokens = _sherpa_files(folder), str(folder / "tokens.txt")
    made = sherpa_onnx.OfflineRecognizer
    recogniser: Any
    if "joiner" in files:
        recogniser = made.from_transducer(**files, tokens=tokens, num_threads=1)
    elif "sense" in folder.name.lower():
        recogniser = made.from_sense_voice(model=files["model"], tokens=tokens, num_threads=1)
    else:
        recogniser = made.from_paraformer(paraformer=files["model"], tokens=tokens, num_threads=1)

    def transcribe(samples: Samples, _phrases: list[str]) -> str:
        stream = recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        recogniser.decode_stream(stream)
        return str(stream.result.text)

    return transcribe


def _vosk(folder: Path) -> Transcriber:
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))

    def transcribe(samples: Samples, phrases: list[str]) -> str:
        words = [" ".join(w for w in segmenter().cut(phrase) if w.strip()) for phrase in phrases]
        recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps([*words, "[unk]"], ensure_ascii=False))
        recogniser.AcceptWaveform(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        return str(json.loads(recogniser.FinalResult()).get("text", "")).replace("[unk]", "")

    return transcribe


def _try_elsewhere(kind: Kind, folder: Path) -> None:
    command = [sys.executable, "-m", "accessibility.voice.model_folder", kind, str(folder)]
    try:
        tried = subprocess.run(command, capture_output=True, timeout=_LOADS_WITHIN, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("voice.model_broken", name=kind, why=type(error).__name__) from error
    if tried.returncode != 0:
        last = tried.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"ended with {tried.returncode}"]
        raise Unavailable("voice.model_broken", name=kind, why=last[0][:200])


if __name__ == "__main__":
    load("vosk" if sys.argv[1] == "vosk" else "sherpa", Path(sys.argv[2]))(np.zeros(RATE, np.float32), [])

"""A neural voice in a process of its own: ``python -m accessibility.voice.neural_process FOLDER``.

The folder is one that the operator put there: a model in sherpa-onnx's layout (Piper and other VITS models, Matcha,
Kokoro). Nothing is downloaded. A process of its own, because a broken model ends the process that loads it. It speaks
the protocol of ``espeak_process``: a line of JSON in (``text``, ``speed``: 1 is the model's own pace), a line of JSON
and 16-bit samples out. What keeps it from speaking is the answer to every request, in plain words.
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

EXTRA = "sherpa"


class ModelProblem(RuntimeError):
    """The folder or the package cannot be used; the message says what is missing."""


def layout(folder: Path) -> tuple[str, dict[str, str]]:
    """The kind of model in a folder (``vits``, ``matcha``, ``kokoro``) and its files. Raises ModelProblem."""
    if not folder.is_dir():
        raise ModelProblem(f"{folder} is no folder")
    tokens = folder / "tokens.txt"
    if not tokens.is_file():
        raise ModelProblem(f"{folder} has no tokens.txt: it is no model in sherpa-onnx's layout")
    models = sorted(p for p in folder.glob("*.onnx") if p.stat().st_size)
    vocoder = next((p for p in models if "hifigan" in p.name or "vocos" in p.name), None)
    model = next((p for p in models if p != vocoder), None)
    if model is None:
        raise ModelProblem(f"{folder} has no model (*.onnx), or it is empty")
    found = {"tokens": str(tokens)}
    lexicons = sorted(folder.glob("lexicon*.txt"))
    if lexicons:
        found["lexicon"] = ",".join(map(str, lexicons))
    if (folder / "espeak-ng-data").is_dir():
        found["data_dir"] = str(folder / "espeak-ng-data")
    if (folder / "voices.bin").is_file():
        return "kokoro", {**found, "model": str(model), "voices": str(folder / "voices.bin")}
    if vocoder is not None:
        return "matcha", {**found, "acoustic_model": str(model), "vocoder": str(vocoder)}
    return "vits", {**found, "model": str(model)}


def load(folder: Path) -> Any:
    """The voice, loaded. Raises ModelProblem."""
    kind, files = layout(folder)
    try:
        import sherpa_onnx  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise ModelProblem(f"the package sherpa-onnx is not installed (extra “{EXTRA}”)") from error
    parts = {
        "vits": sherpa_onnx.OfflineTtsVitsModelConfig,
        "matcha": sherpa_onnx.OfflineTtsMatchaModelConfig,
        "kokoro": sherpa_onnx.OfflineTtsKokoroModelConfig,
    }
    model = sherpa_onnx.OfflineTtsModelConfig(**{kind: parts[kind](**files)}, num_threads=1, provider="cpu")
    rules = ",".join(str(p) for p in sorted(folder.glob("*.fst")))
    config = sherpa_onnx.OfflineTtsConfig(model=model, rule_fsts=rules, max_num_sentences=1)
    if not config.validate():
        raise ModelProblem(f"sherpa-onnx does not take {folder} as a {kind} model")
    return sherpa_onnx.OfflineTts(config)


def say(voice: Any, *, text: str, speed: float) -> tuple[bytes, int]:
    """Samples of 16 bits and their rate. Raises ModelProblem when the model says nothing."""
    made = voice.generate(text, sid=0, speed=speed)
    samples = np.asarray(made.samples, dtype=np.float32)
    if samples.size == 0:
        raise ModelProblem("the model said nothing")
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), int(made.sample_rate)


def serve(folder: Path, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end."""
    voice: Any = None
    for line in requests:
        sound = b""
        answer: dict[str, object]
        try:
            voice = voice or load(folder)
            sound, rate = say(voice, **json.loads(line))
            answer = {"samples": len(sound) // 2, "sample_rate": rate}
        except (RuntimeError, TypeError, ValueError) as error:
            answer = {"error": str(error)}
        answers.write(json.dumps(answer).encode() + b"\n" + sound)
        answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)

"""A neural voice from a folder: what is wrong with it is said, espeak-ng speaks instead, the protocol holds."""

import importlib.util
from pathlib import Path

import pytest

from accessibility.voice.neural_process import ModelProblem, layout
from accessibility.voice.speaker import Speaker
from accessibility.voice.worker import SpeechUnavailable, Worker

NEURAL = "accessibility.voice.neural_process"
# A model of 10 kB in the layout of VITS, made by hand: a tone of 2,000 samples for each character that it knows.
TINY = Path(__file__).parent / "tiny_voice"
needs_sherpa = pytest.mark.skipif(
    importlib.util.find_spec("sherpa_onnx") is None, reason="NOT RUN: the extra sherpa is not installed"
)


def folder_with(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).write_bytes(b"x")
    return path


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("tokens.txt", "zh_CN-huayan-medium.onnx"), "vits"),
        (("tokens.txt", "model.onnx", "voices.bin"), "kokoro"),
        (("tokens.txt", "model-steps-3.onnx", "vocos-22khz-univ.onnx"), "matcha"),
        (("tokens.txt", "model-steps-3.onnx", "hifigan_v2.onnx", "lexicon.txt"), "matcha"),
    ],
)
def test_the_kind_of_a_model_is_told_by_its_files(tmp_path: Path, files: tuple[str, ...], kind: str) -> None:
    found, named = layout(folder_with(tmp_path, *files))
    assert found == kind and all(Path(each).exists() for value in named.values() for each in value.split(","))


@pytest.mark.parametrize(
    ("files", "words"), [((), "no tokens.txt"), (("tokens.txt",), "no model"), (("model.onnx",), "no tokens.txt")]
)
def test_what_a_folder_lacks_is_named(tmp_path: Path, files: tuple[str, ...], words: str) -> None:
    with pytest.raises(ModelProblem, match=words):
        layout(folder_with(tmp_path, *files))
    with pytest.raises(ModelProblem, match="is no folder"):
        layout(tmp_path / "nowhere")


def test_the_process_answers_every_request_with_what_keeps_it_from_speaking(tmp_path: Path) -> None:
    worker = Worker(NEURAL, str(tmp_path))
    try:
        for _again in range(2):
            with pytest.raises(SpeechUnavailable, match=r"no tokens\.txt"):
                worker.ask({"text": "你好", "speed": 1.0})
    finally:
        worker.close()


def test_a_model_that_is_none_or_a_package_that_is_absent_leaves_espeak_speaking(tmp_path: Path) -> None:
    """With the package the model is refused (or ends its process), without it the package is named."""
    told: list[str] = []
    speaker = Speaker(folder_with(tmp_path, "tokens.txt", "model.onnx"), told.append)
    try:
        first, second = speaker.speak("您好。"), speaker.speak("再见。")
    finally:
        speaker.close()
    assert first.seconds > 0.4 and second.marks[0].words  # espeak-ng tells words
    assert len(told) == 1
    if importlib.util.find_spec("sherpa_onnx") is None:
        assert "sherpa-onnx is not installed" in told[0]


def test_the_protocol_is_the_one_of_the_other_process() -> None:
    worker = Worker("accessibility.voice.espeak_process")
    try:
        said = worker.ask({"voice": "cmn-latn-pinyin", "text": "ni2hao3", "rate": 120, "gap": 0, "pitch": 45})
        assert len(said.samples) > 10_000 and said.sample_rate == 22050 and said.words == ((0, 0),)
        with pytest.raises(SpeechUnavailable, match="nobody"):
            worker.ask({"voice": "nobody", "text": "a", "rate": 120, "gap": 0, "pitch": 45})
        with pytest.raises(SpeechUnavailable):
            worker.ask({"nonsense": 1})
    finally:
        worker.close()


@needs_sherpa
def test_a_model_that_loads_speaks_in_place_of_espeak() -> None:
    told: list[str] = []
    speaker = Speaker(TINY, told.append)
    try:
        short, long = speaker.speak("你好。"), speaker.speak("你好你好。")
        english = speaker.speak("Hello.", language="en")
    finally:
        speaker.close()
    assert told == []
    assert short.marks[0].words == () and english.marks[0].words  # the tiny one tells no words; English is espeak-ng's
    assert long.marks[0].end - short.marks[0].end == pytest.approx(4000 / 22050)

"""Measuring with recordings of real people: a folder for each, a file for each take."""

import wave
from pathlib import Path

import numpy as np
import pytest

from accessibility.voice.audio import RATE, Samples
from bench.voice import at_most
from bench.voices.casts import casts
from bench.voices.people import Voices


def write(file: Path, sound: Samples) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound * 32767).astype("<i2").tobytes())


@pytest.fixture
def folder(tmp_path: Path, recordings: dict[str, dict[str, list[Samples]]]) -> Path:
    own = tmp_path / "wang"
    own.mkdir()
    takes = next(iter(recordings.values()))
    for name, said in (("play", "播放"), ("back", "返回")):
        for number, sound in zip((1, 2, 9, 10), takes[said], strict=True):
            write(own / f"{name}_{number}.wav", sound)
    write(own / "other_1.WAV", takes["暂停"][0])
    (own / "notes.txt").write_text("recorded at home")
    return tmp_path


def test_the_first_takes_enrol_and_the_last_are_said(folder: Path, synthetic: Voices) -> None:
    [cast] = casts(synthetic, folder)
    rng = np.random.default_rng(1)
    assert (cast.kind, cast.name, list(cast.commands)) == ("recorded speakers", "wang", ["back", "play"])
    assert {command: len(takes) for command, takes in cast.enrolled(rng).items()} == {"back": 3, "play": 3}
    assert cast.said("play", cast.conditions[0], 0, rng) is not None
    assert cast.said("play", cast.conditions[0], 1, rng) is None
    assert cast.other(cast.conditions[0], 0, rng) is not None
    assert cast.other(cast.conditions[0], 1, rng) is None
    assert (cast.phrase(0), cast.phrase(1)) == ("other_1", "")


@pytest.mark.parametrize("name", ["play.wav", "play_first.wav", "_1.wav"])
def test_a_file_whose_name_tells_no_command_and_number_is_named(folder: Path, synthetic: Voices, name: str) -> None:
    (folder / "wang" / name).write_bytes(b"")
    with pytest.raises(SystemExit, match=name):
        list(casts(synthetic, folder))


def test_a_file_that_cannot_be_used_is_named(folder: Path, synthetic: Voices) -> None:
    file = folder / "wang" / "play_3.wav"
    file.write_bytes(b"not a recording")
    with pytest.raises(SystemExit, match=r"play_3.*voice\.not_wav"):
        list(casts(synthetic, folder))
    write(file, np.zeros(RATE, np.float32))
    with pytest.raises(SystemExit, match=r"play_3.*voice\.silent"):
        list(casts(synthetic, folder))


def test_one_take_of_a_command_is_too_few(folder: Path, synthetic: Voices) -> None:
    for number in (2, 9, 10):
        (folder / "wang" / f"play_{number}.wav").unlink()
    with pytest.raises(SystemExit, match="two takes"):
        list(casts(synthetic, folder))


def test_what_a_share_can_be_at_most() -> None:
    assert at_most(0, 100) == pytest.approx(100 * (1 - 0.05 ** (1 / 100)), abs=1e-4)
    assert at_most(3, 120) == pytest.approx(6.35, abs=0.05)
    assert at_most(5, 5) == pytest.approx(100)

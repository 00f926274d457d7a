"""A message left by voice: what is taken, what is refused and why, and what comes out."""

import io

import numpy as np
import pytest
import soundfile

from accessibility.errors import InvalidInput
from accessibility.voice.audio import RATE
from accessibility.voice.message import LARGEST, LONGEST, message


def spoken(seconds: float, rate: int = RATE, kind: str = "WAV", channels: int = 1, **more: object) -> bytes:
    """A tone of so many seconds as a file."""
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)
    file = io.BytesIO()
    soundfile.write(file, np.repeat(tone[:, None], channels, axis=1), rate, format=kind, **more)
    return file.getvalue()


def code(data: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        message(data)
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "rate", "channels", "more"),
    [
        ("WAV", 16_000, 1, {"subtype": "PCM_16"}),
        ("WAV", 44_100, 2, {"subtype": "PCM_16"}),
        ("WAV", 48_000, 1, {"subtype": "FLOAT"}),
        ("MP3", 44_100, 2, {}),
        ("OGG", 48_000, 1, {"subtype": "OPUS"}),
        ("OGG", 22_050, 1, {"subtype": "VORBIS"}),
        ("FLAC", 8_000, 1, {}),
    ],
)
def test_common_recordings_become_one_channel_that_says_the_same(kind: str, rate: int, channels: int, more) -> None:  # type: ignore[no-untyped-def]
    sound = message(spoken(2, rate, kind, channels, **more))
    assert sound.sample_rate == RATE and sound.seconds == pytest.approx(2, abs=0.12)
    samples = np.frombuffer(sound.samples, "<i2").astype(float)[RATE // 2 : 3 * RATE // 2]
    loudest = np.argmax(np.abs(np.fft.rfft(samples)))  # one second: the bin is the frequency
    assert loudest == 220
    again, rate_again = soundfile.read(io.BytesIO(sound.encode("MP3")))
    assert rate_again == RATE and len(again) == pytest.approx(2 * RATE, abs=RATE // 4)


def test_a_minute_is_taken_and_more_is_not() -> None:
    assert message(spoken(LONGEST)).seconds == LONGEST
    assert code(spoken(LONGEST + 0.1)) == "voice.too_long"
    assert code(spoken(LONGEST + 0.1, 8_000, "FLAC")) == "voice.too_long"


def test_what_is_no_recording_is_refused() -> None:
    assert code(b"") == "voice.recording_unreadable"
    assert code(b"\x00\x00\x00 ftypM4A " + bytes(500)) == "voice.recording_unreadable"
    assert code(b"<html>not a sound</html>") == "voice.recording_unreadable"
    assert code(b"RIFF....WAVEbroken") == "voice.not_wav"
    assert code(spoken(1, kind="AIFF")) == "voice.recording_unreadable"
    assert code(spoken(1, 96_000, "FLAC")) == "voice.recording_unreadable"
    assert code(bytes(LARGEST + 1)) == "voice.too_large"


def test_a_file_that_is_cut_short_or_garbled_is_refused_or_read_but_breaks_nothing() -> None:
    whole = spoken(2, 44_100, "MP3")
    random = np.random.default_rng(5)
    for kind in ("MP3", "FLAC", "OGG"):
        data = spoken(2, 44_100, kind)
        for _ in range(40):
            broken = bytearray(data[: random.integers(1, len(data))])
            for at in random.integers(0, len(broken), 8):
                broken[at] = random.integers(0, 256)
            try:
                assert message(bytes(broken)).seconds <= LONGEST
            except InvalidInput as refused:
                assert refused.code.startswith("voice.")
    assert message(whole).seconds


def test_silence_is_told_and_loudness_is_not_held_against_anybody() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(RATE), RATE, format="WAV", subtype="PCM_16")
    assert code(file.getvalue()) == "voice.silent"
    loud = io.BytesIO()
    soundfile.write(loud, np.sign(np.sin(np.arange(RATE) / 9)), RATE, format="WAV", subtype="PCM_16")
    assert message(loud.getvalue()).seconds == 1


def test_what_the_file_says_beside_the_sound_does_not_come_along() -> None:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", RATE, 1, format="FLAC") as told:
        told.title, told.artist, told.comment = "at home", "Somebody", "30.5,104.1"
        told.write(0.3 * np.sin(np.arange(RATE) / 20))
    assert b"30.5,104.1" in file.getvalue()
    made = message(file.getvalue()).encode("MP3")
    assert not any(words in made for words in (b"30.5,104.1", b"Somebody", b"at home"))

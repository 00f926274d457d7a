"""A message left by voice: what is taken, what is refused and why, and what comes out."""

import io

import numpy as np
import pytest
import soundfile

from accessibility.errors import InvalidInput
from accessibility.voice.audio import RATE
from accessibility.voice.message import LARGEST, LONGEST, media_type, message
from tests.m4a import box, m4a


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
    said = message(spoken(2, rate, kind, channels, **more))
    assert media_type(said.file) == "audio/mpeg" and said.seconds == pytest.approx(2, abs=0.12)
    samples, rate_again = soundfile.read(io.BytesIO(said.file))
    assert rate_again == RATE and samples.ndim == 1 and len(samples) == pytest.approx(2 * RATE, abs=RATE // 4)
    loudest = np.argmax(np.abs(np.fft.rfft(samples[RATE // 2 : 3 * RATE // 2])))  # one second: the bin is the frequency
    assert loudest == 220


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
    made = message(file.getvalue()).file
    assert not any(words in made for words in (b"30.5,104.1", b"Somebody", b"at home"))


def test_what_a_telephone_records_is_kept_as_it_is_without_place_and_device() -> None:
    data = m4a(3, beside=b"+39.9042+116.4074/")
    said = message(data)
    assert media_type(said.file) == "audio/mp4" and said.seconds == pytest.approx(3, abs=0.1)
    assert len(said.file) == len(data) and b"+39.9042" not in said.file and b"udta" not in said.file
    assert said.file[-40:] == data[-40:], "the sound itself is not touched"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (m4a(LONGEST + 1), "voice.too_long"),
        (m4a(0), "voice.recording_unreadable"),
        (m4a(2, codec=b"samr"), "voice.recording_unreadable"),
        (m4a(2, handler=b"vide"), "voice.recording_unreadable"),
        (m4a(2, tracks=2), "voice.recording_unreadable"),
        (m4a(2, tracks=0), "voice.recording_unreadable"),
        (m4a(2)[:300], "voice.recording_unreadable"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"<script>"), "voice.recording_unreadable"),
    ],
    ids=["long", "empty", "AMR", "film", "two tracks", "no track", "cut short", "nothing of it"],
)
def test_what_is_no_sound_of_a_telephone_is_refused(data: bytes, wrong: str) -> None:
    assert code(data) == wrong


def test_a_recording_in_fragments_is_measured_by_its_fragments() -> None:
    whole = m4a(0)
    header = whole[: whole.rindex(b"mdat") - 4]

    def fragment(frames: int, each: int) -> bytes:
        run = box(b"trun", (0x100).to_bytes(4, "big"), frames.to_bytes(4, "big"), each.to_bytes(4, "big") * frames)
        told = box(b"tfhd", (0x8).to_bytes(4, "big"), (1).to_bytes(4, "big"), (1024).to_bytes(4, "big"))
        plain = box(b"trun", bytes(4), frames.to_bytes(4, "big"))
        return box(b"moof", box(b"traf", told, plain)) + box(b"moof", box(b"traf", told, run)) + box(b"mdat", b"x" * 9)

    assert message(header + fragment(20, 512)).seconds == pytest.approx(20 * (1024 + 512) / 16_000)
    assert code(header + fragment(10_000, 1024)) == "voice.too_long"


def test_a_telephone_s_file_that_is_garbled_breaks_nothing() -> None:
    whole, random = m4a(2), np.random.default_rng(7)
    for _ in range(300):
        broken = bytearray(whole[: random.integers(8, len(whole) + 1)])
        for at in random.integers(8, len(broken), 4) if len(broken) > 8 else ():
            broken[at] = random.integers(0, 256)
        try:
            assert 0 < message(bytes(broken)).seconds <= LONGEST
        except InvalidInput as refused:
            assert refused.code.startswith("voice.")

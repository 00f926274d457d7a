"""Recordings in: what is read, what is refused and by which code."""

import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from accessibility.errors import InvalidInput
from accessibility.voice.audio import RATE, _filters, demand_audible, read_wav, resample


def wav(samples: np.ndarray, rate: int, subtype: str = "PCM_16") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def tone(rate: int, hertz: float = 440.0, seconds: float = 1.0) -> np.ndarray:
    return 0.4 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 47999, 48000])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_a_tone_is_the_same_tone_from_any_rate(rate: int, subtype: str) -> None:
    heard = read_wav(wav(tone(rate), rate, subtype))
    assert heard.dtype == np.float32
    assert abs(len(heard) - RATE) <= 1
    middle = slice(RATE // 10, -RATE // 10)
    assert np.abs(heard[:RATE][middle] - tone(RATE)[: len(heard)][middle]).max() < 2e-3


def test_what_16_khz_cannot_hold_is_kept_out() -> None:
    heard = read_wav(wav(tone(48000, 9500), 48000))
    assert np.sqrt(np.mean(heard[800:-800] ** 2)) < 0.002


def test_two_channels_become_one() -> None:
    both = np.stack([tone(RATE), np.zeros(RATE)], axis=1)
    assert np.abs(read_wav(wav(both, RATE)) - tone(RATE) / 2).max() < 1e-3


def test_a_recorder_that_streams_leaves_its_length_open() -> None:
    data = bytearray(wav(tone(RATE), RATE))
    at = data.index(b"data") + 4
    data[at : at + 4] = b"\xff\xff\xff\xff"
    data[4:8] = b"\xff\xff\xff\xff"
    assert len(read_wav(bytes(data))) == RATE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "voice.not_wav"),
        (b"RIFF\x00\x00\x00\x00WAVE", "voice.not_wav"),
        (b"OggS" + bytes(100), "voice.not_wav"),
        (wav(tone(RATE), RATE, "PCM_24"), "voice.wav_unsupported"),
        (wav(tone(4000), 4000), "voice.wav_unsupported"),
        (wav(tone(96000), 96000), "voice.wav_unsupported"),
        (wav(np.zeros((100, 3)), RATE), "voice.wav_unsupported"),
        (wav(np.zeros(0), RATE), "voice.silent"),
        (wav(tone(RATE, seconds=6.5), RATE), "voice.too_long"),
        (wav(np.full(100, np.nan), RATE, "FLOAT"), "voice.not_wav"),
        (bytes(4_000_000), "voice.too_large"),
    ],
)
def test_what_is_refused_has_its_code(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_wav(data)
    assert refused.value.code == code


def test_longer_is_read_where_it_is_asked_for_but_never_above_a_minute() -> None:
    assert len(read_wav(wav(tone(8000, seconds=20), 8000), longest=30)) == 20 * RATE
    with pytest.raises(InvalidInput, match="too_long"):
        read_wav(wav(tone(8000, seconds=61), 8000), longest=100)


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(tail: bytes) -> None:
    for data in (tail, b"RIFF" + struct.pack("<I", len(tail)) + b"WAVE" + tail):
        try:
            heard = read_wav(data)
        except InvalidInput as refused:
            assert refused.code.startswith("voice.")
        else:
            assert np.isfinite(heard).all()


@given(st.integers(8000, 48000), st.integers(1, 3000))
def test_resampling_keeps_the_length_in_time(rate: int, length: int) -> None:
    assert len(resample(np.ones(length, np.float32), rate)) == -(-length * RATE // rate)


def test_silence_and_cut_off_waves_are_told_apart_from_speech() -> None:
    demand_audible(tone(RATE).astype(np.float32))
    with pytest.raises(InvalidInput, match=r"voice\.silent"):
        demand_audible(np.full(RATE, 1e-4, np.float32))
    with pytest.raises(InvalidInput, match=r"voice\.clipped"):
        demand_audible(np.clip(5 * tone(RATE), -1, 1).astype(np.float32))


def test_a_recording_of_each_rate_leaves_no_table_of_its_own_behind() -> None:
    for rate in range(8_001, 8_121, 10):
        resample(np.zeros(10, np.float32), rate)
    assert _filters.cache_info().currsize <= 8

"""What is kept of a person's commands, and what a person is told about them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from accessibility.errors import InvalidInput
from accessibility.voice.aligning import LENGTH
from accessibility.voice.audio import RATE, Samples
from accessibility.voice.enrolment import Enrolment, Take, take, too_similar, unlike_the_others
from accessibility.voice.spectrum import CEPSTRA
from bench.voices.conditions import Condition, placed, recorded
from bench.voices.people import TUNING, Voices

TAKES = st.builds(Take, arrays(np.int8, (LENGTH, CEPSTRA + 1)), st.integers(1, 400))
ENROLMENTS = st.builds(
    Enrolment,
    st.dictionaries(st.text(min_size=1, max_size=20), st.lists(TAKES, min_size=1, max_size=3).map(tuple), max_size=4),
)


@given(ENROLMENTS)
def test_what_is_stored_is_read_back(enrolment: Enrolment) -> None:
    assert Enrolment.from_bytes(enrolment.to_bytes()) == enrolment


@given(ENROLMENTS, st.integers(0, 10_000), st.integers(0, 255))
def test_damaged_bytes_are_refused_and_nothing_else(enrolment: Enrolment, at: int, value: int) -> None:
    data = bytearray(enrolment.to_bytes())
    data[at % len(data)] = value
    try:
        Enrolment.from_bytes(bytes(data))
    except InvalidInput as refused:
        assert refused.code in ("voice.enrolment_unreadable", "voice.enrolment_invalid")


@pytest.mark.parametrize("data", [b"", b"\x02abc", b"\x01", b"\x01abc"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"voice\.enrolment_unreadable"):
        Enrolment.from_bytes(data)


def test_it_is_small_and_the_oldest_of_four_takes_goes(enrolments: dict[str, Enrolment]) -> None:
    enrolment = next(iter(enrolments.values()))
    assert len(enrolment.to_bytes()) < 640 * sum(map(len, enrolment.takes.values()))
    first, second = enrolment.takes["播放"]
    more = enrolment.with_take("播放", second).with_take("播放", second)
    assert more.takes["播放"] == (second, second, second)
    assert first not in more.takes["播放"]
    assert "播放" not in more.without("播放").takes


def test_an_enrolment_has_bounds() -> None:
    own = Take(np.zeros((LENGTH, CEPSTRA + 1), np.int8), 40)
    for takes in ({"": (own,)}, {"a": ()}, {"a": (own,) * 4}, {str(n): (own,) for n in range(65)}):
        with pytest.raises(InvalidInput, match=r"voice\.enrolment_invalid"):
            Enrolment(takes)


def test_a_good_take_has_no_warning_and_a_bad_one_says_why(synthetic: Voices) -> None:
    rng = np.random.default_rng(5)
    said = recorded(synthetic, TUNING[0], "我的学分", Condition("quiet"), rng, np.zeros(0, np.float32))
    assert take(said).warnings == ()
    assert "voice.quiet" in take(said * np.float32(0.012 / np.abs(said).max())).warnings
    words = synthetic.take(TUNING[0], "我的学分", rng)
    assert "voice.cut_off" in take(np.pad(words, (0, RATE // 2))).warnings
    assert "voice.noisy" in take(placed(words, Condition("", "white", 8), rng, words)).warnings


def test_silence_noise_and_cut_waves_are_no_take(synthetic: Voices) -> None:
    rng = np.random.default_rng(6)
    for sound, code in (
        (np.zeros(RATE, np.float32), "voice.silent"),
        (rng.normal(0, 0.05, 2 * RATE).astype(np.float32), "voice.no_speech"),
        (np.full(100, 0.5, np.float32), "voice.no_speech"),
        (np.sign(np.sin(np.arange(RATE) / 9)).astype(np.float32), "voice.clipped"),
    ):
        with pytest.raises(InvalidInput) as refused:
            take(sound)
        assert refused.value.code == code


def test_words_too_similar_are_named(synthetic: Voices) -> None:
    rng = np.random.default_rng(7)
    enrolment = Enrolment()
    for said in ("大一点", "慢一点", "我的学分", "帮助", "返回"):
        sound = recorded(synthetic, TUNING[1], said, Condition("quiet"), rng, np.zeros(0, np.float32))
        enrolment = enrolment.with_take(said, take(sound).take)
    assert [{pair.first, pair.second} for pair in too_similar(enrolment)] == [{"大一点", "慢一点"}]
    assert too_similar(enrolment.without("帮助").without("返回").without("我的学分")) == []


def test_a_take_of_another_word_is_noticed(
    recordings: dict[str, dict[str, list[Samples]]], enrolments: dict[str, Enrolment]
) -> None:
    for person, enrolment in enrolments.items():
        assert not any(unlike_the_others(enrolment, command) for command in enrolment.takes)
        wrong = take(recordings[person]["我的学分"][2]).take
        assert unlike_the_others(enrolment.with_take("播放", wrong), "播放")

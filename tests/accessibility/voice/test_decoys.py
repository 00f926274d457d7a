"""Words that sound like a command and are none: which they are, how they are made, and that they are asked about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.intent.model import intents
from accessibility.voice.aligning import LENGTH, Compared
from accessibility.voice.audio import RATE
from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.decoys import NearWords, over_hiss, told_in_noise
from accessibility.voice.endpoint import Span
from accessibility.voice.enrolment import Enrolment, take
from accessibility.voice.near_words import (
    MOST,
    candidates,
    commands,
    near_words,
    nearest_words,
    sound,
    syllables_apart,
)
from accessibility.voice.spectrum import BANDS, Bands, bands, over_white_noise
from accessibility.voice.syllables import known
from accessibility.voice.thresholds import Thresholds
from bench.voices.conditions import Condition, recorded
from bench.voices.people import TUNING, Person, Voices

SYLLABLES = st.sampled_from(sorted(known()))
NOBODY = np.zeros(0, np.float32)


def test_words_that_sound_like_a_command_are_known_and_no_other_way_of_saying_it_is_among_them() -> None:
    offered = commands()
    assert set(near_words()) <= set(offered)
    for command, words in near_words().items():
        own = sound(command)
        assert 1 <= len(words) <= MOST
        assert not {sound(word) for word in words} & {sound(other) for other in (*offered[command], command)}
        for word in words:
            assert len(word) == len(command)
            assert sum(a != b for a, b in zip(own, sound(word), strict=True)) == 1, (command, word)
    assert "决定" in near_words()["确定"]
    assert "确认" not in near_words()["确定"]


def test_what_asks_for_the_same_is_no_decoy_however_near() -> None:
    assert "决定" in candidates("确定", frozenset())
    assert "决定" not in candidates("确定", frozenset({"决定"}))


@given(SYLLABLES, SYLLABLES)
def test_how_unlike_two_syllables_are_does_not_depend_on_their_order(first: str, second: str) -> None:
    assert syllables_apart(first, second) == syllables_apart(second, first)
    assert 0 <= syllables_apart(first, second) <= 4
    assert syllables_apart(first, first) in (0, 4)  # 4 where a syllable cannot be taken apart


def test_a_decoy_in_the_voice_of_the_synthesiser_is_what_it_says() -> None:
    rng = np.random.default_rng(5)
    command = np.cumsum(rng.normal(0, 0.4, (LENGTH, BANDS)), axis=0).astype(np.float32)
    words = command[None] + np.where(np.arange(LENGTH) < 12, 2.0, 0.0)[None, :, None].astype(np.float32)
    louder = NearWords.of(command, words).said_by(np.stack([command, command + 1]))
    assert louder.shape == (2, 1, LENGTH, BANDS)
    np.testing.assert_allclose(louder[0], np.maximum(words, -9), atol=1e-4)
    assert np.median(louder[1] - louder[0]) == pytest.approx(1, abs=0.05)


def test_only_words_of_a_dictionary_that_are_nearest_are_looked_for_in_noise() -> None:
    for command, words in near_words().items():
        for number in nearest_words(command):
            own, other = sound(command), sound(words[number])
            assert sum(syllables_apart(a, b) for a, b in zip(own, other, strict=True)) == 1
    assert near_words()["确定"].index("决定") in nearest_words("确定")
    assert nearest_words("no command") == ()


def test_in_noise_a_command_is_told_from_a_word_that_has_one_breath_less() -> None:
    """Energies of both are put into noise that drowns most of them, as a recording has them."""
    rng = np.random.default_rng(3)
    command = np.cumsum(rng.normal(0, 0.3, (LENGTH, BANDS)), axis=0).astype(np.float32)
    command -= np.log(np.exp(command).mean())
    word = command.copy()
    word[:8, 12:] -= 4
    near = NearWords.of(command, word[None], (0,))
    instead = near.said_instead(command[None])
    np.testing.assert_allclose(near.said_instead(command[None] + 1)[0], instead[0] + 1, atol=0.05)
    told = [_in_noise(said, command, instead, noise) for noise in (0.05, 0.5) for said in (command, word)]
    assert told[0] > 0 > told[1]
    assert told[2] > told[3]
    assert abs(told[3]) < abs(told[1])


def _in_noise(said: Bands, command: Bands, instead: Bands, noise: float) -> float:
    energies = np.full((LENGTH + 60, BANDS), noise, np.float32)
    energies[30:-30] += np.exp(said)
    span = Span(30, 30 + LENGTH, np.ones(len(energies), bool))
    return told_in_noise(command[None], instead, energies, span, energies[0])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-0.5, 1))
def test_less_is_demanded_in_more_noise_and_of_what_is_less_sure(
    visible: float, sure: float, more: float, noisier: float, longer: float
) -> None:
    limit = Thresholds()
    least = limit.told_at(visible, sure, longer, False)
    assert min(limit.told_least) <= least <= limit.told[0]
    assert limit.told_at(visible, sure + more, longer, False) >= least - 1e-9
    assert limit.told_at(visible * noisier, sure, longer, False) <= least + 1e-9
    assert limit.told_at(visible, sure, longer + more, False) <= least + 1e-9
    assert limit.told_at(visible, sure, longer, True) == limit.told_echo
    assert limit.told_in_noise_at(visible * noisier) >= limit.told_in_noise_at(visible)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-0.5, 1), st.booleans())
def test_more_is_demanded_of_a_command_that_confirms_and_the_more_the_less_sure_it_is(
    visible: float, sure: float, more: float, longer: float, echoes: bool
) -> None:
    limit = Thresholds()
    least = limit.told_to_confirm_at(visible, sure, longer, echoes)
    assert limit.told_at(visible, sure, longer, echoes) - 1e-9 <= least <= limit.told_to_confirm[0]
    assert limit.told_to_confirm_at(visible, sure + more, longer, echoes) <= least + 1e-9
    assert limit.told_to_confirm_at(visible, sure, longer + more, echoes) <= least + 1e-9


@pytest.mark.parametrize("decibels", [0.0, 10.0])
def test_how_far_a_voice_stands_above_hiss_is_what_was_mixed(decibels: float) -> None:
    rng = np.random.default_rng(2)
    hiss = rng.normal(0, 1, 4 * RATE)
    spectrum, hertz = np.fft.rfft(rng.normal(0, 1, 4 * RATE)), np.fft.rfftfreq(4 * RATE, 1 / RATE)
    voice = np.fft.irfft(np.where((hertz > 300) & (hertz < 2000), spectrum, 0))
    voice *= 10 ** (decibels / 20) * hiss.std() / voice.std()
    above = over_white_noise(bands(voice.astype(np.float32)), bands(hiss.astype(np.float32)).mean(axis=0))
    np.testing.assert_allclose(above, decibels, atol=1)


def test_a_difference_is_hidden_only_where_noise_covers_all_of_its_bands() -> None:
    command = np.zeros((LENGTH, BANDS), np.float32)
    instead = np.zeros((1, LENGTH, BANDS), np.float32)
    instead[:, :8, 13:] = -2
    near = NearWords(command, instead, np.zeros((1, LENGTH), np.intp), instead)

    def above(noise: Bands) -> float:
        points = np.zeros((1, LENGTH, LENGTH), np.float32)
        return over_hiss(near, command[None], Compared(points[:, 0, 0], 0, 1, points, command[None], noise, 1.0))

    faint, loud = np.full(BANDS, 0.01, np.float32), np.full(BANDS, 10, np.float32)
    elsewhere, partly = (np.where(np.arange(BANDS) < first, loud, faint) for first in (13, 20))
    assert above(elsewhere) == pytest.approx(above(faint), abs=0.1)
    assert above(partly) > above(loud) + 25
    assert above(faint) == pytest.approx(above(loud) + 30, abs=0.1)


def enrolled(synthetic: Voices, person: Person, said: dict[str, str], rng: np.random.Generator) -> Enrolment:
    """Each command said twice by that voice, in quiet."""
    made = Enrolment()
    for name, text in said.items():
        for _take in range(2):
            made = made.with_take(name, take(recorded(synthetic, person, text, Condition("quiet"), rng, NOBODY)).take)
    return made


@pytest.mark.parametrize("room", [Condition("quiet"), Condition("echo", "brown", 20, echo=0.4)], ids=["quiet", "echo"])
def test_a_word_that_sounds_like_the_confirming_one_does_not_confirm(synthetic: Voices, room: Condition) -> None:
    """决定 was taken for 确定 from everybody: they differ by the breath of one consonant."""
    rng = np.random.default_rng(21)
    words = intents()["confirm"].offered("zh-CN")
    said = {"confirm": words, "cancel": "取消", "back": "返回", "next": "下一页", "play": "播放", "help": "帮助"}
    taken = {"with decoys": 0, "without": 0}
    for person in TUNING[:3]:
        enrolment = enrolled(synthetic, person, said, rng)
        with_decoys = EnrolledCommands(enrolment, near=lambda name: synthetic.near(said[name]))
        without = EnrolledCommands(enrolment)
        near = recorded(synthetic, person, "决定", room, rng, NOBODY)
        heard = with_decoys.recognise(near, said)
        taken["with decoys"] += heard.command == "confirm"
        taken["without"] += without.recognise(near, said).command == "confirm"
        assert "confirm" in [guess.command for guess in heard.guesses]
        again = recorded(synthetic, person, words, room, rng, NOBODY)
        assert with_decoys.recognise(again, said).command == "confirm"
    assert taken["with decoys"] < taken["without"] == 3


def test_what_confirms_is_offered_and_not_carried_out_where_hiss_hides_what_tells_it_apart(synthetic: Voices) -> None:
    """In white noise 5 dB below the voice nothing is left of the breath in 确定; in pink noise of 10 dB enough is."""
    rng = np.random.default_rng(22)
    words = intents()["confirm"].offered("zh-CN")
    said = {"confirm": words, "cancel": "取消", "back": "返回", "next": "下一页", "play": "播放", "help": "帮助"}
    hiss, rain = Condition("hiss", "white", 5), Condition("rain", "pink", 10)
    carried_out = {"as another command": 0, "in pink noise": 0}
    for person in TUNING[:3]:
        enrolment = enrolled(synthetic, person, said, rng)
        confirms = EnrolledCommands(enrolment, near=lambda name: synthetic.near(said[name]))
        another = EnrolledCommands(enrolment, near=lambda name: synthetic.near(said[name]), confirming=frozenset())
        for spoken in (words, words, "决定"):
            sound_of = recorded(synthetic, person, spoken, hiss, rng, NOBODY)
            heard = confirms.recognise(sound_of, said)
            assert heard.outcome == "unsure"
            assert "confirm" in [guess.command for guess in heard.guesses]
            carried_out["as another command"] += another.recognise(sound_of, said).command == "confirm"
        again = recorded(synthetic, person, words, rain, rng, NOBODY)
        carried_out["in pink noise"] += confirms.recognise(again, said).command == "confirm"
    assert carried_out["as another command"] >= 4
    assert carried_out["in pink noise"] >= 2

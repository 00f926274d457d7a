"""Recognising a person's own commands, from sound to decision."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.voice.audio import RATE, Samples
from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.enrolment import Enrolment, take
from accessibility.voice.recogniser import NOTHING
from accessibility.voice.thresholds import Thresholds
from bench.voices.conditions import Condition, crowd, placed, recorded
from bench.voices.people import CROWD_TUNING, TUNING, Voices
from bench.voices.talk import TALK_TUNING

Recordings = dict[str, dict[str, list[Samples]]]
NOBODY = np.zeros(0, np.float32)


def expected(enrolment: Enrolment) -> dict[str, str]:
    return {command: command for command in enrolment.takes}


def test_every_command_is_recognised_in_a_quiet_room(recordings: Recordings, enrolments: dict[str, Enrolment]) -> None:
    for person, enrolment in enrolments.items():
        recogniser = EnrolledCommands(enrolment)
        for command, takes in recordings[person].items():
            for sound in takes[2:]:
                assert recogniser.recognise(sound, expected(enrolment)).command == command


@pytest.mark.parametrize("noise", ["white", "pink"])
def test_noise_at_ten_decibels_never_makes_a_wrong_act(
    noise: str, synthetic: Voices, enrolments: dict[str, Enrolment]
) -> None:
    rng = np.random.default_rng(8)
    condition = Condition(noise, noise, 10)  # type: ignore[arg-type]
    right = []
    for person in TUNING[:2]:
        enrolment = enrolments[person.name]
        recogniser = EnrolledCommands(enrolment)
        for command in enrolment.takes:
            heard = recogniser.recognise(
                recorded(synthetic, person, command, condition, rng, NOBODY), expected(enrolment)
            )
            assert heard.command in (command, None)
            assert command in [guess.command for guess in heard.guesses]
            right.append(heard.command == command)
    assert np.mean(right) >= 0.75


def test_voices_at_ten_decibels_never_make_a_wrong_act(synthetic: Voices, enrolments: dict[str, Enrolment]) -> None:
    rng = np.random.default_rng(13)
    behind = crowd(synthetic, CROWD_TUNING[:6], TALK_TUNING, rng, 12)
    right = []
    for person in TUNING[:2]:
        enrolment = enrolments[person.name]
        recogniser = EnrolledCommands(enrolment)
        for command in enrolment.takes:
            sound = recorded(synthetic, person, command, Condition("voices", "babble", 10), rng, behind)
            likeness = recogniser.compare(sound)
            assert likeness is not None
            assert likeness.restlessness > 0.34
            heard = recogniser.recognise(sound, expected(enrolment))
            assert heard.command in (command, None)
            right.append(heard.command == command)
    assert any(right)


def test_other_speech_is_not_taken_for_a_command(synthetic: Voices, enrolments: dict[str, Enrolment]) -> None:
    rng = np.random.default_rng(9)
    taken = []
    for person in TUNING[:2]:
        recogniser = EnrolledCommands(enrolments[person.name])
        for said in ("今天天气不错", "我想喝水", "打电话给小王", "电视太吵了", "谢谢"):
            sound = recorded(synthetic, person, said, Condition("quiet"), rng, NOBODY)
            heard = recogniser.recognise(sound, expected(enrolments[person.name]))
            assert heard.outcome != "nothing"
            assert len(heard.guesses) == 3
            taken.append(heard.outcome == "accepted")
    assert sum(taken) <= 1


def test_a_phrase_that_ends_like_a_command_is_asked_about_also_in_noise(synthetic: Voices) -> None:
    """Before stretches counted, 下一站 and 有一点 were taken for 下一页 and 慢一点 where noise covered what differs."""
    rng = np.random.default_rng(11)
    commands = ("下一页", "上一页", "慢一点", "快一点", "返回", "帮助")
    for person in TUNING[:2]:
        enrolment = Enrolment()
        for command in commands:
            sound = recorded(synthetic, person, command, Condition("quiet"), rng, NOBODY)
            enrolment = enrolment.with_take(command, take(sound).take)
        recogniser = EnrolledCommands(enrolment)
        for decibels in (99.0, 20.0, 10.0, 5.0):
            for said in ("下一站", "有一点", "不一定"):
                sound = recorded(synthetic, person, said, Condition("", "white", decibels), rng, NOBODY)
                assert recogniser.recognise(sound, expected(enrolment)).command is None, (person.name, said, decibels)


def test_part_of_a_command_is_not_the_command(recordings: Recordings, enrolments: dict[str, Enrolment]) -> None:
    person, enrolment = next(iter(enrolments.items()))
    recogniser = EnrolledCommands(enrolment)
    likeness = recogniser.compare(recordings[person]["我的学分"][2])
    assert likeness is not None
    assert recogniser.accepts(likeness)
    for longer in (-0.8, 1.2):
        assert not recogniser.accepts(replace(likeness, longer=longer))


def test_a_command_with_another_word_before_it_in_noise_is_asked_about(
    recordings: Recordings, enrolments: dict[str, Enrolment]
) -> None:
    """Pink noise once parted "next page" so that "page" was left, and it was taken for "play"."""
    person, enrolment = next(iter(enrolments.items()))
    recogniser = EnrolledCommands(enrolment)
    rng = np.random.default_rng(12)
    command, other = recordings[person]["我的学分"][2], recordings[person]["暂停"][2]
    alone, both = (
        placed(sound, Condition("", "pink", 15), rng, NOBODY)
        for sound in (command, np.concatenate([other, np.zeros(RATE, np.float32), command]))
    )
    heard, beside = recogniser.compare(alone), recogniser.compare(both)
    assert heard is not None
    assert beside is not None
    assert heard.left < 0.1 < beside.left
    assert recogniser.accepts(heard)
    assert not recogniser.accepts(beside)


VISIBLE, DECIBELS, RESTLESS, LONGER = st.floats(0, 1), st.floats(-20, 60), st.floats(0, 2), st.floats(-0.7, 1.1)


@given(VISIBLE, DECIBELS, RESTLESS, LONGER, st.floats(0, 1))
def test_more_noise_or_quicker_speech_never_makes_acting_easier(
    visible: float, above: float, restless: float, longer: float, less: float
) -> None:
    limit = Thresholds()
    sure = limit.sure_at(visible, above, restless, longer)
    assert 0.25 <= sure <= 0.56
    assert limit.sure_at(visible, above - 20 * less, restless, longer) >= sure - 1e-9
    assert limit.sure_at(visible, above, restless, longer - less) >= sure - 1e-9
    assert limit.margin_at(visible * (1 - less), restless) >= limit.margin_at(visible, restless) - 1e-9
    assert limit.margin_at(visible, restless + less) >= limit.margin_at(visible, restless) - 1e-9
    # Noise hides the ends of words, so that for its share only words as long as when they were enrolled compare.
    unhurried = limit.sure_at(visible, above, restless, 0.0)
    assert limit.sure_at(visible * (1 - less), above, restless, 0.0) >= unhurried - 1e-9


def test_a_command_is_understood_in_a_room_that_echoes(synthetic: Voices, enrolments: dict[str, Enrolment]) -> None:
    rng = np.random.default_rng(14)
    right = []
    for person in TUNING[:2]:
        enrolment = enrolments[person.name]
        recogniser = EnrolledCommands(enrolment)
        for command in enrolment.takes:
            for seconds in (0.4, 0.6):
                condition = Condition("echo", "brown", 20, echo=seconds)
                sound = recorded(synthetic, person, command, condition, rng, NOBODY)
                heard = recogniser.recognise(sound, expected(enrolment))
                assert heard.command in (command, None)
                right.append(heard.command == command)
    assert np.mean(right) >= 0.9


def test_silence_and_noise_alone_are_nothing_heard(enrolments: dict[str, Enrolment]) -> None:
    recogniser = EnrolledCommands(next(iter(enrolments.values())))
    rng = np.random.default_rng(10)
    empty = [np.zeros(n, np.float32) for n in (0, 100, 512, RATE)]
    noises = [placed(np.zeros(RATE, np.float32) + 1e-9, Condition("", "pink", -120), rng, NOBODY)]
    noises += [rng.normal(0, level, 2 * RATE).astype(np.float32) for level in (1e-4, 0.01, 0.3)]
    for sound in (*empty, *noises):
        assert recogniser.recognise(sound, {"播放": "播放"}) == NOTHING


def test_the_order_of_enrolment_does_not_matter(recordings: Recordings, enrolments: dict[str, Enrolment]) -> None:
    person, enrolment = next(iter(enrolments.items()))
    turned = Enrolment({name: enrolment.takes[name][::-1] for name in reversed(enrolment.takes)})
    for command, takes in recordings[person].items():
        mine, other = (EnrolledCommands(e).compare(takes[3]) for e in (enrolment, turned))
        assert mine is not None
        assert other is not None
        assert mine.order[0] == other.order[0] == command
        assert mine.distances[0] == pytest.approx(other.distances[0], rel=1e-4)


def test_a_command_that_the_page_does_not_know_is_not_carried_out(
    recordings: Recordings, enrolments: dict[str, Enrolment]
) -> None:
    person, enrolment = next(iter(enrolments.items()))
    heard = EnrolledCommands(enrolment).recognise(recordings[person]["播放"][2], {"返回": "返回", "暂停": "暂停"})
    assert heard.outcome == "unsure"
    assert {guess.command for guess in heard.guesses} == {"返回", "暂停"}


def test_few_commands_or_none(recordings: Recordings, enrolments: dict[str, Enrolment]) -> None:
    person, enrolment = next(iter(enrolments.items()))
    one = Enrolment({"播放": enrolment.takes["播放"]})
    two = Enrolment({**one.takes, "返回": enrolment.takes["返回"]})
    for few in (one, two):
        recogniser = EnrolledCommands(few)
        assert recogniser.recognise(recordings[person]["播放"][2], expected(few)).command == "播放"
        assert recogniser.recognise(recordings[person]["我的学分"][2], expected(few)).command is None
    assert EnrolledCommands(Enrolment()).recognise(recordings[person]["播放"][2], {"播放": "播放"}) == NOTHING

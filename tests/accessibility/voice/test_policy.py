"""Who is asked, and what comes of what was heard."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from accessibility.voice.audio import Samples
from accessibility.voice.policy import Turn, in_order, refused, take_turn
from accessibility.voice.recogniser import NOTHING, Guess, Heard

SOUND = np.zeros(10, np.float32)
PAGE = {"next": "下一页", "back": "返回", "help": "帮助", "confirm": "确定"}


@dataclass
class Says:
    """A recogniser that hears what it is told to."""

    name: str
    sure: bool
    heard: Heard

    def recognise(self, samples: Samples, expected: Mapping[str, str]) -> Heard:
        return self.heard


def accepted(command: str) -> Heard:
    return Heard("accepted", (Guess(command, 1.0),))


def unsure(*commands: str) -> Heard:
    return Heard("unsure", tuple(Guess(command, 0.5) for command in commands))


def test_ones_own_words_come_first_whatever_the_order() -> None:
    english, own, model = Says("pocketsphinx", False, NOTHING), Says("own", True, NOTHING), Says("vosk", False, NOTHING)
    assert in_order([english, model, own]) == [own, model, english]


def test_a_sure_command_is_carried_out_and_misses_are_forgotten() -> None:
    turn = take_turn(
        [Says("vosk", False, accepted("back")), Says("own", True, accepted("next"))], SOUND, PAGE, misses=1
    )
    assert turn == Turn("act", ("next",), 0, "own")


@pytest.mark.parametrize(("sure", "final"), [(False, frozenset()), (True, frozenset({"confirm"}))])
def test_what_is_not_sure_or_cannot_be_undone_is_confirmed(sure: bool, final: frozenset[str]) -> None:
    turn = take_turn([Says("own", sure, accepted("confirm"))], SOUND, PAGE, misses=1, final=final)
    assert turn == Turn("confirm", ("confirm",), 1, "own")


def test_the_next_is_asked_where_the_first_is_unsure_and_what_both_thought_of_is_offered() -> None:
    own, model = Says("own", True, unsure("next", "back")), Says("vosk", False, unsure("back", "help", "confirm"))
    assert take_turn([own, model], SOUND, PAGE) == Turn("offer", ("next", "back", "help"), 1)
    assert take_turn([own, Says("vosk", False, accepted("help"))], SOUND, PAGE).step == "confirm"


def test_nothing_heard_is_asked_again_and_the_second_miss_brings_buttons() -> None:
    first = take_turn([Says("own", True, NOTHING)], SOUND, PAGE)
    assert first == Turn("again", (), 1)
    second = take_turn([Says("own", True, unsure("next"))], SOUND, PAGE, misses=first.misses)
    assert second == Turn("buttons", ("next",), 2)


def test_without_a_recogniser_there_are_buttons() -> None:
    assert take_turn([], SOUND, PAGE).step == "buttons"


def test_no_to_a_confirmation_is_a_miss() -> None:
    asked = Turn("confirm", ("next",), 0, "vosk")
    assert refused(asked) == Turn("again", (), 1)
    assert refused(Turn("confirm", ("next",), 1, "vosk")) == Turn("buttons", (), 2)

"""What people say, and what is made of it."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.intent.model import TONGUES, intents
from accessibility.intent.understanding import LONGEST, Label, understand

CONTENT = Path(__file__).parents[3] / "content" / "courses"
EXAMPLES = {"zh": ("三", "怎么挂号"), "dialect": ("三", "怎么挂号"), "en": ("three", "how to see a doctor")}
PHRASES = [
    (intent.id, phrase.format(number=EXAMPLES[tongue][0], words=EXAMPLES[tongue][1]))
    for intent in intents().values()
    for tongue in TONGUES
    for phrase in intent.phrases[tongue]
]


def acts(text: str, **known: object) -> str | None:
    """The intent that a text acts on, if it does."""
    meaning = understand(text, **known)  # type: ignore[arg-type]
    return meaning.found[0].intent if meaning.outcome == "act" else None


@pytest.mark.parametrize(("intent", "phrase"), PHRASES)
def test_each_phrase_means_its_own_intent(intent: str, phrase: str) -> None:
    assert acts(phrase) == intent


def test_each_intent_can_be_said_in_both_languages_and_offers_a_phrase_that_means_it() -> None:
    for intent in intents().values():
        assert intent.phrases["zh"] and intent.phrases["en"], intent.id
        for lang in ("zh-CN", "en"):
            offered = intent.offered(lang).replace("……", "怎么挂号").replace("…", "the doctor")
            assert acts(offered) == intent.id


CHINESE = [(intent, phrase) for intent, phrase in PHRASES if not re.search("[a-z]", phrase)]


@given(
    st.sampled_from(CHINESE), st.sampled_from(["麻烦", "请", "帮我", ""]), st.sampled_from(["吧", "好吗", "，谢谢", ""])
)
def test_politeness_changes_nothing(phrase: tuple[str, str], before: str, after: str) -> None:
    meaning = understand(before + phrase[1] + after)
    assert {phrase[0], "ask"} & {one.intent for one in meaning.found}  # 请问学伴 may be a question, too
    assert meaning.outcome != "act" or meaning.found[0].intent in {phrase[0], "ask"}


@pytest.mark.parametrize(
    ("heard", "intent"),
    [("下一夜", "next"), ("我的血分", "credits"), ("夏一页", "next"), ("学习裤", "library"), ("高对笔", "contrast"),
     ("我的进补", "progress"), ("今天学森么", "today")],
)  # fmt: skip
def test_a_recogniser_that_hears_other_characters_of_the_same_sound(heard: str, intent: str) -> None:
    assert acts(heard) == intent


@pytest.mark.parametrize("said", ["不要下一页", "别提交", "不要退出登录", "don't sign out", "不是这个，别交卷"])
def test_a_not_is_never_an_act(said: str) -> None:
    assert acts(said) not in {"next", "submit", "sign_out"}


def test_numbers_go_to_their_slot() -> None:
    assert understand("打开第十二个").found[0].slots == {"number": "12"}
    assert understand("number twenty-one").found[0].slots == {"number": "21"}
    assert understand("答案是十二点五").found[0].slots == {"number": "12.5"}
    assert acts("第很多个") is None


def test_only_what_can_be_said_here_is_understood() -> None:
    assert acts("提交", available={"next", "back"}) is None
    assert acts("提交", available={"submit"}) == "submit"


def test_a_label_of_the_page_is_a_command() -> None:
    labels = [Label("a", "看完整成绩单"), Label("b", "出示给别人"), Label("c", "大字版完整成绩单")]
    assert understand("出示给别人", labels=labels, available=()).found[0].slots == {"label": "b"}
    unsure = understand("完整成绩单", labels=labels, available=())
    assert unsure.outcome == "choose" and {one.slots["label"] for one in unsure.found} == {"a", "c"}


def test_other_speech_is_refused() -> None:
    """Sentences of the lessons are talk, not commands: fewer than one in a hundred acts, and none that changes."""
    talk: set[str] = set()
    for file in sorted(CONTENT.rglob("*.md")):
        talk.update(re.findall(r"[\u3400-\u9fff]{3,14}(?=[。！？])", file.read_text("utf-8")))
    assert len(talk) > 1000
    heard = sorted(talk) if os.environ.get("FULL") == "1" else sorted(talk)[::7]
    acted = [s for s in heard if acts(s) is not None]
    assert len(acted) / len(heard) < 0.01, acted
    assert not [s for s in acted if intents()[acts(s) or ""].changes]


@given(st.text(max_size=LONGEST + 5))
def test_whatever_is_heard_never_fails(text: str) -> None:
    understand(text, labels=[Label("x", text)])

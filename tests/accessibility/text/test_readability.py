"""How hard texts are to read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.text.readability import familiarity, measure

EASY = "先关火。\n盖上锅盖。\n火没了，再开窗。\n火大了，马上走。\n说清楚你家在哪里。"
PLAIN = """给家里人打电话，最方便的是用联系人。点开联系人，找到名字，再点一下号码，电话就拨出去了。
打完电话，记得点红色的按钮挂断。有时候屏幕会自己变黑，那是因为手机贴着耳朵，拿开就会亮。"""
STATUTE = """监护人应当按照最有利于被监护人的原则履行监护职责。监护人除为维护被监护人利益外，不得处分被监护人的财产。
成年人的监护人履行监护职责，应当最大程度地尊重被监护人的真实意愿，保障并协助被监护人实施与其智力、精神健康状况相适应的民事法律行为。"""
NOTICE = """\
为贯彻落实国务院办公厅关于推进基本养老服务体系建设的意见精神，进一步健全完善我市城乡居民基本养老保险待遇\
确定和基础养老金正常调整机制，经市政府同意，现就有关事项通知如下。
参保人员应当于每年度集中缴费期内足额缴纳城乡居民基本养老保险费，逾期未缴纳的，可按照规定予以补缴，但不享受政府缴费补贴。"""


def test_texts_from_a_recipe_to_a_notice_stand_in_order() -> None:
    found = [measure(text) for text in (EASY, PLAIN, STATUTE, NOTICE)]
    assert [reading.level for reading in found] == ["simple", "simple", "middle", "hard"]
    assert found[0].score < 15
    assert found[0].score < found[1].score < found[2].score < found[3].score


def test_sentences_and_their_lengths() -> None:
    found = measure("打119。说清楚：我家在3号楼！\n• …\n好吗？WiFi 密码是 abc")
    assert found.sentences == ("打119。", "说清楚：我家在3号楼！", "好吗？", "WiFi 密码是 abc")
    assert found.characters == (2, 9, 2, 5)


def test_a_rare_word_of_everyday_characters_is_not_hard() -> None:
    assert familiarity("盖上") > 3 > familiarity("簠簋")
    assert familiarity("119") > 3
    assert measure("镊子和坩埚。坩埚。").hard_words == ("镊子", "坩埚")


@pytest.mark.parametrize(
    "text", ["您不得不去。", "商店不能不收现金。", "我非去不可。", "没有人不喜欢。", "这并非没有用。"]
)
def test_double_negatives(text: str) -> None:
    assert measure(text).double_negatives


@pytest.mark.parametrize(
    "text", ["能不能不去？", "是不是不舒服？", "有没有不认识的？", "不要转账，不要着急。", "会不会不够？"]
)
def test_questions_and_plain_negatives_are_none(text: str) -> None:
    assert measure(text).double_negatives == ()


def test_idioms_that_need_schooling() -> None:
    assert measure("学习不要囫囵吞枣。").idioms == ("囫囵吞枣",)
    assert measure("大家高高兴兴，一心一意。").idioms == ()


def test_english() -> None:
    assert measure("The cat sat on the mat. I like tea.", "en").level == "simple"
    hard = measure("Institutional authorities undertake comprehensive evaluations of methodologies.", "en")
    assert hard.level == "hard"
    assert "evaluations" in hard.hard_words
    assert measure("Mr. 3.5 miles", "en").score < 10


@given(st.text(max_size=80), st.sampled_from(["zh-CN", "en"]))
def test_any_text_can_be_measured(text: str, lang: str) -> None:
    found = measure(text, lang)
    assert len(found.sentences) == len(found.characters)
    assert all(found.characters)


def test_a_long_text_takes_no_long_time() -> None:
    measure("热身。")
    begun = time.perf_counter()
    measure("啊" * 20_000)
    measure(PLAIN * 50)
    assert time.perf_counter() - begun < 5

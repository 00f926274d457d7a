"""Grading is fair: what is right is right however it is written, and what cannot be told is not held against anyone."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive.content.grading import grade, right_response
from adaptive.content.model import Option, Question
from adaptive.content.numerals import read_quantity
from adaptive.errors import InvalidInput


def question(kind: str, **fields: Any) -> Question:
    """A question of a kind, with what is the same for all."""
    return Question("c/i#q", kind, "？", ("a.b",), 2, "因为", **fields)  # type: ignore[arg-type]


GAS = question(
    "text",
    accept=("关掉燃气阀门", "关燃气"),
    keywords=(("关", "关闭", "拧紧"), ("燃气", "煤气", "天然气", "阀门")),
    reject=("打开", "点火"),
    model_answer="先关燃气阀门，再开窗。",
)
CHOICE = question("choice", options=(Option("甲"), Option("乙", True), Option("丙")))
SEVERAL = question("several", options=(Option("甲", True), Option("乙"), Option("丙", True), Option("丁")))
ORDER = question("order", sequence=("一", "二", "三", "四"))
MATCH = question("match", pairs=(("火警", "119"), ("急救", "120")), distractors=("114",))
PRICE = question("number", answer="12.5", unit="元")


@pytest.mark.parametrize("asked", [CHOICE, SEVERAL, ORDER, MATCH, PRICE, GAS], ids=lambda q: q.kind)
def test_the_right_response_is_right_and_not_knowing_is_no_mistake(asked: Question) -> None:
    right = grade(asked, right_response(asked))
    assert (right.outcome, right.score, all(right.parts)) == ("right", 1.0, True)
    assert grade(asked, None).outcome == "unknown"


@pytest.mark.parametrize(
    ("asked", "response"),
    [
        (CHOICE, 3), (CHOICE, -1), (CHOICE, True), (CHOICE, "1"), (CHOICE, [1]), (CHOICE, 1.0),
        (SEVERAL, 0), (SEVERAL, [0, 0]), (SEVERAL, [4]), (ORDER, [0, 1, 2]), (ORDER, [0, 1, 2, 2]),
        (MATCH, [0]), (MATCH, [0, 3]), (MATCH, "01"), (PRICE, 12.5), (PRICE, "1" * 2001), (GAS, ["关燃气"]),
    ],
)  # fmt: skip
def test_what_no_form_sends_is_refused(asked: Question, response: object) -> None:
    with pytest.raises(InvalidInput, match=r"answer\.malformed"):
        grade(asked, response)


def test_several_gives_part_of_the_score() -> None:
    seen = {tuple(r): (grade(SEVERAL, r).score, grade(SEVERAL, r).feedback[0]) for r in ([0], [0, 1], [0, 2, 3], [1])}
    assert seen == {
        (0,): (0.5, "several_missing"),
        (0, 1): (0.0, "several_both"),
        (0, 2, 3): (0.5, "several_extra"),
        (1,): (0.0, "several_both"),
    }
    assert grade(SEVERAL, [2, 0]).outcome == "right"
    assert grade(SEVERAL, []).outcome == "unknown"


def test_order_says_which_places_are_right() -> None:
    nearly = grade(ORDER, [0, 2, 1, 3])
    assert (nearly.parts, nearly.feedback) == ((True, False, False, True), ("order_nearly",))
    assert nearly.score == pytest.approx(2 / 3)
    assert grade(ORDER, [3, 2, 1, 0]).score == 0.0


@given(st.permutations(range(4)))
def test_an_order_is_right_exactly_when_it_reads_so(chosen: list[int]) -> None:
    assert (grade(ORDER, chosen).outcome == "right") == (chosen == [0, 1, 2, 3])
    assert 0 <= grade(ORDER, chosen).score <= 1


def test_match_by_what_it_says() -> None:
    assert grade(MATCH, [0, 2]).score == 0.5
    assert grade(MATCH, [0, None]).feedback == ("match_partly",)
    assert grade(MATCH, [1, 0]).feedback == ("match_wrong",)
    assert grade(MATCH, [None, None]).outcome == "unknown"


NUMBERS = [
    ("十二块五", "元", "12.5"), ("12块5毛", "元", "12.5"), ("12.50", "元", "12.5"), ("１２．５", "元", "12.5"),
    ("¥12.5", "元", "12.5"), ("12块50", "元", "12.5"), ("12元5角", "元", "12.5"), ("大约 12.5 元左右", "元", "12.5"),
    ("三块零五分", "元", "3.05"), ("五毛", "元", "0.5"), ("壹佰贰拾圆", "元", "120"), ("1,200元", "元", "1200"),
    ("1 200元", "元", "1200"),
    ("一百二", None, "120"), ("两千三", None, "2300"), ("一万二", None, "12000"), ("一千零五", None, "1005"),
    ("一亿三千万", None, "130000000"), ("3万5", None, "35000"), ("1.2万", None, "12000"), ("三点五", None, "3.5"),
    ("一米七五", "米", "1.75"), ("175厘米", "米", "1.75"), ("两个半小时", "小时", "2.5"), ("90分钟", "小时", "1.5"),
    ("零下五度", "度", "-5"), ("-5℃", "度", "-5"), ("百分之二十", "%", "20"), ("20%", "%", "20"), ("1/2", None, "0.5"),
    ("半斤", "斤", "0.5"), ("250克", "斤", "0.5"), ("二两", "斤", "0.2"), ("2.5公斤", "斤", "5"),
    ("一一九", None, "119"), ("幺二零", None, "120"), ("三千米", "米", "3000"), ("5公里", "米", "5000"),
    ("十", None, "10"), ("二十一", None, "21"),
    ("三次", "次", "3"), ("两", "个", "2"), ("六十周岁", "岁", "60"), ("120万元", "万元", "120"), ("一年", "月", "12"),
    ("60", "万元", "60"), ("六十万", "万元", "60"), ("600000元", "万元", "60"), ("60万块", "万元", "60"),
    ("6月17号", "日", "17"), ("十月六日", "号", "6"), ("12点50分", "分", "50"), ("五十分钟", "分", "50"),
    ("六成", "%", "60"),
    ("12周", "个星期", "12"), ("12个星期", "个星期", "12"), ("二〇二八年", "年", "2028"), ("6个G", "G", "6"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit", "value"), NUMBERS)
def test_numbers_as_people_write_them(text: str, unit: str | None, value: str) -> None:
    read = read_quantity(text, unit)
    assert read is not None
    assert (read.value, read.other_unit) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["十几块", "12或13", "12,5", "很多", "百", "3 4块", "1" * 41, "1" * 39 + "x", "--5"])
def test_what_is_not_one_number_is_not_guessed(text: str) -> None:
    assert read_quantity(text, "元") is None
    assert grade(PRICE, text).outcome == "unsure"


def test_the_right_number_of_something_else_is_not_counted() -> None:
    assert grade(PRICE, "12.5天").feedback == ("number_unit",)
    assert grade(PRICE, "13天").outcome == "wrong"
    assert grade(PRICE, "不知道").outcome == "unknown"
    assert grade(PRICE, "  ").outcome == "unknown"


def test_the_tolerance_is_kept_exactly() -> None:
    about = question("number", answer="0.3", tolerance="0.1")
    assert [grade(about, text).outcome for text in ("0.2", "0.4", "0.19", "0.41")] == [
        "right",
        "right",
        "wrong",
        "wrong",
    ]


_CHINESE = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """A number below 100 000 000 in 汉字, written out in full (一百二十, never 一百二)."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return spoken(number // 10_000) + "万" + (gap + spoken(rest) if rest else "")
    digits, written, zero = f"{number:04}", "", False
    for digit, place in zip(digits, ("千", "百", "十", ""), strict=True):
        if digit == "0":
            zero = bool(written)
            continue
        written += ("零" if zero else "") + _CHINESE[int(digit)] + place
        zero = False
    return written or "零"


@given(st.integers(0, 99_999_999), st.sampled_from([None, "元", "个"]))
def test_every_number_written_in_characters_is_read(number: int, unit: str | None) -> None:
    for text in (spoken(number), str(number), f"{number:,}", spoken(number) + (unit or "")):
        read = read_quantity(text, unit)
        assert read is not None
        assert read.value == number


@given(st.decimals(0, 99999, places=2, allow_nan=False), st.sampled_from(["", "元", "块", "块钱", " 元 "]))
def test_every_price_is_right(price: Decimal, unit: str) -> None:
    assert grade(question("number", answer=str(price), unit="元"), f"{price}{unit}").outcome == "right"


@given(st.text(max_size=60))
def test_no_text_breaks_grading(text: str) -> None:
    for asked in (PRICE, GAS):
        assert 0 <= grade(asked, text).score <= 1


RIGHT = [
    "关掉燃气阀门", "关掉燃气阀门。", " 关 掉 燃 气 阀 门 ", "關掉燃氣閥門", "我会先把煤气关了", "赶紧拧紧天然气的阀门",
    "别慌，先关燃气", "不要打开电灯，先关煤气", "不能不关燃气", "先关闭煤气，不要点火",
]  # fmt: skip
UNSURE = [
    "不要关燃气", "千万别关煤气", "关然气", "关窗", "把气断掉", "燃气怎么办", "不关燃气", "没有关燃气",
]  # fmt: skip
WRONG = ["打开燃气", "点火看看", "跳舞唱歌", "banana"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [*((t, "right") for t in RIGHT), *((t, "unsure") for t in UNSURE), *((t, "wrong") for t in WRONG)],
)
def test_short_answers_are_judged_fairly(text: str, outcome: str) -> None:
    assert grade(GAS, text).outcome == outcome


@pytest.mark.parametrize("text", ["不要街道政务服务中心", "不要《如梦令》", "别去街道"])
def test_a_denial_reaches_over_the_whole_of_what_it_denies(text: str) -> None:
    where = (("街道", "政务", "服务中心", "如梦令"),)
    assert grade(question("text", keywords=where, model_answer="街道"), text).outcome == "unsure"
    said = text.removeprefix("不要").removeprefix("别去")
    assert grade(question("text", keywords=where, model_answer="街道"), said).outcome == "right"


def test_a_denial_that_the_author_wants_is_met() -> None:
    asked = question("text", keywords=(("不要", "别", "不能"), ("转账", "汇款")), model_answer="不要转账。")
    assert grade(asked, "千万不要给他转账").outcome == "right"
    assert grade(asked, "马上转账").outcome == "unsure"


def test_what_stands_inside_another_word_or_number_is_not_met() -> None:
    call = question("text", accept=("119",), model_answer="119")
    assert grade(call, "打119").outcome == "right"
    assert grade(call, "1190").outcome == "unsure"
    no = question("text", accept=("no",), model_answer="no")
    assert grade(no, "I know").outcome != "right"


@pytest.mark.parametrize(
    "text", ["I'm fine, thank you!", "i am fine thank you", "Ｉ’m  Fine. Thank you", "I’m fine thankyou"]
)
def test_english_answers(text: str) -> None:
    asked = question("text", accept=("I'm fine, thank you.",), model_answer="I'm fine, thank you.")
    assert grade(asked, text).outcome == "right"


@pytest.mark.parametrize("text", ["", "。", "不知道", "我不知道啊", "I don't know", "忘了", "不记得了", "不晓得"])
def test_saying_that_one_does_not_know(text: str) -> None:
    assert grade(GAS, text).outcome == "unknown"


@given(
    st.text("关燃气火警医院你好吗abc12", min_size=2, max_size=12),
    st.sampled_from(["", "。", "！", " ", "，"]),
    st.booleans(),
)
def test_what_is_accepted_is_right_however_it_is_typed(accept: str, mark: str, wide: bool) -> None:
    asked = question("text", accept=(accept,), reject=("关",), model_answer=accept)
    typed = "".join(chr(ord(c) + 0xFEE0) if wide and c.isascii() and c != " " else c for c in accept)
    assert grade(asked, f" {typed}{mark}").outcome == "right"

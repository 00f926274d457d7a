"""Figures as a person says them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.text.spoken import cardinal, spoken


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "零"), (2, "二"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"),
        (1001, "一千零一"), (1010, "一千零一十"), (2000, "两千"), (2222, "两千二百二十二"), (10_000, "一万"),
        (10_010, "一万零一十"), (20_000, "两万"), (100_000, "十万"), (1_020_000, "一百零二万"),
        (100_000_001, "一亿零一"), (120_003_000, "一亿两千万三千"),
    ],
)  # fmt: skip
def test_a_whole_number_is_said_as_people_say_it(value: int, said: str) -> None:
    assert cardinal(value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("拨打119，说清地址", "拨打幺幺九，说清地址"),
        ("一共119元", "一共一百一十九元"),
        ("12345热线", "幺二三四五热线"),
        ("2026年11月22日", "二零二六年十一月二十二日"),
        ("2026-11-22", "二零二六年十一月二十二日"),
        ("2019年版", "二零一九年版"),
        ("8:30到12:05，2:00", "八点半到十二点零五分，两点整"),
        ("血压140/90mmHg", "血压一百四十，九十毫米汞柱"),
        ("¥12.50，打85%", "十二点五零元，打百分之八十五"),
        ("2个人，2斤，2楼，1/2杯", "两个人，两斤，二楼，二分之一杯"),
        ("3-5天", "三到五天"),
        ("37.5℃，200 ml", "三十七点五摄氏度，二百毫升"),
        ("010-12345678", "零幺零，幺二三四五六七八"),
        ("2026 年 2 月 1 日起，2027 年底", "二零二六年二月一日起，二零二七 年底"),
        ("打 95017 或 96166，再打 120 分清楚", "打 九五零幺七 或 九六幺六六，再打 幺二零 分清楚"),
        ("值 120 万元，低压 110 以上，3 乘 120", "值 一百二十 万元，低压 一百一十 以上，三 乘 一百二十"),
        ("（138＋130）÷2＝134", "（一百三十八加一百三十）除以二等于一百三十四"),
        ("1500 × 40% = 600，4200－3150", "一千五百乘百分之四十等于六百，四千二百减三千一百五十"),
        ("10000×0.015×1", "一万乘零点零一五乘一"),
        ("128／78，8 元／千克", "一百二十八，七十八，八 元一千克"),
        ("2 单元 501，尾号 362，别用 123456", "二 单元五零幺，尾号三六二，别用 一二三四五六"),
        ("84 消毒液，139／84", "八四 消毒液，一百三十九，八十四"),
        ("2 片，2 万元，2 号线，下午 2 点", "两 片，两 万元，二 号线，下午 两 点"),
        ("没有数字", "没有数字"),
    ],
)
def test_figures_in_a_sentence(text: str, said: str) -> None:
    assert spoken(text) == said


@given(st.integers(0, 10**16 - 1))
def test_no_figure_is_left_and_every_number_is_said_differently(value: int) -> None:
    said = cardinal(value)
    assert not any(c.isascii() for c in said)
    assert _value(said) == value


def _value(said: str) -> int:
    """The number that a reading stands for, read back by another way: split at 万亿, 亿, 万, then digit by digit."""
    for name, power in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        high, found, low = said.partition(name)
        if found:
            return _value(high) * power + _value(low)
    total, digit = 0, 0
    for c in said:
        if c in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(c.replace("两", "二"))
    return total + digit


@pytest.mark.parametrize("value", [-1, 10**16])
def test_what_cannot_be_said_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        cardinal(value)


@given(st.text(max_size=60))
def test_any_text_can_be_said(text: str) -> None:
    assert isinstance(spoken(text), str)

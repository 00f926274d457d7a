"""Masking: what names a person goes, what does not stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive.companion.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王秀英，忘了吃药怎么办", "我叫[name]，忘了吃药怎么办"),
        ("姓名：李建国", "姓名：[name]"),
        ("我的手机13800138000收不到短信", "我的手机[phone]收不到短信"),
        ("打 010-62345678 没人接", "打 [phone] 没人接"),
        ("身份证110101194503072345能报销吗", "身份证[identity]能报销吗"),
        ("卡号 6222 0212 3456 7890 123 被冻结", "卡号 [number] 被冻结"),
        ("微信号wang_xy1945被盗了", "微信号[account]被盗了"),
        ("出生日期1945年3月7日，能办老年卡吗", "出生日期[birth]，能办老年卡吗"),
        ("我住在朝阳区望京西园三区12号楼", "[address]"),
        ("发邮件到a.b@example.com", "发邮件到[email]"),
        ("有人让我点 http://bad.example/x", "有人让我点 [link]"),
        ("量血压要坐多久？高压140正常吗", "量血压要坐多久？高压140正常吗"),
        ("119和120有什么不一样", "119和120有什么不一样"),
        ("我是老人，公交免费吗", "我是老人，公交免费吗"),
    ],
)
def test_what_names_a_person_is_masked(text: str, masked: str) -> None:
    found = mask(text).text
    assert found == masked if masked != "[address]" else "[address]" in found and "12号楼" not in found


def test_known_names_go_wherever_they_stand() -> None:
    masked = mask("秀英和Wang Xiuying一起学", ["秀英", "wang xiuying"])
    assert masked.text == "[name]和[name]一起学"
    assert masked.kinds == {"name": 2}


@given(st.text(max_size=40), st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(max_size=40))
def test_a_mobile_number_never_stays(before: str, number: str, after: str) -> None:
    assert number not in mask(f"{before} {number} {after}").text


@given(st.text(alphabet="0123456789 -", min_size=1, max_size=60))
def test_no_seven_figures_in_a_row_stay(figures: str) -> None:
    found = mask(figures).text
    assert not any(run.isdigit() and len(run) >= 7 for run in found.replace(" ", "").replace("-", "").split("["))

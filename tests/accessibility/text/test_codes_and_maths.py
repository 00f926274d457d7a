"""Codes figure by figure, mathematics by its rules, and where each said character comes from."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.text.maths import mathml
from accessibility.text.spoken import rewritten, spoken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("课程代码KD1001，学号 20240013", "课程代码K D幺零零幺，学号 二零二四零零幺三"),
        ("账号 1234 5678 9012", "账号 幺二三四，五六七八，九零幺二"),
        ("验证码：407193，请在5分钟内输入", "验证码：四零七幺九三，请在五分钟内输入"),
        ("编号 EG-2024-0012。", "编号 E G，二零二四，零零幺二。"),
        ("200ml，维生素B12，2025-2026学年", "二百毫升，维生素B十二，二零二五到二零二六学年"),
        ("x²+3x-4=0，√2≈1.414，a/b", "x的平方加三x减四等于零，根号二约等于一点四一四，b分之a"),
        ("12米²，2^10=1024，5≥3，-3℃", "十二平方米，二的十次方等于一千零二十四，五大于等于三，负三摄氏度"),
    ],
)
def test_codes_and_mathematics_in_a_sentence(text: str, said: str) -> None:
    assert spoken(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Account number 1234 5678 9012", "Account number 1 2 3 4, 5 6 7 8, 9 0 1 2"),
        ("Code: 407193. KD1001 is ¥12.50", "Code: 4 0 7 1 9 3. K D 1 0 0 1 is 12.50 yuan"),
        ("x² + 1 = 5, 3/4 cup", "x squared plus 1 equals 5, 3 over 4 cup"),
    ],
)
def test_the_same_for_an_english_voice(text: str, said: str) -> None:
    assert rewritten(text, english=True).text == said


def test_an_equation_in_mathml() -> None:
    tree = ElementTree.fromstring(
        "<math><mi>x</mi><mo>=</mo><mfrac><mrow><mo>-</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac>"
        "<mo>±</mo><msqrt><msup><mi>b</mi><mn>3</mn></msup></msqrt><mroot><mi>c</mi><mn>4</mn></mroot></math>"
    )
    assert mathml(tree) == "x等于2a分之减b正负根号下b的立方4次根号下c"
    assert mathml(tree, english=True).startswith("x equals minus b over 2 a, plus or minus the square root of b cubed")


@given(st.text(alphabet="一二学分0123456789.,-/=%¥²√xA年月日 ", max_size=40))
def test_what_is_said_keeps_where_it_comes_from(text: str) -> None:
    said = rewritten(text)
    assert len(said.text) == len(said.origins)
    assert all(0 <= start <= end <= len(text) for start, end in said.origins)
    starts = [start for start, _end in said.origins]
    assert starts == sorted(starts)
    assert all(
        text[start] == c
        for c, (start, end) in zip(said.text, said.origins, strict=True)
        if c in "学" and end == start + 1
    )

"""Mathematics as it is said: powers, roots, fractions, comparisons, equations; from plain text and from MathML.

Plain text is recognised by its signs (``x²``, ``√2``, ``≤``, ``2^10``, ``a/b`` between letters) and never by guessing:
a letter alone stays a letter.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from xml.etree.ElementTree import Element

from accessibility.text.rewriting import Rule

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_UP, _DOWN = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "₀₁₂₃₄₅₆₇₈₉"
_SIGNS_ZH = {
    "≤": "小于等于", "≥": "大于等于", "≠": "不等于", "≈": "约等于", "±": "正负", "∞": "无穷大", "°": "度", "π": "派",
    "∠": "角", "△": "三角形", "∴": "所以", "∵": "因为", "∑": "求和", "∫": "积分", "∈": "属于", "→": "到", "·": "乘",
    "×": "乘", "÷": "除以", "=": "等于", "＝": "等于", "+": "加", "＋": "加", "−": "减", "－": "减", "-": "减",
    "<": "小于", ">": "大于", "%": "百分号", "/": "除以", ":": "比",
}  # fmt: skip
_SIGNS_EN = {
    "≤": "is at most", "≥": "is at least", "≠": "is not equal to", "≈": "is about", "±": "plus or minus",
    "∞": "infinity", "°": "degrees", "π": "pi", "∠": "angle", "△": "triangle", "∴": "therefore", "∵": "because",
    "∑": "the sum of", "∫": "the integral of", "∈": "in", "→": "to", "·": "times", "×": "times", "÷": "divided by",
    "=": "equals",
    "＝": "equals", "+": "plus", "＋": "plus", "−": "minus", "－": "minus", "-": "minus", "<": "is less than",
    ">": "is greater than", "%": "percent", "/": "over", ":": "to",
}  # fmt: skip
# Signs that mean the same wherever they stand; + and - in a sentence are left to what stands around them.
_SURE = "≤≥≠≈±∞∠△∴∵∑∫∈π"
_OPERAND = r"[A-Za-z0-9πθ)）²³\u4e00-\u9fff]"


def power_zh(base: str, exponent: str) -> str:
    """``x``, ``2`` → x的平方."""
    named = {"2": "平方", "3": "立方"}.get(exponent)
    if named:
        return f"{base}的{named}"
    return f"{base}的{exponent.replace('-', '负').replace('+', '')}次方"


def power_en(base: str, exponent: str) -> str:
    """``x``, ``2`` → x squared."""
    named = {"2": "squared", "3": "cubed"}.get(exponent)
    return f"{base} {named}" if named else f"{base} to the power of {exponent.replace('-', 'minus ')}"


def _raised(say: Callable[[str, str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: say(found[1], (found[2] or found[3]).translate(_RAISED))


def _signs(words: dict[str, str], space: str) -> Callable[[re.Match[str]], str]:
    return lambda found: space + words[found[0].strip()] + space


_POWER = re.compile(rf"([A-Za-zπ]|\d+(?:\.\d+)?|[)）])(?:([{_UP}]+)|\^\(?([+-]?\w+)\)?)")
_ROOT = re.compile(r"([³∛]?)√ ?\(?([A-Za-z0-9.]+)\)?|∛\(?([A-Za-z0-9.]+)\)?")
_EQUATION = re.compile(rf"(?<={_OPERAND}) ?[=＝<>×÷+＋−－] ?(?=[A-Za-z0-9π(（√+−－-])")
_DIFFERENCE = re.compile(r"(?<![A-Za-z])([a-z]) ?[-−－] ?(?=\d)")
_LETTERS = re.compile(r"(?<![A-Za-z])([a-z])/([a-z])(?![A-Za-z])")
_INDEX = re.compile(rf"([A-Za-z])([{_DOWN}]+)")


def _root_zh(found: re.Match[str]) -> str:
    return f"三次根号{found[3] or found[2]}" if found[3] or found[1] else f"根号{found[2]}"


def _root_en(found: re.Match[str]) -> str:
    inner = found[3] or found[2]
    return f"the cube root of {inner}" if found[3] or found[1] else f"the square root of {inner}"


CHINESE: tuple[Rule, ...] = (
    (re.compile(r"([厘分毫千]?米|公里)²"), lambda found: f"平方{found[1]}"),
    (re.compile(r"([厘分毫]?米)³"), lambda found: f"立方{found[1]}"),
    (re.compile(r"\bm²"), lambda _found: "平方米"),
    (re.compile(r"\bm³"), lambda _found: "立方米"),
    (_ROOT, _root_zh),
    (_POWER, _raised(power_zh)),
    (_INDEX, lambda found: f"{found[1]}{found[2].translate(_LOWERED)}"),
    (_LETTERS, lambda found: f"{found[2]}分之{found[1]}"),
    (re.compile(f" ?[{_SURE}] ?"), _signs(_SIGNS_ZH, "")),
    (_DIFFERENCE, lambda found: f"{found[1]}减"),
    (_EQUATION, _signs(_SIGNS_ZH, "")),
    (re.compile(r"(?<![\dA-Za-z])[-−－](?=\d)"), lambda _found: "负"),
)
ENGLISH: tuple[Rule, ...] = (
    (_ROOT, _root_en),
    (_POWER, _raised(power_en)),
    (_INDEX, lambda found: f"{found[1]} {found[2].translate(_LOWERED)}"),
    (_LETTERS, lambda found: f"{found[1]} over {found[2]}"),
    (re.compile(r"(?<![\d/])([1-9]\d?)/([1-9]\d?)(?![\d/])"), lambda found: f"{found[1]} over {found[2]}"),
    (re.compile(f" ?[{_SURE}] ?"), _signs(_SIGNS_EN, " ")),
    (_DIFFERENCE, lambda found: f"{found[1]} minus "),
    (_EQUATION, _signs(_SIGNS_EN, " ")),
)


def mathml(element: Element, *, english: bool = False) -> str:
    """An expression in MathML (Core) as it is said; a tag that is unknown is said by what is in it."""
    words = _SIGNS_EN if english else _SIGNS_ZH

    def say(child: Element) -> str:
        return mathml(child, english=english)

    inner = list(element)
    tag = element.tag.rpartition("}")[2]
    match tag, len(inner):
        case ("mi" | "mn" | "mtext" | "mo", _):
            text = (element.text or "").strip()
            return words.get(text, text) if tag == "mo" else text
        case ("mfrac", 2):
            above, below = map(say, inner)
            return f"{above} over {below}," if english else f"{below}分之{above}"
        case ("msup", 2):
            base, exponent = map(say, inner)
            return (power_en if english else power_zh)(base, exponent)
        case ("msub", 2):
            base, index = map(say, inner)
            return f"{base} sub {index}" if english else f"{base}{index}"
        case ("msqrt", _):
            within = _row(inner, english)
            return f"the square root of {within}" if english else f"根号下{within}"
        case ("mroot", 2):
            within, degree = map(say, inner)
            return f"the {degree}th root of {within}" if english else f"{degree}次根号下{within}"
        case ("annotation" | "annotation-xml" | "mspace", _):
            return ""
        case ("semantics", _):
            return say(inner[0]) if inner else ""
    return _row(inner, english)


def _row(inner: list[Element], english: bool) -> str:
    said = [mathml(child, english=english) for child in inner]
    return (" " if english else "").join(part for part in said if part)


class Tree(Protocol):
    """An element of another parser: a tag, and children that are elements or texts."""

    @property
    def tag(self) -> str: ...

    @property
    def children(self) -> Sequence[Any]: ...


def mathml_of(tree: Tree, *, english: bool = False) -> str:
    """As ``mathml``, for an element of another parser."""
    return mathml(_element(tree), english=english)


def _element(tree: Tree) -> Element:
    made = Element(tree.tag)
    for child in tree.children:
        if isinstance(child, str):
            made.text = (made.text or "") + child
        else:
            made.append(_element(child))
    return made

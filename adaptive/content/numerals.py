"""Numbers as people write them: digits or 汉字, colloquial or not, with a unit or without.

十二块五, 12块5毛, 一百二, １２．５０, 1,200, 三点五, 一米七五, 两个半小时, 零下五度, 百分之二十, 1/2.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_WRITTEN = ("零〇", "一壹幺", "二两贰俩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {character: digit for digit, characters in enumerate(_WRITTEN) for character in characters}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_HAN = "".join((*_DIGITS, *_TENS, *_MYRIADS))
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_TOKEN = re.compile(rf"{_ARABIC}|[{_HAN}]")
# Possessive (++): a long run of digits is taken whole, or else the tries would double with each digit.
_NUMERAL = re.compile(rf"(?:{_ARABIC}|[{_HAN}])++(?:点[{''.join(_DIGITS)}\d]++[万亿]?)?+")
_LEAD = re.compile(
    r"^(?:答案|结果|应该|应当|大约|大概|差不多|一共|总共|共计|合计|就是|等于|需要|约|共|是|为|要|[=:≈~¥$ ])+"
)
_TAIL = re.compile(r"(?:左右|上下|整|吧|啊|呀|呢|[。.!！,，;；~ ])+$")
_NEGATIVE = re.compile(r"^(?:负|零下|[-−])")  # the minus sign itself
_LONGEST = 40

# Units of one dimension, each with its size; the first of a size is its plainest name.
_DIMENSIONS: tuple[dict[str, Decimal], ...] = tuple(
    {name: Decimal(size) for size, names in units.items() for name in names.split()}
    for units in (
        {"1": "元 块 块钱 圆 元钱 人民币 rmb yuan", "0.1": "角 毛 毛钱", "0.01": "分 分钱", "10000": "万元"},
        {
            "1": "秒 秒钟",
            "60": "分钟 分",
            "900": "刻钟",
            "3600": "小时 钟头 h",
            "86400": "天 日",
            "604800": "周 星期 礼拜",
        },
        {"12": "年", "1": "月 个月"},
        {"1": "克 g", "0.001": "毫克 mg", "50": "市两", "500": "斤 市斤", "1000": "公斤 千克 kg"},
        {"1": "米 m", "0.1": "分米", "0.01": "厘米 公分 cm", "0.001": "毫米 mm", "1000": "公里 千米 km", "500": "里"},
        {"1": "毫升 ml", "1000": "升 l"},
        {"1": "度 °c 摄氏度 ℃"},
        {"1": "%", "10": "成"},
        {"1": "号 日"},
        {"1": "个 只 次 位 种 条 项 件 张 步 句 遍 颗 粒 片 口 份 本 名 人 步骤 回 下 家 盆 朵 棵 袋 瓶 盒"},
        {"1": "岁 周岁"},
    )
)
_UNITS = sorted({name for units in _DIMENSIONS for name in units}, key=len, reverse=True)
_PAIR = re.compile(rf"({_NUMERAL.pattern}|半)个?({'|'.join(map(re.escape, _UNITS))})")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, and whether it was written in another unit than was asked for and could not be converted."""

    value: Decimal
    other_unit: bool = False


def read_number(text: str) -> Decimal | None:
    """A bare number in digits or 汉字; None if it is none."""
    text = _plain(text)
    sign = -1 if _NEGATIVE.match(text) else 1
    text = _NEGATIVE.sub("", text)
    whole, dot, part = text.partition("点")
    if dot:
        return _with_point(whole, part, sign)
    fraction = re.fullmatch(r"(\d+)/(\d+)", text) or re.fullmatch(rf"([{_HAN}]+)分之([{_HAN}\d.]+)", text)
    if fraction:
        return _fraction(fraction, "分之" in text, sign)
    value = _magnitude(text)
    return None if value is None else sign * value


def read_quantity(text: str, unit: str | None = None) -> Quantity | None:
    """A number with or without its unit, in ``unit``; None if it cannot be read as one number.

    A unit of the same kind is converted (500 克 is 1 斤); without ``unit`` the number stands in the unit written first.
    """
    text = _TAIL.sub("", _LEAD.sub("", _plain(text)))
    if not text or len(text) > _LONGEST:
        return None
    wanted = _plain(unit).removeprefix("个") or None if unit else None
    if wanted in ("号", "日"):
        text = re.sub(r"^.{1,3}月份?(?=.)", "", text)  # 6月17日
    elif wanted in ("分", "分钟"):
        text = re.sub(r"^[^点]{1,3}点(?=.+分$)", "", text)  # 12点50分
    elif wanted == "万元":
        return _in_myriads(text)
    if wanted and text.endswith(wanted):
        value = read_number(text[: -len(wanted)].removesuffix("个"))
        if value is not None:
            return Quantity(value)
    if text.startswith("百分之") or text.endswith("%"):
        value = read_number(text.removeprefix("百分之").removesuffix("%"))
        return None if value is None else Quantity(value if wanted == "%" else value / 100)
    value = read_number(text)
    return Quantity(value) if value is not None else _measured(text, wanted)


def _in_myriads(text: str) -> Quantity | None:
    """An amount asked for in 万元: 60, 60万, 六十万元 and 600000 are the same."""
    bare = next((text.removesuffix(end) for end in ("万元", "万块钱", "万块", "万") if text.endswith(end)), None)
    value = read_number(text if bare is None else bare)
    if value is not None:
        return Quantity(value / 10**4 if bare is None and value >= 10**4 else value)
    return _measured(text, "万元")


def _plain(text: str) -> str:
    """NFKC and lower case without spaces, but for spaces that part two numbers (1 200 is one)."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)|\s+(?=\d{3}(?!\d))", "", text)
    return text.replace("圓", "圆").replace("萬", "万")


def _with_point(whole: str, part: str, sign: int) -> Decimal | None:
    scale = _MYRIADS.get(part[-1:], 1)
    digits = _read_out(part.rstrip("万亿"))
    value = _magnitude(whole)
    return None if value is None or not digits else sign * (value + Decimal(f"0.{digits}")) * scale


def _fraction(found: re.Match[str], denominator_first: bool, sign: int) -> Decimal | None:
    first, second = (_magnitude(found[i]) for i in (1, 2))
    if denominator_first:
        first, second = second, first
    return None if first is None or not second else sign * first / second


def _read_out(text: str) -> str | None:
    """Digits that are read out one by one (一一九, 05) as digits; None if the text is anything else."""
    digits = "".join(str(_DIGITS[c]) if c in _DIGITS and c not in "两俩" else c if c.isdecimal() else "x" for c in text)
    return digits if digits and "x" not in digits else None


def _magnitude(text: str) -> Decimal | None:
    if text == "半":
        return Decimal("0.5")
    if len(text) > 1 and all(c in _DIGITS for c in text) and not (len(text) == 2 and text[0] in "零〇"):
        digits = _read_out(text)
        return None if digits is None else Decimal(digits)
    tokens = _TOKEN.findall(text)
    if not tokens or sum(map(len, tokens)) != len(text):
        return None
    return _composed(tokens)


def _composed(tokens: list[str]) -> Decimal | None:
    """The value of digits and places: 一千零五, 3万5, 一百二 (which is 120)."""
    total = section = Decimal(0)
    digit: Decimal | None = None
    place, zero = 1, False
    for token in tokens:
        if token in _TENS:
            if digit is None and _TENS[token] > 10:
                return None
            section += (Decimal(1) if digit is None else digit) * _TENS[token]
            place, zero, digit = _TENS[token], False, None
        elif token in _MYRIADS:
            section += digit or 0
            place, zero, digit = _MYRIADS[token], False, None
            total = (total + section) * place if place == 10**8 else total + section * place
            section = Decimal(0)
        elif digit:
            return None  # two numbers side by side
        else:
            digit = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token.replace(",", ""))
            zero = zero or digit == 0
    if digit is None:
        return total + section
    colloquial = place >= 100 and not zero and digit < 10 and digit == int(digit)
    return total + section + (digit * place / 10 if colloquial else digit)


def _measured(text: str, wanted: str | None) -> Quantity | None:
    """A number with units: 十二块五, 3斤2市两, 两个半小时."""
    text = re.sub(r"(?<=[\d一二三四五六七八九十半斤])两(?![百千万个])", "市两", text)
    text = re.sub(rf"({_NUMERAL.pattern})个半({'|'.join(map(re.escape, _UNITS))})", r"\1\2半", text)
    sign = -1 if _NEGATIVE.match(text) else 1
    text = _NEGATIVE.sub("", text)
    for units in sorted(_DIMENSIONS, key=lambda units: wanted not in units):
        found = _sum(text, units)
        if found is None:
            continue
        value, first = found
        if wanted in units:
            return Quantity(sign * value / units[wanted])
        return Quantity(sign * value / units[first], other_unit=wanted is not None)
    return None


def _sum(text: str, units: dict[str, Decimal]) -> tuple[Decimal, str] | None:
    """The sum of a text's numbers in the size of the dimension, and its first unit."""
    total, at, first, last = Decimal(0), 0, "", Decimal(0)
    while pair := _PAIR.match(text, at):
        value, name = read_number(pair[1]), pair[2]
        if value is None or name not in units or (first and units[name] >= last):
            return None
        total, last, first, at = total + value * units[name], units[name], first or name, pair.end()
    rest = text[at:]
    if not first:
        return None
    if rest == "半":
        return total + last / 2, first
    digits = _read_out(rest) if rest else ""
    if digits is None:
        return None
    return total + (last * Decimal(f"0.{digits}") if digits else 0), first

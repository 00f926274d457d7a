"""Numbers as they are said or written, read back: 三百零五, 二〇二六, 两万, 十二点五, 第三个, 305, twenty-one."""

import re
from decimal import Decimal

_DIGITS = {
    c: n
    for n, written in enumerate(("零〇", "一壹幺么", "二贰两俩", "三仨", "四", "五", "六", "七", "八", "九"))
    for c in written
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8, "兆": 10**12}  # 万亿 is read as 兆
_HAN = "".join((*_DIGITS, *_TENS, *_MYRIADS))
_MOST = 10**16

_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_ORDINALS = """
zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
_TENTHS = """ten twenty thirty forty fifty sixty seventy eighty ninety"""
_ENGLISH = {
    **{word: 10 * n for n, word in enumerate(_TENTHS.split(), 1)},
    **{word: n for n, word in enumerate(_WORDS.split())},
    **{word: n for n, word in enumerate(_ORDINALS.split())},
    "a": 1,
}
NUMERAL = rf"(?:\d+(?:\.\d+)?|[负]?[{_HAN}]+(?:点[{_HAN}]+)?|半)"
"""A number within Chinese words, as a regular expression without groups."""


def value_of(text: str) -> Decimal | None:
    """The number that a text is, in Chinese, in English or in figures; None when it is none, or not one number.

    Figures said one by one are a number too (一二〇 is 120, 二〇二六 is 2026); what is 10^16 or more is none.
    """
    text = text.strip().lower().replace(",", "").replace("，", "")
    text = text.translate({0xFF10 + n: str(n) for n in range(10)})
    if re.fullmatch(r"-?\d{1,16}(?:\.\d{1,9})?", text):
        return Decimal(text)
    if text.startswith(("负", "零下")):
        found = value_of(text.removeprefix("负").removeprefix("零下"))
        return None if found is None or found < 0 else -found
    if text == "半":
        return Decimal("0.5")
    if re.fullmatch(rf"[{_HAN}]+(?:点[{_HAN}]+)?", text):
        return _chinese(text)
    return _english(text)


def _chinese(text: str) -> Decimal | None:
    whole, point, part = text.partition("点")
    value = _row(whole) if len(whole) > 1 and set(whole) <= set(_DIGITS) else _whole(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    fraction = _row(part)
    return None if fraction is None else Decimal(f"{value}.{''.join(str(_DIGITS[c]) for c in part)}")


def _row(text: str) -> int | None:
    """Figures one after the other."""
    if not text or not set(text) <= set(_DIGITS) or len(text) > 16:
        return None
    return int("".join(str(_DIGITS[c]) for c in text))


def _whole(text: str) -> int | None:
    """A number with its places: 三百零五, 一千二 (1,200), 两万零三."""
    text = text.replace("万亿", "兆")
    total, group, digit, place, gap = 0, 0, None, _MOST, False
    last = 0  # the place that was said last
    for c in text:
        if c in "零〇":
            if digit:
                return None
            gap, digit = True, 0
        elif c in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            size = _TENS[c]
            if size >= place or (digit is None and size != 10) or (digit == 0 and not (gap and size == 10)):
                return None
            group += (digit or 1) * size
            digit, place, gap, last = None, size, False, size
        else:
            size = _MYRIADS[c]
            group += digit or 0
            if group == 0 or (total and size >= last and last >= 10_000):
                return None
            total += group * size
            group, digit, place, gap, last = 0, None, _MOST, False, size
    if digit:
        # 一千二 is 1,200 and 三万五 is 35,000; after a 零 the figure is itself.
        group += digit if gap or last in (0, 10) else digit * last // 10
    elif digit == 0 and (len(text) > 1 or total):
        return None
    return total + group if total + group < _MOST else None


def _english(text: str) -> Decimal | None:
    words = [word for word in re.split(r"[\s-]+", text) if word != "and"]
    if not words or len(words) > 12:
        return None
    if len(words) > 1 and all(_ENGLISH.get(word, 99) < 10 and word != "a" for word in words):
        return Decimal("".join(str(_ENGLISH[word]) for word in words))
    total = group = 0
    last = _MOST
    for word in words:
        if word in _ENGLISH:
            value = _ENGLISH[word]
            size = 1 if value < 20 else 10
            if size >= last or (last == 10 and value > 9):
                return None
            group, last = group + value, size
        elif word in ("hundred", "hundredth") and 0 < group < 100:
            group, last = group * 100, 100
        elif word == "thousand" and group and not total:
            total, group, last = group * 1000, 0, _MOST
        else:
            return None
    return Decimal(total + group)

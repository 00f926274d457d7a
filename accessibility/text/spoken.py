"""Figures as a person says them: numbers, dates, times, money, percentages and telephone numbers in Mandarin.

Numbers that are names (``accessibility.text.codes``) and mathematics (``accessibility.text.maths``) are said so, too.
"""

import re

from accessibility.text import codes, maths
from accessibility.text.rewriting import Rewritten, Rule

_DIGITS = "零一二三四五六七八九"
# On the telephone 一 is said yāo, so that it is not heard as 七.
_TELEPHONE = str.maketrans("0123456789", "零幺二三四五六七八九")
_YEAR = str.maketrans("0123456789", "零一二三四五六七八九")
_GROUPS = ("", "万", "亿", "万亿")
# Numbers that are dialled, whatever stands around them.
_HOTLINES = frozenset(
    # police, enquiries, fire, ambulance, traffic; carriers, railway; consumers, health, work, city, law, mind, net,
    # insurance; besides, all of five figures that begin with 95 or 96 (banks, payment, fraud, buses, taxis)
    (
        *("110", "114", "119", "120", "122", "999", "10000", "10010", "10086", "12306", "12315", "12320"),
        *("12333", "12345", "12348", "12356", "12377", "12393"),
    )
)
_BANKS_AND_CITY = re.compile(r"9[56]\d{3}")
# What is said before a number that is dialled, and what says that it is none.
_DIALLED = re.compile(r"[打拨问报喊](?:了|完)?\s*$|(?:电话|热线|急救|火警|报警|显示)[是：:]?\s*$")
_COUNTED_ON = "万亿以多岁毫瓦度"
# Measure words before which two is 两.
_TWO_OF = (
    "个位次天种张块片粒杯遍年周分秒小斤层条件口家本台只人回趟句步道顿份颗盒瓶袋勺头米碗棵盆把"
    "双套门节课元升万千倍角点瓦度支束桶样"
)
_UNITS = (
    ("mmHg", "毫米汞柱"), ("℃", "摄氏度"), ("°C", "摄氏度"), ("kg", "公斤"), ("km", "公里"), ("cm", "厘米"),
    ("mm", "毫米"), ("ml", "毫升"), ("mL", "毫升"), ("mg", "毫克"), ("g", "克"), ("m", "米"), ("L", "升"), ("W", "瓦"),
)  # fmt: skip
_SIGNS = (("×", "乘"), ("÷", "除以"), ("[＝=]", "等于"), ("[＋+]", "加"), ("[－−]", "减"))
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"


def cardinal(value: int) -> str:
    """A whole number from 0 to below 10^16 as it is said: 10 十, 105 一百零五, 20000 两万, 12 十二.

    Raises ValueError outside that range.
    """
    if not 0 <= value < 10**16:
        raise ValueError(f"{value} is not between 0 and 10^16")
    if value == 0:
        return _DIGITS[0]
    said, gap = "", False
    groups = [(value // 10_000**n) % 10_000 for n in range(4)]
    for n in reversed(range(4)):
        if groups[n] == 0:
            gap = bool(said)
            continue
        if said and (gap or groups[n] < 1000):
            said += _DIGITS[0]
        said += ("两" if groups[n] == 2 and n else _below_10_000(groups[n])) + _GROUPS[n]
        gap = False
    return said.removeprefix("一") if said.startswith("一十") else said


def _below_10_000(value: int) -> str:
    said, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (_DIGITS[0] if gap else "") + ("两" if digit == 2 and power >= 1000 else _DIGITS[digit]) + name
        gap = False
    return said


def number(text: str) -> str:
    """A decimal number as it is said: 12.50 → 十二点五零, 1,200 → 一千二百."""
    whole, _, fraction = text.replace(",", "").partition(".")
    if len(whole) > 16:
        return whole.translate(_TELEPHONE)
    said = cardinal(int(whole))
    return f"{said}点{fraction.translate(_YEAR)}" if fraction else said


def _year(digits: str) -> str:
    return digits.translate(_YEAR)


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{_year(year)}年{cardinal(int(month))}月" + (f"{cardinal(int(day))}日" if day else "")


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    said = ("两" if hour == 2 else cardinal(hour)) + "点"
    if minute == 0:
        return said + "整"
    return said + ("半" if minute == 30 else ("零" if minute < 10 else "") + cardinal(minute) + "分")


def _digits(found: re.Match[str]) -> str:
    return found[0].replace("-", "，").translate(_TELEPHONE)


def _plain(found: re.Match[str]) -> str:
    text, space, after = found[1], found[2], found[3]
    counted = after != "" and after in _TWO_OF
    dialled = text in _HOTLINES or _BANKS_AND_CITY.fullmatch(text) is not None
    if dialled and not _DIALLED.search(found.string, max(0, found.start() - 4), found.start()):
        around = found.string[: found.start()].rstrip()[-1:] + found.string[found.start(3) :].lstrip()[:1]
        dialled = not counted and after not in tuple(_COUNTED_ON) and not set(around) & set("乘除加减等于×÷=")
    if dialled or (len(text) >= 8 and text.isdigit() and not after):
        return text.translate(_TELEPHONE) + space + after
    if text == "2" and counted:
        return "两" + space + after
    return number(text) + space + after


def _with_unit(found: re.Match[str]) -> str:
    said = "两" if found[1] == "2" else number(found[1])
    return said + dict(_UNITS)[found[2]]


# In this order: what is longer and surer first.
_RULES: tuple[Rule, ...] = (
    *codes.CHINESE,
    (re.compile(r"(?<!\d)(\d{4}) ?年 ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号])?"), _date),
    (re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)"), _date),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)(?= ?年)"), lambda found: _year(found[1])),
    (re.compile(r"(?<!\d)((?:19|20)\d\d) ?[-–—~～] ?((?:19|20)\d\d)(?= ?学?年)"),
     lambda found: f"{_year(found[1])}到{_year(found[2])}"),
    (re.compile(r"(?<![\d:])([01]?\d|2[0-3])[:：]([0-5]\d)(?![\d:])"), _clock),
    (re.compile(r"(?<![\d.])(?:400-?\d{3,4}-?\d{3,4}|0\d{2,3}-\d{7,8}|1[3-9]\d{9})(?!\d)"), _digits),
    *maths.CHINESE,
    *((re.compile(rf"(?<=[\d%％）)]) ?{sign} ?(?=[\d（(])"), lambda _found, word=word: word) for sign, word in _SIGNS),
    (re.compile(rf"({_NUMBER})\s*[%％]"), lambda found: "百分之" + number(found[1])),
    (re.compile(rf"[¥￥]\s*({_NUMBER})"), lambda found: number(found[1]) + "元"),
    (re.compile(r"(\d{2,3})/(\d{2,3})\s*(?:mmHg|毫米汞柱)"),
     lambda found: f"{number(found[1])}，{number(found[2])}毫米汞柱"),
    (re.compile(r"(?<!\d)(\d{2,3}) ?／ ?(\d{2,3})(?!\d)"), lambda found: f"{number(found[1])}，{number(found[2])}"),
    (re.compile(r"(?<=元) ?[／/] ?(?=[斤千公升克])"), lambda _found: "一"),
    # A tail, a room: figure by figure. 84 is a name.
    (re.compile(r"(尾号|单元|号楼)( ?)(\d{3,4})(?!\d)"), lambda found: found[1] + found[3].translate(_TELEPHONE)),
    (re.compile(r"(?<!\d)123456(?!\d)"), lambda found: found[0].translate(_YEAR)),
    (re.compile(r"(?<![\d.])84(?= ?(?:消毒|绝?不能))"), lambda found: found[0].translate(_YEAR)),
    (re.compile(r"(?<![\d/])([1-9]\d?)/([1-9]\d?)(?![\d/])"),
     lambda found: f"{cardinal(int(found[2]))}分之{cardinal(int(found[1]))}"),
    (re.compile(rf"(?<=\d)\s*[-–—~～]\s*(?={_NUMBER})"), lambda _found: "到"),
    (re.compile(rf"({_NUMBER})\s*({'|'.join(re.escape(unit) for unit, _said in _UNITS)})(?![A-Za-z])"), _with_unit),
    (re.compile(rf"({_NUMBER})([  ]?)([\u4e00-\u9fff]?)"), _plain),
)  # fmt: skip


_IN_ENGLISH: tuple[Rule, ...] = (
    *codes.ENGLISH,
    (re.compile(rf"[¥￥]\s*({_NUMBER})"), lambda found: f"{found[1]} yuan"),
    *maths.ENGLISH,
)


def spoken(text: str) -> str:
    """A Chinese text with every figure written as it is said; other words stay as they are."""
    return rewritten(text).text


def rewritten(text: str, *, english: bool = False) -> Rewritten:
    """The text as it is said, with the part of the original that each character says.

    An English voice reads numbers itself: only codes, money and mathematics are written out for it.
    """
    said = Rewritten.of(text)
    for rule in _IN_ENGLISH if english else _RULES:
        said = said.by(rule)
    return said

"""Numbers that are names and not amounts, said figure by figure: accounts, courses, verification codes, identities."""

import re

from accessibility.text.rewriting import Rule

_FIGURES = str.maketrans("0123456789", "零幺二三四五六七八九")
# What is said before such a number.
_BEFORE = (
    r"验证码|校验码|识别码|邀请码|取件码|口令|密码|账号|帐号|账户|学号|卡号|编号|证号|工号|房号|邮编|序号|流水号"
    r"|课程代码|代码|身份证号?码?"
)
_BEFORE_IN_ENGLISH = r"PIN|[Cc]ode|[Nn]umber|[Nn]o\.|[Aa]ccount|ID"
_JOINED = r"[A-Za-z0-9]+(?:[-–_][A-Za-z0-9]+)*"
# Letters and three figures or more in one word, as in EG2024-0012 and KD1001; an amount with its unit (200ml) is none.
_MIXED = (
    rf"(?<![A-Za-z0-9.])(?=(?:[A-Za-z–_-]*\d){{3}})(?=[\d–_-]*[A-Za-z])(?!\d+[A-Za-z]{{1,4}}(?![A-Za-z0-9-])){_JOINED}"
)
_GROUPS = r"(?<![\d.])\d{4}(?:[  ]\d{2,4}){2,}(?![\d.])"


def in_chinese(code: str) -> str:
    """A code as it is dictated: letters one by one, figures with 幺 for one, a breath where it is divided."""
    said = [_said(piece) for piece in re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]+", code)]
    return "".join(said)


def _said(piece: str) -> str:
    if piece.isdigit():
        return piece.translate(_FIGURES)
    return " ".join(piece.upper()) if piece.isalpha() else "，"


def in_english(code: str) -> str:
    """The same for an English voice: ``EG-104`` → ``E G, 1 0 4``."""
    pieces = [p for p in re.split(r"[^A-Za-z0-9]+", code) if p]
    return ", ".join(" ".join(piece.upper()) for piece in pieces)


CHINESE: tuple[Rule, ...] = (
    (re.compile(rf"({_BEFORE})([是为：: ]{{0,3}})([A-Za-z]*\d[A-Za-z0-9]{{2,}}(?:[-  ][A-Za-z0-9]+)*)(?![\d.%年月])"),
     lambda found: found[1] + found[2] + in_chinese(found[3])),
    (re.compile(_GROUPS), lambda found: in_chinese(found[0])),
    (re.compile(_MIXED), lambda found: in_chinese(found[0])),
)  # fmt: skip
ENGLISH: tuple[Rule, ...] = (
    (re.compile(rf"\b({_BEFORE_IN_ENGLISH})(:? |: ?)(\d[\d-]{{2,}}(?: \d{{2,4}})*)\b"),
     lambda found: found[1] + found[2] + in_english(found[3])),
    (re.compile(_GROUPS), lambda found: in_english(found[0])),
    (re.compile(_MIXED), lambda found: in_english(found[0])),
    (re.compile(r"(?<![\d.,])\d{8,}(?![\d.,])"), lambda found: in_english(found[0])),
)  # fmt: skip

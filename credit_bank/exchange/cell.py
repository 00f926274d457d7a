"""Single cells as values: amounts of credit and hours, levels, categories, documents, languages."""

import re
import unicodedata
from decimal import Decimal

from credit_bank.errors import InvalidInput, Parameter
from credit_bank.exchange.mapping import plain
from credit_bank.identity.document import DocumentType
from credit_bank.recognition.framework import Category, Framework, HourKind


class CellError(Exception):
    """A cell that cannot be read; ``code`` and ``parameters`` become those of its RowProblem."""

    def __init__(self, code: str, **parameters: Parameter) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters


_NUMBER = r"\d{1,6}(?:\.\d{1,6})?"
_CREDIT_UNIT = r"(?:个?学分|分|credits?|crs?\.?|units?)?"
_CREDITS = re.compile(
    rf"(?P<least>{_NUMBER})\s*(?:(?:-|–|—|‒|~|～|to|至|到)\s*(?P<most>{_NUMBER}))?\s*{_CREDIT_UNIT}", re.IGNORECASE
)
_HOURS = re.compile(rf"(?P<hours>{_NUMBER})\s*(?:个?学时|个?课时|个?小时|h|hrs?\.?|hours?)?", re.IGNORECASE)
_CREDIT_CODES = {
    "framework.credit_malformed": "credits_malformed",
    "framework.credit_step": "credits_step",
    "framework.credit_too_large": "credits_too_large",
}
MOST_HOURS = 100_000


def _written(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def parse_credits(text: str, framework: Framework) -> tuple[int, int]:
    """Credits as (least, most) in the framework's smallest step; equal unless the text is a range such as "1-6".

    Raises CellError ``credits_malformed``, ``credits_step``, ``credits_too_large``, ``credits_range_reversed``.
    """
    match = _CREDITS.fullmatch(_written(text))
    if match is None:
        raise CellError("credits_malformed", text=text.strip()[:40])
    try:
        least = framework.amount(match["least"])
        most = framework.amount(match["most"]) if match["most"] else least
    except InvalidInput as error:
        step = {"step": framework.credits(1)} if error.code == "framework.credit_step" else {}
        raise CellError(_CREDIT_CODES[error.code], text=text.strip()[:40], **step) from None
    if most < least:
        raise CellError("credits_range_reversed", text=text.strip()[:40])
    return least, most


def parse_hours(text: str) -> int:
    """Hours as an exact number of tenths. Raises CellError ``hours_malformed``, ``hours_too_large``."""
    match = _HOURS.fullmatch(_written(text))
    tenths = Decimal(match["hours"]) * 10 if match else Decimal("0.5")
    if tenths != tenths.to_integral_value():
        raise CellError("hours_malformed", text=text.strip()[:40])
    if tenths > MOST_HOURS * 10:
        raise CellError("hours_too_large", text=text.strip()[:40], limit=MOST_HOURS)
    return int(tenths)


def _words(**groups: str) -> dict[str, str]:
    return {plain(word): name for name, words in groups.items() for word in words.split("|")}


_HOUR_KINDS = _words(
    contact="contact|contact hours|class|面授|面授学时|课堂|课堂学时|授课|授课学时|课时|教学学时",
    notional="notional|notional hours|learning|study|workload|学习时间|学习时长|标准学时|学习学时|社会必要学习时间",
)
_CATEGORIES = _words(
    academic="academic|academic education|degree|degree education|formal|formal education|学历|学历教育|"
    "学历课程|学历教育课程|学历类",
    vocational="vocational|vocational certificate|vocational certificates|certificate|professional certificate"
    "|职业证书|职业技能等级证书|职业技能证书|职业技能等级|职业资格证书|职业资格|职业技能|技能证书|"
    "1+X证书|1+X|X证书|职业类|职业培训证书",
    other="other|other non degree|non degree|nondegree|non formal|informal|community|community education|elderly"
    "|其他|其它|其他非学历|其它非学历|非学历|非学历教育|其他非学历教育|社区|社区教育|老年|老年教育|"
    "社区老年教育|无定式|无定式学习|培训|非学历培训",
)
_DOCUMENT_TYPES = _words(
    resident_id="resident id|id card|identity card|resident identity card|身份证|居民身份证|中国居民身份证|二代身份证",
    passport="passport|护照|外国护照|中国护照",
    permanent_residence="permanent residence|permanent residence permit|permanent resident card|"
    "foreign permanent resident id card"
    "|永居证|永居身份证|外国人永久居留身份证|外国人永久居留证|永久居留身份证",
)
_LANGUAGES = {
    plain(word): tag
    for tag, words in {
        "zh-CN": "中文|汉语|普通话|国语|汉|chinese|mandarin|zh|zh-cn",
        "en": "英文|英语|english|en",
    }.items()
    for word in words.split("|")
}
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")


def parse_hour_kind(text: str) -> HourKind:
    """Contact or notional hours. Raises CellError ``hour_kind_unknown``."""
    match _HOUR_KINDS.get(plain(text)):
        case "contact":
            return "contact"
        case "notional":
            return "notional"
    raise CellError("hour_kind_unknown", text=text.strip()[:40])


def parse_category(text: str) -> Category:
    """One of the three categories (rule R3). Raises CellError ``category_unknown``."""
    name = _CATEGORIES.get(plain(text))
    if name is None:
        raise CellError("category_unknown", text=text.strip()[:40])
    return Category(name)


_LEVEL = re.compile(r"(?:level|lv\.?|l|第)?\s*(\d{1,2}(?:\.\d)?|[一二三四五六七八九十]{1,2})\s*级?", re.IGNORECASE)
_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("一二三四五六七八九十", 1)}


def parse_level(text: str, framework: Framework) -> str:
    """The code of a level of the framework: "5", "5级", "五级", "Level 5". Raises CellError ``level_unknown``."""
    match = _LEVEL.fullmatch(_written(text))
    code = _CHINESE_DIGITS.get(match[1], match[1]) if match else text.strip()
    code = code.removesuffix(".0")
    try:
        return framework.level(code).code
    except InvalidInput:
        known = ", ".join(level.code for level in framework.levels)
        raise CellError("level_unknown", text=text.strip()[:40], known=known) from None


def parse_document_type(text: str) -> DocumentType:
    """The kind of identity document. Raises CellError ``document_type_unknown``."""
    name = _DOCUMENT_TYPES.get(plain(text))
    if name is None:
        raise CellError("document_type_unknown", text=text.strip()[:40])
    return DocumentType(name.replace("_", "-"))


def parse_language(text: str) -> str:
    """A BCP 47 tag. Raises CellError ``language_unknown``."""
    tag = _LANGUAGES.get(plain(text)) or text.strip()
    if not _LANGUAGE_TAG.fullmatch(tag):
        raise CellError("language_unknown", text=text.strip()[:40])
    return tag

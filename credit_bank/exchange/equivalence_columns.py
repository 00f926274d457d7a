"""Which column of a table of equivalences holds what, told by the words of its header.

Such tables have no standard. A header says what a column holds (code, title, units …) and on which side
(``source_title``, ``转出课程名称``, ``uwEquivalent``). Where no word says the side, what comes first is the source.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from credit_bank.exchange.mapping import ColumnMapping, Field, map_columns
from credit_bank.report import RowProblem

# Words that say a side whatever stands beside them, then those that say it where no such word does ("transfer").
_SIDES = {
    "target": (
        "target|to|as|receiving|receiver|equivalent|equivalents|equivalency|equivalence|equiv|articulated|articulates|"
        "accepting|accepted|awarded|home|internal|destination|dest|our|ours|local|becomes|result|"
        "被替换|被替代|被置换|被冲抵|被免修|目标|转入|接收|认定|认作|本校|校内|对应|等价|等同|免修|冲抵|拟抵|抵免|"
        "转换为|转换后|置换为|替换为"
    ),
    "source": (
        "source|from|sending|sender|origin|original|external|outside|sent|their|theirs|foreign|partner|feeder|incoming|"
        "来源|转出|送出|外校|对方|原修|已修|原课程|原学校|原院校|原|校外|境外|国外|他校|交流|合作院校|先前|学习成果|转换前"
    ),
}
_WEAK_SIDES = {
    "source": "transfer|transferring|transferred|other|替代|替换|置换|转换|1|a",
    "target": "2|b",
}
_KINDS = {
    "institution": (
        "institution|institutions|college|university|school|campus|provider|"
        "院校|学校|机构|单位|高校|大学|外校|他校|校名"
    ),
    "subject": "subject|dept|department|prefix|discipline|subj|学科",
    "code": (
        "code|codes|number|numbers|num|nbr|no|id|course|courses|crs|class|equivalent|equivalents|equivalency|代码|编号|编码|"
        "课程号|课号|课程"
    ),
    "title": "title|titles|name|names|名称|课程名|标题|课名",
    "description": "description|descriptions|desc|content|syllabus|outline|简介|描述|内容|大纲",
    "credits": "credit|credits|units|unit|hours|hrs|cr|sem|ects|学分|学分数|学分值",
    "hours": "学时|课时|学时数|课时数|总学时",
    "level": "level|division|等级|层次|级别",
    "outcomes": "outcomes|outcome|认证单元|学习单元|能力单元|单元",
}
_ALONE = {
    "family": "family|system|sector|district|group|类型|地区|体系",
    "conjunction": "conjunction|relation|relationship|logic|operator|关系|组合方式",
    "conditions": (
        "condition|conditions|restriction|restrictions|note|notes|comment|comments|remark|remarks|grade|mingrade|"
        "条件|限制|备注|要求|成绩|说明"
    ),
    "published_on": (
        "published|effective|start|starts|begin|begins|decided|生效|起始|发布|公布|开始日期|认定日期|认定时间"
    ),
    "valid_until": "until|end|ends|expires|expiry|expiration|截止|失效|有效期|到期|结束日期",
}
FIELDS = (*(f"{side}_{kind}" for side in ("source", "target") for kind in _KINDS), *_ALONE)
# Told by words of their headers, not by whole ones.
EQUIVALENCES = tuple(Field(name, name, frozenset()) for name in FIELDS)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[\u3400-\u9fff]+")
_ROW_NUMBERS = ("id", "no", "序号", "row", "index", "rule", "编号", "行号", "rowid", "")
# "course title" is a title and "credit hours" are credits: the more telling of two comes first.
_ORDER = ("description", "outcomes", "hours", "credits", "level", "title", "institution", "subject", "code")


def map_equivalences(columns: tuple[str, ...], overrides: Mapping[str, str], header_row: int) -> ColumnMapping:
    """Find the column of each of ``FIELDS``; ``overrides`` as for ``map_columns``.

    Problems: ``column_missing`` (no code or title of a side), ``column_not_found``, ``field_unknown``.
    """
    said = map_columns(columns, EQUIVALENCES, overrides, header_row=header_row)
    found = dict(said.columns)
    taken = set(found.values())
    for name, place in _guessed(columns).items():
        if name not in overrides and place not in taken:
            found[name] = place
    missing = tuple(
        f"{side}_code" for side in ("source", "target") if f"{side}_code" not in found and f"{side}_title" not in found
    )
    problems = [
        RowProblem(header_row, None, "column_missing", {"field": name, "label": f"{name} / {name[:6]}_title"})
        for name in missing
    ]
    unused = tuple(column for n, column in enumerate(columns) if n not in found.values())
    return ColumnMapping(found, columns, unused, missing, (*said.problems, *problems))


def _guessed(columns: Sequence[str]) -> dict[str, int]:
    """Columns by field, from the words of their headers; the first of a kind on a side counts."""
    words = [_words(column) for column in columns]
    kinds = [_kind(found) for found in words]
    sides = _sides(words, kinds)
    _name_schools(words, kinds, sides)
    found: dict[str, int] = {}
    for n, kind in enumerate(kinds):
        if kind in _ALONE and kind not in found:
            found[kind] = n
        elif kind and sides[n]:
            found.setdefault(f"{sides[n]}_{kind}", n)
    for n, kind in enumerate(kinds):
        if kind and kind not in _ALONE and sides[n] is None and not _is_row_number(words[n]):
            first = next((s for s in ("source", "target") if f"{s}_{kind}" not in found), None)
            if first:
                found[f"{first}_{kind}"] = n
    return found


def _name_schools(words: Sequence[list[str]], kinds: list[str | None], sides: Sequence[str | None]) -> None:
    """Where a side has two names and only one says that it is a course's, the other is the school's."""
    for side in ("source", "target"):
        titled = [n for n, kind in enumerate(kinds) if kind == "title" and sides[n] == side]
        plain = [n for n in titled if not any(w in ("course", "class", "title") or "课" in w for w in words[n])]
        schools = [n for n, kind in enumerate(kinds) if kind == "institution" and sides[n] == side]
        if plain and len(titled) > len(plain) and not schools:
            kinds[plain[0]] = "institution"


def _is_row_number(words: Sequence[str]) -> bool:
    return "".join(words) in _ROW_NUMBERS


def _sides(words: Sequence[list[str]], kinds: Sequence[str | None]) -> list[str | None]:
    """The side of each column, where a word says it: its own, or what stands before the kind on several columns."""
    sides = [_side(found, _SIDES) for found in words]
    weak = [None if side else _side(found, _WEAK_SIDES) for side, found in zip(sides, words, strict=True)]
    if not ({"1", "a"} & {w for found in words for w in found} and {"2", "b"} & {w for found in words for w in found}):
        weak = [side if set(found) - {"1", "a", "2", "b"} and not _numbered(found) else None
                for side, found in zip(weak, words, strict=True)]  # fmt: skip
    plain = [n for n, kind in enumerate(kinds) if kind in ("code", "title") and not sides[n] and not weak[n]]
    first = next((n for n, side in enumerate(weak) if side == "source"), len(weak))
    if "target" in sides and "source" not in sides and plain and plain[0] < first:
        weak = ["target" if side else None for side in weak]  # "Course, Title, Transfers As, Transfer Title"
    sides = [side or other for side, other in zip(sides, weak, strict=True)]
    prefixes: dict[str, set[str]] = {}
    for found, side, kind in zip(words, sides, kinds, strict=True):
        if kind and kind not in _ALONE and len(found) > 1:
            prefixes.setdefault(found[0], set()).add(side or "")
    named = {prefix: (seen - {""}).pop() for prefix, seen in prefixes.items() if len(seen - {""}) == 1}
    told = {side for side, kind in zip(sides, kinds, strict=True) if side and kind not in _ALONE}
    if len(told) == 1:  # one side is named, so what has a name of its own is the other
        other = "target" if "source" in told else "source"
        named.update({prefix: other for prefix, seen in prefixes.items() if seen == {""} and prefix not in _PLAIN})
    return [
        side or (named.get(found[0]) if found and kind and kind not in _ALONE else None)
        for side, found, kind in zip(sides, words, kinds, strict=True)
    ]


_PLAIN = {word for listed in _KINDS.values() for word in listed.split("|") if word.isascii()}


def _numbered(words: Sequence[str]) -> bool:
    return words[-1] in ("1", "a", "2", "b")


def _side(words: Sequence[str], sides: Mapping[str, str]) -> str | None:
    return next((name for name, listed in sides.items() if _names(words, listed)), None)


def _kind(words: Sequence[str]) -> str | None:
    """What a header says that its column holds."""
    kinds = [kind for kind in _ORDER if _names(words, _KINDS[kind])]
    dates = [alone for alone in ("published_on", "valid_until") if _names(words, _ALONE[alone])]
    if dates and set(kinds) <= {"code"}:
        return dates[0]
    others = [a for a in ("conjunction", "conditions", "family") if _names(words, _ALONE[a])]
    if others and not set(kinds) - {"code", "institution", "credits"}:
        return others[0]
    course = any(word in ("course", "class", "crs") or "课" in word for word in words)
    school = "institution" in kinds and (not course or _ends_in_school(words[-1]))
    if school and set(kinds) <= {"institution", "title", "code"}:
        kinds = ["institution"]  # "school name", and not "college course title"
    elif course and len(kinds) > 1:
        kinds = [kind for kind in kinds if kind != "institution"]
    kind = next(iter(kinds), None)
    if kind == "code" and any(word in ("名", "名称") for word in words):
        kind = "title"
    if kind == "institution" and not course and ("code" in words or "id" in words):
        kind = None  # an institution's own short name beside its full one
    return kind


def _ends_in_school(word: str) -> bool:
    return any(word.removesuffix("名称").endswith(school) for school in _KINDS["institution"].split("|"))


def _names(words: Sequence[str], listed: str) -> bool:
    options = listed.split("|")
    return any(
        word in options or (word[0] > "\u3000" and any(o in word for o in options if o[0] > "\u3000")) for word in words
    )


def _words(header: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFKC", header))]

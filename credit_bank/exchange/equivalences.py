"""A table of published equivalences, whoever wrote it: which courses an institution took as which of its own.

Such tables have no standard. A column is told by the words of its header: what it holds (code, title, units …) and on
which side (``source_title``, ``转出课程名称``, ``uwEquivalent``). Where no word says the side, the one that comes
first is the source. A header may be said instead (``overrides``).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from credit_bank.exchange.cell_text import clean
from credit_bank.exchange.findings import Findings, Reading
from credit_bank.exchange.mapping import ColumnMapping, Field, map_columns
from credit_bank.exchange.rows import Table
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.report import RowProblem

_SIDES = {
    "source": (
        "source|from|sending|sender|origin|original|external|transfer|transferring|other|sent|their|"
        "来源|转出|送出|原|外校|对方|原修|已修"
    ),
    "target": (
        "target|to|receiving|receiver|equivalent|equivalency|equivalence|articulated|accepting|home|internal|"
        "destination|our|local|becomes|目标|转入|接收|认定|认定为|本校|对应|等价|替代|置换"
    ),
}
_KINDS = {
    "institution": "institution|college|university|school|campus|provider|院校|学校|机构|单位|高校",
    "subject": "subject|dept|department|prefix|discipline|学科",
    "code": ("code|codes|number|numbers|no|id|course|courses|equivalent|equivalency|代码|编号|编码|课程号|课程"),
    "title": "title|titles|name|names|名称|课程名|标题",
    "description": "description|descriptions|desc|content|syllabus|简介|描述|内容|说明",
    "credits": "credit|credits|units|unit|hours|cr|学分|学分数",
    "level": "level|division|等级|层次|级别",
}
FIELDS = (*(f"{side}_{kind}" for side in _SIDES for kind in _KINDS), "family", "conjunction")
_FIELDS = tuple(Field(name, name, frozenset()) for name in FIELDS)  # told by words of their headers, not by whole ones
_ALONE = {
    "family": "family|system|sector|district|group|类型|地区|体系",
    "conjunction": "conjunction|relation|relationship|logic|operator|关系|组合方式",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[\u3400-\u9fff]+")
_ALTERNATIVES = re.compile(r"\s+(?:or|OR|Or)\s+|或者?|\s*\|\|\s*")
_TOGETHER = re.compile(r"\s*\+\s*|\s*[;；、\n]\s*|\s+(?:and|AND|And|&)\s+|\s+和\s+")
_NO_COURSE = re.compile(
    r"\b(?:no (?:course )?(?:credit|articulat\w+|equiv\w*)|not (?:articulated|transferable|accepted)|denied|none|n/?a|"
    r"electives?(?: credit)?|blanket(?: credit)?|bkcr|undetermined|departmental review)\b|"
    r"不予(?:认定|转换)|不可转换|选修学分|无对应",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\d*(?:X{2,}|-{2,}|\*{2,}|_{2,})[A-Z]?\s*$")
_LENGTHS = {"institution": 200, "code": 200, "title": 600, "description": 20_000, "credits": 100, "level": 60}


@dataclass(frozen=True, slots=True)
class EquivalenceTable:
    """What a table says. ``elective`` counts the rows that give blanket credit or none: decisions (rule R8), but no
    course to find; ``without_source`` those that name no course to come from.
    """

    reading: Reading[Equivalence]
    elective: int
    without_source: int


def read_equivalences(
    table: Table,
    *,
    overrides: Mapping[str, str] | None = None,
    source: str = "",
    target: str = "",
    family: str = "",
) -> EquivalenceTable:
    """Read a table whole; ``source`` and ``target`` name the institutions where no column does.

    Raises InvalidInput ``table.*`` where the file breaks off. Problems of the reading: ``column_missing`` (no code or
    title of a side), ``column_not_found``, ``field_unknown`` and ``credits_malformed``. Alternatives ("or") become a
    decision each; courses that go together ("and", "+") are one decision.
    """
    findings = Findings()
    mapping = _map(table.columns, overrides or {}, table.header_row)
    for problem in mapping.problems:
        findings.add(problem)
    found: list[Equivalence] = []
    elective = without_source = 0
    if not mapping.problems:
        reader = _Rows(mapping, findings, {"source": source or "?", "target": target or "??"}, family)
        for row in table.rows():
            cells = {name: clean(row.cells[place], lines=True)[0] for name, place in mapping.columns.items()}
            if not (cells.get("source_code") or cells.get("source_title")):
                without_source += 1
            elif _is_elective(cells):
                elective += 1
            else:
                found += reader.decisions(row.number, cells)
        if not found and not findings.count and not (elective or without_source):
            findings.problem(0, None, "no_rows")
    return EquivalenceTable(findings.reading(found, mapping), elective, without_source)


def _is_elective(cells: Mapping[str, str]) -> bool:
    code, title = cells.get("target_code", ""), cells.get("target_title", "")
    return not (code or title) or bool(_PLACEHOLDER.search(code)) or any(map(_NO_COURSE.search, (code, title)))


class _Rows:
    def __init__(self, mapping: ColumnMapping, findings: Findings, names: Mapping[str, str], family: str) -> None:
        self._mapping, self._findings, self._names, self._family = mapping, findings, names, family

    def decisions(self, number: int, cells: Mapping[str, str]) -> list[Equivalence]:
        family = cells.get("family") or self._family
        any_of = cells.get("conjunction", "").casefold() in ("or", "或")
        targets = self._courses(number, cells, "target")
        sources = self._ways(number, cells)
        if any_of:
            sources = [[course] for way in sources for course in way]
        return [Equivalence(tuple(way), tuple(targets), family, number) for way in sources if way and targets]

    def _ways(self, number: int, cells: Mapping[str, str]) -> list[list[Described]]:
        codes = _ALTERNATIVES.split(cells.get("source_code", ""))
        titles = _ALTERNATIVES.split(cells.get("source_title", ""))
        if len(codes) == 1 or (len(titles) not in (1, len(codes))):
            return [self._courses(number, cells, "source")]
        titles = titles if len(titles) == len(codes) else titles * len(codes)
        return [
            self._courses(number, {**cells, "source_code": code, "source_title": title}, "source")
            for code, title in zip(codes, titles, strict=True)
        ]

    def _courses(self, number: int, cells: Mapping[str, str], side: str) -> list[Described]:
        subject = cells.get(f"{side}_subject", "")
        codes = [f"{subject} {code}".strip() for code in _split(cells.get(f"{side}_code", ""))]
        titles = _split(cells.get(f"{side}_title", ""))
        count = max(len(codes), 1)
        if len(titles) != count:
            titles = [cells.get(f"{side}_title", "")] * count
        codes = codes or titles
        credits = self._credits(number, cells, side)
        return [
            Described(
                cells.get(f"{side}_institution") or self._names[side],
                code[: _LENGTHS["code"]],
                (title or code)[: _LENGTHS["title"]],
                cells.get(f"{side}_description", "")[: _LENGTHS["description"]],
                credits / count if credits is not None else None,
                cells.get(f"{side}_level", "")[: _LENGTHS["level"]],
            )
            for code, title in zip(codes, titles, strict=True)
        ]

    def _credits(self, number: int, cells: Mapping[str, str], side: str) -> Fraction | None:
        text = cells.get(f"{side}_credits", "")
        first = re.search(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text))
        if not text or (first is None and not any(c.isalnum() for c in text)):
            return None
        if first is None:
            self._findings.notice(number, self._mapping.header(f"{side}_credits"), "credits_malformed")
            return None
        return Fraction(first[0])


def _split(text: str) -> list[str]:
    return [part for part in _TOGETHER.split(text.strip()) if part]


def _map(columns: tuple[str, ...], overrides: Mapping[str, str], header_row: int) -> ColumnMapping:
    said = map_columns(columns, _FIELDS, overrides, header_row=header_row)
    found = dict(said.columns)
    taken = set(found.values())
    for name, place in _guessed(columns).items():
        if name not in overrides and place not in taken:
            found[name] = place
    missing = tuple(f"{side}_code" for side in _SIDES if f"{side}_code" not in found and f"{side}_title" not in found)
    problems = [
        RowProblem(header_row, None, "column_missing", {"field": name, "label": f"{name} / {name[:6]}_title"})
        for name in missing
    ]
    unused = tuple(column for n, column in enumerate(columns) if n not in found.values())
    return ColumnMapping(found, columns, unused, missing, (*said.problems, *problems))


def _guessed(columns: Sequence[str]) -> dict[str, int]:
    """Columns by field, from the words of their headers; the first of a kind on a side counts."""
    told = [_told(column) for column in columns]
    sides: list[str | None] = [side for side, _kind in told]
    # A word that stands before the kind on several columns ("bcCourse", "bcTitle") is a side without saying which.
    prefixes: dict[str, set[str]] = {}
    for column, (side, kind) in zip(columns, told, strict=True):
        words = _words(column)
        if kind and len(words) > 1:
            prefixes.setdefault(words[0], set()).add(side or "")
    named = {prefix: (seen - {""}).pop() for prefix, seen in prefixes.items() if len(seen - {""}) == 1}
    told_sides = {side for side in sides if side}
    if len(told_sides) == 1:  # one side is named, so what has a name of its own is the other
        other = "target" if "source" in told_sides else "source"
        named.update({prefix: other for prefix, seen in prefixes.items() if seen == {""}})
    for n, column in enumerate(columns):
        words = _words(column)
        if sides[n] is None and told[n][1] and words and words[0] in named:
            sides[n] = named[words[0]]
    found: dict[str, int] = {}
    for n, (_side, kind) in enumerate(told):
        if kind in _ALONE and kind not in found:
            found[kind] = n
        elif kind and sides[n]:
            found.setdefault(f"{sides[n]}_{kind}", n)
    for n, (_side, kind) in enumerate(told):
        if kind and kind not in _ALONE and sides[n] is None:
            first = next((s for s in ("source", "target") if f"{s}_{kind}" not in found), None)
            if first:
                found[f"{first}_{kind}"] = n
    return found


def _told(header: str) -> tuple[str | None, str | None]:
    """The side and the kind that a header names, each if it does."""
    words = _words(header)
    for alone, listed in _ALONE.items():
        if any(word in listed.split("|") for word in words):
            return None, alone
    side = next((name for name, listed in _SIDES.items() if _names(words, listed)), None)
    kinds = [kind for kind, listed in _KINDS.items() if _names(words, listed)]
    # "course title" is a title and "institution code" a code: the more telling of two.
    order = ("description", "credits", "level", "title", "institution", "subject", "code")
    kind: str | None = next((kind for kind in order if kind in kinds), None)
    if kind == "code" and any(word in ("名", "名称") for word in words):
        kind = "title"
    if kind == "institution" and ("code" in words or "id" in words):
        kind = None  # an institution's own short name beside its full one
    return side, kind


def _names(words: Sequence[str], listed: str) -> bool:
    options = listed.split("|")
    return any(
        word in options or (word[0] > "\u3000" and any(o in word for o in options if o[0] > "\u3000")) for word in words
    )


def _words(header: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFKC", header))]

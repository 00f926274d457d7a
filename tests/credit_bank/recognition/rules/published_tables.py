"""Published tables of equivalences as rule sets: rows of ASSIST as they are exported, Bellevue's with conditions."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import read_ruleset
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.recognition.rules.writing import Plain, toml

SAMPLE = """\
target_courses,target_units,target_code,source_institution,source_courses,conjunction,note,major
MATH 1A,4.0,UCB,Columbia College,MATH 18A,single,,Data Science
MATH 54,4.0,UCB,Columbia College,MATH 28+MATH 26,And,,Data Science
MATH 1A,4.0,UCB,MiraCosta College,MATH 150,single,alt1/2,Data Science
MATH 1A,4.0,UCB,MiraCosta College,MATH 150H,single,alt2/2,Data Science
MATH 54,4.0,UCB,MiraCosta College,MATH 270H+MATH 265,And,alt1/2,Data Science
MATH 54,4.0,UCB,MiraCosta College,MATH 270+MATH 265,And,alt2/2,Data Science
COMPSCI 61B,4.0,UCB,College of the Canyons,CMPSCI 182L+CMPSCI 236+CMPSCI 182,And,,Data Science
COMPSCI 61B,4.0,UCB,College of Alameda,,none,No Course Articulated,Data Science
"""
"""Rows of the four majors of 2023-2024: one to one, two to one, alternatives, three to one, none."""


def assist_rules(rows: Iterable[Mapping[str, str]], receiver: str) -> RuleSet:
    """One set of a receiver: alternatives become a choice, "+" courses needed together, "none" is kept as data."""
    ways: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    nothing: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["target_code"] != receiver:
            continue
        key = (row["source_institution"], row["target_courses"])
        if row["conjunction"] == "none":
            nothing[key] = row["note"]
            continue
        courses = sorted(row["source_courses"].split("+"))
        for way in [[one] for one in courses] if row["conjunction"] == "Or" else [courses]:
            if way not in ways[key]:
                ways[key].append(way)
    tables: list[Plain] = []
    for (institution, target), choices in sorted(ways.items()):
        groups = [[{"institution": institution, "course": one, "level": "any"} for one in way] for way in choices]
        taken: Plain = groups[0] if len(groups) == 1 else [{"any": groups}]
        id = f"{institution} > {target}"
        tables.append({"id": id, "from": taken, "to": target.split("+"), "one_institution": True})
    for (institution, target), reason in sorted(nothing.items()):
        if (institution, target) not in ways:
            none: dict[str, Plain] = {"id": f"{institution} > {target}", "result": "none", "reason": reason}
            tables.append({**none, "from": {"institution": institution, "same_title": True}, "to": target.split("+")})
    return _set(receiver, "agreement", tables)


def bellevue_rules(document: Mapping[str, Any]) -> RuleSet:
    """The conditions of the notes: courses that count only together, credit beside, a grade that is asked."""
    courses = {one["bcCourse"]: one for one in document["courses"]}
    tables: list[Plain] = []
    for code, one in courses.items():
        notes = str(one["notes"])
        needed = re.search(r"Must take (?:both|all three) ([^.]*?\d)(?:\)| together| for|\.)", notes)
        subject = code.rpartition(" ")[0]
        numbers = re.findall(r"\d{3}", needed[1]) if needed else []
        together = [name for number in numbers if (name := f"{subject} {number}") in courses]
        item: dict[str, Plain] = {"institution": "Bellevue College", "course": code, "level": "any"}
        grade = re.search(r"with grade (\d\.\d)", notes)
        if grade:
            item |= {"min_grade": grade[1], "scale": "4.0"}
        elective = one["uwTitle"] == "Elective Credit"
        award: Plain = {"component": "free"} if elective else {"course": one["uwEquivalent"]}
        table: dict[str, Plain] = {"id": code, "from": item, "to": award, "credit_source": "conserve"}
        table |= {"result": "elective", "credit_source": "source"} if elective else {"residue_component": "free"}
        tables.append(table)
        if len(together) > 1 and code == together[0]:
            items: list[Plain] = [
                {"institution": "Bellevue College", "course": name, "level": "any"} for name in together
            ]
            targets: list[Plain] = [
                courses[name]["uwEquivalent"] for name in together if courses[name]["uwTitle"] != "Elective Credit"
            ]
            tables.append({"id": f"{code} series", "from": items, "to": targets, "priority": 10})
    scale: Plain = {"id": "4.0", "passing": "0.7", "lowest": 0, "highest": 4}
    return _set("UW", "programme", tables, scale=[scale])


def _set(receiver: str, basis: str, tables: list[Plain], **more: Plain) -> RuleSet:
    head: dict[str, Plain] = {
        "format": "evergreen-rules-1", "id": receiver, "version": "2023-2024", "title": receiver, "receiver": receiver,
        "basis": basis, "framework": EVERGREEN.id, "valid_from": date(2023, 8, 1),
    }  # fmt: skip
    return read_ruleset(toml({**head, **more, "rule": tables}))


def read_json(text: str) -> dict[str, Any]:
    """A JSON object."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found

"""The rule editor over texts that are wrong, long or odd: nothing typed is lost, and every page answers."""

import tomllib

import pytest
from flask import Flask

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.reading import FileRefused, exact
from tests.web import scenes
from tests.web.desks import Desk
from tests.web.editing_rules import PATH, press, text_of
from tests.web.scenes import Scene
from web.accounts.roles import Role
from web.forms.rules import Choices, entry_form
from web.views.rules.blueprint import MAX_TEXT
from web.views.rules.draft import read
from web.views.rules.kinds import kind_of
from web.views.rules.naming import Names
from web.views.rules.values import LINES, filled

HEAD = """\
format = "evergreen-rules-1"
id = "odd"
version = "1"
title = "怪规则"
receiver = "test-university"
basis = "programme"
framework = "evergreen-1"
valid_from = 2026-01-01
"""
RULE = '[[rule]]\nid = "one"\ntitle = "甲"\nfrom = "test-college: A"\nto = "CAL1"\n'
WRONG = (
    *("3", "true", "1.5", '""', '"x"', '"\\u0000"', "2026-01-01", "2026-01-01T00:00:00", "[]", "[1]", '[["x"]]'),
    *("{}", "{ a = 1 }", '{ "a]" = { b = 1 } }', "[{ a = 1 }]"),
)
KEYS = {
    "rule": ("id", "title", "result", "priority", "one_institution", "credit_limit", "bridge", "bridge.share",
             "remaining", "grade", "to", "to.credits", "from", "from.course", "from.category", "from.min_credits",
             "from.shelf_life", "from.level", "from.any"),
    "limit": ("title", "sense", "unit", "bound", "base", "counted", "counted.categories", "counted.institutions",
              "counted.own", "counted.min_level", "window"),
    "scale": ("id", "grades", "passing", "lowest"),
    "grade_table": ("scale", "grades", "counts", "target_counts"),
    "level_map": ("source", "version", "levels"),
}  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Scene:
    return scenes.make(Desk(app))


@pytest.mark.parametrize("section", KEYS)
def test_every_entry_has_a_form_whatever_kind_of_value_stands_in_it(app: Flask, section: str) -> None:
    for key in KEYS[section]:
        for value in WRONG:
            with app.test_request_context():
                try:
                    draft = read(f"{HEAD}[[{section}]]\n{key} = {value}\n")
                except FileRefused:
                    continue
                [entry] = draft.entries[section]
                kind = kind_of(section, entry.raw, entry.model)
                was = filled(kind, entry.raw, entry.model, Names(), EVERGREEN)
                form = entry_form(list(was.values), LINES, Choices(), section=section, values=was.values)
                assert [str(field()) for field in form], (key, value)


def test_a_name_that_looks_like_a_place_is_a_fault_of_the_whole(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    for name in ("rule[9]", "rule[0].title"):
        page = press(one, press(one, one.get(PATH), "show"), "show", {"text": f'{HEAD}"{name}" = 1\n{RULE}'})
        [card] = page.tree.findall(".//article")
        assert "有 1 处要改" in page.text and f'"{name}"' in page.text
        assert name not in "".join(card.itertext())


def test_a_day_in_quotes_is_made_a_day_and_none_is_lost(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f'{HEAD}valid_until = "2027-01-31"\n{RULE}'.replace("2026-01-01", "2026-01-01T00:00:00")
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text})
    page = press(one, press(one, page, "head"), "save-head")
    table = tomllib.loads(text_of(page))
    assert (
        f"{table['valid_from']} {table['valid_until']}" == "2026-01-01 2027-01-31" and "没有要改的" not in page.errors
    )
    page = press(one, page, "show", {"text": text.replace('"2027-01-31"', '"next year"')})
    page = press(one, press(one, page, "head"), "save-head", status=422)
    assert "next year" in text_of(page) and any("最后一天" in words or "日" in words for words in page.errors)


def test_a_rule_of_many_courses_keeps_them_all(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    courses = [f"test-college: C{n}" for n in range(15)]
    text = HEAD + RULE.replace('"test-college: A"', str(courses).replace("'", '"'))
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text})
    page = press(one, press(one, page, "open:rule:0"), "rows:rule:0:series", {"title": "乙"})
    page = press(one, page, "save:rule:0:series", {"from0_course": "NEW"})
    [rule] = tomllib.loads(text_of(page))["rule"]
    assert rule["from"] == ["test-college: NEW", *courses[1:]] and rule["title"] == "乙"


def test_what_a_course_has_beside_its_code_is_named_and_kept(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    item = '{ institution = "test-college", course = "A", unit = "U1" }'
    text = HEAD + RULE.replace('"test-college: A"', item)
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text})
    page = press(one, page, "open:rule:0")
    assert "还有只能在文字里改的" in page.text
    page = press(one, page, "save:rule:0:course", {"from0_course": "B"})
    assert text_of(page) == text.replace('"A"', '"B"')


def test_numbers_are_read_as_they_are_typed_in_chinese(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": HEAD + RULE})
    page = press(one, page, "open:rule:0")
    page = press(
        one, page, "save:rule:0:course",
        {"priority": "５０", "min_credits": "２．５", "min_attendance": "８０％", "bridge_share": "１／３",
         "bridge_task": "补一篇作业"},
    )  # fmt: skip
    [rule] = tomllib.loads(text_of(page))["rule"]
    assert rule["priority"] == 50 and rule["bridge"]["share"] == "1/3"
    assert rule["from"]["min_credits"] == "2.5" and rule["from"]["min_attendance"] == "80%"


@pytest.mark.parametrize("typed", ['"]]\n[[rule]]\nid = "x"', "a\\u0000b", '\' # """', "甲”\u2028乙", "{ x = 1 }"])
def test_no_field_can_write_more_than_a_text(scene: Scene, typed: str) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f"{HEAD}# kept\n{RULE}# and this\n"
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text})
    page = press(one, page, "open:rule:0")
    sent = {"title": typed, "from0_course": "A", "to0": f"CAL1{typed}"}
    page = press(one, page, "save:rule:0:course", sent, 422 if set(typed) & set("\n\u2028") else 200)
    if page.errors:
        page = press(one, page, "save:rule:0:course", {"title": "a'\"b]] = {", "to0": "CAL1"})
    [rule] = tomllib.loads(text_of(page))["rule"]
    assert rule["id"] == "one" and text_of(page).startswith(f"{HEAD}# kept\n[[rule]]")
    assert text_of(page).endswith("# and this\n")


def test_a_text_that_is_too_long_is_given_back_whole(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f"{HEAD}{RULE}# {'长' * MAX_TEXT}\n"
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text}, 422)
    assert page.element("text").text == text.rstrip("\n") + "\n" and page.errors[0].startswith("规则太长")
    assert one.post(PATH, {"text": text, "do": "file"}, status=200).data.decode() == text


def test_a_rule_that_was_taken_out_is_put_back(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f"{HEAD}# about it\n{RULE}"
    page = press(one, press(one, one.get(PATH), "show"), "show", {"text": text})
    page = press(one, page, "remove:rule:0")
    assert "about it" not in text_of(page)
    page = press(one, page, "undo")
    assert text_of(page) == text and "甲" in page.text


@pytest.mark.parametrize("text", ["1e99999999", "1e-99999999", "1/1e99999999", "1e999999999%", "-1E+99999999"])
def test_a_number_that_would_fill_the_memory_is_no_number(text: str) -> None:
    assert exact(text) is None


def test_numbers_as_people_write_them_are_exact() -> None:
    assert [str(exact(text)) for text in ("1/3", "12.5%", "0.1", "2.50", "1e2", "0")] == [
        "1/3",
        "1/8",
        "1/10",
        "5/2",
        "100",
        "0",
    ]

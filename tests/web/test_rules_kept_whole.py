"""The rule editor over texts that are wrong, long or odd: nothing typed is lost, and every page answers."""

import tomllib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

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
from web.operations import rule_drafts
from web.views.rules.blueprint import MAX_TEXT
from web.views.rules.draft import read
from web.views.rules.kinds import kind_of
from web.views.rules.naming import Names
from web.views.rules.values import LINES, filled

DOCUMENTS = "/desk/test-university/documents"
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
        page = press(one, press(one, one.get(PATH), "show"), "use", {"text": f'{HEAD}"{name}" = 1\n{RULE}'})
        [card] = page.tree.findall(".//article")
        assert "有 1 处要改" in page.text and f'"{name}"' in page.text
        assert name not in "".join(card.itertext())


def test_a_day_in_quotes_is_made_a_day_and_none_is_lost(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f'{HEAD}valid_until = "2027-01-31"\n{RULE}'.replace("2026-01-01", "2026-01-01T00:00:00")
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    page = press(one, press(one, page, "head"), "save-head")
    table = tomllib.loads(text_of(page))
    assert (
        f"{table['valid_from']} {table['valid_until']}" == "2026-01-01 2027-01-31" and "没有要改的" not in page.errors
    )
    page = press(one, page, "use", {"text": text.replace('"2027-01-31"', '"next year"')})
    page = press(one, press(one, page, "head"), "save-head", status=422)
    assert "next year" in text_of(page) and any("最后一天" in words or "日" in words for words in page.errors)


def test_a_rule_of_many_courses_keeps_them_all(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    courses = [f"test-college: C{n}" for n in range(15)]
    text = HEAD + RULE.replace('"test-college: A"', str(courses).replace("'", '"'))
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    page = press(one, press(one, page, "open:rule:0"), "rows:rule:0:series", {"title": "乙"})
    page = press(one, page, "save:rule:0:series", {"from0_course": "NEW"})
    [rule] = tomllib.loads(text_of(page))["rule"]
    assert rule["from"] == ["test-college: NEW", *courses[1:]] and rule["title"] == "乙"


def test_what_a_course_has_beside_its_code_is_named_and_kept(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    item = '{ institution = "test-college", course = "A", unit = "U1" }'
    text = HEAD + RULE.replace('"test-college: A"', item)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    page = press(one, page, "open:rule:0")
    assert "还有只能在文字里改的" in page.text
    page = press(one, page, "save:rule:0:course", {"from0_course": "B"})
    assert text_of(page) == text.replace('"A"', '"B"')


def test_numbers_are_read_as_they_are_typed_in_chinese(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": HEAD + RULE})
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
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
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
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text}, 422)
    assert page.element("text").text == text.rstrip("\n") + "\n" and page.errors[0].startswith("规则太长")
    assert one.post(PATH, {"text": text, "do": "file"}, status=200).data.decode() == text


def test_a_rule_that_was_taken_out_is_put_back(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = f"{HEAD}# about it\n{RULE}"
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
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


def test_a_draft_is_found_again_after_the_browser_was_closed(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    one.get(one.get(DOCUMENTS).link("用表单看和改"))
    assert "没写完的草稿" not in one.get(DOCUMENTS).text  # nothing was changed yet
    page = press(one, one.get(one.get(DOCUMENTS).link("用表单看和改")), "open:rule:0")
    page = press(one, page, "save:rule:0:course", {"title": "写到一半"})
    assert "草稿已替您存好" in page.text
    page = press(one, press(one, page, "head"), "save-head", {"title": "还没写完", "id": "renamed"})
    written, address = text_of(page), page.response.request.full_path

    assert "还没写完" in one.get(PATH).text  # a new set is begun beside it
    [link] = [a for a in one.get(DOCUMENTS).tree.iter("a") if "接着写" in "".join(a.itertext())]
    page = one.get(link.attrib["href"])
    assert text_of(page) == written and page.h1 == "还没写完"
    assert text_of(one.get(address)) == written  # where the link to the other language leads, too
    other = scene.staff(scene.university, Role.REGISTRAR)
    assert "没写完的草稿" not in other.get(DOCUMENTS).text
    assert text_of(other.get(address)) != written
    other.post(address, {"do": "discard"})
    assert text_of(one.get(address)) == written

    one.post(address, {"do": "discard"})
    assert "没写完的草稿" not in one.get(DOCUMENTS).text


def test_a_draft_that_is_no_rule_set_yet_is_kept_as_text(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": f"{HEAD}rule = 3\n"}, 422)
    page = one.get(page.response.request.full_path)
    assert page.element("text").text.strip().endswith("rule = 3") and page.errors


def test_two_officers_write_at_once_and_the_second_is_told(scene: Scene) -> None:
    """The second's draft stays, whatever the first one published meanwhile."""
    one, two = (scene.staff(scene.university, Role.REGISTRAR) for _ in range(2))
    drafts = []
    for who in (one, two):
        page = press(who, who.get(who.get(DOCUMENTS).link("用表单看和改")), "open:rule:0")
        drafts.append(press(who, page, "save:rule:0:course", {"title": f"改名{len(drafts)}"}))
    first, second = drafts
    press(one, press(one, first, "check"), "propose", status=303)
    assert "没写完的草稿" not in one.get(DOCUMENTS).text
    page = press(two, press(two, second, "check"), "propose", status=422)
    assert page.errors and "改名1" in text_of(page)
    [action] = [
        form.attrib["action"]
        for form in two.get(DOCUMENTS).forms()
        if form.attrib.get("action", "").endswith("/publish")
    ]
    two.post(action)
    page = press(two, press(two, second, "head"), "save-head", {"version": "2026.2"})
    page = press(two, page, "check")
    assert "您的草稿是从 2026 版改来的，现在有效的已经是 2026.1 版" in page.text
    assert "改名0" in " ".join(page.texts(".//del")) and "改名1" in page.text
    press(two, page, "propose", status=303)


def test_drafts_are_forgotten_in_time_and_with_their_person(scene: Scene) -> None:
    whose, other = (uuid4(), scene.university), (uuid4(), scene.university)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with scene.town.writing() as session:
        for n in range(rule_drafts.AT_MOST + 2):
            rule_drafts.keep(
                session, whose, uuid4(), title=f"{n}", text="x", begun_from=None, now=now + timedelta(days=n)
            )
        rule_drafts.keep(session, other, uuid4(), title="y", text="y", begun_from=None, now=now)
        kept = [row.title for row in rule_drafts.of(session, whose)]
        assert len(kept) == rule_drafts.AT_MOST and "0" not in kept and "1" not in kept and kept[0] == "21"
        assert rule_drafts.forget_old(session, now + rule_drafts.KEPT) == 0
        assert rule_drafts.forget_old(session, now + rule_drafts.KEPT + timedelta(days=3)) == 2
        session.expire_all()
        assert "2" not in [row.title for row in rule_drafts.of(session, whose)]
        rule_drafts.erase_person(session, whose[0])
        session.expire_all()
        assert not rule_drafts.of(session, whose)


def test_the_link_to_the_other_language_leads_to_no_address_that_only_takes_forms(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "check")
    [link] = [a.attrib["href"] for a in page.tree.iter("a") if a.attrib.get("hreflang") == "en"]
    assert "draft" in link
    one.follow(one.get(link, status=303))


def test_a_long_list_is_shown_in_pages_and_what_is_wrong_is_named_on_each(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    rules = [f'{{ id = "r{n}", title = "第{n}条", from = "test-college: C{n}", to = "CAL1", priority = {n} }},'
             for n in range(250)]  # fmt: skip
    rules[230] = rules[230].replace("CAL1", "NONE")
    text = HEAD + "rule = [\n" + "\n".join(rules) + "\n]\n"
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    titles = page.texts(".//h3")
    assert len([title for title in titles if title.startswith("第")]) == 100 and "一共 3 页" in page.text
    assert "上一页" not in page.text and len(page.html) < 6 * len(text) + 150_000
    page = press(one, page, "page:2")
    assert "第100条" in page.texts(".//h3") and "第99条" not in page.texts(".//h3")
    back = press(one, press(one, page, "open:rule:150"), "show")
    assert "第100条" in back.texts(".//h3")
    page = press(one, back, "open:rule:230")  # named on every page, since it has an error
    page = press(one, page, "save:rule:230:course", {"to0": "CAL2"})
    assert "没有要改的" in page.text and "第230条" in page.texts(".//h3") and "下一页" not in page.text
    assert [h.attrib.get("autofocus") for h in page.tree.iter("h3") if "autofocus" in h.attrib] == [""]
    assert "第249条" in press(one, page, "remove:rule:249").text


def test_nobody_sets_rules_for_an_institution_that_has_no_say(scene: Scene) -> None:
    """A set with another's handle as its receiver was published by two colleagues, and bound the other."""
    one = scene.staff(scene.university, Role.REGISTRAR)
    text = (HEAD + RULE).replace('receiver = "test-university"', 'receiver = "test-college"')
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    page = press(one, press(one, page, "check"), "propose", status=422)
    assert page.errors and "test-college" in page.errors[0]
    page = one.post(DOCUMENTS, {"text": text}, status=422)
    assert "test-college" in page.errors[0]
    party = text.replace('basis = "programme"', 'basis = "agreement"\nparties = ["test-university", "test-college"]')
    party = party.replace("test-college: A", "test-university: A")
    assert one.post(DOCUMENTS, {"text": party}).location.endswith(DOCUMENTS)

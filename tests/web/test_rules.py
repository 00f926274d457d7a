"""The rule editor: rules written, mended, tried and proposed in forms, over a text that loses nothing."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from werkzeug.datastructures import MultiDict

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import write_ruleset
from credit_bank.recognition.rules.ruleset import RuleSet
from tests.credit_bank.recognition.rules.made_rules import rulesets
from tests.web import scenes
from tests.web.client import Page
from tests.web.desks import Desk
from tests.web.editing_rules import PATH, press, text_of
from tests.web.scenes import Scene
from web.accounts import interrupted
from web.accounts.roles import Role
from web.forms.rules import Choices, entry_form
from web.views.rules.applying import applied
from web.views.rules.draft import read
from web.views.rules.entries import place_beyond, sent_values
from web.views.rules.kinds import OFFERED, kind_of
from web.views.rules.naming import Names
from web.views.rules.values import LINES, filled

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return scenes.make(Desk(app))


def test_a_rule_set_is_written_mended_tried_and_proposed_without_its_text(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = one.get(one.get("/desk/test-university/documents").link("用表单写规则"))
    page = press(one, page, "save-head", {"title": "", "notice_days": "many"}, 422)
    assert page.errors == ["名称：这里必须填写。", "决定公示几个工作日：这里要写整数，从 0 到 1000000。"]
    page = press(one, page, "save-head", {"title": "书法新规则", "id": "new-art", "notice_days": "5"})
    assert page.h1 == "书法新规则" and "公示 5 个工作日" in page.text

    page = press(one, press(one, page, "add", {"kind": "rule:course"}), "save:rule:new:course", {"title": "空的"}, 422)
    assert page.errors == ["请填学过的课程。", "换成的课程代码（1）：请选换成什么。"]
    page = press(
        one, page, "save:rule:new:course",
        {"title": "入门换基础", "from0_institution": "试验学院", "from0_course": "INTRO", "to0": "CAL9"},
    )  # fmt: skip
    assert "学过试验学院的“INTRO”，可以换“CAL9”" in page.text
    assert "专业里没有课程“CAL9”" in page.text and "有 1 处要改" in page.text
    page = press(one, page, "check")
    assert "改好下面的问题" in page.text and "提交，请同事发布" not in page.text

    page = press(one, press(one, press(one, page, "show"), "open:rule:0"), "save:rule:0:course", {"to0": "CAL1"})
    assert "没有要改的" in page.text
    page = press(one, page, "add", {"kind": "rule:series"})
    page = press(one, page, "rows:rule:new:series", {"from0_institution": "试验学院", "from0_course": "HIST"})
    page = press(
        one, page, "save:rule:new:series",
        {"title": "两门换一门", "mode": "any", "from1_institution": "任何机构", "from1_course": "HIS2", "to0": "CAL2"},
    )  # fmt: skip
    assert "试验学院的“HIST”或任何机构的“HIS2”，可以换“书法史”（CAL2）" in page.text
    page = press(one, page, "add", {"kind": "limit:cap"})
    page = press(one, page, "save:limit:new:cap", {"title": "一半", "bound": "50", "base": "total"})
    assert "换来的学分，最多占毕业总学分的 50%。" in page.text

    tries = {"try_institution": "试验学院", "try_course": "INTRO", "try_title": "书法入门", "try_credits": "两"}
    page = press(one, page, "try", tries, 422)
    assert any("两" in words for words in page.errors)
    page = press(one, page, "try", {**tries, "try_credits": "2", "try_category": "other", "try_level": "3"})
    assert "能换 2 学分" in page.text and "一半：用了 2，最多 10。" in page.text
    page = press(one, page, "earlier:rule:1")
    assert "先后 90" in page.text and "能换 2 学分" in page.text

    page = press(one, page, "check")
    assert "现在没有有效的版本" in page.text and "公示 5 个工作日" not in page.errors
    done = press(one, page, "propose", status=303)
    assert "已经拟定" in one.follow(done).text
    two = scene.staff(scene.university)
    [action] = [
        form.attrib["action"]
        for form in two.get("/desk/test-university/documents").forms()
        if form.attrib.get("action", "").endswith("/publish")
    ]
    two.post(action)
    assert "书法新规则" in scene.town.browser().get("/register?receiver=test-university&source=test-college").text


def test_a_new_version_shows_what_it_changes_and_leaves_the_rest_of_the_text(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = one.get(one.get("/desk/test-university/documents").link("用表单看和改"))
    before = text_of(page)
    assert 'version = "2026.1"' in before
    assert "和现在有效的版本一样" in press(one, page, "check").text
    page = press(one, page, "open:rule:0")
    page = press(one, page, "save:rule:0:course", {"from0_course": "INT2", "min_grade": ""})
    assert text_of(page) == before.replace("test-college: INTRO", "test-college: INT2")
    page = press(one, page, "remove:rule:1")
    assert "已从草稿里删掉“书法欣赏换书法基础”" in page.text
    page = press(one, page, "check")
    assert "和现在有效的 2026 版比较" in page.text
    assert page.texts(".//del") == [
        "学过试验学院的“INTRO”，可以换“书法基础”（CAL1）。", "学过试验学院的“SPARE”，可以换“书法基础”（CAL1）。",
        "学分按换成的课程算。", "成绩记为免考。",
    ]  # fmt: skip
    assert page.texts(".//ins") == ["学过试验学院的“INT2”，可以换“书法基础”（CAL1）。"]


CLASH = """
format = "evergreen-rules-1"
id = "clash"
version = "1"
title = "两条矛盾"
receiver = "test-university"
basis = "programme"
framework = "evergreen-1"
valid_from = 2026-01-01
rule = [
  { id = "one", title = "甲", from = "test-college: A", to = "CAL1", splits = true },  # kept
  { id = "two", title = "乙", from = "test-college: A", to = "CAL2" },
  { id = "odd", title = "丙", from = ["test-college: B", { any = ["test-college: C", "x: D"] }], to = "CAL2" },
]
"""


def test_a_clash_is_shown_at_both_rules_and_mended_by_the_order(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, one.get(PATH), "show")
    page = press(one, page, "use", {"text": CLASH})
    clash = "两条规则一样优先，结果不同，没法决定用哪一条。请改优先次序或成绩范围。"
    assert f"{clash}另一条是“乙”。" in page.text and f"{clash}另一条是“甲”。" in page.text
    page = press(one, page, "earlier:rule:0")
    assert "没有要改的" in page.text and "# kept" in text_of(page)
    assert [h.attrib.get("autofocus") for h in page.tree.iter("h3") if "autofocus" in h.attrib] == [""]


def _example() -> str:
    """The rule set of the reference, with the receiver and the framework's map that are there."""
    page = (ROOT / "docs/reference/rules-format.md").read_text("utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    return text.replace('receiver = "bjou"', 'receiver = "test-university"')


@pytest.mark.parametrize("name", ["elder-care", "health-care", "mechatronics", "reference", "clash"])
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(scene: Scene, name: str) -> None:
    texts = {"reference": _example, "clash": lambda: CLASH}
    file = ROOT / f"web/demo/city/{name}.rules.toml"
    text = texts[name]() if name in texts else file.read_text("utf-8").replace("qinghe-open", "test-university")
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": text})
    assert text_of(page) == text
    opened = [e.attrib["value"] for e in page.tree.iter("button") if e.attrib.get("value", "").startswith("open:")]
    assert len(opened) >= 3
    for do in (*opened, "head"):
        form = press(one, page, do)
        [save] = [e.attrib["value"] for e in form.tree.iter("button") if e.attrib.get("value", "").startswith("save")]
        assert text_of(press(one, form, save)) == text, do


LAW = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))


@LAW
@given(rulesets)
def test_any_entry_is_the_same_after_its_form(app: Flask, ruleset: RuleSet) -> None:
    draft = read(write_ruleset(ruleset, EVERGREEN))
    names = Names()
    for entries in draft.entries.values():
        for entry in entries:
            kind = kind_of(entry.section, entry.raw, entry.model)
            with app.test_request_context():
                was = filled(kind, entry.raw, entry.model, names, EVERGREEN)
                form = entry_form(list(was.values), LINES, Choices(), section=entry.section, values=was.values)
                shown = {field.name: field.data for field in form if field.name != "csrf_token"}
            sent = MultiDict(
                (name, one)
                for name, value in shown.items()
                for one in (value if isinstance(value, list) else ["y"] if value is True else [value or None])
                if one is not None
            )
            with app.test_request_context(method="POST", data=sent):
                back = sent_values(entry_form(list(was.values), LINES, Choices(), section=entry.section))
                assert applied(kind, entry.raw, was.values, back, names, {}) == entry.raw


def test_what_the_form_does_not_know_is_named_and_kept(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": CLASH})
    page = press(one, page, "open:rule:2")
    assert page.h1 == "组合规则" and "还有只能在文字里改的：学过什么、换成什么。" in page.text
    page = press(one, page, "save:rule:2:mixed", {"title": "丁", "credit_source": "lesser"})
    assert text_of(page) == CLASH.replace('title = "丙", from', 'title = "丁", from').replace(
        'to = "CAL2" },\n]', 'to = "CAL2", credit_source = "lesser" },\n]'
    )


def test_a_text_that_is_no_rule_set_is_mended_as_text(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": CLASH + "rule = 3"}, 422)
    assert page.h1 == "原文" and any("TOML" in words for words in page.errors)
    page = press(one, page, "use", {"text": CLASH.split("rule = [")[0] + "rule = 3"}, 422)
    assert any("这里要写列表" in words for words in page.errors)
    assert "两条矛盾" in press(one, page, "use", {"text": CLASH}).h1
    kept = one.post(PATH, {"text": CLASH, "do": "file"}, status=200)
    assert kept.data.decode() == CLASH and "rules.toml" in kept.headers["Content-Disposition"]
    assert one.post(PATH, {"text": "#" * 300_000}, status=422).errors[0].startswith("规则太长")
    assert one.post(PATH, {"text": CLASH, "do": "open:rule:99"}, status=400).status == 400


def test_a_draft_is_no_secret_that_a_form_must_forget(scene: Scene) -> None:
    """What is sent after a sign-in ended at rest is kept, unless a field's name tells of a secret."""
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = one.get(one.get("/desk/test-university/documents").link("用表单看和改"))
    form = press(one, page, "add", {"kind": "rule:series"})
    names = {e.attrib["name"] for one_page in (page, form) for e in one_page.tree.iter() if "name" in e.attrib}
    asked = {name for name in names if name.startswith(("try_", "from", "to", "min_", "title"))}
    assert len(asked) > 15 and not [name for name in asked if interrupted._SECRET.search(name)]


def test_the_editor_opens_only_the_institutions_own_rules(scene: Scene) -> None:
    address = scene.staff(scene.university).get("/desk/test-university/documents").link("用表单看和改")
    stranger = scene.staff(scene.college, Role.REGISTRAR)
    stranger.get(address, status=404)
    stranger.get(address.replace("test-university", "test-college"), status=404)
    stranger.get("/desk/test-college/rules?from=nothing", status=404)


@pytest.mark.parametrize(
    ("mine", "others", "earlier", "found"),
    [
        (100, [100, 90], True, 95),
        (100, [90, 80], True, 85),
        (100, [100, 99], True, 99),
        (100, [200], False, 210),
        (100, [100], False, 110),
        (0, [0], True, 0),
        (100, [], True, 100),
    ],
)
def test_a_rule_goes_one_place_further(mine: int, others: list[int], earlier: bool, found: int) -> None:
    assert place_beyond(mine, others, earlier=earlier) == found


COMPLETE = {"rule:title", "rule:unit", "scale:numbers"}
"""Kinds that say something as they begin."""


def test_every_kind_begins_with_a_form_that_says_what_is_missing(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    start = press(one, press(one, one.get(PATH), "show"), "use", {"text": CLASH})
    for kind in OFFERED:
        place = f"{kind.section}:{kind.name}"
        page = press(one, start, "add", {"kind": place})
        do = f"save:{kind.section}:new:{kind.name}"
        page = press(one, page, do, status=200 if place in COMPLETE else 422)
        assert place in COMPLETE or page.errors, place


def test_limits_scales_and_tables_are_written_in_forms(scene: Scene) -> None:
    one = scene.staff(scene.university, Role.REGISTRAR)
    page = press(one, press(one, one.get(PATH), "show"), "use", {"text": CLASH})

    def add(kind: str, values: dict[str, Any]) -> Page:
        section, name = kind.split(":")
        return press(one, press(one, page, "add", {"kind": kind}), f"save:{section}:new:{name}", values)

    page = add("limit:residency", {"title": "在本校学", "bound": "10", "base": ""})
    assert "在本校学的至少要有 10 学分。" in page.text
    page = add("limit:cap", {"title": "证书", "bound": "3", "unit": "outcomes", "counted_categories": ["vocational"],
                             "counted_institutions": "试验学院\n", "window": "year"})  # fmt: skip
    assert "职业证书，而且是来自试验学院的，最多 3 项成果。" in page.text and "每年分开算。" in page.text
    page = add("scale:words", {"id": "words", "grades": "差\n中\n好", "passing": "中"})
    page = add("scale:numbers", {"id": "hundred"})
    page = add("grade_table:grades", {"from_scale": "words", "target_scale": "hundred", "pairs": "中 = 60\n好=85"})
    assert "“words”的成绩换成“hundred”的成绩。" in page.text and "中 → 60、好 → 85" in page.text
    page = add(
        "rule:category", {"title": "社区课", "institution": "试验学院", "component": "core", "credit_limit": "2"}
    )
    assert "学过试验学院的其他非学历成果，学分记入“核心课程”。" in page.text and "最多给 2 学分。" in page.text
    assert "不接收选修学分" in page.text
    table = tomllib.loads(text_of(page))
    assert table["limit"][1]["counted"] == {"categories": ["vocational"], "institutions": ["test-college"]}
    assert table["grade_table"][0]["grades"] == {"中": "60", "好": "85"} and "# kept" in text_of(page)
    assert table["rule"][-1]["from"]["institution"] == "test-college"

"""Each fault of a content folder is found, at its file and line, and has its sentence in both languages."""

from pathlib import Path

import pytest

from accessibility.text import readability
from adaptive.content.check import check_folders
from adaptive.content.loading import load_library
from adaptive.sentences import catalogue, sentence
from tests.adaptive.content.folders import EASY, ITEM, PRACTICE, SKILLS, SVG, TODAY, Folder, sound

AREA = "skills/phone.yaml"
COURSE = "courses/phone-basics/course.md"
CALL = "courses/phone-basics/call"
ITEM_FILE, EASY_FILE, QUESTIONS, PICTURE = (f"{CALL}/{n}" for n in ("item.md", "easy.md", "practice.yaml", "phone.svg"))
AUDIO, STEPS = f"{CALL}/audio.md", f"{CALL}/steps.md"
LONG = "先看看手机还有没有电" * 6 + "。\n"
OFFICIAL = (
    "各有关部门要切实贯彻落实国务院办公厅关于推进城乡居民基本养老保险待遇确定和基础养老金正常调整机制的意见精神。\n"
)

# What is changed in which file, what becomes of it, and the fault that follows.
CHANGES = [
    (AREA, "level: 1\n    requires", "level: 6\n    requires", "value_range"),
    (AREA, "phone.call\n", "phone.unlock\n", "duplicate"),
    (AREA, "phone.call\n", "tea.call\n", "skill_name"),
    (AREA, "requires: [phone.unlock]", "requires: [bank.pay]", "skill_unknown"),
    (AREA, "requires: [phone.unlock]", "requires: [phone.unlok]", "skill_unknown_near"),
    (AREA, "requires: [phone.unlock]", "requires: phone.unlock", "value_wrong"),
    (AREA, "requires: [phone.unlock]", "requiers: [phone.unlock]", "key_unknown_near"),
    (AREA, "requires: [phone.unlock]", "level: 2", "key_twice"),
    (AREA, "name: {zh: 手机, en: Phone}", "name: {en: Phone}", "key_missing"),
    (AREA, "[phone.unlock]", "[phone.unlock", "yaml"),
    (AREA, "[phone.unlock]", "&a [phone.unlock]", "yaml_alias"),
    (AREA, "[phone.unlock]", "!!python/tuple [a]", "yaml_tag"),
    (AREA, "[phone.unlock]", "[" * 30 + "]" * 30, "yaml_deep"),
    (AREA, "    requires: [phone.unlock]", "---\nx: 1", "yaml_documents"),
    (AREA, "    requires: [phone.unlock]", "    ? [a]\n    : b", "yaml_key"),
    (AREA, "    requires: [phone.unlock]", "  - 3", "not_a_mapping"),
    (COURSE, "area: phone", "area: tea", "area_unknown"),
    (COURSE, "items: [call]", "items: [call, text]", "item_missing"),
    (COURSE, "items: [call]", "items: [call, call]", "item_listed_twice"),
    (COURSE, "audience: [elder]", "audience: [elders]", "value_unknown"),
    (COURSE, "drafting: ai", "drafting: robot", "value_unknown"),
    (COURSE, "licence: CC-BY-4.0", "licence: CC-BY", "licence_unknown"),
    (COURSE, "reviewed: 2026-11-20", "reviewed: 2026-11-23", "reviewed_ahead"),
    (COURSE, "reviewed: 2026-11-20", "reviewed: 2026-13-01", "value_wrong"),
    (COURSE, "review_due: 2027-11-20", "review_due: 2026-11-20", "review_due_before"),
    (COURSE, "review_due: 2027-11-20", "review_due: 2026-11-21", "review_due_passed"),
    (COURSE, "学会开机和打电话。", "", "about_missing"),
    (COURSE, "drafting: ai", "drafting: ai\ncolour: red", "key_unknown"),
    (COURSE, "hours: 6", "hours: six", "value_range"),
    (COURSE, "---\n学会", "学会", "front_matter_open"),
    (ITEM_FILE, "---\ntitle", "title", "front_matter_missing"),
    (ITEM_FILE, "recheck: 2027-11-22", "recheck: 2026-11-21", "recheck_passed"),
    (ITEM_FILE, "url: https://example.org/a", "url: example.org", "value_wrong"),
    (ITEM_FILE, "minutes: 8", "minutes: 0", "value_range"),
    (ITEM_FILE, "minutes: 8", "minutes: 8\nasked: {zh: [怎么打, 怎么打？]}", "asked_twice"),
    (ITEM_FILE, "minutes: 8", "minutes: 8\nasked: {zh: [" + "怎么打电话给我家里人" * 5 + "]}", "asked_long"),
    (ITEM_FILE, "minutes: 8", f"minutes: 8\nasked: {{en: {[f'call {n}' for n in range(26)]}}}", "asked_many"),
    (ITEM_FILE, "minutes: 8", "minutes: 8\nasked: {fr: [allô]}", "key_unknown"),
    (ITEM_FILE, "minutes: 8", "minutes: 8\nasked: [怎么打]", "not_a_mapping"),
    (ITEM_FILE, "minutes: 8", "minutes: 8\naccessibility: {hazards: [noise]}", "value_unknown"),
    (ITEM_FILE, "先点电话图标，再点家人的名字。", OFFICIAL, "reading_level"),
    (ITEM_FILE, "## 怎么打", "# 怎么打", "heading_level"),
    (ITEM_FILE, "## 怎么打", "## 怎么打\n\n#### 细说", "heading_level"),
    (ITEM_FILE, "先点电话图标", "先点<b>电话</b>图标", "markdown_html"),
    (ITEM_FILE, "## 怎么打", "<div>\n\n## 怎么打", "markdown_html"),
    (ITEM_FILE, "## 怎么打", "|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|", "markdown_table"),
    (ITEM_FILE, "![绿色的电话图标](phone.svg)", "![](phone.svg)", "picture_text_missing"),
    (ITEM_FILE, "![绿色的电话图标](phone.svg)", "![图](https://example.org/phone.svg)", "picture_missing"),
    (ITEM_FILE, "![绿色的电话图标](phone.svg)", "", "picture_unused"),
    (ITEM_FILE, 'sources:\n  - {title: 手机说明书, publisher: 厂家, date: "2024", url: https://example.org/a}\n', "",
     "sources_missing"),
    (EASY_FILE, "等她接电话。", LONG, "easy_sentence_long"),
    (EASY_FILE, "点绿色的图标。\n\n再点女儿的名字。\n\n等她接电话。", "先按住手机右边的键，再等三秒到五秒左右。",
     "easy_sentences_long"),
    (EASY_FILE, "点绿色的图标。", "镊钳甑釜，瓯盂簠簋。", "easy_hard"),
    (EASY_FILE, "等她接电话。", "您不能不接电话。", "easy_double_negative"),
    (EASY_FILE, "等她接电话。", "不要囫囵吞枣。", "easy_idiom"),
    (EASY_FILE, "点绿色的图标。\n\n再点女儿的名字。\n\n等她接电话。\n", "---\nminutes: 3\n---\n\n", "form_empty"),
    (QUESTIONS, "    hints: [想想消防车]\n", "", "hints_missing"),
    (QUESTIONS, "    explanation: 火警是 119。\n", "", "key_missing"),
    (QUESTIONS, "  - id: price", "  - id: who", "duplicate"),
    (QUESTIONS, "  - id: price", "  - id: The Price", "name_wrong"),
    (QUESTIONS, "kind: number", "kind: sum", "value_unknown"),
    (QUESTIONS, "unit: 元", "unit: 元\n    options: [{text: a}]", "field_not_of_kind"),
    (QUESTIONS, "unit: 元", "unit: 元\n    skills: [phone.calls]", "skill_unknown_near"),
    (QUESTIONS, "unit: 元", "unit: 元\n    picture: phone.svg", "picture_text_missing"),
    (QUESTIONS, "unit: 元", "unit: 元\n    picture: other.svg\n    picture_text: 钱", "picture_missing"),
    (QUESTIONS, 'answer: "12.5"', "answer: 十二块五", "not_a_number"),
    (QUESTIONS, 'answer: "12.5"', 'answer: "12.5"\n    tolerance: "-1"', "not_a_number"),
    (QUESTIONS, '{text: "119", correct: true, why: 火警电话}', '{text: "119", why: 火警电话}', "options_right"),
    (QUESTIONS, '{text: "110", why: 这是报警电话}', '{text: "110", correct: true}', "options_right"),
    (QUESTIONS, '{text: "110", why: 这是报警电话}', '{text: "110"}', "option_why_missing"),
    (QUESTIONS, '{text: "110", why: 这是报警电话}', '{text: "119", why: 一样}', "said_twice"),
    (QUESTIONS, '      - {text: "110", why: 这是报警电话}\n', "", "options_few"),
    (QUESTIONS, "correct: true, why: 火警电话", "correct: yes, why: 火警电话", "value_wrong"),
    (QUESTIONS, "sequence: [解锁, 点图标, 点名字]", "sequence: [解锁, 点图标]", "sequence_short"),
    (QUESTIONS, '[[火警, "119"], [急救, "120"]]', '[[火警, "119"]]', "pairs_few"),
    (QUESTIONS, '[[火警, "119"], [急救, "120"]]', '[[火警, "119"], [急救]]', "value_wrong"),
    (QUESTIONS, 'distractors: ["114"]', 'distractors: ["120"]', "said_twice"),
    (QUESTIONS, "    accept: [关掉燃气阀门]\n    keywords: [[关], [燃气, 煤气]]\n", "", "accept_missing"),
    (QUESTIONS, "    model_answer: 先关燃气阀门，再开窗。\n", "", "model_answer_missing"),
    (QUESTIONS, "model_answer: 先关燃气阀门，再开窗。", "model_answer: 先打开窗。", "answer_not_right"),
    (QUESTIONS, "    script: 我是您孙子，我换号码了。\n", "", "key_missing"),
    (PICTURE, ' viewBox="0 0 320 200"', "", "svg_viewbox_missing"),
    (PICTURE, "<title>电话图标</title>", "<title/>", "svg_words_missing"),
    (PICTURE, "<desc>绿色圆角方块，中间一只白色听筒。</desc>", "", "svg_words_missing"),
    (PICTURE, 'font-size="18"', 'font-size="12"', "svg_text_small"),
    (PICTURE, 'viewBox="0 0 320 200"', 'viewBox="0 0 640 400"', "svg_text_small"),
    (PICTURE, 'font-size="18"', 'font-size="18" fill="#bbb"', "svg_contrast"),
    (PICTURE, 'fill="#ffffff"', 'fill="#333333"', "svg_contrast"),
    (PICTURE, 'x="20"', 'x="300"', "svg_text_wide"),
    (PICTURE, "</desc>", "</desc><script>alert(1)</script>", "svg_forbidden"),
    (PICTURE, "</desc>", "</desc><image href='data:image/png;base64,AA'/>", "svg_forbidden"),
    (PICTURE, "</desc>", "</desc><animate/>", "svg_forbidden"),
    (PICTURE, 'fill="#ffffff"', 'style="fill:red"', "svg_forbidden"),
    (PICTURE, 'fill="#ffffff"', 'onclick="x()"', "svg_forbidden"),
    (PICTURE, 'fill="#ffffff"', 'fill="url(https://example.org/a)"', "svg_outside"),
    (PICTURE, "</desc>", "</desc><use href='https://example.org/a'/>", "svg_outside"),
    (PICTURE, "<svg ", '<!DOCTYPE svg [<!ENTITY a "b">]><svg ', "svg_forbidden"),
    (PICTURE, "</svg>", "", "svg_unreadable"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A sound library, to be broken."""
    return sound(tmp_path / "content")


def test_a_sound_library_has_no_fault(folder: Folder) -> None:
    assert folder.check() == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "code"), CHANGES, ids=[f"{code}-{i}" for i, (_, _, _, code) in enumerate(CHANGES)]
)
def test_a_fault_is_found_where_it_is(folder: Folder, file: str, old: str, new: str, code: str) -> None:
    line = folder.change(file, old, new)
    faults = folder.faults()
    assert code in faults, faults
    assert faults[code].file.startswith((folder.path / file).parent.as_posix())
    for locale in ("zh-CN", "en"):
        assert sentence(f"fault.content.{code}", locale, **faults[code].parameters)
    if code in EXACT:
        assert (faults[code].file, faults[code].line) == ((folder.path / file).as_posix(), line)


# Faults that stand on the very line that was changed.
EXACT = {
    "skill_unknown", "key_unknown_near", "yaml_alias", "yaml_tag", "area_unknown", "item_missing", "licence_unknown",
    "reviewed_ahead", "recheck_passed", "easy_sentence_long", "easy_double_negative", "sequence_short", "svg_outside",
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        (AUDIO, "请看下图。\n", "audio_sight"),
        (AUDIO, "您好。\n\n![图](phone.svg)\n", "audio_picture"),
        (AUDIO, "（停顿一会儿）\n", "audio_pause"),
        (STEPS, "## 第一步\n\n点一下。\n\n![图](phone.svg)\n", "steps_too_few"),
        (STEPS, "## 第一步\n\n点一下。\n\n## 第二步\n\n再点。\n", "step_picture_missing"),
        (STEPS, "## 第一步\n\n![图](phone.svg)\n\n## 第二步\n\n再点。\n", "step_text_missing"),
        (STEPS, "## 一\n\n![图](phone.svg)\n\n点。按。看。听。\n\n## 二\n\n![图](phone.svg)\n\n好。\n", "step_long"),
        (f"{CALL}/notes.txt", "x", "file_unexpected"),
        ("courses/phone-basics/readme.txt", "x", "file_unexpected"),
        ("pictures/a.svg", SVG, "file_unexpected"),
        ("skills/phone.txt", "x", "file_unexpected"),
        ("skills/Tea Time.yaml", SKILLS, "name_wrong"),
        ("courses/phone-basics/text/item.md", ITEM, "item_unlisted"),
        ("courses/phone-basics/text/easy.md", EASY, "file_missing"),
        ("courses/tea/brew/item.md", ITEM, "file_missing"),
        (EASY_FILE, b"\xff\xfe\x00", "not_utf8"),
        (EASY_FILE, "字" * 100_000, "file_too_large"),
        (AUDIO, "---\nminuts: 3\n---\n您好。\n", "key_unknown_near"),
        (QUESTIONS, PRACTICE.replace(", correct: true", ", why: 不对"), "options_none_right"),
        (QUESTIONS, "questions: []\n", "key_missing"),
        (QUESTIONS, "- 1\n", "not_a_mapping"),
        (QUESTIONS, "", "not_a_mapping"),
    ],
)
def test_files_that_are_wrong(folder: Folder, file: str, text: str | bytes, code: str) -> None:
    folder.write(file, text)
    faults = folder.faults()
    assert code in faults, faults
    assert all(
        sentence(f"fault.{f.code}", locale, **f.parameters) for f in faults.values() for locale in ("zh-CN", "en")
    )


def test_a_cycle_is_spelled_out(folder: Folder) -> None:
    folder.change(AREA, "level: 1\n  - id: phone.call", "level: 1\n    requires: [phone.call]\n  - id: phone.call")
    fault = folder.faults()["prerequisite_cycle"]
    assert fault.parameters["cycle"] == "phone.call → phone.unlock → phone.call"
    assert fault.line == 12


def test_forms(folder: Folder) -> None:
    (folder.path / EASY_FILE).unlink()
    assert folder.faults()["forms_too_few"].severity == "error"
    folder.write(AUDIO, "您好。先点电话，再点名字。\n\n（停顿 2 秒）\n\n等她接电话。\n")
    assert {code: f.severity for code, f in folder.faults().items()} == {"easy_missing": "notice"}


def test_no_question_can_be_used(folder: Folder) -> None:
    folder.write(QUESTIONS, "questions:\n  - {id: a}\n")
    assert {"questions_missing", "key_missing"} <= folder.faults().keys()


def test_skills_that_nobody_teaches_or_asks_for(folder: Folder) -> None:
    folder.write("skills/tea.yaml", SKILLS.replace("phone", "tea"))
    unused = folder.faults()["skill_unused"]
    assert (unused.severity, unused.line) == ("notice", 7)
    folder.write(QUESTIONS, PRACTICE.replace("    difficulty", "    skills: [phone.call]\n    difficulty"))
    assert folder.faults()["skill_never_asked"].parameters == {"skill": "phone.unlock"}
    folder.change(COURSE, "skills: [phone.call]", "skills: [tea.call]")
    assert folder.faults()["credential_skill_not_taught"].parameters == {"skill": "tea.call"}


def test_several_folders_are_one_library(tmp_path: Path) -> None:
    sound(tmp_path / "a")
    second = sound(tmp_path / "b")
    found = check_folders(tmp_path / "a", tmp_path / "b", measure=readability.measure, today=TODAY)
    assert {f.code for f in found} == {"content.duplicate", "content.duplicate_area"}
    assert all(f.file.startswith(second.path.as_posix()) for f in found)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert [f.code for f in check_folders(tmp_path / "no", measure=readability.measure, today=TODAY)] == [
        "content.folder_missing"
    ]
    assert [f.code for f in load_library(tmp_path)[1]] == ["content.folder_empty"]


def test_a_link_out_of_the_folder_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("秘密", "utf-8")
    (folder.path / AUDIO).symlink_to(tmp_path / "secret.md")
    assert "file_not_plain" in folder.faults()


def test_every_sentence_of_a_fault_belongs_to_a_fault_that_is_tested() -> None:
    here = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    untested = [key for key in catalogue() if key.startswith("fault.content.") and f'{key[14:]}"' not in here]
    assert [key for key in untested if key not in UNTESTED] == []


# Named in other words above.
UNTESTED = {"fault.content.folder_missing", "fault.content.folder_empty", "fault.content.duplicate_area"}

"""Folders become a library; nothing in them can hurt whoever reads them."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive.content.loading import load_library
from adaptive.content.markdown import Block, Heading, Markup, Picture, parts
from adaptive.content.model import MicroCredential, Text
from adaptive.content.yaml_tree import Mapping, Scalar, Sequence, Unreadable, read_yaml
from tests.adaptive.content.folders import sound


def test_a_library_is_read_whole(tmp_path: Path) -> None:
    library, faults = load_library(sound(tmp_path / "content").path)
    assert faults == ()
    assert library.skills["phone.call"].requires == ("phone.unlock",)
    assert library.areas == {"phone": Text("手机", "Phone")}
    course = library.courses["phone-basics"]
    assert (course.items, course.about) == (("phone-basics/call",), "学会开机和打电话。")
    assert course.credential == MicroCredential(Text("手机基本使用", "Basic use"), ("phone.call",), 6, 1)
    item = library.items["phone-basics/call"]
    assert (item.title, item.recheck, item.pictures) == (
        Text("打电话", "Make a call"),
        date(2027, 11, 22),
        ("phone.svg",),
    )
    assert list(item.forms) == ["standard", "easy"]
    assert item.forms["standard"].body.startswith("## 怎么打")
    assert item.sources[0].date == "2024"
    assert set(library.questions) == {q.id for q in item.questions}
    who = library.questions["phone-basics/call#who"]
    assert (who.skills, who.item_id, who.options[0].text) == (item.skills, item.id, "119")
    assert library.questions["phone-basics/call#pairs"].pairs[0] == (
        "火警",
        "119",
    )


def test_the_digest_names_the_content_and_not_the_place(tmp_path: Path) -> None:
    first, second = sound(tmp_path / "a"), sound(tmp_path / "b")
    assert load_library(first.path)[0].digest == load_library(second.path)[0].digest
    second.change("courses/phone-basics/call/phone.svg", "绿色圆角方块", "绿色方块")
    assert load_library(first.path)[0].digest != load_library(second.path)[0].digest


@pytest.mark.parametrize(
    ("name", "begun", "shown"),
    [
        ("sign.mp4", b"\0\0\0\x18ftypisom", True),
        ("sign.webm", b"\x1a\x45\xdf\xa3\x01\0\0\0", True),
        ("sign.mp4", b"\x1a\x45\xdf\xa3\x01\0\0\0", False),
        ("sign.webm", b"<script>", False),
        ("sign.mp4", b"", False),
    ],
)
def test_a_video_in_sign_language_is_known_by_its_first_bytes(
    tmp_path: Path, name: str, begun: bytes, shown: bool
) -> None:
    folder = sound(tmp_path / "content")
    (folder.path / "courses" / "phone-basics" / "call" / name).write_bytes(begun)
    library, faults = load_library(folder.path)
    item = library.items["phone-basics/call"]
    assert item.sign_video == (name if shown else None)
    assert ("signLanguage" in item.accessibility.features) is shown
    assert [f.code for f in faults] == ([] if shown else ["content.video_unreadable"])


def test_what_cannot_be_read_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    folder = sound(tmp_path / "content")
    folder.change("courses/phone-basics/call/practice.yaml", "    difficulty: 1\n", "")
    library, faults = load_library(folder.path)
    assert [f.code for f in faults] == ["content.key_missing"]
    assert len(library.questions) == 6
    folder.change("courses/phone-basics/call/item.md", "level: 1\n", "")
    assert load_library(folder.path)[0].items == {}


def test_a_byte_order_mark_and_the_line_ends_of_windows(tmp_path: Path) -> None:
    folder = sound(tmp_path / "content")
    file = folder.path / "courses/phone-basics/call/item.md"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    library, faults = load_library(folder.path)
    assert faults == ()
    assert "\r" not in library.items["phone-basics/call"].forms["standard"].body


def test_yaml_is_text_with_lines() -> None:
    tree = read_yaml("a: 119\nb:\n  - yes\n  - ~\n  - '~'\n", first_line=5)
    assert isinstance(tree, Mapping)
    assert tree.entries["a"] == (Scalar("119", 5), 5)
    assert tree.entries["b"][0] == Sequence((Scalar("yes", 7), Scalar(None, 8), Scalar("~", 9)), 7)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 100_000, "? " * 100_000, "{a: " * 100_000, "&a [*a, *a]", "a: &x 1\nb: *x", "a: \x01"],
)
def test_hostile_yaml_ends_at_once(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(Unreadable):
        read_yaml(text)
    assert time.perf_counter() - begun < 1


@given(st.text("ab:- \n[]{}'\"#?|>&*!~,%@`", max_size=60))
def test_any_text_is_a_tree_or_refused(text: str) -> None:
    try:
        read_yaml(text)
    except Unreadable as error:
        assert error.code.startswith("content.yaml")


def test_the_parts_of_markdown_know_their_lines() -> None:
    body = "## 标题 **重**\n\n一段\n第二行 ![图 *斜*](a.svg)\n\n- 一\n- 二<b>\n\n<div>\n\n"
    body += "|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|\n"
    found = parts(body, 10)
    assert found[0] == Heading(10, 2, "标题 重")
    assert Picture(13, "图 斜", "a.svg") in found
    assert [p for p in found if isinstance(p, Markup)] == [Markup(16, "html"), Markup(18, "html"), Markup(20, "table")]
    assert Block(15, "一") in found

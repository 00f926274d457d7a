"""``credit-bank content check``: faults by file and line, in the person's language, for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.adaptive.content.folders import Folder, sound
from tests.web.cli.conftest import invoke


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A sound library."""
    return sound(tmp_path / "content")


def test_a_sound_folder(folder: Folder) -> None:
    result = invoke("content", "check", str(folder.path), "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout == "Read: courses 1, items 1, questions 7, skills 2.\nNo errors. Notices: 0.\n"


def test_a_fault_is_named_by_file_and_line(folder: Folder) -> None:
    line = folder.change("skills/phone.yaml", "requires: [phone.unlock]", "requires: [phone.unlok]")
    result = invoke("content", "check", str(folder.path))
    assert result.exit_code == 1
    assert f"{folder.path}/skills/phone.yaml:{line}: 错误：" in result.stdout
    assert "是不是想写“phone.unlock”？" in result.stdout


def test_notices_alone_are_no_failure(folder: Folder) -> None:
    folder.change("courses/phone-basics/call/item.md", "![绿色的电话图标](phone.svg)", "")
    result = invoke("content", "check", str(folder.path))
    assert result.exit_code == 0
    assert "提醒：" in result.stdout


def test_one_course_alone_and_for_programs(folder: Folder) -> None:
    line = folder.change("courses/phone-basics/course.md", "licence: CC-BY-4.0", "licence: CC-BY")
    folder.write("courses/tea/notes.txt", "x")
    result = invoke("content", "check", str(folder.path), "--only", "phone-basics", "--json", "--lang", "en")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["errors"], found["courses"], found["questions"]) == (1, 1, 7)
    (fault,) = found["faults"]
    assert (fault["code"], fault["line"], fault["parameters"]["licence"]) == ("content.licence_unknown", line, "CC-BY")
    assert fault["message"].startswith("The licence “CC-BY” is not known.")

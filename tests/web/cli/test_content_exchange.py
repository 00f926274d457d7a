"""``credit-bank content import`` and ``content export``."""

import json
from pathlib import Path

import pytest

from adaptive.content.loading import load_library
from tests.web.cli.conftest import invoke

GIFT = "::fire::厨房冒烟，先打哪个电话？ {\n=119 #对\n~110 #那是报警\n#### 火警是 119。}\n"
ESSAY = GIFT + "\n写一写。{}\n"


def folder_of(place: Path) -> list[str]:
    """The files below a folder."""
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def test_a_course_goes_in_and_out_again(folder: Path) -> None:
    Path("fire.gift").write_text(GIFT, "utf-8")
    result = invoke("content", "import", "fire.gift", "--into", "content", "--area", "home")
    assert result.exit_code == 0, result.output
    assert "已导入《fire》：1 课，1 道题" in result.stdout
    assert folder_of(folder / "content") == [
        "courses/fire/course.md", "courses/fire/fire/item.md", "courses/fire/fire/practice.yaml", "skills/fire.yaml",
    ]  # fmt: skip
    library, faults = load_library(folder / "content")
    assert [f.code for f in faults if f.severity == "error"] == []
    assert library.courses["fire"].area == "home"
    for kind in ("qti3", "qti21", "cc"):
        out = invoke("content", "export", "fire", "--format", kind, "--out", f"{kind}.zip", "--json")
        lost = {problem["code"] for problem in json.loads(out.stdout)["problems"]}
        assert (out.exit_code, lost) == (0, set() if kind == "qti3" else {"export_extra"})  # how hard it is
        again = invoke("content", "import", f"{kind}.zip", "--into", kind, "--course", "again", "--json")
        said = json.loads(again.stdout)
        assert (said["imported"], said["questions"], said["problems"]) == (True, 1, [])
        back = next(iter(load_library(folder / kind)[0].questions.values()))
        assert back.options == library.questions["fire/fire#fire"].options


def test_nothing_is_written_where_something_is_lost_unless_that_is_wanted(folder: Path) -> None:
    Path("a.gift").write_text(ESSAY, "utf-8")
    refused = invoke("content", "import", "a.gift", "--into", "content")
    assert refused.exit_code == 1
    assert "题型（essay）导不进来" in refused.stderr
    assert not (folder / "content").exists()
    taken = invoke("content", "import", "a.gift", "--into", "content", "--leave-out")
    assert taken.exit_code == 0
    assert "essay" in taken.stderr


def test_an_existing_course_is_not_overwritten(folder: Path) -> None:
    Path("a.gift").write_text(GIFT, "utf-8")
    assert invoke("content", "import", "a.gift", "--into", "content").exit_code == 0
    before = {name: (folder / "content" / name).read_bytes() for name in folder_of(folder / "content")}
    Path("a.gift").write_text(GIFT.replace("冒烟", "着火"), "utf-8")
    again = invoke("content", "import", "a.gift", "--into", "content")
    assert again.exit_code == 1
    assert "--course" in again.stderr
    assert {name: (folder / "content" / name).read_bytes() for name in folder_of(folder / "content")} == before
    assert invoke("content", "import", "a.gift", "--into", "content", "--course", "b").exit_code == 0


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    Path("a.gift").write_text(GIFT, "utf-8")
    result = invoke("content", "import", "a.gift", "--into", "content", "--dry-run", "--lang", "en")
    assert (result.exit_code, "Checked, nothing written" in result.stdout) == (0, True)
    assert not (folder / "content").exists()


def test_a_folder_of_topics(folder: Path) -> None:
    (folder / "garden" / "sow").mkdir(parents=True)
    (folder / "garden" / "sow" / "water.md").write_text("# 浇水\n\n少量多次。", "utf-8")
    result = invoke("content", "import", "garden", "--into", "content")
    assert result.exit_code == 0, result.output
    assert "courses/garden/item/item.md" in folder_of(folder / "content")


@pytest.mark.parametrize(("content", "said"), [("hello", "认不出"), ("<quiz>", "第 1 行")])
def test_what_is_no_course_is_refused_in_a_sentence(folder: Path, content: str, said: str) -> None:
    Path("x.xml").write_text(content, "utf-8")
    result = invoke("content", "import", "x.xml", "--into", "content")
    assert (result.exit_code, said in result.stderr) == (1, True)


def test_an_unknown_course_cannot_be_exported(folder: Path) -> None:
    (folder / "content").mkdir()
    result = invoke("content", "export", "none", "--format", "cc", "--out", "x.zip")
    assert (result.exit_code, "没有课程“none”" in result.stderr) == (1, True)
    assert not (folder / "x.zip").exists()

"""``credit-bank plan``: the worked example of the documentation, in both languages and for programs."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.web.cli.conftest import invoke

PAGE = (ROOT / "docs/explanation/planning.md").read_text("utf-8")
ON = ("--on", "2026-10-01")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The example of the page as files."""
    made = {}
    texts = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for name, text in zip(("programme", "rules", "outcomes"), texts, strict=True):
        path = tmp_path / f"{name}.toml"
        path.write_text(text, "utf-8")
        made[name] = str(path)
    return made


def planned(files: dict[str, str], *more: str) -> tuple[str, ...]:
    return ("plan", files["rules"], "--programme", files["programme"], "--outcomes", files["outcomes"], *ON, *more)


def test_the_best_plan_beats_the_order_of_rules_as_the_page_says(files: dict[str, str]) -> None:
    found = json.loads(invoke(*planned(files), "--json").stdout)
    (one,) = found["programmes"]
    assert one["by_order"]["chosen"] == [
        "accounting-rules/english:english>ENG",
        "accounting-rules/practice:certificate>PRA",
    ]
    assert set(one["best"]["chosen"]) == {
        "accounting-rules/elective:certificate>free",
        "accounting-rules/english:english>ENG",
        "accounting-rules/statistics:statistics>STA",
    }
    assert (one["best"]["credits"], one["by_order"]["credits"]) == (240, 200)
    assert found["plans"] == [
        {
            "programmes": ["accounting"], "credits": 240, "by_order": 200, "at_most": 240, "proven": True,
            "settled": True,
        }
    ]  # fmt: skip


def test_it_is_told_in_plain_words(files: dict[str, str]) -> None:
    result = invoke(*planned(files))
    assert result.exit_code == 0
    for said in (
        "最好的用法：算 12 学分，还差 12。",
        "按规则顺序：算 10 学分，还差 14。",
        "只剩 2，换“统计学”要 4",
        "多 2 学分，就能多算 2 学分",
        "本专业课程 PRA“会计实务”：多算 7 学分",
        "最后由人决定",
    ):
        assert said in result.stdout, said
    english = invoke(*planned(files, "--lang", "en")).stdout
    assert "Best plan: 12 credits count" in english and "“会计证书” becomes “Electives”" in english


def test_what_is_planned_is_only_a_next_step(files: dict[str, str]) -> None:
    path = Path(files["outcomes"])
    text = path.read_text("utf-8").replace("credits = 3, level", 'credits = 3, state = "planned", level')
    path.write_text(text, "utf-8")
    found = json.loads(invoke(*planned(files), "--json").stdout)["programmes"][0]
    assert "english" not in found["best"]["outcomes"]
    assert {"kind": "outcome", "id": "english", "title": "大学英语", "gain": 20, "exact": True} in found["next"]


def test_several_programmes_are_set_side_by_side_or_planned_at_once(files: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = Path(files["programme"]).read_text("utf-8")
    other.write_text(text.replace('id = "accounting"', 'id = "short"').replace("total = 24", "total = 14"), "utf-8")
    rules = Path(files["rules"])
    rules.write_text(rules.read_text("utf-8").replace('programme = "accounting"\n', ""), "utf-8")
    both = ("--programme", str(other))
    apart = json.loads(invoke(*planned(files, *both), "--json").stdout)
    assert [one["programme"] for one in apart["programmes"]] == ["short", "accounting"]
    together = json.loads(invoke(*planned(files, *both, "--together"), "--json").stdout)
    (plan,) = together["plans"]
    assert plan["credits"] == 14 * 20  # the certificate as 会计实务, statistics and English beside it or in the other
    chosen = [one["best"]["chosen"] for one in together["programmes"]]
    spent = [id.split(":")[1].split(">")[0] for some in chosen for id in some]
    assert len(spent) == len(set(spent))


def test_a_file_that_is_refused_and_outcomes_that_nothing_takes(files: dict[str, str]) -> None:
    path = Path(files["outcomes"])
    text = path.read_text("utf-8")
    path.write_text(text.replace("credits = 5", "credits = -5"), "utf-8")
    assert invoke(*planned(files)).exit_code == 1
    path.write_text('format = "evergreen-outcomes-1"\noutcome = []\n', "utf-8")
    result = invoke(*planned(files))
    assert result.exit_code == 1
    assert "算 0 学分" in result.stdout

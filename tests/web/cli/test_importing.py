"""import catalogue, import outcomes: whole or not at all, every problem told, from real files."""

import io
import json
from pathlib import Path

import openpyxl
import pytest

from credit_bank.store import courses, institutions
from tests.web.cli.conftest import invoke
from web.cli import deployment

SHARED = Path(__file__).parents[4] / "shared" / "data" / "catalogues"
HEAD = "姓名,证件类型,证件号码,课程代码,成绩,获得日期\n"
LEARNER = "例建国,居民身份证,999999195804120018"


def outcome(name: str, *lines: str, head: str = HEAD) -> str:
    Path(name).write_text(head + "".join(line + "\n" for line in lines), "utf-8")
    return name


def catalogue_size(handle: str) -> int:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        return courses.count(session, institutions.find(session, handle).id)


@pytest.mark.parametrize(("file", "rows"), [("rpi.json", 1729), ("wcu.csv", 2512)])
def test_a_university_catalogue_whole(empty_bank: Path, file: str, rows: int) -> None:
    if not (SHARED / file).exists():
        pytest.skip(f"{file} is not beside the project")
    assert invoke("institution", "add", "real", "--name", "Real", "--category", "academic").exit_code == 0
    result = invoke("import", "catalogue", str(SHARED / file), "--institution", "real", "--json")
    assert result.exit_code == 0
    facts = json.loads(result.stdout)
    assert (facts["rows"], facts["new"], facts["imported"], facts["problems"]) == (rows, rows, True, [])
    assert catalogue_size("real") == rows
    again = json.loads(invoke("import", "catalogue", str(SHARED / file), "--institution", "real", "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, rows)


def test_a_catalogue_of_unusual_headers_by_map_and_default(city: Path) -> None:
    Path("c.csv").write_text("Nr,Was,Punkte\nX1,编织提高,0.5\n", "utf-8")
    maps = ["--map", "code=Nr", "--map", "title=Was", "--map", "credits=Punkte"]
    refused = invoke("import", "catalogue", "c.csv", "--institution", "qinghe-open", *maps)
    assert refused.exit_code == 1  # accredited for two categories, and the file says neither
    taken = invoke(
        "import", "catalogue", "c.csv", "--institution", "qinghe-open", *maps, "--default", "category=other", "--json"
    )
    assert json.loads(taken.stdout)["columns"] == {"code": "Nr", "title": "Was", "credits": "Punkte"}
    assert catalogue_size("qinghe-open") == 42


def test_a_dry_run_writes_nothing(city: Path) -> None:
    file = outcome("o.csv", f"{LEARNER},LY401,结业,2026-03-01")
    dry = invoke("import", "outcomes", file, "--institution", "liuyin-centre", "--dry-run", "--json")
    assert dry.exit_code == 0
    facts = json.loads(dry.stdout)
    assert (facts["rows"], facts["imported"], facts["recorded"]) == (1, False, 1)
    assert "batch" not in facts
    done = invoke("import", "outcomes", file, "--institution", "liuyin-centre", "--json")
    assert json.loads(done.stdout)["imported"] is True  # it was not known from the dry run


def test_problems_are_told_by_row_and_column_and_marked(city: Path) -> None:
    file = outcome(
        "o.csv",
        f"{LEARNER},LY401,结业,2026-03-01",
        f"{LEARNER},NONE-9,结业,2026-03-02",
        "例建军,居民身份证,999999195804120018,LY401,结业,2026-13-40",
    )
    result = invoke("import", "outcomes", file, "--institution", "liuyin-centre", "--report", "problems.xlsx")
    assert result.exit_code == 1
    assert "第 4 行“获得日期”列" in result.stderr
    assert "第 3 行“课程代码”列" in result.stderr  # what only the ledger knows is told in the same go
    assert "一行也没有导入" in result.stdout
    book = openpyxl.load_workbook("problems.xlsx")
    marked = book.worksheets[1]["F4"]
    assert marked.value == "2026-13-40"
    assert marked.comment is not None and marked.fill.fgColor.rgb.endswith("FFD9D2")
    fixed = outcome("o.csv", f"{LEARNER},LY401,结业,2026-03-01", f"{LEARNER},NONE-9,结业,2026-03-02")
    second = json.loads(invoke("import", "outcomes", fixed, "--institution", "liuyin-centre", "--json").stdout)
    assert second["imported"] is False
    assert (3, "课程代码", "course_unknown") in [(p["row"], p["column"], p["code"]) for p in second["problems"]]
    assert {p["row"] for p in second["problems"]} == {3}
    assert all(p["problem"] and p["next"] for p in second["problems"])
    book.close()


def test_the_same_file_in_gb18030_with_other_headers_from_standard_input(city: Path) -> None:
    text = "学员姓名,身份证号,证书代码,考核结果,发证日期\n例建国,999999195804120018,QZ201,91,2026年3月1日\n"
    result = invoke(
        "import", "outcomes", "-", "--institution", "qinghe-vocational", "--json", stdin=text.encode("gb18030")
    )
    assert json.loads(result.stdout)["recorded"] == 1


def test_an_xlsx_of_one_sheet_among_several(city: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("成绩")
    sheet.append(HEAD.strip().split(","))
    sheet.append([*LEARNER.split(","), "LY402", "结业", "2026-03-03"])
    book.save("o.xlsx")
    result = invoke("import", "outcomes", "o.xlsx", "--institution", "liuyin-centre", "--sheet", "成绩", "--json")
    assert json.loads(result.stdout)["recorded"] == 1


def test_what_is_no_table_is_refused_in_a_sentence(city: Path) -> None:
    Path("x.pdf").write_bytes(b"%PDF-1.7 not a table")
    result = invoke("import", "outcomes", "x.pdf", "--institution", "liuyin-centre")
    assert result.exit_code == 1
    assert "PDF" in result.stderr and "Traceback" not in result.output
    shown = json.loads(invoke("import", "outcomes", "x.pdf", "--institution", "liuyin-centre", "--json").stdout)
    assert shown["error"]["code"] == "table.not_a_table"


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "outcomes", "absent.csv", "--institution", "liuyin-centre"),
        ("import", "outcomes"),
        ("import", "outcomes", "-", "--institution", "liuyin-centre", "--map", "no-equals-sign"),
    ],
)
def test_wrong_usage_is_exit_code_two(city: Path, arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments, stdin=b"").exit_code == 2


def test_an_unknown_institution_is_named(city: Path) -> None:
    file = outcome("o.csv", f"{LEARNER},LY401,结业,2026-03-01")
    result = invoke("import", "outcomes", file, "--institution", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.stderr


def test_progress_goes_to_standard_error(city: Path) -> None:
    text = io.StringIO()
    text.write("code,title,credits,category\n")
    for n in range(3000):
        text.write(f"P{n},课程{n},1,other\n")
    result = invoke("import", "catalogue", "-", "--institution", "qinghe-open", "--json", stdin=text.getvalue())
    assert json.loads(result.stdout)["new"] == 3000
    assert "3,000/3,000" in result.stderr


def test_equivalences_are_taken_whole_and_tried_without_writing(city: Path) -> None:
    table = city / "对应.csv"
    rows = "外校,高数一,M 1,微积分\n外校,陶艺,,不予认定\n"
    table.write_text("来源院校,来源课程名称,本校课程代码,本校课程名称\n" + rows, "utf-8")
    given = ("import", "equivalences", str(table), "--institution", "qinghe-open")
    tried = invoke(*given, "--dry-run")
    assert tried.exit_code == 0 and "这次没有写入" in tried.stdout, tried.output
    assert "新增 2，修改 0，没变 0" in invoke(*given).stdout
    assert "新增 0，修改 0，没变 2" in invoke(*given).stdout
    table.write_text("来源院校,来源课程名称,本校课程名称,接收院校\n外校,高数一,微积分,别的学校\n", "utf-8")
    refused = invoke(*given)
    assert refused.exit_code == 1 and "第 2 行“接收院校”列" in refused.stderr

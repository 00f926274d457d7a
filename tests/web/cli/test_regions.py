"""region: a bank's list goes out, another's comes in with its key, is refreshed and ended."""

import json
from dataclasses import replace
from pathlib import Path

from credit_bank import founding, regions
from tests.web.cli.conftest import invoke
from web.cli import deployment
from web.database import Database


def other_bank(template: Path, folder: Path) -> tuple[Path, str]:
    """The list of a bank of another city, and its key."""
    path = folder / "other.sqlite"
    path.write_bytes(template.read_bytes())
    bank = replace(deployment.open_deployment().bank, origin="http://localhost:8099", name="海城学分银行")
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        founding.found(session, bank)
        (folder / "region.json").write_bytes(regions.own_file(session, bank))
        key = founding.bank_key(session, bank).multikey
    database.dispose()
    return folder / "region.json", key


def test_a_bank_is_recognised_refreshed_listed_and_ended(
    empty_bank: Path, sqlite_template: Path, tmp_path: Path
) -> None:
    own = invoke("region", "export", "--output", str(tmp_path / "ours.json"))
    assert own.exit_code == 0 and "z6Mk" in own.stderr
    assert json.loads(invoke("region", "export").stdout)["statement"]
    file, key = other_bank(sqlite_template, tmp_path)
    wrong = invoke("region", "recognise", str(file), "--key", "z6Mk")
    assert wrong.exit_code == 1 and wrong.stderr
    done = invoke("region", "recognise", str(file), "--key", key)
    assert done.exit_code == 0 and "已和海城学分银行互认" in done.stdout
    [row] = json.loads(invoke("region", "list", "--json").stdout)
    assert row["did"] == "did:web:localhost%3A8099"
    again = invoke("region", "refresh", row["did"], str(file), "--json")
    assert json.loads(again.stdout)["new"] == 0
    assert "海城学分银行" in invoke("region", "list").stdout
    assert invoke("region", "end", row["id"]).exit_code == 0
    assert invoke("region", "end", row["id"]).exit_code == 1
    assert invoke("region", "end", "nobody").exit_code == 1

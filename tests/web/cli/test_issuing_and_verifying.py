"""issue, verify, revoke, publish, bundle, trust-list, and what their exit codes mean."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from credit_bank.__main__ import main as offline
from tests.web.cli.conftest import invoke
from tests.web.test_pdf import with_attachments

HEAD = "姓名,证件类型,证件号码,课程代码,成绩,获得日期\n"
ROW = HEAD + "例建国,居民身份证,999999195804120018,LY401,结业,2026-03-01\n"


def issue_one(folder: Path) -> tuple[UUID, Path]:
    """A fresh credential's id and its file."""
    result = invoke("issue", "--institution", "liuyin-centre", "--file", "-", "--output", "out", "--json", stdin=ROW)
    assert result.exit_code == 0, result.output
    (one,) = json.loads(result.stdout)
    (file,) = (folder / "out").iterdir()
    assert json.loads(file.read_bytes()) == one["document"]
    return UUID(one["credential"]), file


def checks(result: Any) -> dict[str, str]:
    """The outcome of each check by name."""
    return {c["name"]: c["outcome"] for c in json.loads(result.stdout)["checks"]}


def test_issue_from_a_file_and_verify(city: Path) -> None:
    credential, file = issue_one(city)
    assert file.name == f"{credential}.json"
    result = invoke("verify", str(file))
    assert result.exit_code == 0
    assert "结论：证书有效" in result.stdout
    assert set(checks(invoke("verify", "-", "--json", stdin=file.read_bytes())).values()) == {"pass", "not-applicable"}


def test_a_changed_credential_fails_and_names_the_check(city: Path) -> None:
    _, file = issue_one(city)
    changed = file.read_bytes().replace("结业".encode(), "优秀".encode())
    result = invoke("verify", "-", "--json", stdin=changed)
    assert result.exit_code == 1
    assert checks(result)["proof"] == "fail"


def test_offline_without_evidence_could_not_be_checked(city: Path) -> None:
    _, file = issue_one(city)
    assert invoke("verify", str(file), "--offline").exit_code == 2


def test_without_a_bank_on_this_machine_verify_works_offline(city: Path) -> None:
    _, file = issue_one(city)
    (city / "instance" / "settings.env").unlink()
    result = invoke("verify", str(file), "--json")
    assert result.exit_code == 2
    assert checks(result)["proof"] != "fail"


def test_revoke_then_verify_and_revoke_again(city: Path) -> None:
    credential, file = issue_one(city)
    looked = invoke("revoke", str(credential), "--reason", "登记错了人", "--dry-run", "--json")
    assert json.loads(looked.stdout) == {"credential": credential.urn, "reached": []}
    revoked = invoke("revoke", str(credential), "--reason", "登记错了人", "--json")
    assert revoked.exit_code == 0
    assert json.loads(revoked.stdout)["action"] == "revoke"
    result = invoke("verify", str(file), "--json")
    assert result.exit_code == 1
    assert checks(result)["status"] == "fail"
    again = invoke("revoke", credential.urn, "--reason", "再来一次")
    assert again.exit_code == 1
    assert "Traceback" not in again.output and again.stderr


def test_suspend_and_reinstate(city: Path) -> None:
    credential, file = issue_one(city)
    assert invoke("revoke", str(credential), "--suspend", "--reason", "复核").exit_code == 0
    assert invoke("verify", str(file)).exit_code == 1
    assert invoke("revoke", str(credential), "--reinstate", "--reason", "没有问题").exit_code == 0
    assert invoke("verify", str(file)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("revoke", "not-an-id", "--reason", "x"), 2),
        (("revoke", "01890000-0000-7000-8000-000000000000"), 2),
        (("revoke", "01890000-0000-7000-8000-000000000000", "--reason", "x", "--suspend", "--reinstate"), 2),
        (("revoke", "01890000-0000-7000-8000-000000000000", "--reason", "x"), 1),
        (("issue", "--institution", "liuyin-centre"), 2),
        (("issue", "--institution", "liuyin-centre", "--all-recorded", "--file", "-"), 2),
        (("issue", "--institution", "liuyin-centre", "--outcome", "01890000-0000-7000-8000-000000000000"), 1),
        (("verify", "absent.json"), 2),
        (("bundle", "01890000-0000-7000-8000-000000000000"), 1),
    ],
)
def test_exit_codes(city: Path, arguments: tuple[str, ...], code: int) -> None:
    result = invoke(*arguments, stdin=b"")
    assert result.exit_code == code
    assert result.stderr and "Traceback" not in result.output


def test_issue_what_waits_by_batch_by_outcome_and_all(city: Path) -> None:
    taken = json.loads(invoke("import", "outcomes", "-", "--institution", "liuyin-centre", "--json", stdin=ROW).stdout)
    by_batch = invoke("issue", "--institution", "liuyin-centre", "--batch", taken["batch"])
    assert by_batch.exit_code == 0
    assert by_batch.stdout.startswith("urn:uuid:")
    again = invoke("issue", "--institution", "liuyin-centre", "--outcome", taken["outcomes"][0])
    assert again.exit_code == 1
    rest = json.loads(invoke("issue", "--institution", "liuyin-centre", "--all-recorded", "--json").stdout)
    assert len(rest) == 10  # the newest class, which the demo leaves for the visitor
    none = invoke("issue", "--institution", "liuyin-centre", "--all-recorded")
    assert none.exit_code == 0 and none.stdout == ""


def test_a_file_with_a_problem_issues_nothing(city: Path) -> None:
    bad = ROW + "例建国,居民身份证,999999195804120018,LY401,结业,2026-99-01\n"
    result = invoke("issue", "--institution", "liuyin-centre", "--file", "-", stdin=bad)
    assert result.exit_code == 1
    assert "第 3 行" in result.stderr
    assert invoke("issue", "--institution", "liuyin-centre", "--file", "-", stdin=ROW).exit_code == 0


def test_a_bundle_passes_offline_with_the_bank_key(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credential, _ = issue_one(city)
    assert invoke("bundle", str(credential), "--output", "bundle.json").exit_code == 0
    assert invoke("trust-list", "--output", "trust.json").exit_code == 0
    key = json.loads(Path("trust.json").read_text("utf-8"))["bankKey"]
    assert offline(["verify", "bundle.json", "--bank-key", key]) == 0
    assert "结论：证书有效" in capsys.readouterr().out
    assert invoke("verify", "bundle.json", "--bank-key", key).exit_code == 0
    assert invoke("verify", "bundle.json").exit_code == 0  # online, with what the database knows


def test_the_trust_list_lets_a_stranger_check_a_credential(city: Path) -> None:
    _, file = issue_one(city)
    invoke("trust-list", "--output", "trust.json")
    key = json.loads(Path("trust.json").read_text("utf-8"))["bankKey"]
    found = checks(invoke("verify", str(file), "--trust", "trust.json", "--bank-key", key, "--json"))
    assert (found["proof"], found["issuer"], found["status"]) == ("pass", "pass", "could-not-be-checked")


def test_publish_when_nothing_is_due(city: Path) -> None:
    assert json.loads(invoke("publish", "--json").stdout) == {"published": 0}


def test_debug_shows_the_traceback(city: Path) -> None:
    from credit_bank.errors import Missing

    with pytest.raises(Missing):
        invoke("bundle", "01890000-0000-7000-8000-000000000000", "--debug")


def test_the_credential_inside_a_pdf_is_what_is_checked(city: Path) -> None:
    _, file = issue_one(city)
    Path("paper.pdf").write_bytes(with_attachments(file.read_bytes()))
    Path("empty.pdf").write_bytes(with_attachments())
    assert invoke("verify", "paper.pdf").exit_code == 0
    assert invoke("verify", "paper.pdf", "--offline").exit_code == 2  # nobody vouches for the issuer's keys here
    refused = invoke("verify", "empty.pdf")
    assert refused.exit_code == 2
    assert "没有证书数据" in refused.output

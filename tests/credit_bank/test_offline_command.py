"""``python -m credit_bank verify``: its exit codes, its words, and what it does not need."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from credit_bank.__main__ import main
from credit_bank.credential import baking
from credit_bank.credential.bundle import compose_bundle
from credit_bank.key.trust import sign_statement
from tests.credit_bank.credential.test_baking import PICTURE
from tests.credit_bank.credential.worlds import (
    BANK_DID,
    BANK_KEY,
    ISSUED,
    RECORD,
    SUBJECT_ID,
    private_key,
    public,
    status_list,
    world,
)

WORLD = world()
AT = ["--at", "2026-07-02T08:00:00+08:00"]
BANK = ["--bank-key", public(BANK_KEY)]
BUNDLE = compose_bundle(WORLD.bundle())

# Runs the command in a Python in which the web, the database and every socket are out of reach.
CONFINED = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"flask", "werkzeug", "sqlalchemy", "sqlmodel", "click", "requests", "aiohttp", "web"}:
            raise ImportError(name + " is out of reach")
sys.meta_path.insert(0, Refuse())
def watch(event, arguments):
    if event.startswith("socket."):
        raise AssertionError("a socket was opened: " + event)
sys.addaudithook(watch)
from credit_bank.__main__ import main
code = main(sys.argv[1:])
assert not {"flask", "sqlalchemy", "sqlmodel", "credit_bank.store"} & set(sys.modules)
sys.exit(code)
"""


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    file = tmp_path / "证明.json"
    file.write_bytes(BUNDLE)
    return str(file)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["verify", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_it_needs_no_flask_no_database_and_no_network(bundle: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, "verify", bundle, *BANK, *AT], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert "结论：证书有效。" in done.stdout.decode("utf-8")


def test_as_a_module_with_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "credit_bank", "verify", "-", *BANK, *AT, "--lang", "en"],
        input=BUNDLE,
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode("utf-8").splitlines()
    assert lines[0] == "智能手机入门 · 清河社区学院"
    assert lines[-1] == "Verdict: the credential is good."
    assert [line[:5] for line in lines[2:10]] == [f"✓ {n}. " for n in range(1, 8)] + ["– 8. "]


def test_a_changed_credential_fails_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(BUNDLE.replace("优秀".encode(), "良好".encode()))
    code, out, _ = run(capsys, str(file), *BANK, *AT)
    assert code == 1
    assert "✗ 3. 签名真实，内容没有改动（没有通过）" in out
    assert "怎么办：不要采信这份文件" in out


def test_a_revoked_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(compose_bundle(WORLD.but(lists=(status_list("revocation", marked=True),)).bundle()))
    code, out, _ = run(capsys, str(file), *BANK, *AT)
    assert code == 1
    assert "颁发机构已经撤销了这份证书。" in out


def test_json_has_the_report_and_the_facts(bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, bundle, *BANK, *AT, "--json", "--subject", SUBJECT_ID)
    shown = json.loads(out)
    assert code == 0
    assert shown["outcome"] == "pass"
    assert [check["number"] for check in shown["checks"]] == list(range(1, 9))
    assert shown["credential"]["title"] == "智能手机入门"


def test_a_bundle_alone_cannot_vouch_for_itself(bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, bundle, *AT, "--lang", "en")
    assert code == 2
    assert "Without a trust list" in out


def test_a_credential_with_trust_list_and_status_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = sign_statement(RECORD, BANK_DID, BANK_KEY, ISSUED)
    other = sign_statement(replace(RECORD, did="did:web:x.example"), BANK_DID, BANK_KEY, ISSUED)
    (tmp_path / "c.json").write_text(json.dumps(WORLD.credential))
    (tmp_path / "r.json").write_text(json.dumps(WORLD.lists[0]))
    (tmp_path / "s.json").write_text(json.dumps(WORLD.lists[1]))
    (tmp_path / "trust.txt").write_text(f"{other}\n{statement}\n")
    (tmp_path / "trust.json").write_text(json.dumps({"statements": [statement]}))
    lists = [f"--status-list={tmp_path / name}" for name in ("r.json", "s.json")]
    for trust in ("trust.txt", "trust.json"):
        given = [str(tmp_path / "c.json"), "--trust", str(tmp_path / trust), *AT]
        assert run(capsys, *given, *BANK, *lists)[0] == 0
        assert run(capsys, *given, *BANK)[0] == 2
        code, _, err = run(capsys, *given)
        assert code == 2
        assert "--bank-key" in err
    (tmp_path / "trust.txt").write_text("{")
    assert "可信机构名单的格式不对" in run(capsys, *given[:2], str(tmp_path / "trust.txt"), *BANK)[2]


def test_a_baked_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "证书.png"
    file.write_bytes(baking.bake(PICTURE, BUNDLE))
    assert run(capsys, str(file), *BANK, *AT)[0] == 0
    file.write_bytes(PICTURE)
    code, _, err = run(capsys, str(file))
    assert (code, "图片里没有证书" in err) == (2, True)


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(b'{"a":1,"a":2}')
    code, out, _ = run(capsys, str(file), "--lang", "en")
    assert code == 1
    assert "✗ 1." in out
    code, out, err = run(capsys, str(tmp_path / "none.json"), "--lang", "en")
    assert (code, out) == (2, "")
    assert "none.json cannot be opened" in err
    assert run(capsys, str(tmp_path))[0] == 2


def test_wrong_usage_is_2(bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["verify"], ["verify", bundle, "--lang", "fr"], ["mint", bundle]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
    assert run(capsys, bundle, "--at", "yesterday")[0] == 2
    assert run(capsys, bundle, "--bank-key", "z6Mk")[0] == 2
    code, _, err = run(capsys, bundle, "--bank-key", public(private_key(50)))
    assert code == 2
    assert "请核对银行公钥" in err


def test_a_title_cannot_take_over_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = {**WORLD.credential, "credentialSubject": {"achievement": {"name": "\x1b[2J\u202egood\x9b"}}}
    file = tmp_path / "x.json"
    file.write_text(json.dumps(evil))
    _, out, _ = run(capsys, str(file))
    assert not {"\x1b", "\u202e", "\x9b"} & set(out)


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BUNDLE)))
    assert run(capsys, "-", *BANK, *AT)[0] == 0

"""The demo in the terminal: its transcript letter for letter, a second run, and a first run that was killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from credit_bank.store.tables import Credential, Institution, Learner, Outcome
from tests.web.cli.conftest import invoke
from tests.web.demo.transcripts import marked
from web.cli import deployment
from web.demo import walk

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-c", "from web.cli import main; main()"]


def counts() -> tuple[int, ...]:
    """How many institutions, learners, outcomes and credentials there are."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        tables = (Institution, Learner, Outcome, Credential)
        return tuple(session.exec(select(func.count()).select_from(table)).one() for table in tables)


def test_the_first_run_says_this(city_instance: Path) -> None:
    transcript = marked((city_instance / "transcript.txt").read_text("utf-8"))
    assert transcript == (HERE / "transcript.zh-CN.txt").read_text("utf-8")


def test_a_walk_in_english_says_this(city: Path) -> None:
    result = invoke("demo", "--no-serve", "--walk", "--lang", "en")
    assert result.exit_code == 0
    walked = marked(result.stdout.partition("\n\nDemo sign-ins")[0].strip() + "\n")
    assert walked == (HERE / "walk.en.txt").read_text("utf-8")


def test_a_second_run_is_quick_and_keeps_everything(city: Path) -> None:
    before = counts()
    started = time.monotonic()
    result = invoke("demo", "--no-serve", "--port", "8765")
    assert time.monotonic() - started < 30
    assert result.exit_code == 0
    assert counts() == before == (4, 60, 421, 411)
    assert "数据都保留着" in result.stdout and "一份证书从头走到尾" not in result.stdout
    assert "http://127.0.0.1:8765/verify" in result.stdout


def test_what_the_walk_leaves_behind_can_be_checked_by_hand(city: Path) -> None:
    assert invoke("demo", "--no-serve", "--walk").exit_code == 0
    result = invoke("verify", "instance/demo/credential.json", "--json")
    assert result.exit_code == 1
    failed = [c["name"] for c in json.loads(result.stdout)["checks"] if c["outcome"] == "fail"]
    assert failed == ["status"]


def test_the_byte_that_the_walk_changes_is_one_byte() -> None:
    document = b'{"credentialSubject": {"creditsEarned": 0.5}}'
    changed, (before, after) = walk.alter(document)
    assert sum(a != b for a, b in zip(document, changed, strict=True)) == 1
    assert (before, after) == ("creditsEarned 0.5", "creditsEarned 9.5")


def test_demo_data_does_not_go_into_a_real_bank(folder: Path) -> None:
    invoke("setup")
    invoke("migrate")
    result = invoke("demo", "--no-serve")
    assert result.exit_code == 2
    assert "演示" in result.stderr
    assert counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("moment", ["开户 30/60", "学习成果 2/3", "颁发证书 100/181", "认定和转换 29/38"])
def test_a_first_run_killed_in_the_middle_leaves_no_half_a_city(folder: Path, moment: str) -> None:
    environment = {**os.environ, "LANG": "zh_CN.UTF-8", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*COMMAND, "demo", "--no-serve"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    assert process.stderr is not None
    seen = []
    with process.stderr as lines:
        for line in lines:
            seen.append(line.decode().strip())
            if seen[-1] == moment:
                process.send_signal(signal.SIGKILL)
                break
    assert process.wait(30) == -signal.SIGKILL, seen
    assert counts() == (0, 0, 0, 0)
    again = invoke("demo", "--no-serve")
    assert again.exit_code == 0, again.output
    assert counts() == (4, 60, 421, 411)
    assert "结论：证书有效" in again.stdout


def test_a_taken_port_is_told_before_anything_is_served(city: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = invoke("demo", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "--port" in result.stderr

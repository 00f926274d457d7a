"""setup, migrate, serve: from an empty folder to a server, each step saying what comes next."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.web.cli.conftest import invoke
from web.settings import Settings


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_setup_writes_fresh_secrets_that_only_the_owner_reads(folder: Path) -> None:
    assert invoke("setup", "--origin", "https://bank.example").exit_code == 0
    file = folder / "instance" / "settings.env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in file.parent.iterdir()) == ["settings.env"]
    settings = Settings()
    keys = {settings.key_encryption_key, settings.identity_key, settings.pepper, settings.session_key}
    assert len({k.get_secret_value() for k in keys}) == 4
    assert settings.public_origin == "https://bank.example"
    assert settings.cookie_secure
    assert not settings.demo


def test_setup_never_overwrites(folder: Path) -> None:
    assert invoke("setup").exit_code == 0
    before = (folder / "instance" / "settings.env").read_bytes()
    again = invoke("setup")
    assert again.exit_code == 1
    assert "没有改动" in again.stderr
    assert (folder / "instance" / "settings.env").read_bytes() == before


@pytest.mark.parametrize("origin", ["http://bank.example", "bank.example", "https://bank.example/path"])
def test_setup_refuses_an_origin_that_cannot_be_signed(folder: Path, origin: str) -> None:
    result = invoke("setup", "--origin", origin)
    assert result.exit_code == 2
    assert origin in result.stderr
    assert not (folder / "instance").exists()


def test_setup_on_plain_http_lets_the_cookie_come_back(folder: Path) -> None:
    assert invoke("setup", "--demo").exit_code == 0
    settings = Settings()
    assert (settings.cookie_secure, settings.demo, settings.public_origin) == (False, True, "http://localhost:8000")


def test_migrate_twice_and_without_settings(folder: Path) -> None:
    missing = invoke("migrate")
    assert missing.exit_code == 2
    assert "EVERGREEN_PUBLIC_ORIGIN" in missing.stderr
    assert "credit-bank setup" in missing.stderr
    invoke("setup")
    assert "已准备好" in invoke("migrate").stdout
    assert "没有要做的" in invoke("migrate").stdout


def test_a_bank_that_is_not_migrated_says_so_and_leaves_no_file(folder: Path) -> None:
    invoke("setup")
    result = invoke("institution", "list")
    assert result.exit_code == 2
    assert "credit-bank migrate" in result.stderr
    assert not (folder / "instance" / "evergreen.sqlite").exists()


def test_the_origin_cannot_be_changed_under_a_bank(empty_bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERGREEN_PUBLIC_ORIGIN", "https://other.example")
    result = invoke("institution", "list")
    assert result.exit_code == 1
    assert "other.example" in result.stderr


def test_serve_answers_pages_and_static_files_and_ends_cleanly(empty_bank: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "LANG": "zh_CN.UTF-8"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.2)
        with page, urllib.request.urlopen(f"http://127.0.0.1:{port}/static/css/base.css", timeout=5) as style:
            assert page.status == style.status == 200
            assert style.headers["Content-Type"].startswith("text/css")
            style.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        output = process.communicate()[0].decode()
    assert "Traceback" not in output


def test_serve_on_a_taken_port_says_which(empty_bank: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = invoke("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "--port" in result.stderr

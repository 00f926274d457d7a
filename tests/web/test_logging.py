"""What the log leaves out."""

import json

import pytest
import structlog

from web import logging


def test_a_traceback_names_lines_and_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure()
    document = "number-that-nobody-should-read"
    try:
        raise RuntimeError(f"refused {len(document)}")
    except RuntimeError:
        structlog.get_logger().exception("unexpected_error", path="/sign-in")
    out = capsys.readouterr()
    assert out.out == ""
    event = json.loads(out.err)
    assert event["event"] == "unexpected_error" and "test_logging.py" in event["exception"]
    assert document not in out.err


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/v/abcDEF", "/v/…"),
        ("/invitation/abcDEF", "/invitation/…"),
        ("/new-password/abcDEF", "/new-password/…"),
        ("/verify", "/verify"),
        ("/v/a/b", "/v/…/b"),
    ],
)
def test_tokens_in_addresses_are_left_out(path: str, logged: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure()
    structlog.get_logger().info("seen", path=path)
    assert json.loads(capsys.readouterr().err)["path"] == logged

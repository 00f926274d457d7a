"""Sessions: what is kept of the device, and how long they last."""

from datetime import UTC, datetime, timedelta

import pytest

from web.accounts import sessions
from web.accounts.permissions import safe_next
from web.accounts.tables import WebSession

NOON = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36",
            "phone/chrome",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.49", "phone/wechat"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1",
            "phone/safari",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "tablet/safari"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "computer/edge"),
        ("curl/8.5", "computer/other"),
        ("", "computer/other"),
    ],
)
def test_a_device_is_known_coarsely(agent: str, label: str) -> None:
    assert sessions.device_label(agent) == label


def test_a_session_ends_in_any_case() -> None:
    row = WebSession(
        token_digest=b"", person_id=None, created_at=NOON, last_seen_at=NOON, expires_at=NOON + timedelta(hours=1),
        idle_seconds=1800,
    )  # fmt: skip
    assert sessions.is_live(row, NOON + timedelta(minutes=29))
    assert not sessions.is_live(row, NOON + timedelta(minutes=30))
    row.last_seen_at = NOON + timedelta(minutes=50)
    assert sessions.is_live(row, NOON + timedelta(minutes=59))
    assert not sessions.is_live(row, NOON + timedelta(minutes=60))


def test_whoever_wishes_for_no_time_limits_has_none_but_for_safety() -> None:
    assert sessions.lifetime(is_staff=False, shared_device=False, unhurried=True) == sessions.UNHURRIED
    assert sessions.lifetime(is_staff=True, shared_device=False, unhurried=True) == sessions.STAFF
    assert sessions.lifetime(is_staff=False, shared_device=True, unhurried=True) == sessions.SHARED_DEVICE


def test_a_time_limit_is_longer_than_twenty_hours_or_can_be_put_off_ten_times() -> None:
    """WCAG 2.2, 2.2.1."""
    for life in (sessions.AT_HOME, sessions.UNHURRIED, sessions.STAFF, sessions.SHARED_DEVICE):
        assert life.idle > sessions.WARNED_BELOW or life.absolute > 10 * life.idle


@pytest.mark.parametrize("path", ["/", "/portfolio?page=2", "/desk/example/", "/%E5%B8%B8"])
def test_paths_of_this_site(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "portfolio", "//x.example", "/\\x.example", "///x.example", "https://x.example", "javascript:alert(1)",
     "/a\nb", "/a b", "/\t/x.example", "/a\\b", "/" + "a" * 600],
)  # fmt: skip
def test_everything_else_leads_nowhere(path: str | None) -> None:
    assert safe_next(path) is None

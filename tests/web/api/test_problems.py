"""Errors are problem details in Chinese and English, whatever they come from."""

import pytest

from credit_bank.errors import Unavailable
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope
from web.database import Database


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nowhere", 404, "request.not_found"),
        ("GET", "/api/", 404, "request.not_found"),
        ("GET", "/api/v2/institutions", 404, "request.not_found"),
        ("GET", "institutions/%00", 404, "request.not_found"),
        ("GET", "institutions/" + "a" * 400, 404, "request.not_found"),
        ("GET", "institutions/No-College", 404, "request.not_found"),
        ("GET", "institutions/no-college", 404, "institution.unknown"),
        ("GET", "institutions/no-college/courses", 404, "institution.unknown"),
        ("GET", "institutions/no-college/log/checkpoint", 404, "institution.unknown"),
        ("GET", "institutions/one-college/log/checkpoint", 404, "log.no_checkpoint"),
        ("GET", "institutions/one-college/log/proofs/-1", 404, "request.not_found"),
        ("GET", "institutions/one-college/log/proofs/" + "9" * 40, 404, "request.not_found"),
        ("GET", "institutions/one-college/credentials/not-a-uuid", 404, "request.not_found"),
        ("GET", "credentials/verify", 405, "request.method_not_allowed"),
        ("DELETE", "institutions/one-college", 405, "request.method_not_allowed"),
        ("PATCH", "institutions/one-college/outcomes", 405, "request.method_not_allowed"),
        ("POST", "status", 405, "request.method_not_allowed"),
        ("GET", "institutions/one-college/courses?words=%00", 422, "request.invalid"),
        ("GET", "institutions/one-college/courses?cursor=Z", 422, "request.invalid"),
        ("GET", "institutions/one-college/courses?cursor=LTE", 422, "request.invalid"),
    ],
)
def test_addresses_and_methods_that_are_not(both: Service, method: str, path: str, status: int, code: str) -> None:
    said = {}
    for language in ("zh-CN", "en"):
        answer = both.open(method, path, language=language, status=status)
        problem = answer.get_json(force=True)
        assert problem["code"] == code
        assert answer.headers["Content-Language"] == language
        said[language] = problem["title"] + problem["detail"]
        if status == 405:
            assert "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]
    assert said["zh-CN"] != said["en"]
    assert any("\u4e00" <= c <= "\u9fff" for c in said["zh-CN"])


def test_chinese_is_spoken_to_whoever_asks_for_nothing_we_know(service: Service) -> None:
    for language in (None, "fr", "*"):
        assert service.get("nowhere", language=language, status=404).headers["Content-Language"] == "zh-CN"


def test_a_page_elsewhere_stays_a_page(service: Service) -> None:
    answer = service.app.test_client().get("/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_fault_of_ours_tells_nothing_and_a_busy_database_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(_database: Database) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Database, "ping", broken)
    answer = service.app.test_client().get("/api/v1/status", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json(force=True)["code"] == "server.unexpected"
    assert "secret" not in answer.text and "Zero" not in answer.text

    def gone(_database: Database) -> None:
        raise Unavailable("database.unreachable")

    monkeypatch.setattr(Database, "ping", gone)
    problem = service.get("status", status=503).get_json(force=True)
    assert problem["code"] == "database.unreachable"


def test_health_says_what_waits(both: Service) -> None:
    assert both.get("status").get_json() == {
        "status": "ok",
        "database": "reachable",
        "schema": "current",
        "pending_logs": 0,
    }
    both.issue(both.token(Scope.ISSUE))
    assert both.get("status").get_json()["pending_logs"] == 1
    both.publish()
    assert both.get("status").get_json()["pending_logs"] == 0
